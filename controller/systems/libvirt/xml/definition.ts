import type { LibvirtInterface } from '../desired.ts';
import { attributeAt, ensure, parseXml, remove, setAttributes, toText } from './dom.ts';
import type { Element } from './dom.ts';
import { deviceAlias } from './device-alias.ts';
import { newDomain } from './domain.ts';
import type { DomainView } from './domain.ts';
import { domainDifferences, isPciExpress, machineOf, writeDomain } from './domain-fields.ts';
import type { WantedDomain } from './domain-fields.ts';
import type { FieldDifference } from './field-difference.ts';
import type { LiveSettings } from './interface.ts';
import { interfaceDifferences, interfaceOf, interfacesOf, sourceText, writeInterface, writeLiveInterface } from './interface.ts';
import { readMark, writeMark } from './mark.ts';
import type { Mark } from './mark.ts';

/** A domain's stored definition as found. */
export interface FoundDefinition {
  readonly xml: string;
  readonly view: DomainView;
}

/** What is desired and not in the stored definition; of a domain whose NICs alone are ours, only those. */
export function definitionDifferences(wanted: WantedDomain, found: DomainView): FieldDifference[] {
  const nics = nicDifferences(wanted.desired.interfaces, found);
  return wanted.desired.management === 'Full' ? [...domainDifferences(wanted, found), ...nics] : nics;
}

function nicDifferences(desired: readonly LibvirtInterface[], found: DomainView): FieldDifference[] {
  const wantedMacs = new Set(desired.map(({ mac }) => mac.toLowerCase()));
  const missingOrChanged = desired.flatMap((nic) => {
    const view = found.interfaces.find(({ mac }) => mac === nic.mac.toLowerCase());
    const prefix = `interface[${nic.mac.toLowerCase()}]`;
    if (!view) return [{ field: prefix, expected: sourceText(nic.source), found: '' }];
    return interfaceDifferences(nic, view).map((difference) => ({ ...difference, field: `${prefix}.${difference.field}` }));
  });
  const unwanted = found.interfaces
    .filter(({ mac }) => !wantedMacs.has(mac))
    .map(({ mac, source }) => ({ field: `interface[${mac}]`, expected: '', found: sourceText(source) }));
  return [...missingOrChanged, ...unwanted];
}

/** The definition to store: what is there, with what is desired written in and our mark; everything else stays. */
export function writeDefinition(wanted: WantedDomain, mark: Mark, found: FoundDefinition | undefined): string {
  const { desired } = wanted;
  const root = found ? parseXml(found.xml) : newDomain(desired.name, desired.uuid, isPciExpress(machineOf(desired)));
  writeMark(root, mark);
  writeInterfaces(root, wanted, found?.view);
  if (desired.management === 'Full') writeDomain(root, wanted, found?.view);
  return toText(root);
}

function writeInterfaces(root: Element, { desired }: WantedDomain, found: DomainView | undefined): void {
  const wantedMacs = new Set(desired.interfaces.map(({ mac }) => mac.toLowerCase()));
  for (const element of interfacesOf(root)) {
    if (!wantedMacs.has((attributeAt(element, ['mac'], 'address') ?? '').toLowerCase())) remove(element);
  }
  for (const nic of desired.interfaces) {
    const view = found?.interfaces.find(({ mac }) => mac === nic.mac.toLowerCase());
    if (!view || interfaceDifferences(nic, view).length > 0) writeInterface(root, nic);
    if (desired.bootOrder.includes(nic.name)) nameInterface(root, nic);
  }
}

function nameInterface(root: Element, { mac, name }: LibvirtInterface): void {
  const element = interfaceOf(root, mac);
  if (element) setAttributes(ensure(element, 'alias'), { name: deviceAlias('nic', name) });
}

/** The stored definition with our mark changed or (undefined) taken out, and nothing else touched. */
export function withDomainMark(xml: string, mark: Mark | undefined): string {
  const root = parseXml(xml);
  writeMark(root, mark);
  return toText(root);
}

/** The XML to plug a NIC into a running domain. */
export function buildInterface(nic: LibvirtInterface): string {
  const root = parseXml('<domain/>');
  writeInterface(root, nic);
  return toText(interfacesOf(root)[0] ?? root);
}

/** The XML to unplug a NIC: as it stands in the running domain. Undefined when it has no such NIC. */
export function liveInterface(liveXml: string, mac: string): string | undefined {
  const element = interfaceOf(parseXml(liveXml), mac);
  return element && toText(element);
}

/** The XML to change a NIC of the running domain with. Undefined when it has no such NIC. */
export function updatedInterface(liveXml: string, nic: LibvirtInterface, settings: LiveSettings): string | undefined {
  const element = interfaceOf(parseXml(liveXml), nic.mac);
  if (!element) return undefined;
  writeLiveInterface(element, nic, settings);
  return toText(element);
}

/** The definition with these paths among the images that we made, as its mark says. */
export function withMadeDisks(xml: string, paths: readonly string[]): string {
  if (paths.length === 0) return xml;
  const root = parseXml(xml);
  const mark = readMark(root);
  if (!mark?.domain) return xml;
  const madeDisks = [...new Set([...mark.domain.madeDisks, ...paths])];
  writeMark(root, { ...mark, domain: { ...mark.domain, madeDisks } });
  return toText(root);
}
