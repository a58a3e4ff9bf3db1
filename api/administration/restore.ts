import { randomBytes } from 'node:crypto';
import { copyFile, mkdir, mkdtemp, open, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { syncFolder } from '../machinery/durable-file.ts';
import { fieldOf } from '../machinery/json.ts';
import { readArchive, type ArchivedFile } from '../store/backup/archive.ts';
import { checkpointDatabase } from '../store/backup/checkpoint-database.ts';
import { lastRevisionIn, renewRevisions } from '../store/backup/renew-revisions.ts';
import { lockStore, StoreInUse } from '../store/store-lock.ts';
import { FORMAT, isThere, MANIFEST } from './backup.ts';
import { DATABASES, PLAIN_FILES, STORE_FILE } from './data-files.ts';
import { sealingCodecIn } from './encryption-keys.ts';
import { Refusal } from './refusal.ts';

export interface RestoreOptions {
  readonly dataDirectory: string;
  readonly file: string;
  readonly nowMs: number;
}

export interface Restored {
  readonly objects: number;
  /** Every revision that the store gives out from now on is greater. */
  readonly revision: number;
  /** Where what stood in the data directory before has gone; undefined when there was nothing. */
  readonly before: string | undefined;
}

/** Should the clock have been wrong: more than a store writes between two restores. */
const LEAP = 1_000_000_000;

/**
 * Puts a backup in the place of what a data directory holds, which is kept beside it. Throws a `Refusal` while a server runs on
 * it, and leaves everything as it was when the file is no backup or is damaged.
 */
export async function restore({ dataDirectory, file, nowMs }: RestoreOptions): Promise<Restored> {
  const files = await readBackup(file);
  await mkdir(dataDirectory, { recursive: true, mode: 0o700 });
  const unlock = lock(join(dataDirectory, STORE_FILE));
  try {
    const work = await mkdtemp(join(dataDirectory, 'restore-'));
    try {
      await unpack(files, work);
      const above = revisionAbove(join(work, STORE_FILE), join(dataDirectory, STORE_FILE), nowMs);
      const renewed = renewRevisions(join(work, STORE_FILE), above, await sealingCodecIn(work));
      const before = await keepWhatWas(dataDirectory, nowMs);
      for (const { name } of files) await install(join(work, name), join(dataDirectory, name));
      return { ...renewed, before };
    } finally {
      await rm(work, { recursive: true, force: true });
    }
  } finally {
    unlock();
  }
}

/** The files of a backup in the order in which they are installed, its manifest checked and left out. */
async function readBackup(file: string): Promise<readonly ArchivedFile[]> {
  const found = await readArchive(file).catch((error: unknown) => {
    throw new Refusal(`${file} can't be read as a backup: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  });
  const byName = new Map(found.map((each) => [each.name, each]));
  const manifest: unknown = JSON.parse(byName.get(MANIFEST)?.content.toString('utf8') ?? 'null');
  const format = fieldOf(manifest, 'format');
  if (typeof format !== 'number' || !byName.has(STORE_FILE)) throw new Refusal(`${file} is no backup of Bridgekeeper`);
  if (format > FORMAT) throw new Refusal(`${file} has backup format ${format}, this release knows ${FORMAT}: restore it with the release that took it`);
  // Only names that we know: what else an archive may hold is written nowhere.
  return [...PLAIN_FILES, ...DATABASES].flatMap((name) => byName.get(name) ?? []);
}

function lock(store: string): () => void {
  try {
    return lockStore(store);
  } catch (error) {
    if (!(error instanceof StoreInUse)) throw error;
    throw new Refusal('bridgekeeper is running on this data directory; stop it first (systemctl stop bridgekeeper)', { cause: error });
  }
}

async function unpack(files: readonly ArchivedFile[], folder: string): Promise<void> {
  for (const { name, mode, content } of files) {
    await mkdir(dirname(join(folder, name)), { recursive: true, mode: 0o700 });
    const file = await open(join(folder, name), 'wx', mode);
    try {
      await file.writeFile(content);
    } finally {
      await file.close();
    }
  }
}

/**
 * Above every revision that was ever given out, also by a store that is lost: microseconds since 1970 outrun any store, which
 * writes less than a million times a second. Two restores of the same backup so never give out the same revision twice.
 */
function revisionAbove(restored: string, present: string, nowMs: number): number {
  return Math.max(Math.floor(nowMs * 1000), lastRevisionIn(restored) + LEAP, lastRevisionIfReadable(present) + LEAP);
}

/** A damaged store is a reason to restore, not one to refuse it. */
function lastRevisionIfReadable(path: string): number {
  try {
    return lastRevisionIn(path);
  } catch {
    return 0;
  }
}

/** Copies all that is about to be replaced into a folder of its own, so that a restore can be undone. */
async function keepWhatWas(dataDirectory: string, nowMs: number): Promise<string | undefined> {
  const stamp = new Date(nowMs).toISOString().replaceAll(/[-:]|\.\d+/g, '');
  const folder = join(dataDirectory, `before-restore-${stamp}-${randomBytes(3).toString('hex')}`);
  let kept: string | undefined;
  for (const name of [...PLAIN_FILES, ...DATABASES]) {
    const path = join(dataDirectory, name);
    if (!(await isThere(path))) continue;
    kept = folder;
    await mkdir(dirname(join(folder, name)), { recursive: true, mode: 0o700 });
    for (const suffix of ['', '-wal', '-shm']) {
      if (await isThere(`${path}${suffix}`)) await copyFile(`${path}${suffix}`, join(folder, `${name}${suffix}`));
    }
  }
  return kept;
}

/** Replaces a file in one step. A database's log is emptied before, since SQLite would play the old one into the new file. */
async function install(from: string, to: string): Promise<void> {
  const written = await open(from, 'r+');
  try {
    await written.sync();
  } finally {
    await written.close();
  }
  await mkdir(dirname(to), { recursive: true, mode: 0o700 });
  if (to.endsWith('.sqlite')) {
    if (await isThere(to)) checkpointDatabase(to);
    for (const suffix of ['-wal', '-shm']) await rm(`${to}${suffix}`, { force: true });
  }
  await rename(from, to);
  await syncFolder(dirname(to));
}
