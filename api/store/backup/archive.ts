import { open } from 'node:fs/promises';
import { promisify } from 'node:util';
import { deflate, inflate } from 'node:zlib';
import Sqlite from 'better-sqlite3';

/** A file in an archive. */
export interface ArchivedFile {
  /** Relative to the data directory: `pki/ca.crt`. */
  readonly name: string;
  /** Permission bits. */
  readonly mode: number;
  readonly content: Buffer;
}

const REGULAR_FILE = 0o100000;
const PERMISSIONS = 0o777;

/**
 * Writes files into a new SQLite archive (sqlite.org/sqlar.html), which `sqlite3 FILE -A` lists and unpacks as well. Only its
 * owner may read it. Throws when there is such a file already.
 */
export async function writeArchive(path: string, files: readonly ArchivedFile[], nowMs: number): Promise<void> {
  await (await open(path, 'wx', 0o600)).close();
  const archive = new Sqlite(path);
  try {
    archive.pragma('synchronous = FULL');
    archive.exec('CREATE TABLE sqlar (name TEXT PRIMARY KEY, mode INT, mtime INT, sz INT, data BLOB)');
    const insert = archive.prepare('INSERT INTO sqlar VALUES (?, ?, ?, ?, ?)');
    const rows: unknown[][] = [];
    for (const { name, mode, content } of files) {
      const small = await promisify(deflate)(content);
      const data = small.length < content.length ? small : content;
      rows.push([name, REGULAR_FILE | mode, Math.floor(nowMs / 1000), content.length, data]);
    }
    archive.transaction(() => rows.forEach((row) => insert.run(...row)))();
  } finally {
    archive.close();
  }
}

/** All files of an archive, whole. Throws when it is none, or is damaged. */
export async function readArchive(path: string): Promise<readonly ArchivedFile[]> {
  const rows = readRows(path);
  return Promise.all(
    rows.map(async ({ name, mode, sz, data }) => {
      const content = data.length === sz ? data : await promisify(inflate)(data);
      if (content.length !== sz) throw new Error(`${path} is damaged: ${name} has ${content.length} bytes instead of ${sz}`);
      return { name, mode: mode & PERMISSIONS, content };
    }),
  );
}

interface ArchiveRow {
  readonly name: string;
  readonly mode: number;
  readonly sz: number;
  readonly data: Buffer;
}

function readRows(path: string): readonly ArchiveRow[] {
  const archive = new Sqlite(path, { readonly: true, fileMustExist: true });
  try {
    const problem = String(archive.pragma('integrity_check(1)', { simple: true }));
    if (problem !== 'ok') throw new Error(`${path} is damaged: ${problem}`);
    return archive.prepare<[], ArchiveRow>('SELECT name, mode, sz, data FROM sqlar ORDER BY name').all();
  } finally {
    archive.close();
  }
}
