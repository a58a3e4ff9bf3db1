import type { Clock } from '../../api/machinery/clock.ts';

/** After a look that took long, others get the processor for three times as long, but no longer than that. */
const REST = 3;
const LONGEST_REST_MS = 500;
/** How often it is asked whether there is something new to do. */
const GLANCE_MS = 50;

/**
 * Leaves time to others between two looks at a system that changes all the time: networkd is at a thousand new devices for many
 * seconds, and to look at all of them takes a tenth of a second each time.
 */
export class LookRest {
  readonly #clock: Clock;
  #endedAt = -Infinity;
  #restMs = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Takes down that a look has ended, and how long it took. */
  looked(tookMs: number): void {
    this.#endedAt = this.#clock.now();
    this.#restMs = Math.min(tookMs * REST, LONGEST_REST_MS);
  }

  /** Resolves when it is time to look again, or when something new was asked for, at `askedAt`, since the last look ended. */
  async over(askedAt: () => number): Promise<void> {
    for (;;) {
      const restedMs = this.#clock.now() - this.#endedAt;
      // A clock that was set back must not make it rest for hours.
      if (restedMs < 0 || restedMs >= this.#restMs || askedAt() >= this.#endedAt) return;
      await this.#clock.sleep(Math.min(this.#restMs - restedMs, GLANCE_MS));
    }
  }
}
