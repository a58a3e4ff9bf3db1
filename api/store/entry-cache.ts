import type { StoredEntry } from './stored-entry.ts';

/** Newest states that were read or written lately, bounded by the bytes of their JSON; the longest unused go first. */
export class EntryCache {
  readonly #maxBytes: number;
  readonly #entries = new Map<string, StoredEntry>();
  #bytes = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  get(resource: string, name: string): StoredEntry | undefined {
    const key = keyOf(resource, name);
    const entry = this.#entries.get(key);
    if (entry === undefined) return undefined;
    // A Map keeps the order of insertion: put in again, it is the youngest.
    this.#entries.delete(key);
    this.#entries.set(key, entry);
    return entry;
  }

  set(entry: StoredEntry): void {
    this.delete(entry.resource, entry.name);
    this.#entries.set(keyOf(entry.resource, entry.name), entry);
    this.#bytes += entry.bytes.length;
    for (const oldest of this.#entries.values()) {
      if (this.#bytes <= this.#maxBytes) return;
      this.delete(oldest.resource, oldest.name);
    }
  }

  delete(resource: string, name: string): void {
    const key = keyOf(resource, name);
    const entry = this.#entries.get(key);
    if (entry === undefined) return;
    this.#entries.delete(key);
    this.#bytes -= entry.bytes.length;
  }
}

function keyOf(resource: string, name: string): string {
  return `${resource}\n${name}`;
}
