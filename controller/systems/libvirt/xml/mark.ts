import { OWNER_MARK } from '../../owner.ts';
import type { OwnerKey } from '../../owner.ts';
import type { LibvirtDomain } from '../desired.ts';
import { attributeOf, child, children, ensure, ownerOf, remove, setAttributes } from './dom.ts';
import type { Element } from './dom.ts';

/** The namespace of our element in `<metadata>` (libvirt allows one element a namespace there, and keeps it untouched). */
export const MARK_NAMESPACE = 'https://bridgekeeper.dev/xmlns/v1alpha1';

/** What we write into the metadata of a network or a domain that is ours. */
export interface Mark {
  readonly owner: OwnerKey;
  /** Of a network: the portgroups that are ours, by name. */
  readonly portgroups: ReadonlyMap<string, OwnerKey>;
  /** Of a domain: what its deletion may touch, since its resource is gone by then. */
  readonly domain?: DomainMark;
}

export interface DomainMark {
  readonly management: LibvirtDomain['management'];
  readonly diskReclaim: LibvirtDomain['diskReclaim'];
  /** The paths of the disk images that we made. Nothing else is ever deleted. */
  readonly madeDisks: readonly string[];
}

/** Reads our mark; undefined where there is none, or none that we could have written. */
export function readMark(root: Element): Mark | undefined {
  const element = markElement(root);
  const owner = element && readKey(element);
  if (!owner) return undefined;
  const portgroups = new Map<string, OwnerKey>();
  for (const portgroup of namedChildren(element, 'portgroup')) {
    const name = attributeOf(portgroup, 'name');
    const key = readKey(portgroup);
    if (name !== undefined && key) portgroups.set(name, key);
  }
  return { owner, portgroups, domain: readDomainMark(element) };
}

/** Where the words are not there, the most careful ones hold. */
function readDomainMark(element: Element): DomainMark | undefined {
  if (element.parentNode?.parentNode?.nodeName !== 'domain') return undefined;
  return {
    management: attributeOf(element, 'management') === 'Full' ? 'Full' : 'InterfacesOnly',
    diskReclaim: attributeOf(element, 'diskReclaim') === 'Delete' ? 'Delete' : 'Retain',
    madeDisks: namedChildren(element, 'disk').flatMap((disk) => attributeOf(disk, 'path') ?? []),
  };
}

/** Puts our mark in the place of the one that is there, or takes it away; metadata of others stays. */
export function writeMark(root: Element, mark: Mark | undefined): void {
  const old = markElement(root);
  if (old) remove(old);
  if (!mark) return removeIfEmpty(child(root, 'metadata'));
  const element = ownerOf(root).createElementNS(MARK_NAMESPACE, `${OWNER_MARK}:mark`);
  element.setAttribute('owner', mark.owner);
  for (const [name, owner] of [...mark.portgroups].sort(([a], [b]) => (a < b ? -1 : 1))) appendMarked(element, 'portgroup', { name, owner });
  if (mark.domain) writeDomainMark(element, mark.domain);
  ensure(root, 'metadata').appendChild(element);
}

function writeDomainMark(element: Element, { management, diskReclaim, madeDisks }: DomainMark): void {
  element.setAttribute('management', management);
  element.setAttribute('diskReclaim', diskReclaim);
  for (const path of [...madeDisks].sort()) appendMarked(element, 'disk', { path });
}

function appendMarked(parent: Element, localName: string, attributes: Readonly<Record<string, string>>): void {
  const element = ownerOf(parent).createElementNS(MARK_NAMESPACE, `${OWNER_MARK}:${localName}`);
  setAttributes(element, attributes);
  parent.appendChild(element);
}

function removeIfEmpty(metadata: Element | undefined): void {
  if (metadata && children(metadata).length === 0) remove(metadata);
}

function markElement(root: Element): Element | undefined {
  const metadata = child(root, 'metadata');
  return metadata && namedChildren(metadata, 'mark')[0];
}

function namedChildren(parent: Element, localName: string): Element[] {
  return children(parent).filter((element) => element.namespaceURI === MARK_NAMESPACE && element.localName === localName);
}

function readKey(element: Element): OwnerKey | undefined {
  const text = attributeOf(element, 'owner');
  return text !== undefined && isOwnerKey(text) ? text : undefined;
}

function isOwnerKey(text: string): text is OwnerKey {
  return /^[A-Za-z]+\/.+$/.test(text);
}
