import Sqlite, { type Database } from 'better-sqlite3';
import { canonicalJson, isRecord } from '../../machinery/json.ts';
import { prepareStatements } from '../log-statements.ts';
import { migrate } from '../migrations.ts';
import type { ValueCodec } from '../value-codec.ts';

interface NewestRow {
  readonly resource: string;
  readonly name: string;
  readonly revision: number;
  readonly value: Buffer;
}

/** The last revision that the store in this file has given out. Throws when it can't be read, or a newer release wrote it. */
export function lastRevisionIn(path: string): number {
  const database = new Sqlite(path, { fileMustExist: true });
  try {
    migrate(database);
    return prepareStatements(database).lastRevision.get() ?? 0;
  } finally {
    database.close();
  }
}

/**
 * Gives every object of a restored store a new revision, from `above` on, and forgets all history: whoever knows an older one gets
 * 410 and lists again, and finds no object at a lesser revision than before. uids stay. Throws when the store is damaged.
 */
export function renewRevisions(path: string, above: number, codec: ValueCodec): { readonly objects: number; readonly revision: number } {
  const database = new Sqlite(path, { fileMustExist: true });
  try {
    const problem = String(database.pragma('integrity_check(1)', { simple: true }));
    if (problem !== 'ok') throw new Error(`the store in the backup is damaged: ${problem}`);
    migrate(database);
    return database.transaction(() => renew(database, above, codec))();
  } finally {
    database.close();
  }
}

function renew(database: Database, above: number, codec: ValueCodec): { readonly objects: number; readonly revision: number } {
  const statements = prepareStatements(database);
  const newest = database
    .prepare<[], NewestRow>('SELECT resource, name, revision, value FROM current JOIN log USING (resource, name, revision) ORDER BY revision')
    .all();
  const setRevision = database.prepare('UPDATE current SET revision = ? WHERE resource = ? AND name = ?');
  database.exec('DELETE FROM log');
  let revision = above;
  for (const { resource, name, revision: before, value } of newest) {
    revision += 1;
    const plain = codec.decode({ resource, name, revision: before }, value);
    statements.append.run(revision, resource, name, 0, 0, codec.encode({ resource, name, revision }, withVersion(plain, revision)));
    setRevision.run(revision, resource, name);
  }
  // Above the last object: so that also a watch from exactly there begins after what the restore did.
  revision += 1;
  for (const mark of ['compacted', 'floor']) statements.setMark.run(revision, mark);
  return { objects: newest.length, revision };
}

function withVersion(bytes: Buffer, revision: number): Buffer {
  const object: unknown = JSON.parse(bytes.toString('utf8'));
  if (!isRecord(object) || !isRecord(object.metadata)) throw new Error('the store in the backup holds something that is no object');
  const { metadata } = object;
  return Buffer.from(canonicalJson({ ...object, metadata: { ...metadata, resourceVersion: String(revision) } }), 'utf8');
}
