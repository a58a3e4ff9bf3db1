import type { Clock } from '../../../api/machinery/clock.ts';
import { systemDialogue, type Dialogue } from '../dialogue.ts';
import { ExecFailed, type Exec, type ExecOptions, type ExecResult } from '../exec.ts';

/** An `Exec` that has processes that stay. */
export interface IpSessions extends Exec {
  /** Ends the processes. */
  end(): void;
}

/** What is asked of ip(8), and with which options. */
interface Question {
  readonly options: readonly string[];
  readonly words: readonly string[];
}

const PLAIN_WORD = /^[\w-]+$/;
const INDEX_AND_NAME = /"ifindex":(\d+),(?:"link[^,]*,)?"ifname":"([^"]*)"/g;

/**
 * An `Exec` that has ip(8) read the kernel in processes that stay, one for each set of options (`ip -batch`); everything else runs
 * as it does in `exec`. The kernel is read after every change of it, five commands each time.
 */
export function ipSessions(exec: Exec, clock: Clock, begin: typeof systemDialogue = systemDialogue): IpSessions {
  const dialogues = new Map<string, Dialogue>();
  let names: ReadonlyMap<string, string> = new Map();
  let namesChecked: Promise<void> = Promise.resolve();

  async function answer(question: Question, options: ExecOptions): Promise<string> {
    if (question.words[0] !== 'address') {
      await namesChecked;
      return ask(question, options);
    }
    const answered = ask(question, options);
    namesChecked = answered.then(checkNames, () => undefined);
    const text = await answered;
    await namesChecked;
    return text;
  }

  function ask({ options, words }: Question, { timeoutMs }: ExecOptions): Promise<string> {
    const key = options.join(' ');
    const dialogue = dialogues.get(key) ?? begin(['ip', ...options, '-batch', '-'], clock);
    dialogues.set(key, dialogue);
    return dialogue.ask(words.join(' '), timeoutMs);
  }

  /** ip keeps the name of a device that it once met, also when it is renamed: then all begin anew. */
  function checkNames(addresses: string): void {
    const found = new Map([...addresses.matchAll(INDEX_AND_NAME)].map(([, index = '', name = '']) => [index, name]));
    const isRenamed = [...found].some(([index, name]) => (names.get(index) ?? name) !== name);
    names = found;
    if (isRenamed) end();
  }

  function end(): void {
    for (const dialogue of dialogues.values()) dialogue.end();
  }

  return {
    async run(argv, options): Promise<ExecResult> {
      const question = questionOf(argv);
      if (!question) return exec.run(argv, options);
      try {
        return { code: 0, stdout: await answer(question, options), stderr: '' };
      } catch (error) {
        if (!(error instanceof ExecFailed)) throw error;
        // Alone it tells better what is wrong, if something is.
        return exec.run(argv, options);
      }
    },
    end,
  };
}

/** What is asked of the kernel in JSON, which is one line; undefined for every other command. */
function questionOf([program, ...args]: readonly string[]): Question | undefined {
  if (program !== 'ip' || !args.includes('-j') || !args.includes('show') || !args.every((word) => PLAIN_WORD.test(word))) return undefined;
  return { options: args.filter((word) => word.startsWith('-')), words: args.filter((word) => !word.startsWith('-')) };
}
