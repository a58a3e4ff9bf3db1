import type { MessagePort } from 'node:worker_threads';

/** Sends what is posted within one turn of the event loop as one message: waking the other thread costs more than most messages. */
export class GatheringPort<Sent, Received> {
  readonly #port: MessagePort;
  #waiting: Sent[] = [];

  /** `received` is called with each message of the other side, in the order in which they were posted. */
  constructor(port: MessagePort, received: (message: Received) => void) {
    this.#port = port;
    // Both ends are made by this class, so what comes is what the other side's type says.
    port.on('message', (messages: readonly Received[]) => messages.forEach(received));
  }

  post(message: Sent): void {
    this.#waiting.push(message);
    if (this.#waiting.length === 1) queueMicrotask(() => this.#send());
  }

  close(): void {
    this.#port.close();
  }

  #send(): void {
    const messages = this.#waiting;
    this.#waiting = [];
    this.#port.postMessage(messages);
  }
}
