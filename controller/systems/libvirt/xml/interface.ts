import type { LibvirtInterface, LibvirtPortgroup } from '../desired.ts';
import type { Vlan } from '../../vlan.ts';
import { readBandwidth } from './bandwidth.ts';
import { append, at, attributeAt, attributeOf, child, ensure, remove, removeAll, setAttributes } from './dom.ts';
import type { Element } from './dom.ts';
import type { FieldDifference } from './field-difference.ts';
import { deviceAlias } from './device-alias.ts';
import { readVlan, vlanText, writeVlan } from './vlan.ts';

/** What the XML of a NIC says, in the stored definition or of the running domain. */
export interface NicView {
  readonly mac: string;
  /** `ua-nic-eth0` where we made it; only libvirt's own (`net0`) while the domain runs. */
  readonly alias?: string;
  readonly source:
    | { readonly type: 'network'; readonly network: string; readonly portgroup?: string }
    | { readonly type: 'bridge'; readonly bridge: string }
    | { readonly type: 'other'; readonly text: string };
  readonly vlan?: Vlan;
  readonly virtualport?: string;
  readonly interfaceId?: string;
  readonly model?: string;
  readonly mtu?: number;
  readonly linkState: 'up' | 'down';
  /** Its own, or in a running domain that of its portgroup. */
  readonly bandwidth: LibvirtPortgroup['bandwidth'];
  /** `vnet5`; only while the domain runs. */
  readonly targetDevice?: string;
}

export function readInterfaces(domain: Element): NicView[] {
  return interfacesOf(domain).map(readInterface);
}

export function interfacesOf(domain: Element): Element[] {
  return at(domain, 'devices', 'interface');
}

export function interfaceOf(domain: Element, mac: string): Element | undefined {
  return interfacesOf(domain).find((element) => macOf(element) === mac.toLowerCase());
}

function macOf(element: Element): string {
  return (attributeAt(element, ['mac'], 'address') ?? '').toLowerCase();
}

function readInterface(element: Element): NicView {
  const mtu = attributeAt(element, ['mtu'], 'size');
  return {
    mac: macOf(element),
    alias: attributeAt(element, ['alias'], 'name'),
    source: readSource(element),
    vlan: readVlan(element),
    virtualport: attributeAt(element, ['virtualport'], 'type'),
    interfaceId: attributeAt(element, ['virtualport', 'parameters'], 'interfaceid'),
    model: attributeAt(element, ['model'], 'type'),
    mtu: mtu === undefined ? undefined : Number(mtu),
    linkState: attributeAt(element, ['link'], 'state') === 'down' ? 'down' : 'up',
    bandwidth: readBandwidth(element),
    targetDevice: attributeAt(element, ['target'], 'dev'),
  };
}

/** Of a running domain libvirt shows a NIC on a bridged network as type='bridge', with the network beside the bridge. */
function readSource(element: Element): NicView['source'] {
  const source = child(element, 'source');
  const network = source && attributeOf(source, 'network');
  if (source && network !== undefined) return { type: 'network', network, portgroup: attributeOf(source, 'portgroup') };
  const bridge = source && attributeOf(source, 'bridge');
  if (bridge !== undefined) return { type: 'bridge', bridge };
  return { type: 'other', text: attributeOf(element, 'type') ?? '' };
}

/** Adds a NIC to a domain's definition, or changes the one with that MAC; what we don't know in it stays. */
export function writeInterface(domain: Element, desired: LibvirtInterface): void {
  const existing = interfaceOf(domain, desired.mac);
  const element = existing ?? append(ensure(domain, 'devices'), 'interface');
  if (!existing) {
    append(element, 'mac', { address: desired.mac.toLowerCase() });
    append(element, 'alias', { name: deviceAlias('nic', desired.name) });
  }
  writeSource(element, desired);
  writeVlan(element, desired.source.type === 'bridge' ? desired.source.vlan : undefined);
  setAttributes(ensure(element, 'model'), { type: desired.model });
  writeOptional(element, 'mtu', { size: desired.mtu });
  writeOptional(element, 'link', { state: desired.linkState === 'down' ? 'down' : undefined });
}

function writeSource(element: Element, { source, interfaceId }: LibvirtInterface): void {
  if (attributeOf(element, 'type') !== source.type) {
    removeAll(element, 'virtualport');
    removeAll(element, 'target');
    removeAll(element, 'source');
  }
  setAttributes(element, { type: source.type });
  if (source.type === 'network') {
    setAttributes(ensure(element, 'source'), { network: source.network, portgroup: source.portgroup, bridge: undefined });
  } else {
    setAttributes(ensure(element, 'source'), { network: undefined, portgroup: undefined, bridge: source.bridge });
  }
  if (source.type === 'bridge' || interfaceId !== undefined) writeVirtualport(element, interfaceId);
}

/** Without it libvirt takes the bridge for one of the kernel's and refuses a trunk. */
function writeVirtualport(element: Element, interfaceId: string | undefined): void {
  const virtualport = ensure(element, 'virtualport');
  setAttributes(virtualport, { type: 'openvswitch' });
  if (interfaceId !== undefined) setAttributes(ensure(virtualport, 'parameters'), { interfaceid: interfaceId });
}

function writeOptional(parent: Element, name: string, attributes: Readonly<Record<string, string | number | undefined>>): void {
  const hasValue = Object.values(attributes).some((value) => value !== undefined);
  if (hasValue) return setAttributes(ensure(parent, name), attributes);
  const old = child(parent, name);
  if (old) remove(old);
}

export interface LiveSettings {
  /** The VLAN that the port should have. */
  readonly vlan: Vlan | undefined;
  /** False: the limits of the portgroup take the place of those that the NIC has. */
  readonly keepsLimits: boolean;
}

/**
 * Changes the NIC of a running domain's XML into what virDomainUpdateDeviceFlags must be given to bring it to the desired
 * portgroup, VLAN and link state.
 *
 * Two things about libvirt 9.0's qemuDomainChangeNet, measured: it refuses a NIC on a network unless the live interface id stands
 * in the XML (it would draw a new one and find the port profile changed); and it hands the NIC's own `<vlan>`, not that of the
 * portgroup, to Open vSwitch, so that without one the port would be cleared to every VLAN. So the VLAN of the portgroup is
 * written out here; the stored definition has none.
 */
export function writeLiveInterface(element: Element, desired: LibvirtInterface, { vlan, keepsLimits }: LiveSettings): void {
  setAttributes(element, { type: desired.source.type });
  if (desired.source.type === 'network') {
    const { network, portgroup } = desired.source;
    setAttributes(ensure(element, 'source'), { network, portgroup, bridge: undefined, portid: undefined });
    if (!keepsLimits) removeAll(element, 'bandwidth');
  }
  writeVlan(element, vlan);
  writeOptional(element, 'link', { state: desired.linkState === 'down' ? 'down' : undefined });
}

/** What is desired of a NIC and not found in its stored definition. */
export function interfaceDifferences(desired: LibvirtInterface, found: NicView): FieldDifference[] {
  return [
    { field: 'source', expected: sourceText(desired.source), found: sourceText(found.source) },
    { field: 'vlan', expected: ownVlanText(desired), found: vlanText(found.vlan) },
    { field: 'virtualport', expected: expectedVirtualport(desired, found), found: found.virtualport ?? '' },
    { field: 'interfaceid', expected: desired.interfaceId ?? found.interfaceId ?? '', found: found.interfaceId ?? '' },
    { field: 'model', expected: desired.model, found: found.model ?? '' },
    { field: 'mtu', expected: String(desired.mtu ?? ''), found: String(found.mtu ?? '') },
    { field: 'link', expected: desired.linkState, found: found.linkState },
  ].filter(({ expected, found: present }) => expected !== present);
}

function ownVlanText({ source }: LibvirtInterface): string {
  return vlanText(source.type === 'bridge' ? source.vlan : undefined);
}

function expectedVirtualport(desired: LibvirtInterface, found: NicView): string {
  const isWritten = desired.source.type === 'bridge' || desired.interfaceId !== undefined;
  return isWritten ? 'openvswitch' : (found.virtualport ?? '');
}

export function sourceText(source: LibvirtInterface['source'] | NicView['source']): string {
  switch (source.type) {
    case 'network':
      return `network ${source.network}, portgroup ${source.portgroup ?? '(default)'}`;
    case 'bridge':
      return `bridge ${source.bridge}`;
    case 'other':
      return source.text;
  }
}
