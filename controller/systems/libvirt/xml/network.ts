import type { LibvirtNetwork, LibvirtPortgroup } from '../desired.ts';
import { limitsText, readBandwidth, writeBandwidth } from './bandwidth.ts';
import { append, attributeAt, attributeOf, child, children, ensure, newRoot, parseXml, remove, setAttributes, textAt, toText } from './dom.ts';
import type { Element } from './dom.ts';
import type { FieldDifference } from './field-difference.ts';
import { readMark, writeMark } from './mark.ts';
import type { Mark } from './mark.ts';
import { libvirtVlan, readVlan, vlanText, writeVlan } from './vlan.ts';

/** What a network's XML says of the things that we set. */
export interface NetworkView {
  readonly name: string;
  readonly uuid: string;
  readonly mark?: Mark;
  readonly forwardMode: string;
  readonly bridgeName: string;
  readonly virtualport: string;
  readonly portgroups: ReadonlyMap<string, PortgroupView>;
}

export type PortgroupView = Omit<LibvirtPortgroup, 'owner' | 'adoption'>;

/** Reads a network's XML. */
export function readNetwork(xml: string): NetworkView {
  const root = parseXml(xml);
  const portgroups = children(root, 'portgroup').map(readPortgroup);
  return {
    name: textAt(root, 'name') ?? '',
    uuid: textAt(root, 'uuid') ?? '',
    mark: readMark(root),
    forwardMode: forwardModeOf(root),
    bridgeName: attributeAt(root, ['bridge'], 'name') ?? '',
    virtualport: attributeAt(root, ['virtualport'], 'type') ?? '',
    portgroups: new Map(portgroups.map((portgroup) => [portgroup.name, portgroup])),
  };
}

/** A `<forward>` without a mode means nat; none at all is an isolated network. */
function forwardModeOf(root: Element): string {
  const forward = child(root, 'forward');
  return forward ? (attributeOf(forward, 'mode') ?? 'nat') : 'none';
}

/** The setting of a desired portgroup as libvirt can hold it. */
export function portgroupView({ name, isDefault, vlan, bandwidth, trustGuestRxFilters }: LibvirtPortgroup): PortgroupView {
  return { name, isDefault, vlan: libvirtVlan(vlan), bandwidth, trustGuestRxFilters: trustGuestRxFilters === true };
}

function readPortgroup(element: Element): PortgroupView {
  return {
    name: attributeOf(element, 'name') ?? '',
    isDefault: attributeOf(element, 'default') === 'yes',
    vlan: readVlan(element),
    bandwidth: readBandwidth(element),
    trustGuestRxFilters: attributeOf(element, 'trustGuestRxFilters') === 'yes',
  };
}

/** The XML of a new network without portgroups: they are added one by one, so that each fails or holds for itself. */
export function buildNetwork(desired: LibvirtNetwork, uuid: string, mark: Mark): string {
  const root = newRoot('network');
  append(root, 'name', {}, desired.name);
  append(root, 'uuid', {}, uuid);
  writeMark(root, mark);
  writeBridge(root, desired);
  return toText(root);
}

/** A network's XML with our mark put in, changed or (undefined) taken out, and nothing else touched. */
export function withMark(xml: string, mark: Mark | undefined): string {
  const root = parseXml(xml);
  writeMark(root, mark);
  return toText(root);
}

/** A network's XML that leads to the desired bridge; portgroups and everything unknown stay. */
export function withBridge(xml: string, desired: LibvirtNetwork): string {
  const root = parseXml(xml);
  writeBridge(root, desired);
  return toText(root);
}

/** A bridged network has no address of its own and no bridge that libvirt would make (formatnetwork.html, "Using an existing bridge"). */
function writeBridge(root: Element, { bridgeName }: LibvirtNetwork): void {
  setAttributes(ensure(root, 'forward'), { mode: 'bridge', dev: undefined });
  setAttributes(ensure(root, 'bridge'), { name: bridgeName, stp: undefined, delay: undefined });
  setAttributes(ensure(root, 'virtualport'), { type: 'openvswitch' });
  for (const name of ['ip', 'mac', 'domain', 'dns', 'mtu']) for (const element of children(root, name)) remove(element);
}

/**
 * The XML of one portgroup for virNetworkUpdate, which replaces the whole element: what stands there and is not ours to set is
 * taken over from `networkXml`, the network as it is.
 */
export function buildPortgroup(desired: PortgroupView, networkXml?: string): string {
  const root = existingPortgroup(desired.name, networkXml) ?? newRoot('portgroup');
  setAttributes(root, {
    name: desired.name,
    default: desired.isDefault ? 'yes' : undefined,
    trustGuestRxFilters: desired.trustGuestRxFilters ? 'yes' : undefined,
  });
  writeVlan(root, desired.vlan);
  writeBandwidth(root, desired.bandwidth);
  return toText(root);
}

function existingPortgroup(name: string, networkXml: string | undefined): Element | undefined {
  if (networkXml === undefined) return undefined;
  const found = children(parseXml(networkXml), 'portgroup').find((element) => attributeOf(element, 'name') === name);
  return found && parseXml(toText(found));
}

/** What is desired of a portgroup and not found. */
export function portgroupDifferences(expected: PortgroupView, found: PortgroupView): FieldDifference[] {
  return PORTGROUP_FIELDS.map(({ field, text }) => ({ field, expected: text(expected), found: text(found) })).filter(
    (difference) => difference.expected !== difference.found,
  );
}

const PORTGROUP_FIELDS: readonly { field: string; text: (portgroup: PortgroupView) => string }[] = [
  { field: 'default', text: ({ isDefault }) => (isDefault ? 'yes' : 'no') },
  { field: 'vlan', text: ({ vlan }) => vlanText(vlan) },
  { field: 'bandwidth.inbound', text: ({ bandwidth }) => limitsText(bandwidth?.inbound) },
  { field: 'bandwidth.outbound', text: ({ bandwidth }) => limitsText(bandwidth?.outbound) },
  { field: 'trustGuestRxFilters', text: ({ trustGuestRxFilters }) => (trustGuestRxFilters ? 'yes' : 'no') },
];
