import type { OvsRows } from '../../systems/ovs/replica/rows.ts';
import type { BridgeRow, InterfaceRow, PortRow } from '../../systems/ovs/schema/rows.ts';

/** A part of the host that traffic runs through: `device:eth0`, `port:bond0`, `bridge:lunabr`. */
export type HostPart = `${'device' | 'port' | 'bridge'}:${string}`;

/** Set by libvirt and other hypervisors on an interface of a guest. */
const GUEST_KEYS = ['attached-mac', 'vm-id', 'iface-id'];

/**
 * All parts that the traffic of a device runs through: the device, and where Open vSwitch has it, its port, the bridge, and the
 * ports by which the bridge reaches the outside.
 */
export function pathOf(device: string, rows: OvsRows): ReadonlySet<HostPart> {
  const path = new Set<HostPart>([`device:${device}`]);
  const iface = rows.named('Interface', device);
  const port = iface && rows.portOf(iface);
  const bridge = port && rows.bridgeOf(port);
  if (!port || !bridge) return path;
  path.add(`port:${port.name}`).add(`bridge:${bridge.name}`);
  for (const part of outwardParts(bridge, rows)) path.add(part);
  return path;
}

/** The ports of a bridge that lead off the host, with their devices: neither the host's own nor those of guests. */
function outwardParts(bridge: BridgeRow, rows: OvsRows): readonly HostPart[] {
  return rows
    .rows('Port', bridge.ports)
    .filter((port) => leadsOut(port, rows))
    .flatMap((port) => partsOf(port, rows));
}

function leadsOut(port: PortRow, rows: OvsRows): boolean {
  return rows.interfacesOf(port).some((iface) => iface.type !== 'internal' && !isGuests(iface));
}

export function isGuests({ external_ids }: InterfaceRow): boolean {
  return GUEST_KEYS.some((key) => external_ids.has(key));
}

/** A port and its devices. */
export function partsOf(port: PortRow, rows: OvsRows): readonly HostPart[] {
  return [`port:${port.name}`, ...rows.interfacesOf(port).map((iface): HostPart => `device:${iface.name}`)];
}
