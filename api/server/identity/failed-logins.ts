import type { Clock } from '../../machinery/clock.ts';

/** Counts wrong credentials by address, so that guessing costs the guesser time and fills no log. */
export interface FailedLogins {
  /** One more from this address. False when it has had too many in the running minute. */
  record(address: string): boolean;
}

const WINDOW_MS = 60_000;
const ADDRESSES_KEPT = 10_000;

/**
 * `perMinute` failures are answered 401, further ones are refused until the minute is over. Right credentials always pass, so
 * that nobody can lock out the others behind the same address.
 */
export function failedLogins(clock: Clock, perMinute: number): FailedLogins {
  const counts = new Map<string, { startedAtMs: number; failures: number }>();
  return {
    record(address) {
      const nowMs = clock.now();
      const running = counts.get(address);
      if (running !== undefined && nowMs - running.startedAtMs < WINDOW_MS) {
        running.failures += 1;
        return running.failures <= perMinute;
      }
      counts.delete(address);
      forgetOldest(counts);
      counts.set(address, { startedAtMs: nowMs, failures: 1 });
      return true;
    },
  };
}

/** A Map keeps the order of insertion, which here is the order of age. */
function forgetOldest(counts: Map<string, unknown>): void {
  if (counts.size < ADDRESSES_KEPT) return;
  const oldest = counts.keys().next();
  if (!oldest.done) counts.delete(oldest.value);
}
