import Database from 'better-sqlite3';
import type { DurableMap } from './durable-map.ts';

const SCHEMA_VERSION = 1;
const CREATE = `CREATE TABLE memory (
  scope TEXT NOT NULL,
  key   TEXT NOT NULL,
  value TEXT NOT NULL,
  PRIMARY KEY (scope, key)
) WITHOUT ROWID`;

/**
 * What outlives what. A flush to the disk holds up the loop for milliseconds, so what can be found out again after a power cut, or
 * does not matter then, is only kept beyond the end of the process.
 */
export type Survives = 'power cut' | 'process';

/** The controller's own SQLite file: maps by scope, each durable. On a cluster an agent has this and no store. */
export interface Journal {
  map(scope: string, options?: { readonly survives: Survives }): DurableMap;
  close(): void;
}

/** Opens or makes the journal at `file`. Throws when it was written by a newer version. */
export function openJournal(file: string): Journal {
  const db = new Database(file);
  db.pragma('journal_mode = WAL');
  db.pragma('synchronous = FULL');
  migrate(db, file);
  const get = db.prepare<[string, string], string>('SELECT value FROM memory WHERE scope = ? AND key = ?').pluck();
  const all = db.prepare<[string], [string, string]>('SELECT key, value FROM memory WHERE scope = ? ORDER BY key').raw();
  const put = db.prepare('INSERT INTO memory VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET value = excluded.value');
  const remove = db.prepare('DELETE FROM memory WHERE scope = ? AND key = ?');
  const written = (survives: Survives, work: () => void): void => {
    if (survives === 'power cut' || db.inTransaction) return work();
    db.pragma('synchronous = NORMAL');
    try {
      work();
    } finally {
      db.pragma('synchronous = FULL');
    }
  };
  return {
    map: (scope, { survives } = { survives: 'power cut' }) => ({
      get: (key) => get.get(scope, key),
      entries: () => all.all(scope),
      put: (key, value) => written(survives, () => void put.run(scope, key, value)),
      delete: (key) => written(survives, () => void remove.run(scope, key)),
      together: (work) => written(survives, () => db.transaction(work)()),
    }),
    close: () => db.close(),
  };
}

function migrate(db: Database.Database, file: string): void {
  const version = Number(db.pragma('user_version', { simple: true }));
  if (version > SCHEMA_VERSION) {
    throw new Error(`${file} was written by a newer bridgekeeper (journal version ${version}); start that version, or move the file away`);
  }
  if (version === SCHEMA_VERSION) return;
  db.transaction(() => {
    db.exec(CREATE);
    db.pragma(`user_version = ${SCHEMA_VERSION}`);
  })();
}
