import Database from 'better-sqlite3';
import type { DurableMap } from './durable-map.ts';

const SCHEMA_VERSION = 1;
const CREATE = `CREATE TABLE memory (
  scope TEXT NOT NULL,
  key   TEXT NOT NULL,
  value TEXT NOT NULL,
  PRIMARY KEY (scope, key)
) WITHOUT ROWID`;

/** The controller's own SQLite file: maps by scope, each durable. On a cluster an agent has this and no store. */
export interface Journal {
  map(scope: string): DurableMap;
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
  return {
    map: (scope) => ({
      get: (key) => get.get(scope, key),
      entries: () => all.all(scope),
      put: (key, value) => void put.run(scope, key, value),
      delete: (key) => void remove.run(scope, key),
      together: (work) => db.transaction(work)(),
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
