import { mkdtemp, readFile, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { syncFolder } from '../machinery/durable-file.ts';
import { writeArchive, type ArchivedFile } from '../store/backup/archive.ts';
import { copyDatabase } from '../store/backup/copy-database.ts';
import { DATABASES, PLAIN_FILES, STORE_FILE } from './data-files.ts';
import { Refusal } from './refusal.ts';

export interface BackupOptions {
  readonly dataDirectory: string;
  /** Made anew; it must not be there yet. */
  readonly file: string;
  readonly productVersion: string;
  readonly nowMs: number;
}

/** Says what an archive is; the first thing that a restore looks at. */
export const MANIFEST = 'bridgekeeper-backup.json';
export const FORMAT = 1;

/**
 * Copies all that a data directory holds into one file, whether a server runs on it or not. Every write that was answered before
 * is in it. The file appears whole or not at all, and only its owner may read it: it holds keys. Answers its size in bytes.
 */
export async function backUp({ dataDirectory, file, productVersion, nowMs }: BackupOptions): Promise<number> {
  if (await isThere(file)) throw new Refusal(`${file} exists already; choose another name, or remove it first`);
  if (!(await isThere(join(dataDirectory, STORE_FILE)))) throw new Refusal(`there is no store in ${dataDirectory}; say --data-dir`);
  const work = await mkdtemp(join(dirname(file), `.${basename(file)}-`));
  try {
    const manifest = { format: FORMAT, productVersion, takenAt: new Date(nowMs).toISOString() };
    const files = [
      { name: MANIFEST, mode: 0o600, content: Buffer.from(`${JSON.stringify(manifest, null, 2)}\n`) },
      ...(await copiedDatabases(dataDirectory, work)),
      ...(await plainFiles(dataDirectory)),
    ];
    const finished = join(work, 'archive');
    await writeArchive(finished, files, nowMs);
    await rename(finished, file);
    await syncFolder(dirname(file));
    return (await stat(file)).size;
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

async function copiedDatabases(dataDirectory: string, work: string): Promise<ArchivedFile[]> {
  const files: ArchivedFile[] = [];
  for (const name of DATABASES) {
    if (!(await isThere(join(dataDirectory, name)))) continue;
    copyDatabase(join(dataDirectory, name), join(work, name));
    files.push({ name, mode: 0o600, content: await readFile(join(work, name)) });
  }
  return files;
}

async function plainFiles(dataDirectory: string): Promise<ArchivedFile[]> {
  const files: ArchivedFile[] = [];
  for (const name of PLAIN_FILES) {
    const path = join(dataDirectory, name);
    if (await isThere(path)) files.push({ name, mode: (await stat(path)).mode & 0o777, content: await readFile(path) });
  }
  return files;
}

export async function isThere(path: string): Promise<boolean> {
  try {
    await stat(path);
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return false;
    throw error;
  }
}

