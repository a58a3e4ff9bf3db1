import { closeSync, fdatasync, fdatasyncSync, fsyncSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import { promisify } from 'node:util';
import type { Database } from 'better-sqlite3';

const flushFile = promisify(fdatasync);

/**
 * What keeps the commits of an SQLite database in WAL mode (sqlite.org/walformat.html) that this process alone writes, without
 * holding its thread up: the database runs with `synchronous = NORMAL`, so a commit only hands its pages to the kernel, and the
 * flushes happen on libuv's threads. docs/adr/0005 says why this is safe.
 */
export class WriteAheadLog {
  readonly #database: Database;
  readonly #files: OpenFiles;

  private constructor(database: Database, files: OpenFiles) {
    this.#database = database;
    this.#files = files;
  }

  /**
   * Begins with an empty log, everything in the database on disk: also what a process that was killed, or whose disk failed, had
   * left to the kernel. Nothing may have been committed on this connection without `synchronous` since it was opened.
   */
  static open(database: Database, path: string): WriteAheadLog {
    // Writes nothing, but makes the log's file where there is none.
    database.pragma('user_version');
    const files = openFiles(path);
    fdatasyncSync(files.database);
    fsyncSync(files.folder);
    database.pragma('wal_checkpoint(TRUNCATE)');
    fdatasyncSync(files.log);
    database.pragma('wal_autocheckpoint = 0');
    return new WriteAheadLog(database, files);
  }

  /** Resolves when everything committed before is on disk. Rejects when it may not be. */
  flush(): Promise<void> {
    return flushFile(this.#files.log);
  }

  /**
   * Copies the log into the database, so that the next commit writes over it from its start. Until this has resolved nothing may be
   * committed: the log must stay whole until the copy is on disk. Everything in the log must have been flushed.
   */
  async checkpoint(): Promise<void> {
    this.#database.pragma('synchronous = OFF');
    try {
      this.#database.pragma('wal_checkpoint(PASSIVE)');
    } finally {
      this.#database.pragma('synchronous = NORMAL');
    }
    await flushFile(this.#files.database);
  }

  /** Only after the database was closed: to close any descriptor of its file drops the locks that SQLite has on it (fcntl(2)). */
  closeFiles(): void {
    for (const file of [this.#files.database, this.#files.log, this.#files.folder]) closeSync(file);
  }
}

interface OpenFiles {
  readonly database: number;
  readonly log: number;
  readonly folder: number;
}

function openFiles(path: string): OpenFiles {
  return { database: openSync(path, 'r'), log: openSync(`${path}-wal`, 'r'), folder: openSync(dirname(path), 'r') };
}
