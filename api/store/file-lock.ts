import Sqlite from 'better-sqlite3';

/**
 * Takes the lock that a file stands for, for this process alone, until the returned function is called or the process ends in
 * whatever way: it is SQLite's own. Undefined where another has it.
 */
export function tryLock(path: string): (() => void) | undefined {
  const holder = new Sqlite(path, { timeout: 0 });
  try {
    holder.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    holder.close();
    if (error instanceof Sqlite.SqliteError && error.code.startsWith('SQLITE_BUSY')) return undefined;
    throw error;
  }
  return () => holder.close();
}
