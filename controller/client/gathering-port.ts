import type { MessagePort } from 'node:worker_threads';

/** To take in so many takes less than a millisecond; after that, others get their turn. */
const MOST_AT_ONCE = 16;

/**
 * Sends what is posted within one turn of the event loop as one message: waking the other thread costs more than most messages.
 * What comes is taken in in short turns, for a burst of writes comes as one message too.
 */
export class GatheringPort<Sent, Received> {
  readonly #port: MessagePort;
  readonly #received: (message: Received) => void;
  #waiting: Sent[] = [];
  #arrived: Received[] = [];

  /** `received` is called with each message of the other side, in the order in which they were posted. */
  constructor(port: MessagePort, received: (message: Received) => void) {
    this.#port = port;
    this.#received = received;
    // Both ends are made by this class, so what comes is what the other side's type says.
    port.on('message', (messages: readonly Received[]) => this.#arrive(messages));
  }

  post(message: Sent): void {
    this.#waiting.push(message);
    if (this.#waiting.length === 1) queueMicrotask(() => this.#send());
  }

  close(): void {
    this.#port.close();
  }

  #arrive(messages: readonly Received[]): void {
    const isTakingIn = this.#arrived.length > 0;
    this.#arrived = [...this.#arrived, ...messages];
    if (!isTakingIn) this.#takeIn();
  }

  #takeIn(): void {
    for (const message of this.#arrived.slice(0, MOST_AT_ONCE)) this.#received(message);
    this.#arrived = this.#arrived.slice(MOST_AT_ONCE);
    if (this.#arrived.length > 0) setImmediate(() => this.#takeIn());
  }

  #send(): void {
    const messages = this.#waiting;
    this.#waiting = [];
    this.#port.postMessage(messages);
  }
}
