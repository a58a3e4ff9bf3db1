import type { HostDesired } from '../desired/host-desired.ts';
import type { NetplanDevice } from '../systems/netplan/desired.ts';
import { NETPLAN_HANGS, type NetplanFacts } from '../systems/netplan/observed.ts';
import type { OvsBridge, OvsPort } from '../systems/ovs/desired.ts';
import type { OvsFacts } from '../systems/ovs/observed.ts';
import type { OwnerKey } from '../systems/owner.ts';
import type { LaneReport } from './lane-report.ts';

/** What has to come first, in words, by NIC; only NICs that have to wait. */
export interface UplinkWaits {
  /** Until then Open vSwitch leaves the NIC alone. */
  readonly ovs: ReadonlyMap<string, string>;
  /** Until then netplan leaves the NIC its addresses. */
  readonly netplan: ReadonlyMap<string, string>;
}

export interface SeenOfUplinks {
  readonly ovs?: LaneReport<OvsFacts>;
  readonly netplan?: LaneReport<NetplanFacts>;
  /** Whether a NIC has waited long for something that may never come. */
  readonly isLate: (nic: string, waitsFor: string) => boolean;
}

interface Uplink {
  readonly nic: string;
  readonly port: OvsPort;
  readonly bridge: OvsBridge;
}

/** netplan can't take the addresses from the NIC while this is so. */
const CONFLICTS: ReadonlySet<string> = new Set(['DefinedElsewhere', 'OwnedByCloudInit']);

/**
 * A NIC that is put into a bridge is cut off from its own addresses at once. So the device that is to have them gets them first,
 * then Open vSwitch takes the NIC, then netplan takes the addresses from it: the host is without them only between the last two.
 * Pure.
 */
export function uplinkWaits({ ovs, netplan }: Pick<HostDesired, 'ovs' | 'netplan'>, seen: SeenOfUplinks): UplinkWaits {
  const waits = { ovs: new Map<string, string>(), netplan: new Map<string, string>() };
  for (const uplink of ovs.bridges.flatMap(uplinksOf)) {
    const { nic, bridge } = uplink;
    if (isAttached(uplink, seen)) continue;
    if (!seen.ovs || !seen.netplan?.observed) {
      const unknown = `it is known which addresses ${nic} has`;
      // A host without netplan never tells; one that is slow to tell is waited for, or it would be cut off and nobody had known.
      const mayNeverTell = seen.netplan?.unreachable !== undefined && seen.netplan.unreachable.reason !== NETPLAN_HANGS;
      if (!mayNeverTell || !seen.isLate(nic, unknown)) waits.ovs.set(nic, unknown);
      continue;
    }
    const addresses = seen.netplan.observed.links.get(nic)?.addresses ?? [];
    if (addresses.length === 0) continue;
    const reason = whyNotYet(addresses, { uplink, devices: netplan.devices, report: seen.netplan, isLate: seen.isLate });
    if (reason !== undefined) waits.ovs.set(nic, reason);
    waits.netplan.set(nic, `Open vSwitch has it in ${bridge.name}`);
  }
  return waits;
}

/** The desired state with what has to wait marked so; the same objects where nothing waits. */
export function withWaits(desired: Pick<HostDesired, 'ovs' | 'netplan'>, waits: UplinkWaits): Pick<HostDesired, 'ovs' | 'netplan'> {
  const { ovs, netplan } = desired;
  return {
    ovs: waits.ovs.size === 0 ? ovs : { ...ovs, bridges: ovs.bridges.map((bridge) => bridgeWithWaits(bridge, waits.ovs)) },
    netplan: waits.netplan.size === 0 ? netplan : { ...netplan, devices: netplan.devices.map((device) => waiting(device, waits.netplan.get(device.name))) },
  };
}

function bridgeWithWaits(bridge: OvsBridge, waits: ReadonlyMap<string, string>): OvsBridge {
  if (!uplinksOf(bridge).some(({ nic }) => waits.has(nic))) return bridge;
  return { ...bridge, ports: bridge.ports.map((port) => waiting(port, port.interfaces.flatMap(({ name }) => waits.get(name) ?? [])[0])) };
}

function waiting<T extends object>(element: T, waitsFor: string | undefined): T {
  return waitsFor === undefined ? element : { ...element, waitsFor };
}

function uplinksOf(bridge: OvsBridge): readonly Uplink[] {
  const ports = bridge.ports.filter(({ interfaces }) => interfaces.some(({ type }) => type === ''));
  return ports.flatMap((port) => port.interfaces.map(({ name }) => ({ nic: name, port, bridge })));
}

function isAttached({ nic, port }: Uplink, { ovs }: SeenOfUplinks): boolean {
  return ovs?.observed?.portNamed(port.name)?.interfaces.some(({ name }) => name === nic) === true;
}

interface Moving {
  readonly uplink: Uplink;
  readonly devices: readonly NetplanDevice[];
  readonly report: LaneReport<NetplanFacts>;
  readonly isLate: SeenOfUplinks['isLate'];
}

/** What must come before Open vSwitch may take a NIC with these addresses; undefined when nothing must. */
function whyNotYet(addresses: readonly string[], { uplink: { nic, port }, devices, report, isLate }: Moving): string | undefined {
  if (hasConflict(report, port.owner)) return `netplan may take ${addresses.join(', ')} from ${nic}`;
  const heirs = addresses.map((address) => ({ address, heir: devices.find((device) => has(device.addresses, address)) }));
  const missing = heirs.find(({ heir }) => heir === undefined);
  const mayComeByDhcp = devices.some(({ dhcp4, dhcp6 }) => dhcp4 || dhcp6);
  const asked = `a device asks for ${missing?.address}, which ${nic} has`;
  if (missing && !mayComeByDhcp && !isLate(nic, asked)) return asked;
  const without = heirs.find(({ address, heir }) => heir && !has(report.observed?.links.get(heir.name)?.addresses ?? [], address));
  return without && `${without.heir?.name} has ${without.address}, which ${nic} still has`;
}

function hasConflict({ outstanding }: LaneReport<NetplanFacts>, owner: OwnerKey): boolean {
  return outstanding.get(owner)?.refusals.some(({ reason }) => CONFLICTS.has(reason)) === true;
}

/** Whether an address is among these, with whatever prefix length. */
function has(addresses: readonly string[], wanted: string): boolean {
  return addresses.some((address) => address.split('/')[0] === wanted.split('/')[0]);
}
