import type { Database } from 'better-sqlite3';

/**
 * One step for each `user_version`; a step that was released is never edited.
 *
 * `log` holds every state of every object (`deleted` 1: its last state, at the revision of the deletion). `previous` is the
 * revision of the state before, 0 at a creation. `current` says which row is the newest of each object that exists.
 */
const STEPS: readonly string[] = [
  `
  CREATE TABLE log (
    revision INTEGER PRIMARY KEY,
    resource TEXT NOT NULL,
    name TEXT NOT NULL,
    previous INTEGER NOT NULL,
    deleted INTEGER NOT NULL,
    value BLOB NOT NULL
  ) STRICT;
  CREATE INDEX log_by_name ON log (resource, name, revision);
  CREATE TABLE current (
    resource TEXT NOT NULL,
    name TEXT NOT NULL,
    revision INTEGER NOT NULL,
    expires_at_ms INTEGER,
    PRIMARY KEY (resource, name)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX current_expiring ON current (expires_at_ms) WHERE expires_at_ms IS NOT NULL;
  CREATE TABLE mark (name TEXT PRIMARY KEY, revision INTEGER NOT NULL) STRICT, WITHOUT ROWID;
  INSERT INTO mark (name, revision) VALUES ('compacted', 0), ('floor', 0);
  `,
];

/** Brings the schema up to date. Throws when the file was written by a newer release. */
export function migrate(database: Database): void {
  const version = Number(database.pragma('user_version', { simple: true }));
  if (version > STEPS.length) {
    throw new Error(`the store has schema version ${version}, this release knows ${STEPS.length}: it was written by a newer release`);
  }
  database.transaction(() => {
    for (const step of STEPS.slice(version)) database.exec(step);
    database.pragma(`user_version = ${STEPS.length}`);
  })();
}
