import { canonicalJson } from '../machinery/json.ts';
import type { KubeObject } from '../machinery/object.ts';
import type { StoreChange, StoreTransaction } from './store.ts';
import { StoredEntry } from './stored-entry.ts';

/** The state of an object without the changes of a batch. */
export type Lookup = (resource: string, name: string) => StoredEntry | undefined;

/** A change that waits for its commit. */
export interface BatchedChange extends StoreChange {
  readonly expiresAtMs: number | null;
  /** The change of the same object before it in this batch. */
  readonly earlier: BatchedChange | undefined;
}

/** The changes that share one commit, in memory until then. Each has the next revision. */
export class WriteBatch implements StoreTransaction {
  /** The revision that the batch builds on. */
  readonly revisionBefore: number;
  readonly #outside: Lookup;
  readonly #changes: BatchedChange[] = [];
  readonly #newest = new Map<string, Map<string, BatchedChange>>();

  /** `outside` answers the state that the batch builds on, at `revisionBefore`. */
  constructor(revisionBefore: number, outside: Lookup) {
    this.revisionBefore = revisionBefore;
    this.#outside = outside;
  }

  /** The last revision given out. */
  get revision(): number {
    return this.revisionBefore + this.#changes.length;
  }

  get nextRevision(): number {
    return this.revision + 1;
  }

  get changes(): readonly BatchedChange[] {
    return this.#changes;
  }

  /** The last change of each object, of all or of one resource. */
  *newest(resource?: string): Iterable<BatchedChange> {
    if (resource !== undefined) yield* this.#newest.get(resource)?.values() ?? [];
    else for (const changes of this.#newest.values()) yield* changes.values();
  }

  /** Runs one writer. When it throws, its changes are taken back. */
  run<T>(writer: (transaction: StoreTransaction) => T): T {
    const before = this.#changes.length;
    try {
      return writer(this);
    } catch (error) {
      while (this.#changes.length > before) this.#takeBack();
      throw error;
    }
  }

  get(resource: string, name: string): StoredEntry | undefined {
    const change = this.changeOf(resource, name);
    if (change === undefined) return this.#outside(resource, name);
    return change.type === 'deleted' ? undefined : change.entry;
  }

  /** The last change of an object, if it has any here. */
  changeOf(resource: string, name: string): BatchedChange | undefined {
    return this.#newest.get(resource)?.get(name);
  }

  put(resource: string, name: string, object: KubeObject, options: { readonly expiresAtMs?: number } = {}): StoredEntry {
    const previous = this.get(resource, name);
    return this.#append(previous === undefined ? 'created' : 'updated', this.#entry(resource, name, object), previous, options.expiresAtMs);
  }

  delete(resource: string, name: string, lastState: KubeObject): StoredEntry {
    const previous = this.get(resource, name);
    if (previous === undefined) throw new Error(`${resource} ${name} does not exist, so it can't be deleted`);
    return this.#append('deleted', this.#entry(resource, name, lastState), previous);
  }

  #entry(resource: string, name: string, object: KubeObject): StoredEntry {
    return new StoredEntry(resource, name, this.nextRevision, Buffer.from(canonicalJson(object), 'utf8'), object);
  }

  #append(type: StoreChange['type'], entry: StoredEntry, previous: StoredEntry | undefined, expiresAtMs?: number): StoredEntry {
    const { resource, name, revision } = entry;
    const earlier = this.changeOf(resource, name);
    const change: BatchedChange = { type, entry, revision, previous: () => previous, expiresAtMs: expiresAtMs ?? null, earlier };
    this.#changes.push(change);
    this.#changesOf(resource).set(name, change);
    return entry;
  }

  #takeBack(): void {
    const change = this.#changes.pop();
    if (change === undefined) return;
    const { resource, name } = change.entry;
    if (change.earlier === undefined) this.#changesOf(resource).delete(name);
    else this.#changesOf(resource).set(name, change.earlier);
  }

  #changesOf(resource: string): Map<string, BatchedChange> {
    const changes = this.#newest.get(resource) ?? new Map<string, BatchedChange>();
    this.#newest.set(resource, changes);
    return changes;
  }
}

/** The state of the object before the batch that the change is in. */
export function stateBefore(change: BatchedChange): StoredEntry | undefined {
  let first = change;
  while (first.earlier !== undefined) first = first.earlier;
  return first.previous();
}
