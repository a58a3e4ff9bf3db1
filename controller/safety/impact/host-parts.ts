import type { KernelState } from '../../systems/netplan/observed.ts';
import type { OvsRows } from '../../systems/ovs/replica/rows.ts';
import type { BridgeRow, InterfaceRow, PortRow } from '../../systems/ovs/schema/rows.ts';

/** A part of the host that traffic runs through: `device:eth0`, `port:bond0`, `bridge:lunabr`. */
export type HostPart = `${'device' | 'port' | 'bridge'}:${string}`;

/** What tells how the parts of a host are put together; without Open vSwitch where that can't be read. */
export interface HostLayout {
  readonly rows: OvsRows | undefined;
  readonly kernel: Pick<KernelState, 'links'>;
}

/** Set by libvirt and other hypervisors on an interface of a guest. */
const GUEST_KEYS = ['attached-mac', 'vm-id', 'iface-id'];

/**
 * All parts that the traffic of a device runs through: the device, those below it in the kernel (a VLAN's, a bond's, the other end of
 * a veth), and where Open vSwitch has one of these, its port, the bridge, and the ports by which the bridge reaches the outside, over
 * patch ports and further bridges too.
 */
export function pathOf(device: string, layout: HostLayout): ReadonlySet<HostPart> {
  const path = new Set<HostPart>();
  followDevice(device, layout, path);
  return path;
}

function followDevice(device: string, layout: HostLayout, path: Set<HostPart>): void {
  if (path.has(`device:${device}`)) return;
  path.add(`device:${device}`);
  const { links } = layout.kernel;
  const below = links.get(device)?.below;
  if (below !== undefined) followDevice(below, layout, path);
  for (const link of links.values()) if (link.master === device) followDevice(link.name, layout, path);
  const iface = layout.rows?.named('Interface', device);
  if (iface) followInterface(iface, layout, path);
}

function followInterface(iface: InterfaceRow, layout: HostLayout, path: Set<HostPart>): void {
  const port = layout.rows?.portOf(iface);
  const bridge = port && layout.rows?.bridgeOf(port);
  if (!port || !bridge) return;
  path.add(`port:${port.name}`);
  followBridge(bridge, layout, path);
}

/** Neither the host's own ports nor those of guests lead off the host. */
function followBridge(bridge: BridgeRow, layout: HostLayout, path: Set<HostPart>): void {
  const { rows } = layout;
  if (!rows || path.has(`bridge:${bridge.name}`)) return;
  path.add(`bridge:${bridge.name}`);
  for (const port of rows.rows('Port', bridge.ports)) {
    if (!leadsOut(port, rows)) continue;
    path.add(`port:${port.name}`);
    for (const iface of rows.interfacesOf(port)) {
      const peer = iface.type === 'patch' ? rows.named('Interface', iface.options.get('peer') ?? '') : undefined;
      followDevice(iface.name, layout, path);
      if (peer) followDevice(peer.name, layout, path);
    }
  }
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
