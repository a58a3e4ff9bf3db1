import type { Database } from 'better-sqlite3';

export interface LogRow {
  readonly revision: number;
  readonly name: string;
  readonly previous: number;
  readonly deleted: 0 | 1;
  readonly value: Buffer;
}

export interface CurrentRow {
  readonly resource: string;
  readonly name: string;
  readonly revision: number;
}

export type StateRow = Pick<LogRow, 'name' | 'revision' | 'value'>;

/** The whole SQL of the store, prepared once. */
export function prepareStatements(database: Database) {
  return {
    lastRevision: database
      .prepare<[], number>(`SELECT max((SELECT ifnull(max(revision), 0) FROM log), (SELECT revision FROM mark WHERE name = 'floor'))`)
      .pluck(),
    mark: database.prepare<[string], number>('SELECT revision FROM mark WHERE name = ?').pluck(),
    setMark: database.prepare<[number, string]>('UPDATE mark SET revision = max(revision, ?) WHERE name = ?'),

    append: database.prepare<[number, string, string, number, 0 | 1, Buffer]>(
      'INSERT INTO log (revision, resource, name, previous, deleted, value) VALUES (?, ?, ?, ?, ?, ?)',
    ),
    setCurrent: database.prepare<[string, string, number, number | null]>(
      'INSERT OR REPLACE INTO current (resource, name, revision, expires_at_ms) VALUES (?, ?, ?, ?)',
    ),
    dropCurrent: database.prepare<[string, string]>('DELETE FROM current WHERE resource = ? AND name = ?'),

    row: database.prepare<[number], LogRow>('SELECT revision, name, previous, deleted, value FROM log WHERE revision = ?'),
    newest: database.prepare<[string, string], LogRow>(
      `SELECT log.revision, log.name, log.previous, log.deleted, log.value
       FROM current JOIN log ON log.revision = current.revision WHERE current.resource = ? AND current.name = ?`,
    ),
    allNames: database.prepare<[], Pick<CurrentRow, 'resource' | 'name'>>('SELECT resource, name FROM current'),
    currentNames: database.prepare<[string, string, string, number], CurrentRow>(
      'SELECT resource, name, revision FROM current WHERE resource = ? AND name > ? AND name < ? ORDER BY name LIMIT ?',
    ),
    countCurrent: database
      .prepare<[string, string, string], number>('SELECT count(*) FROM current WHERE resource = ? AND name > ? AND name < ?')
      .pluck(),
    expired: database.prepare<[number, number], CurrentRow>(
      'SELECT resource, name, revision FROM current WHERE expires_at_ms <= ? ORDER BY expires_at_ms LIMIT ?',
    ),

    statesAt: database.prepare<[StateQuery & { limit: number }], StateRow>(`SELECT name, revision, value ${STATES_AT} ORDER BY name LIMIT @limit`),
    countStatesAt: database.prepare<[StateQuery], number>(`SELECT count(*) ${STATES_AT}`).pluck(),
    changes: database.prepare<[string, number, number, number], LogRow>(
      `SELECT revision, name, previous, deleted, value FROM log
       WHERE resource = ? AND revision > ? AND revision <= ? ORDER BY revision LIMIT ?`,
    ),

    dropSuperseded: database.prepare<[number, number]>(
      'DELETE FROM log WHERE revision IN (SELECT previous FROM log WHERE revision > ? AND revision <= ? AND previous > 0)',
    ),
    dropTombstones: database.prepare<[number, number]>('DELETE FROM log WHERE revision > ? AND revision <= ? AND deleted = 1'),
  };
}

export interface StateQuery {
  readonly resource: string;
  readonly after: string;
  readonly end: string;
  readonly revision: number;
}

/** The rows that were the newest of their object at a revision. */
const STATES_AT = `
  FROM log AS state
  WHERE resource = @resource AND name > @after AND name < @end AND revision <= @revision AND deleted = 0
    AND NOT EXISTS (
      SELECT 1 FROM log AS later
      WHERE later.resource = state.resource AND later.name = state.name
        AND later.revision > state.revision AND later.revision <= @revision
    )`;

export type Statements = ReturnType<typeof prepareStatements>;
