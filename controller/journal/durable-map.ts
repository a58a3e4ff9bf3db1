/** Text by key, on disk before the call returns. What the controller must remember and the API can't hold. */
export interface DurableMap {
  get(key: string): string | undefined;
  entries(): Iterable<readonly [key: string, value: string]>;
  put(key: string, value: string): void;
  delete(key: string): void;
  /** All writes inside `work` reach the disk together: one flush, all or none. */
  together(work: () => void): void;
}

/** A DurableMap that lasts as long as the process: for tests, and for `plan` without a data directory. */
export class VolatileMap implements DurableMap {
  readonly #values = new Map<string, string>();

  get(key: string): string | undefined {
    return this.#values.get(key);
  }

  entries(): Iterable<readonly [string, string]> {
    return this.#values.entries();
  }

  put(key: string, value: string): void {
    this.#values.set(key, value);
  }

  delete(key: string): void {
    this.#values.delete(key);
  }

  together(work: () => void): void {
    work();
  }
}
