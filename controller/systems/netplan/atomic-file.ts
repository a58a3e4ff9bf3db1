import { open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { isNotThere } from './netplan-folders.ts';

/** What a file is called while it is written; so nobody else calls a file of theirs, and netplan does not read it. */
export const UNFINISHED_SUFFIX = '.bridgekeeper-new';

/**
 * Writes a file so that at any instant, a power cut included, there is either the old or the new text under its name.
 *
 * @param mode permission bits: 0o600
 */
export async function writeFileAtomically(path: string, text: string, mode: number): Promise<void> {
  const temporary = path + UNFINISHED_SUFFIX;
  await rm(temporary, { force: true });
  const file = await open(temporary, 'wx', mode);
  try {
    await file.chmod(mode);
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(temporary, path);
  await syncFolder(dirname(path));
}

/** Removes a file for good; one that is not there is no error. */
export async function removeFileForGood(path: string): Promise<void> {
  try {
    await rm(path);
  } catch (error) {
    if (isNotThere(error)) return;
    throw error;
  }
  await syncFolder(dirname(path));
}

async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
