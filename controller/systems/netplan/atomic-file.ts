import { rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { syncFolder, writeFileAtomically } from '../../../api/machinery/durable-file.ts';
import { isNotThere } from './netplan-folders.ts';

/** What a file is called while it is written; so nobody else calls a file of theirs, and netplan does not read it. */
export const UNFINISHED_SUFFIX = '.bridgekeeper-new';

/** As `writeFileAtomically`, by way of a file of a known name, which the next attempt writes over and netplan does not read. */
export function replaceFile(path: string, text: string, mode: number): Promise<void> {
  return writeFileAtomically(path, text, mode, path + UNFINISHED_SUFFIX);
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
