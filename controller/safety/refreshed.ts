import type { Clock } from '../../api/machinery/clock.ts';

export interface Use {
  /** What is asked for after this long is read anew beside, and the known value is used meanwhile. */
  readonly refreshAfterMs: number;
  /** What is older is not used: whoever asks waits for a new one. */
  readonly useForMs: number;
}

export interface RefreshedOptions<T> extends Use {
  readonly clock: Clock;
  readonly read: () => Promise<T>;
}

interface Reading<T> {
  readonly at: number;
  readonly value: Promise<T>;
}

/** A value that is read now and then, of which nobody who asks for it often ever waits. */
export class Refreshed<T> {
  readonly #options: RefreshedOptions<T>;
  #known: Reading<T> | undefined;
  #underWay: Reading<T> | undefined;

  constructor(options: RefreshedOptions<T>) {
    this.#options = options;
  }

  /** Rejects as `read` does, where no value of before may be used. */
  get({ refreshAfterMs, useForMs }: Use = this.#options): Promise<T> {
    const ageMs = this.#known ? this.#options.clock.now() - this.#known.at : Infinity;
    // A clock that was set back says nothing of an age.
    if (!this.#known || ageMs < 0 || ageMs >= useForMs) return this.#read();
    // Why it could not be read hears whoever has to wait for it; it is tried again when it is asked for next.
    if (ageMs >= refreshAfterMs) this.#read().catch(() => undefined);
    return this.#known.value;
  }

  #read(): Promise<T> {
    if (this.#underWay) return this.#underWay.value;
    const reading = { at: this.#options.clock.now(), value: this.#options.read() };
    this.#underWay = reading;
    const ended = (known: Reading<T> | undefined): void => {
      this.#underWay = undefined;
      this.#known = known;
    };
    reading.value.then(() => ended(reading), () => ended(this.#known));
    return reading.value;
  }
}
