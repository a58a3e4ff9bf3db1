import type { Database } from 'better-sqlite3';
import type { ValueCodec } from '../value-codec.ts';

interface SealedRow {
  readonly revision: number;
  readonly name: string;
  readonly value: Buffer;
}

/**
 * Writes the values that stand there in plain text or under an older key anew, as `codec` seals them, and leaves nothing of them
 * behind in the file or its log. Throws `UnknownEncryptionKey`; then nothing has changed. Nobody else may have the store open.
 */
export function reseal(database: Database, codec: ValueCodec): void {
  const states = codec.sealed.map((resource) => resealResource(database, codec, resource));
  if (!states.some(({ rewritten }) => rewritten)) return;
  // What was overwritten or deleted earlier may still stand in free pages.
  if (states.some(({ hadPlain }) => hadPlain)) database.exec('VACUUM');
  database.pragma('wal_checkpoint(TRUNCATE)');
}

function resealResource(database: Database, codec: ValueCodec, resource: string): { readonly rewritten: boolean; readonly hadPlain: boolean } {
  const rows = database.prepare<[string], SealedRow>('SELECT revision, name, value FROM log WHERE resource = ?');
  const update = database.prepare<[Buffer, number]>('UPDATE log SET value = ? WHERE revision = ?');
  const found = rows.all(resource).map((row) => ({ ...row, state: codec.stateOf(row.value) }));
  const stale = found.filter(({ state }) => state !== 'current');
  if (stale.length > 0) {
    database.pragma('secure_delete = ON');
    database.transaction(() => {
      for (const { name, revision, value } of stale) {
        const place = { resource, name, revision };
        update.run(codec.encode(place, codec.decode(place, value)), revision);
      }
    })();
  }
  return { rewritten: stale.length > 0, hadPlain: stale.some(({ state }) => state === 'plain') };
}
