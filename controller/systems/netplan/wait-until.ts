import type { Clock } from '../../../api/machinery/clock.ts';

const FIRST_PAUSE_MS = 10;
const LONGEST_PAUSE_MS = 200;

/** Looks again and again, at growing intervals, until something is so; false when it is not within `timeoutMs`. */
export async function waitUntil(clock: Clock, timeoutMs: number, isSo: () => Promise<boolean>): Promise<boolean> {
  const deadline = clock.now() + timeoutMs;
  for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS)) {
    if (await isSo()) return true;
    if (clock.now() >= deadline) return false;
    await clock.sleep(pauseMs);
  }
}
