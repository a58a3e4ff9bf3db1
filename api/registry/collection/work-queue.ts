import type { Clock } from '../../machinery/clock.ts';

const RETRY_MS = 1000;

export interface WorkQueueOptions {
  readonly clock: Clock;
  /** Hears of work that failed; it is tried again after a second. */
  readonly failed: (error: unknown) => void;
}

type Work = () => Promise<void>;

/** Does work one piece after the other; a piece asked for again before its turn is done once. */
export class WorkQueue {
  readonly #options: WorkQueueOptions;
  readonly #waiting = new Map<string, Work>();
  #isRunning = false;
  #isStopped = false;

  constructor(options: WorkQueueOptions) {
    this.#options = options;
  }

  add(key: string, work: Work): void {
    if (this.#isStopped) return;
    this.#waiting.set(key, work);
    if (this.#isRunning) return;
    this.#isRunning = true;
    // Not at once: the one who asks may be in the middle of telling others of a change.
    setImmediate(() => void this.#run());
  }

  stop(): void {
    this.#isStopped = true;
    this.#waiting.clear();
  }

  async #run(): Promise<void> {
    for (const [key, work] of this.#waiting) {
      this.#waiting.delete(key);
      try {
        await work();
      } catch (error) {
        if (this.#isStopped) break;
        this.#options.failed(error);
        this.#options.clock.after(RETRY_MS, () => this.add(key, work));
      }
    }
    this.#isRunning = false;
  }
}
