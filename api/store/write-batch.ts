import { canonicalJson } from '../machinery/json.ts';
import type { KubeObject } from '../machinery/object.ts';
import type { Statements } from './log-statements.ts';
import type { StoreChange, StoreTransaction } from './store.ts';
import { StoredEntry } from './stored-entry.ts';
import type { ValueCodec } from './value-codec.ts';

export interface WriteBatchOptions {
  readonly statements: Statements;
  readonly codec: ValueCodec;
  readonly lastRevision: number;
  readonly committed: Lookup;
}

type Lookup = (resource: string, name: string) => StoredEntry | undefined;

/** The changes of one SQLite transaction, a savepoint for each writer. They count only once the transaction is committed. */
export class WriteBatch {
  readonly #statements: Statements;
  readonly #codec: ValueCodec;
  readonly #committed: Lookup;
  readonly #changes: StoreChange[] = [];
  readonly #newest = new Map<string, StoreChange>();
  #revision: number;

  constructor(options: WriteBatchOptions) {
    this.#statements = options.statements;
    this.#codec = options.codec;
    this.#committed = options.committed;
    this.#revision = options.lastRevision;
  }

  /** The last revision given out. */
  get revision(): number {
    return this.#revision;
  }

  get changes(): readonly StoreChange[] {
    return this.#changes;
  }

  /** Runs one writer. When it throws, only its own changes are undone. */
  run<T>(change: (transaction: StoreTransaction) => T): T {
    const staged = new StagedWrite({ statements: this.#statements, codec: this.#codec, revision: this.#revision }, (resource, name) => this.#find(resource, name));
    let result: T;
    try {
      result = change(staged);
    } catch (error) {
      staged.undo();
      throw error;
    }
    staged.release();
    this.#accept(staged);
    return result;
  }

  #accept(staged: StagedWrite): void {
    for (const [key, change] of staged.newest) this.#newest.set(key, change);
    this.#changes.push(...staged.changes);
    this.#revision = staged.nextRevision - 1;
  }

  #find(resource: string, name: string): StoredEntry | undefined {
    const change = this.#newest.get(keyOf(resource, name));
    return change === undefined ? this.#committed(resource, name) : stateAfter(change);
  }
}

class StagedWrite implements StoreTransaction {
  readonly changes: StoreChange[] = [];
  readonly newest = new Map<string, StoreChange>();
  readonly #statements: Statements;
  readonly #codec: ValueCodec;
  readonly #before: Lookup;
  #revision: number;
  /** Set at the first change: most writers that fail, or find nothing to change, never need one. */
  #hasSavepoint = false;

  constructor({ statements, codec, revision }: { statements: Statements; codec: ValueCodec; revision: number }, before: Lookup) {
    this.#statements = statements;
    this.#codec = codec;
    this.#revision = revision;
    this.#before = before;
  }

  get nextRevision(): number {
    return this.#revision + 1;
  }

  /** Takes back all its changes. */
  undo(): void {
    if (!this.#hasSavepoint) return;
    this.#statements.undo.run();
    this.#statements.release.run();
  }

  release(): void {
    if (this.#hasSavepoint) this.#statements.release.run();
  }

  get(resource: string, name: string): StoredEntry | undefined {
    const change = this.newest.get(keyOf(resource, name));
    return change === undefined ? this.#before(resource, name) : stateAfter(change);
  }

  put(resource: string, name: string, object: KubeObject, options: { readonly expiresAtMs?: number } = {}): StoredEntry {
    const previous = this.get(resource, name);
    const entry = this.#append(resource, name, object, previous, 0);
    this.#statements.setCurrent.run(resource, name, entry.revision, options.expiresAtMs ?? null);
    this.#stage(previous === undefined ? 'created' : 'updated', entry, previous);
    return entry;
  }

  delete(resource: string, name: string, lastState: KubeObject): StoredEntry {
    const previous = this.get(resource, name);
    if (previous === undefined) throw new Error(`${resource} ${name} does not exist, so it can't be deleted`);
    const entry = this.#append(resource, name, lastState, previous, 1);
    this.#statements.dropCurrent.run(resource, name);
    this.#stage('deleted', entry, previous);
    return entry;
  }

  #append(resource: string, name: string, object: KubeObject, previous: StoredEntry | undefined, deleted: 0 | 1): StoredEntry {
    if (!this.#hasSavepoint) {
      this.#statements.savepoint.run();
      this.#hasSavepoint = true;
    }
    const revision = this.nextRevision;
    const bytes = Buffer.from(canonicalJson(object), 'utf8');
    this.#statements.append.run(revision, resource, name, previous?.revision ?? 0, deleted, this.#codec.encode({ resource, name, revision }, bytes));
    this.#revision = revision;
    return new StoredEntry(resource, name, revision, bytes, object);
  }

  #stage(type: StoreChange['type'], entry: StoredEntry, previous: StoredEntry | undefined): void {
    const change: StoreChange = { type, entry, revision: entry.revision, previous: () => previous };
    this.changes.push(change);
    this.newest.set(keyOf(entry.resource, entry.name), change);
  }
}

function stateAfter(change: StoreChange): StoredEntry | undefined {
  return change.type === 'deleted' ? undefined : change.entry;
}

function keyOf(resource: string, name: string): string {
  return `${resource}\n${name}`;
}
