/**
 * Lets drift be corrected while other work only waits for its effect: Open vSwitch takes a second and more to make a thousand ports,
 * and no repair may wait for that. One repair at a time.
 */
export class Repairs {
  readonly #repair: () => Promise<void>;
  #isOpen = false;
  #isAsked = false;
  #running: Promise<void> | undefined;

  /** `repair` must not throw; while it runs it may look at `isOpen`. */
  constructor(repair: () => Promise<void>) {
    this.#repair = repair;
  }

  get isOpen(): boolean {
    return this.#isOpen;
  }

  /** Looks for something to repair, if this is a time for it; once more when it is asked while it looks. */
  ask(): void {
    if (!this.#isOpen) return;
    this.#isAsked = true;
    this.#running ??= this.#repairWhileAsked();
  }

  /** Does `work`; from when it calls `opened` until it has ended, repairs are made. Resolves when both have ended. */
  async during<T>(work: (opened: () => void) => Promise<T>): Promise<T> {
    try {
      return await work(() => {
        this.#isOpen = true;
        this.ask();
      });
    } finally {
      this.#isOpen = false;
      await this.#running;
    }
  }

  async #repairWhileAsked(): Promise<void> {
    while (this.#isAsked && this.#isOpen) {
      this.#isAsked = false;
      await this.#repair();
    }
    this.#running = undefined;
  }
}
