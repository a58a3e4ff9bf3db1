import { Document, isMap, isScalar, Scalar, visit } from 'yaml';
import { OWNER_MARK } from '../owner.ts';
import type { OwnerKey } from '../owner.ts';
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
  return documentText(header, entries);
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
  const sorted = [...entries].sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
  const ethernets = new Map(sorted.map((entry) => [entry.name, entry.stanza]));
  const document = new Document({ network: { version: '2', ethernets } }, { schema: 'failsafe', aliasDuplicateObjects: false });
  document.commentBefore = header.join('\n');
  const devices = document.getIn(['network', 'ethernets']);
  if (isMap(devices)) {
    devices.items.forEach((pair, index) => {
      const owner = sorted[index]?.owner;
      if (owner && isScalar(pair.key)) pair.key.commentBefore = ` ${OWNER_MARK}=${owner}`;
    });
  }
  quoteMacAddresses(document);
  return document.toString({ lineWidth: 0, indentSeq: false });
}

/** Plain, a MAC address of digits only is a base-60 number to a YAML 1.1 parser. */
function quoteMacAddresses(document: Document): void {
  visit(document, {
    Pair(_, pair) {
      if (isScalar(pair.key) && pair.key.value === 'macaddress' && isScalar(pair.value)) pair.value.type = Scalar.QUOTE_DOUBLE;
    },
  });
}
