/** Runs `work` once on the next turn of the event loop, however often it is asked for until then; one run at a time. */
export class Coalesced {
  readonly #work: () => void | Promise<void>;
  readonly #failed: (error: unknown) => void;
  #asked = false;
  #running: Promise<void> | undefined;
  #stopped = false;

  constructor(work: () => void | Promise<void>, failed: (error: unknown) => void) {
    this.#work = work;
    this.#failed = failed;
  }

  ask(): void {
    if (this.#asked || this.#stopped) return;
    this.#asked = true;
    if (!this.#running) this.#begin();
  }

  /** Resolves when the run under way has ended; nothing runs after it. */
  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#running;
  }

  #begin(): void {
    this.#running = new Promise<void>((resolve) => setImmediate(resolve)).then(() => this.#run());
  }

  async #run(): Promise<void> {
    this.#asked = false;
    try {
      if (!this.#stopped) await this.#work();
    } catch (error) {
      this.#failed(error);
    }
    this.#running = undefined;
    if (this.#asked && !this.#stopped) this.#begin();
  }
}
