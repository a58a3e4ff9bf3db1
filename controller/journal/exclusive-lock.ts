import Sqlite from 'better-sqlite3';
import type { Clock } from '../../api/machinery/clock.ts';

const LOOK_AGAIN_MS = 50;

/** Somebody else held the lock for too long. */
export class LockTimeout extends Error {
  override readonly name = 'LockTimeout';
}

/**
 * Does `work` while no other process does anything under the same lock. The lock is SQLite's on a file that is never written to;
 * it ends with the process that has it, in whatever way. Throws `LockTimeout` when it can't be had within `patienceMs`.
 */
export async function underLock<T>(file: string, clock: Clock, patienceMs: number, work: () => Promise<T>): Promise<T> {
  const holder = new Sqlite(file, { timeout: 0 });
  try {
    const giveUpAt = clock.now() + patienceMs;
    while (!isTaken(holder)) {
      if (clock.now() >= giveUpAt) throw new LockTimeout(`${file} is locked by another process for more than ${patienceMs} ms`);
      await clock.sleep(LOOK_AGAIN_MS);
    }
    return await work();
  } finally {
    holder.close();
  }
}

function isTaken(holder: Sqlite.Database): boolean {
  try {
    // Else SQLite makes a journal beside the file, for which a full disk has no room.
    holder.pragma('journal_mode = MEMORY');
    holder.exec('BEGIN EXCLUSIVE');
    return true;
  } catch (error) {
    if (error instanceof Sqlite.SqliteError && error.code.startsWith('SQLITE_BUSY')) return false;
    throw error;
  }
}
