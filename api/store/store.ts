import type { KubeObject } from '../machinery/object.ts';
import type { StoredEntry } from './stored-entry.ts';

/**
 * Where objects live, each under a resource (`portgroups.bridgekeeper.dev`) and a name (`vlan-100`, or `default/settings` where
 * the kind has namespaces). Every change has a revision; revisions only rise and are never given out twice. What a `write` has
 * answered is on disk, and what is not on disk yet nobody reads or is told. Objects and bytes that come out are shared: nobody changes them.
 */
export interface Store {
  /** The revision of the last committed change. */
  readonly revision: number;
  /** The oldest revision at which everything can still be read, and from which changes can still be followed. */
  readonly compactedRevision: number;
  /** Why nothing can be written any more: the disk failed. Reads go on. Undefined while all is well. */
  readonly failure: Error | undefined;
  get(resource: string, name: string): StoredEntry | undefined;
  /** In order of names. Throws `RevisionCompacted` when `revision` is older than the history goes. */
  list(resource: string, options: StoreListOptions): StorePage;
  /** Objects whose time is over at `epochMs`, at most `limit`. */
  listExpired(epochMs: number, limit: number): readonly StoredEntry[];
  /**
   * Runs `change` in a transaction and answers its result once that, and all that it has seen, is on disk. The changes of a turn of
   * the event loop share a commit; one that throws is undone alone and rejects with what it threw. `change` is synchronous and may
   * run only once.
   */
  write<T>(change: (transaction: StoreTransaction) => T): Promise<T>;
  /**
   * Calls `watcher` for every change of a resource after `fromRevision`, in order, without a gap: first from the log, then live.
   * Throws `RevisionCompacted`. The returned function ends it and may be called twice.
   */
  watch(resource: string, fromRevision: number, watcher: StoreWatcher): () => void;
  /** Forgets states superseded at or before `revision`. */
  compact(revision: number): Promise<void>;
  /** Waits for writes under way. */
  close(): Promise<void>;
}

export interface StoreListOptions {
  /** Only names that start so: `default/`. */
  readonly prefix?: string;
  /** Only names after this one. */
  readonly after?: string;
  readonly limit?: number;
  /** The state as of this revision; the newest when absent. */
  readonly revision?: number;
}

export interface StorePage {
  readonly entries: readonly StoredEntry[];
  /** The revision that the page shows. */
  readonly revision: number;
  /** How many follow after the last entry. */
  readonly remaining: number;
}

/** Sees the state with all changes before it, those of the same tick included. */
export interface StoreTransaction {
  /** The revision that the next `put` or `delete` gives. */
  readonly nextRevision: number;
  get(resource: string, name: string): StoredEntry | undefined;
  /** `expiresAtMs`: when `listExpired` begins to name it. */
  put(resource: string, name: string, object: KubeObject, options?: { readonly expiresAtMs?: number }): StoredEntry;
  /** `lastState` is what watchers get: the object with the revision of its deletion. Answers it as stored. */
  delete(resource: string, name: string, lastState: KubeObject): StoredEntry;
}

export interface StoreChange {
  readonly type: 'created' | 'updated' | 'deleted';
  /** The new state; of a deletion the last one. */
  readonly entry: StoredEntry;
  readonly revision: number;
  /** The state before, when there was one. */
  previous(): StoredEntry | undefined;
}

export interface StoreWatcher {
  change(change: StoreChange): void;
  /** Everything that was in the log has been handed over; live changes follow. Called once. */
  caughtUp?(revision: number): void;
  /** The watch can't go on. Nothing follows. */
  failed(error: Error): void;
}

/** The history does not go back that far: list again. */
export class RevisionCompacted extends Error {
  override readonly name = 'RevisionCompacted';
  readonly requested: number;
  readonly oldest: number;

  constructor(requested: number, oldest: number) {
    super(`too old resource version: ${requested} (${oldest})`);
    this.requested = requested;
    this.oldest = oldest;
  }
}
