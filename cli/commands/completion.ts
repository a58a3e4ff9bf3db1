import { candidatesFor, type CompletableCommand } from '../completion/candidates.ts';
import type { Command } from '../command.ts';
import { UsageError } from '../errors.ts';

/** The word by which the scripts ask; it is in no help. */
const COMPLETE = '__complete';

const SCRIPTS = {
  bash: `# bash completion for bridgectl
_bridgectl() {
  local IFS=$'\\n' answer
  answer=$(bridgectl ${COMPLETE} -- "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
  if [[ $answer == :files ]]; then
    COMPREPLY=($(compgen -f -- "\${COMP_WORDS[COMP_CWORD]}"))
    compopt -o filenames 2>/dev/null
    return
  fi
  COMPREPLY=($(compgen -W "$answer" -- "\${COMP_WORDS[COMP_CWORD]}"))
  [[ \${#COMPREPLY[@]} -eq 1 && \${COMPREPLY[0]} == *= ]] && compopt -o nospace 2>/dev/null
}
complete -F _bridgectl bridgectl
`,
  zsh: `#compdef bridgectl
# zsh completion for bridgectl
_bridgectl() {
  local -a answer
  answer=("\${(@f)$(bridgectl ${COMPLETE} -- "\${(@)words[2,CURRENT]}" 2>/dev/null)}")
  if [[ $answer[1] == :files ]]; then
    _files
  else
    compadd -- $answer
  fi
}
if [[ \${funcstack[1]} == _bridgectl ]]; then _bridgectl; else compdef _bridgectl bridgectl; fi
`,
  fish: `# fish completion for bridgectl
function __bridgectl_complete
  set -l words (commandline -opc) (commandline -ct)
  set -l answer (bridgectl ${COMPLETE} -- $words[2..-1] 2>/dev/null)
  if test "$answer[1]" = ':files'
    __fish_complete_path (commandline -ct)
  else
    printf '%s\\n' $answer
  end
end
complete -c bridgectl -f -a '(__bridgectl_complete)'
`,
} as const;

export const completion: Command = {
  usage: 'bash | zsh | fish',
  description: 'Prints a completion script: commands, options, and the kinds and names that the server has.',
  examples: [
    ['For this bash', 'source <(bridgectl completion bash)'],
    ['For every zsh', 'bridgectl completion zsh > ~/.zfunc/_bridgectl   # with ~/.zfunc in $fpath'],
    ['For every fish', 'bridgectl completion fish > ~/.config/fish/completions/bridgectl.fish'],
  ],
  options: {},
  run(session, positionals) {
    const [shell = 'bash'] = positionals;
    if (shell !== 'bash' && shell !== 'zsh' && shell !== 'fish') throw new UsageError(`completion ${shell}: must be bash, zsh or fish.`);
    session.surroundings.stdout.write(SCRIPTS[shell]);
    return Promise.resolve();
  },
};

/** What the scripts run, given all commands: one candidate a line, or `:files`. */
export const completeOf = (commands: Readonly<Record<string, CompletableCommand>>): Command => ({
  usage: '-- WORDS...',
  description: 'Answers the completion scripts.',
  examples: [],
  options: {},
  async run(session, positionals) {
    const answer = await candidatesFor(positionals, commands, session.surroundings);
    const current = positionals.at(-1) ?? '';
    const lines = 'files' in answer ? [':files'] : answer.words.filter((word) => word.startsWith(current));
    for (const line of lines) session.print(line);
  },
});
