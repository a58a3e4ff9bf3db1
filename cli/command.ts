import type { OptionTable } from './arguments/options.ts';
import type { Session } from './session.ts';

/** A subcommand of bridgectl. */
export interface Command {
  /** What follows its name: `KIND [NAME...]`. */
  readonly usage: string;
  /** One or a few lines, for the help. */
  readonly description: string;
  /** Pairs of what it is for and the command line. */
  readonly examples: readonly (readonly [purpose: string, line: string])[];
  readonly options: OptionTable;
  /** It changes something on the server: then it goes on when the reader of its output goes away. */
  readonly isWriting?: boolean;
  /** The exit code when it fails, 1 by default: a command that tells differences by its exit code needs another. */
  readonly failureCode?: number;
  /** Does it. Throws what went wrong; AlreadyReported when it printed that itself, FoundDifferences for exit code 1. */
  run(session: Session, positionals: readonly string[]): Promise<void>;
}
