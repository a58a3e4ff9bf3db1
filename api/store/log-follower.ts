import type { LogRow, Statements } from './log-statements.ts';
import { RevisionCompacted, type StoreChange, type StoreWatcher } from './store.ts';
import { StoredEntry } from './stored-entry.ts';
import type { ValueCodec } from './value-codec.ts';
import type { WatchHub } from './watch-hub.ts';

/** How many changes are replayed before others get their turn. */
const CHUNK = 500;

export interface LogFollowerOptions {
  readonly statements: Statements;
  readonly codec: ValueCodec;
  readonly hub: WatchHub;
  readonly resource: string;
  readonly fromRevision: number;
  readonly watcher: StoreWatcher;
  /** How far back the log goes, and up to where it may be told. */
  readonly marks: () => { readonly compacted: number; readonly last: number };
}

/**
 * Replays the log in chunks, then takes a seat at the hub. The last chunk is read and the seat taken in one go, and only this
 * thread writes: so nothing falls between log and live changes.
 */
export function followLog(options: LogFollowerOptions): () => void {
  const { statements, hub, resource, watcher, marks } = options;
  let cursor = options.fromRevision;
  let stopped = false;
  let leave = (): void => {
    stopped = true;
  };

  function replay(): void {
    if (stopped) return;
    const { compacted, last } = marks();
    if (cursor < compacted) return watcher.failed(new RevisionCompacted(cursor, compacted));
    const rows = statements.changes.all(resource, cursor, last, CHUNK);
    if (rows.length < CHUNK) leave = hub.add(resource, watcher, Math.max(cursor, last));
    for (const row of rows) {
      if (stopped) return;
      watcher.change(replayed(row, options));
      cursor = row.revision;
    }
    if (rows.length === CHUNK) setImmediate(guarded);
    else watcher.caughtUp?.(last);
  }

  function guarded(): void {
    try {
      replay();
    } catch (error) {
      stop();
      watcher.failed(error instanceof Error ? error : new Error(String(error)));
    }
  }

  function stop(): void {
    stopped = true;
    leave();
  }

  guarded();
  return stop;
}

function replayed(row: LogRow, { resource, statements, codec }: LogFollowerOptions): StoreChange {
  const entryOf = ({ name, revision, value }: LogRow): StoredEntry =>
    new StoredEntry(resource, name, revision, codec.decode({ resource, name, revision }, value));
  return {
    type: row.deleted === 1 ? 'deleted' : row.previous === 0 ? 'created' : 'updated',
    entry: entryOf(row),
    revision: row.revision,
    previous() {
      const before = row.previous === 0 ? undefined : statements.row.get(row.previous);
      return before && entryOf(before);
    },
  };
}
