import { basename } from 'node:path';
import { isMap, isScalar, LineCounter, parseDocument } from 'yaml';
import type { Document, Pair } from 'yaml';
import { OWNER_MARK } from '../owner.ts';
import type { OwnerKey } from '../owner.ts';
import { entriesOfText, fileText } from './file-text.ts';
import type { Stanza } from './stanza.ts';
import { isYamlMap, valueOfNode } from './yaml-value.ts';
import type { YamlMap, YamlValue } from './yaml-value.ts';

/** A netplan file as it stands in one of netplan's folders. */
export interface NetplanFile {
  readonly path: string;
  readonly text: string;
  /** Permission bits: 0o600. */
  readonly mode: number;
  /** The owner mark of the header: who wrote it, and under which file name. A copy of our file is not our file. */
  readonly mark?: { readonly owner: OwnerKey; readonly fileName: string };
  readonly definitions: readonly DeviceDefinition[];
  /** All that the file says beside its devices: `{ renderer: 'NetworkManager' }`; without `version` and empty sections. */
  readonly rest: YamlMap;
  /** True for a file that is to the letter what its header's writer would write of its devices. */
  readonly isAsWritten: boolean;
  /** What makes it no valid YAML, with its line; empty when nothing does. */
  readonly syntaxError: string;
}

/** One device in one file. */
export interface DeviceDefinition {
  /** `ethernets`, `bridges`, `vlans`, … */
  readonly section: string;
  /** netplan's id: the device's name, or any name where the stanza has a `match`. */
  readonly name: string;
  /** Counted from 1. */
  readonly line: number;
  readonly stanza: Stanza;
  /** From the comment above it. */
  readonly owner?: OwnerKey;
}

/** A key of our file below `ethernets:`. */
const DEVICE_LINE = /^ {4}[^ #]/;
/** Keys below `network:` that hold no devices (netplan-yaml(5), "General structure"). */
const NO_DEVICES = new Set(['version', 'renderer', 'openvswitch', 'ovs-ports']);

/**
 * Reads a netplan file leniently: a key that stands there twice has its last value, as netplan takes it. Never throws; what
 * can't be parsed is told in `syntaxError`.
 */
export function parseNetplanFile(path: string, text: string, mode: number): NetplanFile {
  return knownFile(path, text, mode) ?? parseAnyFile(path, text, mode);
}

/** A file whose text we made ourselves a short while ago: what it says is known. */
function knownFile(path: string, text: string, mode: number): NetplanFile | undefined {
  const entries = entriesOfText(text);
  if (!entries) return undefined;
  const lines = text.split('\n');
  const keyLines = lines.flatMap((line, index) => (DEVICE_LINE.test(line) ? [index + 1] : []));
  if (keyLines.length !== entries.length) return undefined;
  const definitions = entries.map((entry, index): DeviceDefinition => ({ section: 'ethernets', line: keyLines[index] ?? 0, ...entry }));
  return { path, text, mode, mark: headerMark(lines), definitions, rest: {}, isAsWritten: true, syntaxError: '' };
}

function parseAnyFile(path: string, text: string, mode: number): NetplanFile {
  const lineCounter = new LineCounter();
  const document = parseDocument(text, { schema: 'failsafe', uniqueKeys: false, lineCounter, logLevel: 'silent' });
  const lines = text.split('\n');
  const network = isMap(document.contents) ? document.contents.get('network', true) : undefined;
  const sections = isMap(network) ? network.items : [];
  const definitions: DeviceDefinition[] = [];
  const rest: Record<string, YamlValue> = {};
  for (const section of sections) {
    const name = keyText(section);
    if (isMap(section.value) && !NO_DEVICES.has(name)) {
      for (const device of section.value.items) definitions.push(definitionOf(name, device, document, lines, lineCounter));
    } else if (name !== 'version') {
      rest[name] = valueOfNode(section.value, document);
    }
  }
  const error = document.errors[0];
  const mark = headerMark(lines);
  return {
    path,
    text,
    mode,
    mark,
    definitions,
    rest,
    isAsWritten: mark !== undefined && fileText(mark.owner, mark.fileName, lastOfEach(definitions)) === text,
    syntaxError: error ? `line ${lineCounter.linePos(error.pos[0]).line}: ${firstLine(error.message)}` : '',
  };
}

function definitionOf(
  section: string,
  device: Pair,
  document: Document,
  lines: readonly string[],
  lineCounter: LineCounter,
): DeviceDefinition {
  const line = isScalar(device.key) && device.key.range ? lineCounter.linePos(device.key.range[0]).line : 1;
  const stanza = valueOfNode(device.value, document);
  return { section, name: keyText(device), line, stanza: isYamlMap(stanza) ? stanza : {}, owner: ownerAbove(lines, line) };
}

function keyText(pair: Pair): string {
  return isScalar(pair.key) && typeof pair.key.value === 'string' ? pair.key.value : '';
}

const OWNER_COMMENT = new RegExp(`^#\\s*${OWNER_MARK}=([^\\s/]+)/([^\\s/]+)$`);
const HEADER_COMMENT = new RegExp(`^#\\s*${OWNER_MARK}=([^\\s/]+)/([^\\s/]+) file=(\\S+)$`);

/** The owner in the comment lines straight above a line that counts from 1. */
function ownerAbove(lines: readonly string[], line: number): OwnerKey | undefined {
  for (let index = line - 2; index >= 0; index--) {
    const text = lines[index]?.trim() ?? '';
    if (!text.startsWith('#')) return undefined;
    const [, kind, name] = OWNER_COMMENT.exec(text) ?? [];
    if (kind && name) return `${kind}/${name}`;
  }
  return undefined;
}

function headerMark(lines: readonly string[]): NetplanFile['mark'] {
  for (const text of lines) {
    if (!text.startsWith('#')) return undefined;
    const [, kind, name, fileName] = HEADER_COMMENT.exec(text.trim()) ?? [];
    if (kind && name && fileName) return { owner: `${kind}/${name}`, fileName };
  }
  return undefined;
}

function firstLine(text: string): string {
  return text.split('\n')[0] ?? text;
}

/** A file is ours when its header says so under its own name: a copy of it is somebody else's. */
export function isOurs(file: NetplanFile): boolean {
  return file.mark?.fileName === basename(file.path);
}

/** The devices under `ethernets:`; one that stands there twice counts once, as its last. */
export function ethernetsOf(file: NetplanFile): readonly DeviceDefinition[] {
  return lastOfEach(file.definitions);
}

function lastOfEach(definitions: readonly DeviceDefinition[]): readonly DeviceDefinition[] {
  const ethernets = definitions.filter(({ section }) => section === 'ethernets');
  return [...new Map(ethernets.map((definition) => [definition.name, definition])).values()];
}
