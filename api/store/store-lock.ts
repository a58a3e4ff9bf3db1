import Sqlite from 'better-sqlite3';

/**
 * Takes the data of a store for this process alone, until the returned function is called or the process ends in whatever way.
 * The lock is SQLite's own on a file beside the store, so that another process may still read the store itself, for a backup.
 * Throws `StoreInUse`.
 */
export function lockStore(path: string): () => void {
  const holder = new Sqlite(`${path}.lock`, { timeout: 0 });
  try {
    holder.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    holder.close();
    if (error instanceof Sqlite.SqliteError && error.code.startsWith('SQLITE_BUSY')) throw new StoreInUse(path, { cause: error });
    throw error;
  }
  return () => holder.close();
}

/** Another process has the store. */
export class StoreInUse extends Error {
  override readonly name = 'StoreInUse';

  constructor(path: string, options: ErrorOptions) {
    super(`another process has ${path} open; stop it first`, options);
  }
}
