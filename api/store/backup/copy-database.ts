import Sqlite from 'better-sqlite3';

/** Copying waits so long for another process that recovers the log of a crashed one. */
const TIMEOUT_MS = 10_000;

/**
 * Copies an SQLite database into a new file while another process may be writing to it: one read transaction, so the copy is the
 * database at one instant (sqlite.org/lang_vacuum.html, VACUUM INTO). Writers are not held up.
 */
export function copyDatabase(from: string, to: string): void {
  const database = new Sqlite(from, { fileMustExist: true, timeout: TIMEOUT_MS });
  try {
    database.prepare('VACUUM INTO ?').run(to);
  } finally {
    database.close();
  }
}
