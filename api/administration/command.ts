import type { Clock } from '../machinery/clock.ts';
import { CommandUsageError } from './refusal.ts';

/** What a command may use. */
export interface CommandContext {
  readonly clock: Clock;
  readonly productVersion: string;
  readonly print: (text: string) => void;
}

export type Command = (args: readonly string[], context: CommandContext) => Promise<void>;

export const DATA_DIR = { 'data-dir': { type: 'string', default: '/var/lib/bridgekeeper' } } as const;

/** What `parse` (util.parseArgs) refuses is a mistake of the caller. */
export function parsed<T>(parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    throw new CommandUsageError(error instanceof Error ? error.message : String(error), { cause: error });
  }
}
