import type { ServerResponse } from 'node:http';
import type { Clock } from '../../machinery/clock.ts';

/** A chunked answer of one JSON object a line. */
export interface WatchStream {
  write(line: Buffer): void;
  /** What is written up to here is the initial state, which may be larger than what a slow reader may owe us. */
  initialStateWritten(): void;
  end(): void;
}

export interface WatchStreamOptions {
  readonly response: ServerResponse;
  readonly clock: Clock;
  /** How much may wait for the reader. */
  readonly backlogBytes?: number;
  /** How long a reader may take nothing at all while something waits. */
  readonly stallMs?: number;
}

const BACKLOG_BYTES = 8 * 1024 * 1024;
const STALL_MS = 60_000;

/**
 * The store never waits for a reader: what a reader does not take is kept for it up to a limit, then its connection is closed.
 * It comes back with the last revision it saw.
 */
export function watchStream({ response, clock, backlogBytes = BACKLOG_BYTES, stallMs = STALL_MS }: WatchStreamOptions): WatchStream {
  let allowedBytes = Number.POSITIVE_INFINITY;
  let writtenBytes = 0;
  let cancelStallCheck: (() => void) | undefined;

  const takenBytes = (): number => writtenBytes - response.writableLength;
  const checkForStall = (): void => {
    const takenBefore = takenBytes();
    cancelStallCheck = clock.after(stallMs, () => {
      if (takenBytes() === takenBefore) response.destroy();
      else checkForStall();
    });
  };
  const rest = (): void => {
    cancelStallCheck?.();
    cancelStallCheck = undefined;
  };
  response.on('drain', () => {
    rest();
    allowedBytes = backlogBytes;
  });
  response.once('close', rest);
  return {
    write(line) {
      if (response.destroyed || response.writableEnded) return;
      writtenBytes += line.length;
      if (response.write(line)) return;
      if (response.writableLength > allowedBytes) response.destroy();
      else if (cancelStallCheck === undefined) checkForStall();
    },
    initialStateWritten() {
      allowedBytes = response.writableLength + backlogBytes;
    },
    end() {
      if (!response.writableEnded) response.end();
    },
  };
}
