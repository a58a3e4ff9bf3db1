import { Document, isMap, isScalar, Scalar, visit } from 'yaml';
import type { Clock } from '../../../api/machinery/clock.ts';
import { OWNER_MARK } from '../owner.ts';
import type { OwnerKey } from '../owner.ts';
import { Turns } from '../turns.ts';
import type { Stanza } from './stanza.ts';

/** A device of our file. */
export interface FileEntry {
  readonly name: string;
  /** Absent: the comment that says so was taken out by hand. */
  readonly owner?: OwnerKey;
  readonly stanza: Stanza;
}

/**
 * The text of our file: the same for the same entries, whatever their order. The header is our mark; the comment above each
 * device names the resource that asks for it. Never a renderer at the top: it would take over devices of other files.
 */
export function fileText(host: OwnerKey, fileName: string, entries: readonly FileEntry[]): string {
  const header = [
    ` ${OWNER_MARK}=${host} file=${fileName}`,
    ' Written by Bridgekeeper. Do not edit: what is changed here is undone.',
    ' Change the resource named above each device instead.',
  ];
  const sorted = [...entries].sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
  const text = documentText(header, sorted);
  rememberText(text, sorted);
  return text;
}

/** The last texts that were made, and of which entries: to read a file of a thousand devices takes a tenth of a second. */
const knownFiles = new Map<string, readonly FileEntry[]>();
const MOST_FILES = 4;

/** The entries of our file, in order, where this very text was lately made of them; undefined for any other. */
export function entriesOfText(text: string): readonly FileEntry[] | undefined {
  return knownFiles.get(text);
}

function rememberText(text: string, entries: readonly FileEntry[]): void {
  knownFiles.delete(text);
  knownFiles.set(text, entries);
  for (const oldest of [...knownFiles.keys()].slice(0, -MOST_FILES)) knownFiles.delete(oldest);
}

/** Makes the texts of single devices ahead, in short turns; `fileText` only puts them together then. */
export async function prepareTexts(entries: Iterable<FileEntry>, clock: Clock): Promise<void> {
  const turns = new Turns(clock);
  for (const entry of entries) {
    if (turns.isOver()) await turns.next();
    deviceText(entry);
  }
}

/**
 * The text of a file that keeps a device which its resource gave up (deletionPolicy: Orphan). It carries no mark: it is the
 * administrator's from here on.
 */
export function releasedFileText(owner: OwnerKey, device: string, stanza: Stanza): string {
  const header = [
    ` Left behind by Bridgekeeper when ${owner} was deleted with deletionPolicy: Orphan.`,
    ' It is yours now: edit or remove it as you like.',
  ];
  return documentText(header, [{ name: device, stanza }]);
}

function documentText(header: readonly string[], entries: readonly FileEntry[]): string {
  const frame = new Document({ network: { version: '2', ethernets: {} } }, { schema: 'failsafe' });
  frame.commentBefore = header.join('\n');
  return entries.length === 0 ? frame.toString() : frame.toString().replace(EMPTY, '\n') + entries.map(deviceText).join('');
}

const EMPTY = / \{\}\n$/;
const DEVICE_INDENT = '    ';
const ANY_LINE = /^(?=.)/gm;
/** A stanza never changes: of a thousand devices, most stand in the next file as they stood in the last. */
const knownTexts = new WeakMap<Stanza, FileEntry & { readonly text: string }>();

function deviceText({ name, owner, stanza }: FileEntry): string {
  const known = knownTexts.get(stanza);
  if (known?.name === name && known.owner === owner) return known.text;
  const text = makeDeviceText({ name, owner, stanza });
  knownTexts.set(stanza, { name, owner, stanza, text });
  return text;
}

function makeDeviceText({ name, owner, stanza }: FileEntry): string {
  const document = new Document(new Map([[name, stanza]]), { schema: 'failsafe', aliasDuplicateObjects: false });
  const [pair] = isMap(document.contents) ? document.contents.items : [];
  if (owner && isScalar(pair?.key)) pair.key.commentBefore = ` ${OWNER_MARK}=${owner}`;
  quoteMacAddresses(document);
  return document.toString({ lineWidth: 0, indentSeq: false }).replace(ANY_LINE, DEVICE_INDENT);
}

/** Plain, a MAC address of digits only is a base-60 number to a YAML 1.1 parser. */
function quoteMacAddresses(document: Document): void {
  visit(document, {
    Pair(_, pair) {
      if (isScalar(pair.key) && pair.key.value === 'macaddress' && isScalar(pair.value)) pair.value.type = Scalar.QUOTE_DOUBLE;
    },
  });
}
