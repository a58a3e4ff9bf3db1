import { ApiError } from '../machinery/api-error.ts';
import type { StoreTransaction } from './store.ts';
import { WriteBatch, type BatchedChange, type Lookup } from './write-batch.ts';

/** More writers than this wait for the next turn of the event loop, so that reads get theirs. */
const MAX_WRITERS_A_TURN = 100;

/** What becomes of a batch, step by step. */
export interface BatchSteps {
  /** Gives the changes to the database, all or none. What throws refuses the writers of this batch alone. */
  commit(changes: WriteBatch): void;
  /** Resolves when every commit so far is on disk. */
  flush(): Promise<void>;
  /** The changes are on disk: from now on they are what is read. */
  publish(changes: WriteBatch): void;
  /** Keeps the log short, when that is due; nothing is committed until it has resolved. */
  tidy(): Promise<void> | undefined;
}

interface Writer {
  run(batch: WriteBatch): void;
  settle(): void;
  reject(error: unknown): void;
}

/**
 * One commit and one flush for the writers of a turn. While a batch is on its way to disk, the next one gathers: its writers run
 * and see all changes before them, but it is committed only after. Nothing is answered or published before it is on disk.
 */
export class GroupCommit {
  readonly #steps: BatchSteps;
  readonly #published: Lookup;
  #waiting: Writer[] = [];
  #open: { readonly batch: WriteBatch; readonly writers: Writer[] };
  /** Committed, but perhaps not on disk yet. */
  #flushing: WriteBatch | undefined;
  #isTurnDue = false;
  #isCommitting = false;
  #failure: StoreFailed | undefined;

  /** `published` answers what is read now, beside the batch that is on its way. */
  constructor(lastRevision: number, published: Lookup, steps: BatchSteps) {
    this.#steps = steps;
    this.#published = published;
    this.#open = this.#newBatch(lastRevision);
  }

  /** Why nothing can be written any more. */
  get failure(): StoreFailed | undefined {
    return this.#failure;
  }

  get isIdle(): boolean {
    return this.#waiting.length === 0 && !this.#isTurnDue && !this.#isCommitting;
  }

  /** Runs `change` in the next batch and answers its result once that is on disk. */
  write<T>(change: (transaction: StoreTransaction) => T): Promise<T> {
    if (this.#failure !== undefined) return Promise.reject(this.#failure);
    return new Promise<T>((resolve, reject) => {
      let settle = (): void => reject(new Error('the write did not run'));
      this.#waiting.push({
        run(batch) {
          const result = batch.run(change);
          settle = () => resolve(result);
        },
        settle: () => settle(),
        reject,
      });
      this.#scheduleTurn();
    });
  }

  /** The change of an object that the database has but nobody may see yet. */
  unpublished(resource: string, name: string): BatchedChange | undefined {
    return this.#flushing?.changeOf(resource, name);
  }

  /** All such changes of a resource, the last one of each object. */
  unpublishedOf(resource: string): readonly BatchedChange[] {
    return this.#flushing === undefined ? [] : [...this.#flushing.newest(resource)];
  }

  #newBatch(lastRevision: number): { readonly batch: WriteBatch; readonly writers: Writer[] } {
    const outside: Lookup = (resource, name) => {
      const change = this.unpublished(resource, name);
      if (change === undefined) return this.#published(resource, name);
      return change.type === 'deleted' ? undefined : change.entry;
    };
    return { batch: new WriteBatch(lastRevision, outside), writers: [] };
  }

  #scheduleTurn(): void {
    if (this.#isTurnDue) return;
    this.#isTurnDue = true;
    setImmediate(() => {
      this.#isTurnDue = false;
      for (const writer of this.#waiting.splice(0, MAX_WRITERS_A_TURN)) this.#runInOpenBatch(writer);
      if (this.#waiting.length > 0) this.#scheduleTurn();
      if (!this.#isCommitting) void this.#commitAll();
    });
  }

  #runInOpenBatch(writer: Writer): void {
    const { batch, writers } = this.#open;
    try {
      writer.run(batch);
      writers.push(writer);
    } catch (error) {
      writer.reject(error);
    }
  }

  async #commitAll(): Promise<void> {
    this.#isCommitting = true;
    try {
      while (this.#open.writers.length > 0) await this.#commitOpenBatch();
    } catch (error) {
      this.#fail(error);
    } finally {
      this.#isCommitting = false;
    }
  }

  async #commitOpenBatch(): Promise<void> {
    const { batch, writers } = this.#open;
    try {
      if (batch.changes.length > 0) this.#steps.commit(batch);
    } catch (error) {
      this.#open = this.#newBatch(batch.revisionBefore);
      for (const writer of writers) writer.reject(error);
      return;
    }
    this.#open = this.#newBatch(batch.revision);
    if (batch.changes.length > 0) await this.#flush(batch, writers);
    for (const writer of writers) writer.settle();
    this.#steps.publish(batch);
    // Without a wait where none is due: the next flush begins before the answers of this batch are written.
    const tidying = this.#steps.tidy();
    if (tidying !== undefined) await tidying;
  }

  async #flush(batch: WriteBatch, writers: readonly Writer[]): Promise<void> {
    this.#flushing = batch;
    try {
      await this.#steps.flush();
    } catch (error) {
      for (const writer of writers) writer.reject(new StoreFailed(error));
      throw error;
    }
    this.#flushing = undefined;
  }

  /**
   * What the kernel could not write it may have dropped, so nothing that builds on it may be acknowledged. What was published
   * before stays readable.
   */
  #fail(error: unknown): void {
    const failure = new StoreFailed(error);
    this.#failure = failure;
    const { batch, writers } = this.#open;
    this.#open = this.#newBatch(batch.revision);
    for (const writer of [...writers, ...this.#waiting.splice(0)]) writer.reject(failure);
  }
}

/** The disk refused what had to be kept. Only a new start can tell what is on it. Sent to clients as it is: who writes must know. */
export class StoreFailed extends ApiError {
  constructor(cause: unknown) {
    const message = `the store can't be written any more: ${cause instanceof Error ? cause.message : String(cause)}; mend the disk, then restart`;
    super({ code: 500, reason: 'InternalError', message: `Internal error occurred: ${message}`, details: { causes: [{ message }] } }, { cause });
    this.name = 'StoreFailed';
  }
}
