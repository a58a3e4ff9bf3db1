import type { Clock } from '../../api/machinery/clock.ts';
import type { Message, Outbox } from './outbox.ts';
import type { PostResult } from './post.ts';

/** A burst is told together: a message waits this long for what belongs to it, */
const GATHER_MS = 250;
/** and the next one this long after it. */
const PAUSE_MS = 2_000;
const FIRST_RETRY_MS = 1_000;
const LONGEST_RETRY_MS = 5 * 60_000;
/** The delay is drawn from the upper half of its range, so that many hosts do not ask a receiver at once. */
const JITTER = 0.5;
const MAX_AGE_MS = 3 * 24 * 3_600_000;

export interface Delivery {
  readonly message: Message;
  /** Retried: it goes on trying. Failed: this message is given up. */
  readonly outcome: 'Delivered' | 'Retried' | 'Failed';
  readonly at: number;
  readonly error?: string;
}

/** Takes the messages of one receiver there, one after the other, each until it is taken, is refused for good, or is too old. */
export class Courier {
  readonly #uid: string;
  readonly #outbox: Outbox;
  readonly #clock: Clock;
  readonly #random: () => number;
  readonly #send: (message: Message) => Promise<PostResult>;
  readonly #ended: (delivery: Delivery) => void;
  #running: Promise<void> | undefined;
  #notBefore = 0;
  #failures = 0;
  #stopped = false;
  #cancelTimer: () => void = () => undefined;

  constructor(options: {
    readonly uid: string;
    readonly outbox: Outbox;
    readonly clock: Clock;
    readonly random: () => number;
    /** One attempt; never rejects. */
    readonly send: (message: Message) => Promise<PostResult>;
    readonly ended: (delivery: Delivery) => void;
  }) {
    this.#uid = options.uid;
    this.#outbox = options.outbox;
    this.#clock = options.clock;
    this.#random = options.random;
    this.#send = options.send;
    this.#ended = options.ended;
  }

  /** Looks whether there is something to do; may be called at any time. */
  wake(): void {
    if (this.#stopped || this.#running) return;
    this.#cancelTimer();
    const message = this.#outbox.first(this.#uid);
    if (!message) return;
    const now = this.#clock.now();
    const due = Math.max(this.#notBefore, message.createdAt + GATHER_MS);
    if (due > now) {
      this.#cancelTimer = this.#clock.after(due - now, () => this.wake());
      return;
    }
    this.#running = this.#attempt(message).finally(() => {
      this.#running = undefined;
      this.wake();
    });
  }

  /** The receiver was changed: what failed may go now. */
  forgetFailures(): void {
    this.#failures = 0;
    this.#notBefore = 0;
    this.wake();
  }

  /** Ends after the attempt under way. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#cancelTimer();
    await this.#running;
  }

  async #attempt(message: Message): Promise<void> {
    this.#outbox.attempted(message);
    const result = await this.#send(message);
    const at = this.#clock.now();
    if (result.result === 'delivered') {
      this.#failures = 0;
      this.#notBefore = at + PAUSE_MS;
      this.#outbox.acknowledged(message);
      this.#ended({ message, outcome: 'Delivered', at });
      return;
    }
    this.#failures += 1;
    const range = Math.min(FIRST_RETRY_MS * 2 ** (this.#failures - 1), LONGEST_RETRY_MS);
    const retryAfterMs = result.result === 'failed' ? (result.retryAfterMs ?? 0) : 0;
    this.#notBefore = at + Math.max(range * (1 - JITTER * this.#random()), retryAfterMs);
    const isOver = result.result === 'rejected' || at - message.createdAt > MAX_AGE_MS;
    if (isOver) this.#outbox.acknowledged(message);
    this.#ended({ message, outcome: isOver ? 'Failed' : 'Retried', at, error: result.message });
  }
}
