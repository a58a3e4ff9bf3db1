import { API_VERSION, type Manifest } from '../../../api/machinery/object.ts';
import type { DesiredKind } from '../../desired/resources.ts';
import { isOwnerKey, type OwnerKey } from '../../systems/owner.ts';

/** What an import has to say beside a manifest. */
export interface Remark {
  /** There was more than one way to say it; applied it would change the host; no manifest says it. */
  readonly type: 'Chosen' | 'Differs' | 'NotImported';
  readonly owner?: OwnerKey;
  readonly message: string;
}

/** A manifest, and the names by which people may ask for it. */
export interface ImportedObject {
  readonly owner: OwnerKey;
  readonly manifest: Manifest;
  /** Its name on the host. */
  readonly hostName: string;
}

/** What an import has found so far. */
export class ImportDraft {
  readonly objects: ImportedObject[] = [];
  readonly remarks: Remark[] = [];
  readonly #taken = new Set<OwnerKey>();

  /**
   * The key of a resource for something on the host: that of its owner mark, or one made of its name there, which not every name
   * of a resource can be (RFC 1123 subdomain).
   */
  key(kind: DesiredKind, nameOnHost: string, mark: OwnerKey | undefined): OwnerKey {
    const marked = mark?.startsWith(`${kind}/`) && !this.#taken.has(mark) ? mark : undefined;
    const key = marked ?? this.#free(kind, resourceName(nameOnHost) || kind.toLowerCase());
    this.#taken.add(key);
    return key;
  }

  add(owner: OwnerKey, nameOnHost: string, spec: object): void {
    const [kind = '', name = ''] = splitKey(owner);
    this.objects.push({ owner, hostName: nameOnHost, manifest: { apiVersion: API_VERSION, kind, metadata: { name }, spec: withoutAbsent(spec) } });
  }

  chosen(owner: OwnerKey, message: string): void {
    this.remarks.push({ type: 'Chosen', owner, message });
  }

  leftOut(message: string, owner?: OwnerKey): void {
    this.remarks.push({ type: 'NotImported', ...(owner === undefined ? {} : { owner }), message });
  }

  #free(kind: DesiredKind, name: string): OwnerKey {
    const first: OwnerKey = `${kind}/${name}`;
    if (!this.#taken.has(first)) return first;
    let number = 2;
    while (this.#taken.has(`${first}-${number}`)) number += 1;
    return `${first}-${number}`;
  }
}

/** `Sin vlan` → `sin-vlan`; empty where nothing of the name can be kept. */
export function resourceName(nameOnHost: string): string {
  return nameOnHost
    .normalize('NFKD')
    .replace(/\p{Mark}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9.]+/g, '-')
    .replace(/-*\.[-.]*/g, '.')
    .replace(/^[-.]+|[-.]+$/g, '')
    .slice(0, 253);
}

/** metadata.name of a key. */
export function nameOf(owner: OwnerKey): string {
  return splitKey(owner)[1] ?? '';
}

function splitKey(owner: OwnerKey): string[] {
  if (!isOwnerKey(owner)) throw new TypeError(`${String(owner)} is no key of a resource`);
  const slash = owner.indexOf('/');
  return [owner.slice(0, slash), owner.slice(slash + 1)];
}

/** The same without fields that are undefined, so that objects compare and print as they would be sent. */
function withoutAbsent(spec: object): object {
  return JSON.parse(JSON.stringify(spec)) as object;
}
