import { mkdir, readdir, readFile, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { removeFileForGood, writeFileAtomically } from './atomic-file.ts';
import { isNotThere } from './netplan-folders.ts';

/** Path → the text it should have; undefined: it should not be there. */
export type FileChanges = ReadonlyMap<string, string | undefined>;

/** netplan files may hold secrets: nobody but root reads them. */
export const NETPLAN_FILE_MODE = 0o600;
const MARKER_SUFFIX = '.previous';

/** Carries the changes out, new texts before removals (what is already so is not touched), and gives those that would undo them. */
export async function writeChanges(changes: FileChanges): Promise<FileChanges> {
  const undo = new Map<string, string | undefined>();
  for (const path of changes.keys()) undo.set(path, await readText(path));
  for (const [path, text] of changes) {
    if (text === undefined || (text === undo.get(path) && (await hasOurMode(path)))) continue;
    await mkdir(dirname(path), { recursive: true });
    await writeFileAtomically(path, text, NETPLAN_FILE_MODE);
  }
  for (const [path, text] of changes) if (text === undefined) await removeFileForGood(path);
  return undo;
}

/**
 * Notes beside our file what it said before a change of it began. As long as the note is there, the change may have reached the
 * kernel in part. A note of an earlier change that was interrupted stays: it tells what the kernel may still have.
 */
export async function noteChange(path: string, previousText: string | undefined): Promise<void> {
  if ((await readNote(path)) !== undefined) return;
  await mkdir(dirname(path), { recursive: true });
  await writeFileAtomically(path + MARKER_SUFFIX, previousText ?? '', NETPLAN_FILE_MODE);
}

/** What our file said before a change that has not ended; empty when it was not there; undefined when there is none. */
export function readNote(path: string): Promise<string | undefined> {
  return readText(path + MARKER_SUFFIX);
}

export async function removeNote(path: string): Promise<void> {
  await removeFileForGood(path + MARKER_SUFFIX);
}

/** Names of files of a folder of whose change the note is still there. */
export async function interruptedFiles(folder: string): Promise<readonly string[]> {
  try {
    const names = await readdir(folder);
    return names.filter((name) => name.endsWith(`.yaml${MARKER_SUFFIX}`)).map((name) => name.slice(0, -MARKER_SUFFIX.length));
  } catch (error) {
    if (isNotThere(error)) return [];
    throw error;
  }
}

async function hasOurMode(path: string): Promise<boolean> {
  return ((await stat(path)).mode & 0o777) === NETPLAN_FILE_MODE;
}

/** A file's text; undefined when it is not there. */
export async function readText(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (isNotThere(error)) return undefined;
    throw error;
  }
}
