import { numberAt, objectsAt, shown, textAt, textsAt, valueAt, type Json, type JsonObject } from '../api/json.ts';
import { conditionsOf } from '../output/object-text.ts';

/** How a thing is. */
export interface State {
  readonly ready: 'True' | 'False' | 'Unknown';
  /** The reason of Ready where it is not True. */
  readonly reason: string;
  /** The host was changed behind our back, and is so still. */
  readonly drifted: boolean;
}

export interface NicNode {
  /** The VirtualMachine, or the libvirt domain where none manages it. */
  readonly machine: string;
  readonly nic: string;
  /** `vnet5`; empty while the VM is off. */
  readonly port: string;
  readonly addresses: readonly string[];
  readonly vlan: string;
  readonly vmState: string;
  readonly state: State;
}

export interface PortNode {
  readonly name: string;
  readonly vlan: string;
  readonly addresses: readonly string[];
  readonly link: string;
  readonly state: State;
}

export interface PortgroupNode {
  readonly name: string;
  /** What libvirt shows; empty where it is the same. */
  readonly libvirtName: string;
  readonly vlan: string;
  readonly isDefault: boolean;
  readonly state: State;
  readonly nics: readonly NicNode[];
}

export interface UplinkNode {
  readonly name: string;
  /** The NICs of a bond. */
  readonly members: readonly string[];
  readonly vlan: string;
  readonly link: string;
}

export interface BridgeNode {
  readonly name: string;
  readonly datapath: string;
  readonly addresses: readonly string[];
  readonly state: State;
  readonly uplinks: readonly UplinkNode[];
  readonly ports: readonly PortNode[];
  readonly network: string;
  readonly portgroups: readonly PortgroupNode[];
  /** NICs straight on the bridge. */
  readonly nics: readonly NicNode[];
  /** Ports that no resource has. */
  readonly foreignPorts: readonly PortNode[];
}

/** What hangs where on one host. */
export interface Topology {
  readonly host: string;
  readonly versions: string;
  readonly bridges: readonly BridgeNode[];
  /** VMs with no NIC on any of these bridges. */
  readonly machinesApart: readonly { readonly name: string; readonly vmState: string; readonly state: State }[];
}

export interface TopologyResources {
  readonly host: JsonObject | undefined;
  readonly bridges: readonly JsonObject[];
  readonly vlanPorts: readonly JsonObject[];
  readonly portgroups: readonly JsonObject[];
  readonly virtualMachines: readonly JsonObject[];
}

const EVERY_VLAN = 'every VLAN';

/** Puts the resources of one host together, by what they say of each other and what their status says of the host. */
export function topologyOf(resources: TopologyResources, hostName: string): Topology {
  const { host } = resources;
  const bridges = inOrder(resources.bridges);
  const virtualMachines = inOrder(resources.virtualMachines);
  const nics = virtualMachines.flatMap(nicsOf);
  const placed = new Set(nics.map(({ node }) => node.machine));
  return {
    host: hostName,
    versions: ['ovs', 'libvirt', 'kernel'].flatMap((name) => textAt(host, 'status', 'versions', name)?.replace(/^/, `${name === 'ovs' ? 'Open vSwitch' : name} `) ?? []).join(', '),
    bridges: bridges.map((bridge) => bridgeNode(bridge, resources, nics)),
    machinesApart: virtualMachines.filter((vm) => !placed.has(nameOf(vm))).map((vm) => ({ name: nameOf(vm), vmState: vmStateOf(vm), state: stateOf(vm) })),
  };
}

interface PlacedNic {
  readonly portgroup: string | undefined;
  readonly bridge: string | undefined;
  readonly node: NicNode;
}

function nicsOf(vm: JsonObject): PlacedNic[] {
  const seen = objectsAt(vm, 'status', 'interfaces');
  return objectsAt(vm, 'spec', 'interfaces').map((nic) => {
    const name = textAt(nic, 'name') ?? '';
    const status = seen.find((each) => textAt(each, 'name') === name);
    return {
      portgroup: textAt(nic, 'portgroupName'),
      bridge: textAt(nic, 'bridgeName'),
      node: {
        machine: nameOf(vm),
        nic: name,
        port: textAt(status, 'portName') ?? '',
        addresses: textsAt(status, 'addresses'),
        vlan: vlanText(valueAt(nic, 'vlan')),
        vmState: vmStateOf(vm),
        state: stateOf(vm),
      },
    };
  });
}

function bridgeNode(bridge: JsonObject, { host, vlanPorts, portgroups }: TopologyResources, nics: readonly PlacedNic[]): BridgeNode {
  const name = nameOf(bridge);
  const links = new Map(objectsAt(host, 'status', 'interfaces').map((each) => [textAt(each, 'name'), textAt(each, 'linkState') ?? '']));
  const device = textAt(bridge, 'spec', 'deviceName') ?? name;
  const onBridge = (object: JsonObject): boolean => textAt(object, 'spec', 'bridgeName') === name;
  return {
    name,
    datapath: textAt(bridge, 'status', 'datapathType') ?? textAt(bridge, 'spec', 'datapathType') ?? '',
    addresses: textsAt(bridge, 'spec', 'localPort', 'addresses'),
    state: stateOf(bridge),
    uplinks: objectsAt(bridge, 'spec', 'uplinks').map((uplink) => uplinkNode(uplink, links)),
    ports: inOrder(vlanPorts.filter(onBridge)).map(portNode),
    network: textAt(bridge, 'spec', 'libvirtNetwork', 'name') ?? '',
    portgroups: inOrder(portgroups.filter(onBridge)).map((portgroup) => portgroupNode(portgroup, nics)),
    nics: nics.filter((nic) => nic.bridge === name).map(({ node }) => node),
    foreignPorts: objectsAt(bridge, 'status', 'ports').filter((port) => textAt(port, 'owner') === undefined && textAt(port, 'domainName') === undefined && textAt(port, 'name') !== device).map(foreignPort),
  };
}

function uplinkNode(uplink: JsonObject, links: ReadonlyMap<string | undefined, string>): UplinkNode {
  const name = textAt(uplink, 'name') ?? '';
  const members = objectsAt(uplink, 'bond', 'interfaces').map(({ name: member }) => shown(member));
  const states = (members.length > 0 ? members : [name]).map((member) => links.get(member) ?? '');
  const link = states.every((state) => state === states[0]) ? (states[0] ?? '') : 'partly up';
  return { name, members, vlan: vlanText(valueAt(uplink, 'vlan')), link };
}

function portNode(port: JsonObject): PortNode {
  const seen = textsAt(port, 'status', 'addresses');
  return {
    name: textAt(port, 'spec', 'deviceName') ?? nameOf(port),
    vlan: vlanText(valueAt(port, 'spec', 'vlan')),
    addresses: seen.length > 0 ? seen : textsAt(port, 'spec', 'addresses'),
    link: textAt(port, 'status', 'linkState') ?? '',
    state: stateOf(port),
  };
}

function foreignPort(port: JsonObject): PortNode {
  return { name: textAt(port, 'name') ?? '', vlan: vlanText(valueAt(port, 'vlan')), addresses: [], link: textAt(port, 'linkState') ?? '', state: { ready: 'Unknown', reason: 'of others', drifted: false } };
}

function portgroupNode(portgroup: JsonObject, nics: readonly PlacedNic[]): PortgroupNode {
  const name = nameOf(portgroup);
  const libvirtName = textAt(portgroup, 'spec', 'libvirtName') ?? '';
  const ours = nics.filter((nic) => nic.portgroup === name).map(({ node }) => node);
  const managed = new Set(ours.map(({ port }) => port));
  const others = objectsAt(portgroup, 'status', 'ports').filter((port) => !managed.has(textAt(port, 'name') ?? ''));
  return {
    name,
    libvirtName: libvirtName === name ? '' : libvirtName,
    vlan: vlanText(valueAt(portgroup, 'spec', 'vlan')),
    isDefault: valueAt(portgroup, 'spec', 'default') === true,
    state: stateOf(portgroup),
    nics: [...ours, ...others.map(foreignNic)],
  };
}

/** A port of a domain that no VirtualMachine manages. */
function foreignNic(port: JsonObject): NicNode {
  return { machine: textAt(port, 'domainName') ?? '?', nic: '', port: textAt(port, 'name') ?? '', addresses: [], vlan: EVERY_VLAN, vmState: 'running', state: { ready: 'True', reason: '', drifted: false } };
}

function stateOf(object: JsonObject): State {
  const conditions = conditionsOf(object);
  const ready = conditions.find(({ type }) => type === 'Ready');
  const status = ready?.status === 'True' || ready?.status === 'False' ? ready.status : 'Unknown';
  return { ready: status, reason: status === 'True' ? '' : (ready?.reason ?? 'Pending'), drifted: conditions.some(({ type, status: is }) => type === 'Drifted' && is === 'True') };
}

/** `VLAN 100`, `trunk 2,3,6`, `native 5, trunk 6,7`, `tunnel 9`. */
export function vlanText(vlan: Json | undefined): string {
  const mode = textAt(vlan, 'mode');
  const tag = numberAt(vlan, 'tag');
  const trunks = valueAt(vlan, 'trunks');
  const list = Array.isArray(trunks) ? ranges(trunks.map(Number)) : 'all';
  if (mode === undefined) return EVERY_VLAN;
  if (mode === 'access') return `VLAN ${tag ?? ''}`;
  if (mode === 'trunk') return `trunk ${list}`;
  return mode === 'dot1q-tunnel' ? `tunnel ${tag ?? ''}` : `native ${tag ?? ''}, trunk ${list}`;
}

/** `2,3,4,9` as `2-4,9`. */
function ranges(ids: readonly number[]): string {
  const runs: { from: number; to: number }[] = [];
  for (const id of [...ids].sort((a, b) => a - b)) {
    const last = runs.at(-1);
    if (last && id === last.to + 1) last.to = id;
    else runs.push({ from: id, to: id });
  }
  return runs.map(({ from, to }) => (from === to ? `${from}` : to === from + 1 ? `${from},${to}` : `${from}-${to}`)).join(',');
}

/** By name, numbers in it by size: vlan-2 before vlan-100. */
function inOrder(objects: readonly JsonObject[]): JsonObject[] {
  return objects.toSorted((left, right) => nameOf(left).localeCompare(nameOf(right), 'en', { numeric: true }));
}

function nameOf(object: JsonObject): string {
  return textAt(object, 'metadata', 'name') ?? '';
}

function vmStateOf(vm: JsonObject): string {
  return textAt(vm, 'status', 'state') ?? '';
}
