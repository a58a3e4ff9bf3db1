import Sqlite, { type Database } from 'better-sqlite3';
import { reseal } from './encryption/reseal.ts';
import { EntryCache } from './entry-cache.ts';
import { GroupCommit } from './group-commit.ts';
import { followLog } from './log-follower.ts';
import { prepareStatements, type CurrentRow, type StateRow, type Statements } from './log-statements.ts';
import { migrate } from './migrations.ts';
import { lockStore } from './store-lock.ts';
import {
  RevisionCompacted,
  type Store,
  type StoreListOptions,
  type StorePage,
  type StoreTransaction,
  type StoreWatcher,
} from './store.ts';
import { StoredEntry } from './stored-entry.ts';
import { PLAIN, type ValueCodec } from './value-codec.ts';
import { WatchHub } from './watch-hub.ts';
import { WriteAheadLog } from './write-ahead-log.ts';
import { stateBefore, type WriteBatch } from './write-batch.ts';

export interface SqliteStoreOptions {
  /** A file, or `:memory:`. */
  readonly path: string;
  /** Bytes of JSON kept in memory for reads. */
  readonly cacheBytes?: number;
  /** What becomes of values between memory and disk; without it they are stored as they are. */
  readonly codec?: ValueCodec;
  /** After so many changes the log is copied into the database. */
  readonly checkpointChanges?: number;
}

/** A parsed object takes about five times its JSON. */
const DEFAULT_CACHE_BYTES = 8 * 1024 * 1024;
/** What is read often is in our own cache; better-sqlite3 would take 16 MB. */
const PAGE_CACHE_KIB = 4096;
/** Often enough that a start need not read much of the log, and that copying it takes few milliseconds. */
const DEFAULT_CHECKPOINT_CHANGES = 2000;
/** How many revisions are compacted before others get their turn. */
const COMPACTION_CHUNK = 1000;
/** After every name that an object can have. */
const END = '\x7f';

/** A store in one SQLite file: a log of all states and a table of the newest (the idea of k3s' kine). One process at a time. */
export class SqliteStore implements Store {
  readonly #database: Database;
  readonly #unlock: () => void;
  readonly #codec: ValueCodec;
  readonly #statements: Statements;
  /** Runs reads in one transaction: each alone takes and gives back the file's lock, which doubles its cost. */
  readonly #together: (read: () => StorePage) => StorePage;
  readonly #cache: EntryCache;
  /** The names that exist, so that asking for one that does not costs nothing. */
  readonly #names = new Map<string, Set<string>>();
  readonly #hub = new WatchHub();
  readonly #writes: GroupCommit;
  readonly #commit: (batch: WriteBatch) => void;
  /** Absent where the store is in memory only. */
  readonly #log: WriteAheadLog | undefined;
  readonly #checkpointChanges: number;
  #changesInLog = 0;
  #revision: number;
  #compacted: number;
  #closed = false;

  /** Opens or makes the file. Throws when another process has it open, or when a newer release wrote it. */
  constructor(options: SqliteStoreOptions) {
    this.#codec = options.codec ?? PLAIN;
    this.#unlock = options.path === ':memory:' ? () => undefined : lockStore(options.path);
    const { database, log } = open(options.path, this.#codec, this.#unlock);
    this.#database = database;
    this.#log = log;
    this.#statements = prepareStatements(this.#database);
    const commit = database.transaction((batch: WriteBatch) => this.#storeChanges(batch));
    this.#commit = (batch) => commit.immediate(batch);
    this.#together = database.transaction((read: () => StorePage) => read());
    this.#cache = new EntryCache(options.cacheBytes ?? DEFAULT_CACHE_BYTES);
    this.#checkpointChanges = options.checkpointChanges ?? DEFAULT_CHECKPOINT_CHANGES;
    this.#revision = this.#statements.lastRevision.get() ?? 0;
    this.#compacted = this.#statements.mark.get('compacted') ?? 0;
    for (const { resource, name } of this.#statements.allNames.iterate()) this.#namesOf(resource).add(name);
    this.#writes = new GroupCommit(this.#revision, (resource, name) => this.#published(resource, name), {
      commit: (batch) => this.#commit(batch),
      flush: async () => this.#log?.flush(),
      publish: (batch) => this.#publish(batch),
      tidy: () => this.#checkpointWhereDue(),
    });
  }

  get revision(): number {
    return this.#revision;
  }

  get compactedRevision(): number {
    return this.#compacted;
  }

  get failure(): Error | undefined {
    return this.#writes.failure;
  }

  get(resource: string, name: string): StoredEntry | undefined {
    const change = this.#writes.unpublished(resource, name);
    return change === undefined ? this.#published(resource, name) : stateBefore(change);
  }

  list(resource: string, options: StoreListOptions): StorePage {
    const prefix = options.prefix ?? '';
    const after = options.after !== undefined && options.after > prefix ? options.after : prefix;
    const end = `${prefix}${END}`;
    const revision = options.revision ?? this.#revision;
    if (revision < this.#compacted) throw new RevisionCompacted(revision, this.#compacted);
    // The table of the newest states may be ahead of what may be seen.
    const isPast = revision < this.#revision || this.#writes.unpublishedOf(resource).length > 0;
    if (isPast) return this.#listAt({ resource, after, end, revision }, options.limit);
    return this.#together(() => this.#listNewest(resource, after, end, options.limit));
  }

  listExpired(epochMs: number, limit: number): readonly StoredEntry[] {
    const rows = this.#statements.expired.all(epochMs, limit);
    return rows.filter(({ revision }) => revision <= this.#revision).map((row) => this.#entryOf(row));
  }

  write<T>(change: (transaction: StoreTransaction) => T): Promise<T> {
    if (this.#closed) return Promise.reject(new Error('the store is closed'));
    return this.#writes.write(change);
  }

  watch(resource: string, fromRevision: number, watcher: StoreWatcher): () => void {
    if (fromRevision < this.#compacted) throw new RevisionCompacted(fromRevision, this.#compacted);
    return followLog({
      statements: this.#statements,
      codec: this.#codec,
      hub: this.#hub,
      resource,
      fromRevision,
      watcher,
      marks: () => ({ compacted: this.#compacted, last: this.#revision }),
    });
  }

  async compact(revision: number): Promise<void> {
    // The newest row always stays: the next revision is counted from it.
    const target = Math.min(revision, this.#revision - 1);
    while (!this.#closed && this.#compacted < target) {
      this.#compactChunk(Math.min(target, this.#compacted + COMPACTION_CHUNK));
      await new Promise((resolve) => setImmediate(resolve));
    }
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    while (!this.#writes.isIdle) await new Promise((resolve) => setImmediate(resolve));
    this.#hub.failAll(new Error('the store is closed'));
    this.#database.close();
    this.#log?.closeFiles();
    this.#unlock();
  }

  #published(resource: string, name: string): StoredEntry | undefined {
    if (this.#names.get(resource)?.has(name) !== true) return undefined;
    const cached = this.#cache.get(resource, name);
    if (cached !== undefined) return cached;
    const row = this.#statements.newest.get(resource, name);
    return row && this.#cached(this.#decoded(resource, row));
  }

  #listNewest(resource: string, after: string, end: string, limit: number | undefined): StorePage {
    const rows = this.#statements.currentNames.all(resource, after, end, limit ?? -1);
    const last = rows.at(-1)?.name;
    const mayBeMore = limit !== undefined && rows.length === limit && last !== undefined;
    const remaining = mayBeMore ? (this.#statements.countCurrent.get(resource, last, end) ?? 0) : 0;
    return { entries: rows.map((row) => this.#entryOf(row)), revision: this.#revision, remaining };
  }

  #listAt(query: { resource: string; after: string; end: string; revision: number }, limit: number | undefined): StorePage {
    const rows = this.#statements.statesAt.all({ ...query, limit: limit ?? -1 });
    const last = rows.at(-1)?.name;
    const mayBeMore = limit !== undefined && rows.length === limit && last !== undefined;
    const remaining = mayBeMore ? (this.#statements.countStatesAt.get({ ...query, after: last }) ?? 0) : 0;
    const entries = rows.map((row) => this.#decoded(query.resource, row));
    return { entries, revision: query.revision, remaining };
  }

  #entryOf(row: CurrentRow): StoredEntry {
    const cached = this.#cache.get(row.resource, row.name);
    if (cached !== undefined) return cached;
    const state = this.#statements.row.get(row.revision);
    if (state === undefined) throw new Error(`the log has no revision ${row.revision}, though ${row.resource} ${row.name} points to it`);
    return this.#cached(this.#decoded(row.resource, state));
  }

  #decoded(resource: string, { name, revision, value }: StateRow): StoredEntry {
    return new StoredEntry(resource, name, revision, this.#codec.decode({ resource, name, revision }, value));
  }

  #cached(entry: StoredEntry): StoredEntry {
    this.#cache.set(entry);
    return entry;
  }

  #namesOf(resource: string): Set<string> {
    const names = this.#names.get(resource) ?? new Set();
    this.#names.set(resource, names);
    return names;
  }

  #storeChanges(batch: WriteBatch): void {
    for (const change of batch.changes) {
      const { resource, name, revision, bytes } = change.entry;
      const value = this.#codec.encode({ resource, name, revision }, bytes);
      this.#statements.append.run(revision, resource, name, change.previous()?.revision ?? 0, change.type === 'deleted' ? 1 : 0, value);
    }
    for (const { type, entry, expiresAtMs } of batch.newest()) {
      if (type === 'deleted') this.#statements.dropCurrent.run(entry.resource, entry.name);
      else this.#statements.setCurrent.run(entry.resource, entry.name, entry.revision, expiresAtMs);
    }
  }

  #publish(batch: WriteBatch): void {
    this.#revision = batch.revision;
    this.#changesInLog += batch.changes.length;
    for (const { type, entry } of batch.newest()) {
      if (type === 'deleted') {
        this.#names.get(entry.resource)?.delete(entry.name);
        this.#cache.delete(entry.resource, entry.name);
      } else {
        this.#namesOf(entry.resource).add(entry.name);
        this.#cache.set(entry);
      }
    }
    this.#hub.publish(batch.changes);
    // Few of the objects written are looked into again, and answers are sent from the bytes.
    for (const { entry } of batch.changes) entry.keepBytesOnly();
  }

  #checkpointWhereDue(): Promise<void> | undefined {
    if (this.#changesInLog < this.#checkpointChanges) return undefined;
    this.#changesInLog = 0;
    return this.#log?.checkpoint();
  }

  #compactChunk(target: number): void {
    this.#database.transaction(() => {
      this.#statements.dropSuperseded.run(this.#compacted, target);
      this.#statements.dropTombstones.run(this.#compacted, target);
      this.#statements.setMark.run(target, 'compacted');
    })();
    this.#changesInLog += target - this.#compacted;
    this.#compacted = target;
  }
}

interface Opened {
  readonly database: Database;
  readonly log: WriteAheadLog | undefined;
}

function open(path: string, codec: ValueCodec, unlock: () => void): Opened {
  const database = new Sqlite(path, { timeout: 2000 });
  try {
    database.pragma('journal_mode = WAL');
    database.pragma('synchronous = NORMAL');
    database.pragma('journal_size_limit = 67108864');
    database.pragma(`cache_size = -${PAGE_CACHE_KIB}`);
    migrate(database);
    reseal(database, codec);
    return { database, log: path === ':memory:' ? undefined : WriteAheadLog.open(database, path) };
  } catch (error) {
    database.close();
    unlock();
    throw new Error(`the store ${path} can't be opened: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
}
