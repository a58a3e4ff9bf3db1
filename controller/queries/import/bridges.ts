import type { BridgeSpec } from '../../../api/generated/kinds.ts';
import { isTrue } from '../../systems/netplan/device-needs.ts';
import type { NetplanObserved } from '../../systems/netplan/observed.ts';
import type { OvsObserved } from '../../systems/ovs/observed.ts';
import { bridgeOwner, vmInterface } from '../../systems/ovs/plan/ownership.ts';
import { vlanOfColumns } from '../../systems/ovs/plan/vlan.ts';
import { IFACE_ID } from '../../systems/ovs/replica/mark.ts';
import type { BridgeRow, InterfaceRow, PortRow } from '../../systems/ovs/schema/rows.ts';
import type { OwnerKey } from '../../systems/owner.ts';
import type { Vlan } from '../../systems/vlan.ts';
import { collectorsOf } from './collectors.ts';
import { deviceSettings, matchedMac, textsAt } from './device-settings.ts';
import { nameOf, type ImportDraft } from './draft.ts';
import { mirrorOf } from './mirrors.ts';
import type { Written } from './written.ts';

export type WrittenBridge = Written<BridgeSpec>;
type Uplink = NonNullable<WrittenBridge['uplinks']>[number];

/** A bridge of the host and the resource that it becomes. */
export interface FoundBridge {
  readonly owner: OwnerKey;
  readonly row: BridgeRow;
  readonly local: PortRow | undefined;
  /** NICs, bonds, and what of others is on it. */
  readonly otherPorts: readonly PortRow[];
  /** Ports of the host itself: what becomes VlanPorts. */
  readonly internalPorts: readonly PortRow[];
  /** `mtu_request` of the bridge's own port, which its ports take where they have none of their own. */
  readonly mtu: number | undefined;
}

export interface BridgeSurroundings {
  readonly ovs: OvsObserved;
  readonly netplan: NetplanObserved | undefined;
  /** The libvirt network that leads to a bridge of that name. */
  readonly libvirtNetworkOf: (bridgeName: string, owner: OwnerKey) => WrittenBridge['libvirtNetwork'];
  /** `VM/NIC` for the MAC of an imported VM's NIC. */
  readonly nicNamed: (mac: string) => string | undefined;
}

/** Every bridge of Open vSwitch, by name, with the key of its resource. `guestDevices` are the devices of running VMs. */
export function findBridges({ rows }: OvsObserved, guestDevices: ReadonlySet<string>, draft: ImportDraft): FoundBridge[] {
  return [...rows.bridges].sort((a, b) => (a.name < b.name ? -1 : 1)).map((row) => {
    const ports = rows.rows('Port', row.ports).sort((a, b) => (a.name < b.name ? -1 : 1));
    const local = ports.find(({ name }) => name === row.name);
    const others = ports.filter((port) => port !== local && !isGuestPort(port, rows, guestDevices));
    const internalPorts = others.filter((port) => isInternal(port, rows));
    return {
      owner: draft.key('Bridge', row.name, bridgeOwner(row, rows)),
      row,
      local,
      internalPorts,
      otherPorts: others.filter((port) => !internalPorts.includes(port)),
      mtu: local && rows.interfacesOf(local)[0]?.mtu_request,
    };
  });
}

export function importBridge({ owner, row, local, otherPorts, mtu }: FoundBridge, around: BridgeSurroundings, draft: ImportDraft): void {
  const { rows } = around.ovs;
  const spec: WrittenBridge = {
    ...(nameOf(owner) === row.name ? {} : { deviceName: row.name }),
    ...datapathType(row, around.ovs),
    uplinks: list(otherPorts.flatMap((port) => uplink(port, owner, mtu, around, draft))),
    localPort: local && localPort(local, row.name, around),
    mtu,
    failMode: row.fail_mode === 'standalone' || row.fail_mode === 'secure' ? row.fail_mode : undefined,
    stp: row.stp_enable || undefined,
    rstp: row.rstp_enable || undefined,
    mcastSnooping: row.mcast_snooping_enable || undefined,
    controllers: list(rows.rows('Controller', row.controller).map(({ target }) => target).sort()),
    protocols: list(row.protocols.filter(isProtocol).sort()),
    mirrors: list(rows.rows('Mirror', row.mirrors).map((mirror) => mirrorOf(mirror, around))),
    ...collectorsOf(row, rows),
    libvirtNetwork: around.libvirtNetworkOf(row.name, owner),
  };
  draft.add(owner, row.name, spec);
  remarkOn(row, owner, spec, draft);
}

/** `auto` is what makes a bridge of this type on this machine; only what it would not make is named. */
function datapathType({ datapath_type }: BridgeRow, { systemDatapath }: OvsObserved): Pick<WrittenBridge, 'datapathType'> {
  const found = datapath_type || 'system';
  const automatic = systemDatapath ? 'system' : 'netdev';
  return (found === 'system' || found === 'netdev') && found !== automatic ? { datapathType: found } : {};
}

/** A port that a hypervisor made for a guest, by what it wrote into it, or by what libvirt says. */
function isGuestPort(port: PortRow, rows: OvsObserved['rows'], guestDevices: ReadonlySet<string>): boolean {
  if (vmInterface(port, rows) !== undefined) return true;
  return rows.interfacesOf(port).some(({ name, external_ids: ids }) => ids.has(IFACE_ID) || guestDevices.has(name));
}

function isInternal(port: PortRow, rows: OvsObserved['rows']): boolean {
  const interfaces = rows.interfacesOf(port);
  return interfaces.length === 1 && interfaces[0]?.type === 'internal';
}

function localPort(port: PortRow, device: string, { netplan }: BridgeSurroundings): WrittenBridge['localPort'] {
  const stanza = netplan && deviceSettings(device, netplan).stanza;
  const addresses = textsAt(stanza, 'addresses');
  const field = { ...vlanField(port), ...(addresses.length === 0 ? {} : { addresses }), ...(stanza?.['activation-mode'] === 'off' ? { up: false } : {}) };
  return Object.keys(field).length === 0 ? undefined : field;
}

/** A NIC or a bond of NICs; what is neither is left out and told. */
function uplink(port: PortRow, owner: OwnerKey, bridgeMtu: number | undefined, around: BridgeSurroundings, draft: ImportDraft): Uplink[] {
  const interfaces = around.ovs.rows.interfacesOf(port);
  const strange = interfaces.find(({ type }) => type !== '' && type !== 'system');
  if (strange) return leaveOut(draft, owner, `port ${port.name} is of type ${strange.type}, which no manifest says; it stays as it is`);
  const kinds = interfaces.map(({ name }) => around.netplan?.kernel.links.get(name)?.kind);
  if (kinds.includes('tun')) return leaveOut(draft, owner, `port ${port.name} is a tap device, as a VM or a container has; it stays as it is`);
  if (kinds.includes('veth')) draft.chosen(owner, `${port.name} is a veth, which may lead to a container or out of the host: taken for an uplink`);
  const requests = new Set(interfaces.map(({ mtu_request }) => mtu_request));
  const [mtu] = requests;
  return [
    {
      name: port.name,
      ...(interfaces.length === 1 ? nicSettings(interfaces[0], around) : { bond: bondOf(port, interfaces, around) }),
      ...(interfaces.every(({ name }) => isOptional(name, around)) ? { optional: true } : {}),
      ...vlanField(port),
      ...(mtu === undefined || requests.size > 1 || mtu === bridgeMtu ? {} : { mtu }),
    },
  ];
}

function leaveOut(draft: ImportDraft, owner: OwnerKey, message: string): [] {
  draft.leftOut(message, owner);
  return [];
}

function bondOf(port: PortRow, interfaces: readonly InterfaceRow[], around: BridgeSurroundings): Uplink['bond'] {
  const { bond_mode, lacp, bond_updelay, bond_downdelay, other_config } = port;
  const [lacpTime, rebalance, primary] = ['lacp-time', 'bond-rebalance-interval', 'bond-primary'].map((key) => other_config.get(key));
  return {
    interfaces: interfaces.map((nic) => ({ name: nic.name, ...nicSettings(nic, around) })).sort((a, b) => (a.name < b.name ? -1 : 1)),
    mode: bond_mode === 'balance-slb' || bond_mode === 'balance-tcp' ? bond_mode : 'active-backup',
    lacp: lacp === 'active' || lacp === 'passive' ? lacp : 'off',
    ...(bond_updelay === 0 ? {} : { updelayMilliseconds: bond_updelay }),
    ...(bond_downdelay === 0 ? {} : { downdelayMilliseconds: bond_downdelay }),
    ...(lacpTime === 'fast' || lacpTime === 'slow' ? { lacpTime } : {}),
    ...(rebalance === undefined ? {} : { rebalanceIntervalMilliseconds: Number(rebalance) }),
    ...(primary === undefined ? {} : { primary }),
  };
}

function nicSettings(nic: InterfaceRow | undefined, { netplan }: BridgeSurroundings): Pick<Uplink, 'match'> {
  const mac = nic && netplan ? matchedMac(deviceSettings(nic.name, netplan).stanza) : undefined;
  return mac === undefined ? {} : { match: { macAddress: mac } };
}

function isOptional(device: string, { netplan }: BridgeSurroundings): boolean {
  return netplan !== undefined && isTrue(deviceSettings(device, netplan).stanza?.['optional']);
}

function remarkOn(row: BridgeRow, owner: OwnerKey, { uplinks }: WrittenBridge, draft: ImportDraft): void {
  if (row.external_ids.get('netplan') !== undefined) {
    draft.leftOut(`bridge ${row.name} was made by netplan's own openvswitch settings, which delete it when they no longer name it: take it out of netplan's files first`, owner);
  }
  if (!uplinks) draft.chosen(owner, `bridge ${row.name} has no way out of the host: a network inside it`);
}

/** The setting of a port in its shortest form: the native tag need not stand among the trunks. */
export function vlanField(port: PortRow): { vlan?: Vlan } {
  const vlan = vlanOfColumns(port);
  if (vlan === undefined) return {};
  return { vlan: { ...vlan, ...(vlan.trunks === undefined ? {} : { trunks: [...vlan.trunks].sort((a, b) => a - b) }) } };
}

type Protocol = NonNullable<BridgeSpec['protocols']>[number];
const PROTOCOLS: readonly Protocol[] = ['OpenFlow10', 'OpenFlow11', 'OpenFlow12', 'OpenFlow13', 'OpenFlow14', 'OpenFlow15'];

function isProtocol(text: string): text is Protocol {
  return PROTOCOLS.some((protocol) => protocol === text);
}

function list<Item>(items: readonly Item[]): Item[] | undefined {
  return items.length === 0 ? undefined : [...items];
}
