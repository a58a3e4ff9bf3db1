import { releasedFileText } from './file-text.ts';
import type { NetplanFile } from './netplan-file.ts';
import type { OwnerKey } from '../owner.ts';

const RELEASED_BY = /^# Left behind by Bridgekeeper when ([^\s/]+)\/([^\s/]+) was deleted/;

/** Where the stanza of a device goes that its resource gives up: a file of its own, `90-bridgekeeper-left-vnet100.yaml`. */
export function releasedFilePath(ourPath: string, device: string): string {
  return `${ourPath.replace(/\.yaml$/, '')}-left-${device}.yaml`;
}

/** True for a file that we left behind and nobody has changed since: it may be taken back when its device is desired again. */
export function isReleasedFile(file: NetplanFile): boolean {
  const [, kind, name] = RELEASED_BY.exec(file.text) ?? [];
  const [only] = file.definitions;
  if (!kind || !name || !only) return false;
  const owner: OwnerKey = `${kind}/${name}`;
  return file.text === releasedFileText(owner, only.name, only.stanza);
}
