/** The only way to time in bridgectl. It has its own, since it shares no code with the server it talks to. */
export interface Clock {
  /** Milliseconds since the Unix epoch. */
  now(): number;
  /** Resolves after `delayMs`; rejects with the signal's reason when `signal` is aborted first. */
  sleep(delayMs: number, signal?: AbortSignal): Promise<void>;
}

/** The machine's clock. */
export const systemClock: Clock = {
  now: () => Date.now(),
  sleep(delayMs, signal) {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) {
        reject(reasonOf(signal));
        return;
      }
      const timer = setTimeout(finish, delayMs);
      function finish(): void {
        signal?.removeEventListener('abort', abandon);
        resolve();
      }
      function abandon(): void {
        clearTimeout(timer);
        if (signal) reject(reasonOf(signal));
      }
      signal?.addEventListener('abort', abandon, { once: true });
    });
  },
};

function reasonOf(signal: AbortSignal): Error {
  return signal.reason instanceof Error ? signal.reason : new Error('aborted');
}
