/**
 * Where the system keeps what the host itself can't: a small durable store, given at construction. `put` returns only when the
 * value is on disk.
 */
export interface Keep {
  get(key: string): string | undefined;
  put(key: string, value: string): void;
  delete(key: string): void;
}
