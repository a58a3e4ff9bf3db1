import Sqlite from 'better-sqlite3';

/**
 * Writes the log of a database that nobody has open into its file. One that is damaged is left as it is: false. Its log is then
 * of no use either.
 */
export function checkpointDatabase(path: string): boolean {
  try {
    const database = new Sqlite(path, { fileMustExist: true });
    try {
      database.pragma('wal_checkpoint(TRUNCATE)');
    } finally {
      database.close();
    }
    return true;
  } catch (error) {
    if (error instanceof Sqlite.SqliteError) return false;
    throw error;
  }
}
