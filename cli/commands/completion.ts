import type { Command } from '../command.ts';
import { GLOBAL_OPTIONS, type OptionTable } from '../arguments/options.ts';
import { UsageError } from '../errors.ts';

/** The command, given how to load all commands, itself among them. */
export const completionOf = (commands: Readonly<Record<string, Loadable>>): Command => ({
  usage: 'bash',
  description: 'Prints a completion script: commands, options, and the kinds and names that the server has.',
  examples: [['For this shell', 'source <(bridgectl completion bash)']],
  options: {},
  async run(session, positionals) {
    const [shell = 'bash'] = positionals;
    if (shell !== 'bash') throw new UsageError(`completion ${shell}: only bash is there.`);
    session.print(await bashScript(commands));
  },
});

interface Loadable {
  load(): Promise<Command>;
}

async function bashScript(commands: Readonly<Record<string, Loadable>>): Promise<string> {
  const cases: string[] = [];
  for (const [name, entry] of Object.entries(commands)) {
    const { options } = await entry.load();
    cases.push(`    ${name}) options="${words(options)}" ;;`);
  }
  return `# bash completion for bridgectl
_bridgectl() {
  local current="\${COMP_WORDS[COMP_CWORD]}" previous="\${COMP_WORDS[COMP_CWORD-1]}" command="" options="" word
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case "$word" in
    ${Object.keys(commands).join('|')}) command="$word"; break ;;
    esac
  done
  if [[ -z "$command" && "$current" != -* ]]; then
    COMPREPLY=($(compgen -W "${Object.keys(commands).join(' ')} help" -- "$current"))
    return
  fi
  case "$previous" in
    -f|--filename|--kubeconfig|--certificate-authority) COMPREPLY=($(compgen -f -- "$current")); return ;;
    -o|--output) COMPREPLY=($(compgen -W "wide yaml json name jsonpath=" -- "$current")); return ;;
    --for) COMPREPLY=($(compgen -W "condition=Ready delete" -- "$current")); return ;;
    --dry-run) COMPREPLY=($(compgen -W "server none" -- "$current")); return ;;
  esac
  case "$command" in
${cases.join('\n')}
  esac
  if [[ "$current" == -* ]]; then
    COMPREPLY=($(compgen -W "$options ${words(GLOBAL_OPTIONS)}" -- "$current"))
    return
  fi
  case "$command" in
    get|describe|delete|wait)
      if [[ "$previous" == "$command" ]]; then
        COMPREPLY=($(compgen -W "all $(bridgectl api-resources -o name --request-timeout 2s 2>/dev/null | cut -d. -f1)" -- "$current"))
      else
        COMPREPLY=($(compgen -W "$(bridgectl get "$previous" -o name --request-timeout 2s 2>/dev/null | cut -d/ -f2)" -- "$current"))
      fi ;;
    config) COMPREPLY=($(compgen -W "view current contexts" -- "$current")) ;;
    completion) COMPREPLY=($(compgen -W "bash" -- "$current")) ;;
  esac
}
complete -F _bridgectl bridgectl`;
}

function words(options: OptionTable): string {
  return Object.keys(options).map((name) => `--${name}`).join(' ');
}
