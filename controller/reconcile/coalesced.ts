import type { Clock } from '../../api/machinery/clock.ts';

/** After work that took long, others get the loop for so many times as long, but no longer than that. */
const REST = 4;
const LONGEST_REST_MS = 250;

/**
 * Runs `work` once on the next turn of the event loop, however often it is asked for until then; one run at a time. In a burst of
 * asking it rests between runs in proportion to what they take.
 */
export class Coalesced {
  readonly #work: () => void | Promise<void>;
  readonly #clock: Clock;
  readonly #failed: (error: unknown) => void;
  #asked = false;
  #running: Promise<void> | undefined;
  #stopped = false;
  #restsUntil = 0;
  #cancelRest: () => void = () => undefined;

  constructor(options: { readonly work: () => void | Promise<void>; readonly clock: Clock; readonly failed: (error: unknown) => void }) {
    this.#work = options.work;
    this.#clock = options.clock;
    this.#failed = options.failed;
  }

  ask(): void {
    if (this.#asked || this.#stopped) return;
    this.#asked = true;
    if (!this.#running) this.#begin();
  }

  /** Resolves when the run under way has ended; nothing runs after it. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#cancelRest();
    await this.#running;
  }

  #begin(): void {
    // No longer than that also where the clock was set back.
    const restMs = Math.min(this.#restsUntil - this.#clock.now(), LONGEST_REST_MS);
    if (restMs > 0) this.#cancelRest = this.#clock.after(restMs, () => this.#goOn());
    else this.#goOn();
  }

  #goOn(): void {
    this.#running = new Promise<void>((resolve) => setImmediate(resolve)).then(() => this.#run());
  }

  async #run(): Promise<void> {
    this.#asked = false;
    const startedAt = this.#clock.now();
    try {
      if (!this.#stopped) await this.#work();
    } catch (error) {
      this.#failed(error);
    }
    const endedAt = this.#clock.now();
    this.#restsUntil = endedAt + Math.min((endedAt - startedAt) * REST, LONGEST_REST_MS);
    this.#running = undefined;
    if (this.#asked && !this.#stopped) this.#begin();
  }
}
