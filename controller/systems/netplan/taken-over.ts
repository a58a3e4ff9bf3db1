import { mkdir, readdir, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { OwnerKey } from '../owner.ts';
import { replaceFile } from './atomic-file.ts';
import { readText } from './file-changes.ts';
import { ethernetsOf, parseNetplanFile } from './netplan-file.ts';
import { isNotThere } from './netplan-folders.ts';
import { withoutStanzas, withStanzaOf } from './stanza-text.ts';
import type { StanzaPlace } from './stanza-text.ts';
import type { Stanza } from './stanza.ts';

/** A device whose stanza was taken out of a file that is not ours. */
export interface TakenDevice extends StanzaPlace {
  /** The device's name, which may differ from the id of its stanza. */
  readonly name: string;
  readonly owner: OwnerKey;
  /** A NIC, which is there whatever becomes of its resource: its stanza comes back when nothing asks for it any more. */
  readonly lasting: boolean;
  /** The stanza said already what was desired: what nobody asked for stayed as it was. */
  readonly matched: boolean;
}

/** What was taken out of one file. */
export interface TakenFile {
  readonly path: string;
  /** Permission bits: 0o600. */
  readonly mode: number;
  /** The file as it was with all these stanzas in it, byte for byte. */
  readonly original: string;
  readonly devices: readonly TakenDevice[];
}

const PRIVATE_MODE = 0o600;
const RECORD = '.json';

/** Where it is kept, in netplan's state directory. */
export function takenOverFolder(stateDirectory: string): string {
  return join(stateDirectory, 'taken-over');
}

/** Reads what was taken over. Throws when a record is not what was written: a device must not lose its way back unseen. */
export async function readTakenOver(folder: string): Promise<readonly TakenFile[]> {
  const records = (await namesIn(folder)).filter((name) => name.endsWith(RECORD)).sort();
  return Promise.all(records.map((name) => readRecord(join(folder, name))));
}

/** Writes what was taken out of one file, the backup first; without devices both go. */
export async function writeTakenFile(folder: string, taken: TakenFile): Promise<void> {
  const backup = join(folder, basename(taken.path));
  if (taken.devices.length === 0) {
    await rm(backup + RECORD, { force: true });
    await rm(backup, { force: true });
    return;
  }
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const { path, mode, devices } = taken;
  await replaceFile(backup, taken.original, PRIVATE_MODE);
  await replaceFile(backup + RECORD, `${JSON.stringify({ path, mode, devices }, undefined, 2)}\n`, PRIVATE_MODE);
}

/** The former stanza of a device, as its file had it; undefined when it was never taken over. */
export function formerStanza(files: readonly TakenFile[], name: string): Stanza | undefined {
  const found = findTaken(files, name);
  if (!found) return undefined;
  return ethernetsOf(parseNetplanFile(found.file.path, found.file.original, found.file.mode)).find(({ name: id }) => id === found.device.id)?.stanza;
}

export function findTaken(
  files: readonly TakenFile[],
  name: string,
): { readonly file: TakenFile; readonly device: TakenDevice } | undefined {
  for (const file of files) {
    const device = file.devices.find((each) => each.name === name);
    if (device) return { file, device };
  }
  return undefined;
}

/**
 * Takes stanzas out of a file's text. Gives the text that is left and what is to be remembered, or undefined where it can't be
 * done line by line.
 *
 * @param before what was taken out of the same file earlier
 */
export function takeOut(
  file: { readonly path: string; readonly mode: number; readonly text: string },
  devices: readonly TakenDevice[],
  before: TakenFile | undefined,
): { readonly text: string; readonly taken: TakenFile } | undefined {
  const text = withoutStanzas(file.text, devices);
  if (text === undefined) return undefined;
  const names = new Set(devices.map(({ name }) => name));
  const earlier = (before?.devices ?? []).filter(({ name }) => !names.has(name));
  const original = before && earlier.length > 0 ? withEarlier(file.text, earlier, before) : file.text;
  return { text, taken: { path: file.path, mode: file.mode, original, devices: [...earlier, ...devices] } };
}

/** The file as it would be if nothing had been taken out of it before. */
function withEarlier(text: string, earlier: readonly TakenDevice[], before: TakenFile): string {
  if (withoutStanzas(before.original, before.devices) === text) return before.original;
  return earlier.reduce((whole, device) => withStanzaOf(whole, device, before.original) ?? whole, text);
}

/**
 * Puts the stanza of a device back into the text of its file: where nobody has edited the file since, every byte is as it was.
 * Gives undefined where there is no place for it any more.
 *
 * @param text undefined: the file is gone
 */
export function putBack(
  text: string | undefined,
  name: string,
  taken: TakenFile,
): { readonly text: string; readonly taken: TakenFile } | undefined {
  const device = taken.devices.find((each) => each.name === name);
  if (!device || text === undefined) return undefined;
  const left = taken.devices.filter((each) => each !== device);
  const isThere = ethernetsOf(parseNetplanFile(taken.path, text, taken.mode)).some(({ name: id }) => id === device.id);
  if (isThere) return { text, taken: { ...taken, devices: left } };
  const isUntouched = withoutStanzas(taken.original, taken.devices) === text;
  const whole = isUntouched ? withoutAny(taken.original, left) : withStanzaOf(text, device, taken.original);
  return whole === undefined ? undefined : { text: whole, taken: { ...taken, devices: left } };
}

function withoutAny(text: string, devices: readonly TakenDevice[]): string | undefined {
  return devices.length === 0 ? text : withoutStanzas(text, devices);
}

async function readRecord(path: string): Promise<TakenFile> {
  const record: unknown = JSON.parse((await readText(path)) ?? '');
  const original = await readText(path.slice(0, -RECORD.length));
  if (original === undefined || !isRecord(record)) throw new Error(`${path} does not tell what was taken out of a netplan file`);
  return { ...record, original };
}

function isRecord(value: unknown): value is Omit<TakenFile, 'original'> {
  return typeof value === 'object' && value !== null && 'path' in value && 'mode' in value && 'devices' in value && Array.isArray(value.devices);
}

async function namesIn(folder: string): Promise<readonly string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (isNotThere(error)) return [];
    throw error;
  }
}
