/** Runs no more than so many pieces of work at once; the others wait, in order. */
export class FewAtOnce {
  readonly #most: number;
  readonly #waiting: (() => void)[] = [];
  readonly #waitingForRoom: (() => void)[] = [];
  #running = 0;

  constructor(most: number) {
    this.#most = most;
  }

  get isFull(): boolean {
    return this.#running >= this.#most;
  }

  /** Resolves when work that comes now would not have to wait. */
  async room(): Promise<void> {
    while (this.isFull) await new Promise<void>((resolve) => this.#waitingForRoom.push(resolve));
  }

  /** Resolves with the work's result once it was its turn and has ended. */
  async run<T>(work: () => Promise<T>): Promise<T> {
    if (!this.isFull) this.#running += 1;
    else await new Promise<void>((resolve) => this.#waiting.push(resolve));
    try {
      return await work();
    } finally {
      this.#handOn();
    }
  }

  /** The place of one that has ended goes to the next in line. */
  #handOn(): void {
    const next = this.#waiting.shift();
    if (next) return next();
    this.#running -= 1;
    for (const looker of this.#waitingForRoom.splice(0)) looker();
  }
}
