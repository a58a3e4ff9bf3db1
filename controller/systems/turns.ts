import type { Clock } from '../../api/machinery/clock.ts';

/** A repair waits no longer than this for long work. */
const TURN_MS = 2;

/** Cuts long work into short turns, so that what comes from the host in between is seen to first. */
export class Turns {
  readonly #clock: Clock;
  #begunAt: number;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#begunAt = clock.now();
  }

  /** True when it is time to call `next`. */
  isOver(): boolean {
    return this.#clock.now() - this.#begunAt >= TURN_MS;
  }

  /** Lets others go first; resolves when it is this work's turn again. */
  async next(): Promise<void> {
    await new Promise<void>((resolve) => setImmediate(resolve));
    this.#begunAt = this.#clock.now();
  }
}
