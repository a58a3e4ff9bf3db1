import { StatusError } from './api/status-error.ts';
import { explainRefusal } from './api/explain-refusal.ts';
import { commandHelp, overviewHelp } from './arguments/help.ts';
import { GLOBAL_OPTIONS } from './arguments/options.ts';
import { firstPositional, Flags, parseCommandLine } from './arguments/parse.ts';
import { didYouMean } from './arguments/suggest.ts';
import type { Command } from './command.ts';
import { COMMANDS, COMPLETE, COMPLETION } from './command-table.ts';
import { AlreadyReported, CommandError, FoundDifferences, UsageError } from './errors.ts';
import { harmless } from './output/paint.ts';
import { Session } from './session.ts';
import type { Surroundings } from './surroundings.ts';

export interface RunHooks {
  /** Told before the command starts whether it changes something on the server. */
  starting?(command: Command): void;
}

/** Runs one command line, prints what comes of it, and answers the exit code: 0 done, 1 failed, 2 wrong command line. */
export async function run(args: readonly string[], surroundings: Surroundings, hooks: RunHooks = {}): Promise<number> {
  let session = new Session(new Flags(new Map()), surroundings);
  let failureCode = 1;
  try {
    const called = await findCommand(args);
    if (called === undefined) {
      surroundings.stdout.write(calledAs(overviewHelp(COMMANDS), surroundings));
      return 0;
    }
    const { positionals, flags } = parseCommandLine(called.args, { ...GLOBAL_OPTIONS, ...called.command.options });
    if (flags.on('help')) {
      surroundings.stdout.write(calledAs(commandHelp(called.name, called.command), surroundings));
      return 0;
    }
    session = new Session(flags, surroundings);
    hooks.starting?.(called.command);
    failureCode = called.command.failureCode ?? 1;
    await called.command.run(session, positionals);
    return 0;
  } catch (error) {
    return report(error, session, failureCode);
  } finally {
    await session.close();
  }
}

/** The help shows the command line as it was called: `kubectl bridgekeeper` is another name of bridgectl. */
function calledAs(text: string, { environment }: Surroundings): string {
  const name = environment['BRIDGECTL_NAME'];
  return name === undefined || name === '' ? text : text.replaceAll('bridgectl ', `${name} `);
}

interface CalledCommand {
  readonly name: string;
  readonly command: Command;
  /** The command line without the command's name: options may stand before it too. */
  readonly args: readonly string[];
}

async function findCommand(args: readonly string[]): Promise<CalledCommand | undefined> {
  const at = firstPositional(args, GLOBAL_OPTIONS);
  const name = args[at];
  if (name === undefined) {
    const { flags } = parseCommandLine(args, { ...GLOBAL_OPTIONS, version: { type: 'switch', help: '' } });
    return flags.on('version') ? calledCommand('version', ['--client']) : undefined;
  }
  if (name !== 'help') return calledCommand(name, args.toSpliced(at, 1));
  const topic = args[at + 1];
  return topic === undefined ? undefined : calledCommand(topic, ['--help']);
}

async function calledCommand(name: string, args: readonly string[]): Promise<CalledCommand> {
  const entry = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : name === COMPLETE ? COMPLETION : undefined;
  if (entry) return { name, args, command: await entry.load() };
  throw new UsageError(`there is no command "${name}".${didYouMean(name, Object.keys(COMMANDS))} bridgectl --help lists them.`);
}

function report(error: unknown, session: Session, failureCode: number): number {
  if (error instanceof FoundDifferences) return 1;
  if (session.surroundings.signal.aborted || error instanceof AlreadyReported) return failureCode;
  for (const line of errorLines(error)) session.error(harmless(line));
  return error instanceof UsageError ? 2 : failureCode;
}

function errorLines(error: unknown): readonly string[] {
  if (error instanceof CommandError) return error.lines;
  if (error instanceof StatusError) return explainRefusal(error);
  if (error instanceof UsageError) return [error.message];
  // Only a mistake of our own gets here: say where, so that it can be mended.
  const where = error instanceof Error ? error.stack?.split('\n')[1]?.trim() : undefined;
  return [`bridgectl failed: ${error instanceof Error ? error.message : String(error)}${where === undefined ? '' : ` (${where})`}`];
}
