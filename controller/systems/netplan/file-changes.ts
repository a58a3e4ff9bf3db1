import { mkdir, readdir, readFile, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { removeFileForGood, replaceFile } from './atomic-file.ts';
import { isNotThere } from './netplan-folders.ts';

export interface FileContent {
  readonly text: string;
  /** Permission bits: 0o600. */
  readonly mode: number;
}

/** Path → what it should have; undefined: it should not be there. */
export type FileChanges = ReadonlyMap<string, FileContent | undefined>;

/** netplan files may hold secrets: nobody but root reads them. */
export const NETPLAN_FILE_MODE = 0o600;
const MARKER_SUFFIX = '.previous';

/**
 * Carries the changes out in their order, but removals last; what is already so is not touched. Gives the changes that would undo
 * them, in the order in which they are to be undone. Throws with what was done undone, as far as that is possible.
 */
export async function writeChanges(changes: FileChanges): Promise<FileChanges> {
  const before: [string, FileContent | undefined][] = [];
  for (const path of changes.keys()) before.unshift([path, await readContent(path)]);
  const undo = new Map(before);
  try {
    await write(changes, undo);
  } catch (error) {
    await undoChanges(undo);
    throw error;
  }
  return undo;
}

/** Brings back what `writeChanges` changed, as far as it did. */
export async function undoChanges(undo: FileChanges): Promise<void> {
  const present = new Map<string, FileContent | undefined>();
  for (const path of undo.keys()) present.set(path, await readContent(path));
  await write(undo, present);
}

async function write(changes: FileChanges, present: FileChanges): Promise<void> {
  for (const [path, content] of changes) {
    if (content === undefined || isSame(content, present.get(path))) continue;
    await mkdir(dirname(path), { recursive: true });
    await replaceFile(path, content.text, content.mode);
  }
  for (const [path, content] of changes) if (content === undefined) await removeFileForGood(path);
}

function isSame(a: FileContent, b: FileContent | undefined): boolean {
  return a.text === b?.text && a.mode === b.mode;
}

/**
 * Notes beside our file what it said before a change of it began. As long as the note is there, the change may have reached the
 * kernel in part. A note of an earlier change that was interrupted stays: it tells what the kernel may still have.
 */
export async function noteChange(path: string, previousText: string | undefined): Promise<void> {
  if ((await readNote(path)) !== undefined) return;
  await mkdir(dirname(path), { recursive: true });
  await replaceFile(path + MARKER_SUFFIX, previousText ?? '', NETPLAN_FILE_MODE);
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

/** A file's text and permissions; undefined when it is not there. */
export async function readContent(path: string): Promise<FileContent | undefined> {
  const text = await readText(path);
  return text === undefined ? undefined : { text, mode: (await stat(path)).mode & 0o777 };
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
