import type { Clock } from '../../../api/machinery/clock.ts';

const FIRST_PAUSE_MS = 10;
const LONGEST_PAUSE_MS = 200;

/** Looks again and again, at growing intervals, for `timeoutMs`. */
export async function lookFor(clock: Clock, timeoutMs: number, look: () => Promise<void>): Promise<void> {
  await waitWhileLess(clock, timeoutMs, async () => {
    await look();
    return 1;
  });
}

/**
 * Looks again and again, at growing intervals, how much is still missing, until nothing is or until it has not become less for
 * `patienceMs`. Gives how much is missing at the end.
 */
export async function waitWhileLess(clock: Clock, patienceMs: number, countMissing: () => Promise<number>): Promise<number> {
  let least = Infinity;
  let deadline = 0;
  for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS)) {
    const missing = await countMissing();
    const now = clock.now();
    if (missing < least) {
      least = missing;
      deadline = now + patienceMs;
    }
    if (missing === 0 || now >= deadline) return missing;
    await clock.sleep(pauseMs);
  }
}
