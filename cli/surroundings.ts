import type { Clock } from './clock.ts';
import type { RunProgram } from './run-program.ts';

/** Where text goes. `isTerminal` decides on colour; `columns` is the width of the terminal in characters. */
export interface TextSink {
  write(text: string): void;
  readonly isTerminal: boolean;
  readonly columns?: number;
}

/** All that bridgectl takes from the process it runs in, so that a test can run it in process. */
export interface Surroundings {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly stdout: TextSink;
  readonly stderr: TextSink;
  /** Reads standard input to its end, as UTF-8. */
  readStdin(): Promise<string>;
  readonly clock: Clock;
  readonly runProgram: RunProgram;
  /** Aborted when the output has no reader any more, or when the caller wants an end. */
  readonly signal: AbortSignal;
  /** A number in [0, 1), for jitter. */
  random(): number;
}
