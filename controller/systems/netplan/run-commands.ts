import type { Exec } from '../exec.ts';
import type { Argv } from './kernel-commands.ts';

const COMMAND_TIMEOUT_MS = 10_000;
/** A batch of a thousand takes the kernel a second. */
const BATCH_TIMEOUT_MS = 60_000;
/** What means the same in a line of `ip -batch` as in an argv: no blank, quote, backslash or number sign. */
const PLAIN_WORD = /^[\w.,:/+@%-]+$/;
const FAILED_LINE = /Command failed -:(\d+)\n?/;

/**
 * Runs every command of ip(8) in this order, also after one has failed; gives the first failure in words. Neighbours with the same
 * options share a process, for to start a thousand takes longer than all that they do.
 */
export async function runCommands(commands: readonly Argv[], exec: Exec): Promise<string | undefined> {
  let failure: string | undefined;
  for (const batch of batches(commands)) {
    const failed = batch.length === 1 ? await runAlone(batch[0], exec) : await runBatch(batch, exec);
    failure ??= failed;
  }
  return failure;
}

type Batch = readonly [Argv, ...Argv[]];

function batches(commands: readonly Argv[]): Batch[] {
  const found: [Argv, ...Argv[]][] = [];
  for (const argv of commands) {
    const last = found.at(-1);
    if (last && mayShare(last[0], argv)) last.push(argv);
    else found.push([argv]);
  }
  return found;
}

function mayShare(a: Argv, b: Argv): boolean {
  return optionsOf(a).join(' ') === optionsOf(b).join(' ') && [...a, ...b].every((word) => PLAIN_WORD.test(word));
}

/** Options stand before everything else. */
function optionsOf([, ...args]: Argv): readonly string[] {
  const end = args.findIndex((word) => !word.startsWith('-'));
  return args.slice(0, end);
}

async function runAlone(argv: Argv, exec: Exec): Promise<string | undefined> {
  const { code, stderr } = await exec.run(argv, { timeoutMs: COMMAND_TIMEOUT_MS });
  return code === 0 ? undefined : `${argv.join(' ')}: ${stderr.trim()}`;
}

async function runBatch(batch: Batch, exec: Exec): Promise<string | undefined> {
  const [[program], options] = [batch[0], optionsOf(batch[0])];
  const lines = batch.map((argv) => argv.slice(1 + options.length).join(' '));
  const { code, stderr } = await exec.run([program, ...options, '-force', '-batch', '-'], { input: `${lines.join('\n')}\n`, timeoutMs: BATCH_TIMEOUT_MS });
  if (code === 0) return undefined;
  const [text = '', line] = stderr.split(FAILED_LINE);
  const argv = line === undefined ? undefined : batch[Number(line) - 1];
  return `${(argv ?? [program, ...options, '-batch']).join(' ')}: ${text.trim()}`;
}
