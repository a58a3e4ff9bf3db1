const BUCKET_COUNT = 256;

/** A map that never changes. */
export interface FrozenMap<V> {
  readonly size: number;
  get(key: string): V | undefined;
  values(): Iterable<V>;
  entries(): Iterable<readonly [string, V]>;
  /** Keys whose value is not the same as in `before`; cheap where both come from the same RowMap. */
  changedSince(before: FrozenMap<V>): Set<string>;
}

type Buckets<V> = readonly (ReadonlyMap<string, V> | undefined)[];

/**
 * A map of which a frozen view can be taken at any time at a cost that follows what changed since the last view, not the size:
 * keys are spread over buckets, a view shares all buckets, and a bucket is copied at the first write after a view was taken.
 */
export class RowMap<V> {
  readonly #buckets: (Map<string, V> | undefined)[] = Array.from({ length: BUCKET_COUNT }, () => undefined);
  /** In which epoch a bucket was copied; a view ends an epoch. */
  readonly #copiedIn = new Uint32Array(BUCKET_COUNT);
  #epoch = 1;
  #size = 0;
  #frozen: FrozenMap<V> | undefined;

  get(key: string): V | undefined {
    return this.#buckets[bucketOf(key)]?.get(key);
  }

  set(key: string, value: V): void {
    const bucket = this.#writable(bucketOf(key));
    const before = bucket.size;
    bucket.set(key, value);
    this.#size += bucket.size - before;
  }

  delete(key: string): void {
    if (this.get(key) === undefined) return;
    this.#writable(bucketOf(key)).delete(key);
    this.#size -= 1;
  }

  freeze(): FrozenMap<V> {
    if (this.#frozen) return this.#frozen;
    this.#epoch += 1;
    this.#frozen = new BucketView(this.#buckets.slice(), this.#size);
    return this.#frozen;
  }

  #writable(index: number): Map<string, V> {
    this.#frozen = undefined;
    const present = this.#buckets[index];
    if (present && this.#copiedIn[index] === this.#epoch) return present;
    const copy = new Map(present);
    this.#buckets[index] = copy;
    this.#copiedIn[index] = this.#epoch;
    return copy;
  }
}

class BucketView<V> implements FrozenMap<V> {
  readonly #buckets: Buckets<V>;
  readonly size: number;

  constructor(buckets: Buckets<V>, size: number) {
    this.#buckets = buckets;
    this.size = size;
  }

  get(key: string): V | undefined {
    return this.#buckets[bucketOf(key)]?.get(key);
  }

  *values(): Iterable<V> {
    for (const bucket of this.#buckets) if (bucket) yield* bucket.values();
  }

  *entries(): Iterable<readonly [string, V]> {
    for (const bucket of this.#buckets) if (bucket) yield* bucket.entries();
  }

  changedSince(before: FrozenMap<V>): Set<string> {
    const changed = new Set<string>();
    const old = before instanceof BucketView ? before.#buckets : [];
    for (let index = 0; index < BUCKET_COUNT; index += 1) {
      const [was, is] = [old[index], this.#buckets[index]];
      if (was === is) continue;
      for (const [key, value] of is ?? []) if (was?.get(key) !== value) changed.add(key);
      for (const key of was?.keys() ?? []) if (!is?.has(key)) changed.add(key);
    }
    return changed;
  }
}

/** FNV-1a over the UTF-16 units, folded to a bucket number. */
function bucketOf(key: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < key.length; at += 1) hash = Math.imul(hash ^ key.charCodeAt(at), 0x01000193);
  return (hash ^ (hash >>> 16)) & (BUCKET_COUNT - 1);
}
