import type { LibvirtNetwork, LibvirtPortgroup } from '../systems/libvirt/desired.ts';
import type { NetplanDevice } from '../systems/netplan/desired.ts';
import type { OvsBond, OvsBridge, OvsMirror, OvsPort } from '../systems/ovs/desired.ts';
import { flowCollectors } from './flow-collectors.ts';
import { deviceName, ownerKey, type BridgeResource, type HostResource } from './resources.ts';
import { vlanOf } from './vlan.ts';

type Uplink = NonNullable<BridgeResource['spec']['uplinks']>[number];

/** A bridge with its uplinks, the internal ports that others put on it, and its mirrors. */
export function ovsBridge(
  bridge: BridgeResource,
  { internalPorts, mirrors, host }: { readonly internalPorts: readonly OvsPort[]; readonly mirrors: readonly OvsMirror[]; readonly host: HostResource | undefined },
): OvsBridge {
  const { spec } = bridge;
  return {
    owner: ownerKey(bridge),
    name: deviceName(bridge),
    adoption: spec.adoptionPolicy ?? 'IfMatching',
    datapathType: spec.datapathType ?? 'auto',
    ...(spec.failMode === undefined ? {} : { failMode: spec.failMode }),
    stp: spec.stp ?? false,
    rstp: spec.rstp ?? false,
    mcastSnooping: spec.mcastSnooping ?? false,
    protocols: spec.protocols ?? [],
    controllers: spec.controllers ?? [],
    localPort: {
      ...vlanOf(spec.localPort?.vlan),
      ...(spec.mtu === undefined ? {} : { mtuRequest: spec.mtu }),
    },
    ports: [...(spec.uplinks ?? []).map((uplink) => uplinkPort(bridge, uplink)), ...internalPorts],
    mirrors,
    ...flowCollectors(spec),
    unmanagedPorts: spec.unmanagedPorts ?? host?.spec.unmanagedPorts ?? 'Report',
  };
}

function uplinkPort(bridge: BridgeResource, uplink: Uplink): OvsPort {
  const mtuRequest = uplink.mtu ?? bridge.spec.mtu;
  const { bond } = uplink;
  return {
    owner: ownerKey(bridge),
    name: uplink.name,
    adoption: bridge.spec.adoptionPolicy ?? 'IfMatching',
    ...vlanOf(uplink.vlan),
    interfaces: nicNames(uplink).map((name) => ({
      name,
      type: '',
      optional: uplink.optional ?? false,
      ...(mtuRequest === undefined ? {} : { mtuRequest }),
    })),
    ...(bond === undefined ? {} : { bond: ovsBond(bond) }),
  };
}

function ovsBond(bond: NonNullable<Uplink['bond']>): OvsBond {
  const { mode, lacp, lacpTime, updelayMilliseconds, downdelayMilliseconds, rebalanceIntervalMilliseconds, primary } = bond;
  return {
    mode,
    lacp,
    ...(updelayMilliseconds === undefined ? {} : { updelayMilliseconds }),
    ...(downdelayMilliseconds === undefined ? {} : { downdelayMilliseconds }),
    ...(lacpTime === undefined ? {} : { lacpTime }),
    ...(rebalanceIntervalMilliseconds === undefined ? {} : { rebalanceIntervalMilliseconds }),
    ...(primary === undefined ? {} : { primary }),
  };
}

/** The NICs of an uplink: its own name, or those of its bond. */
export function nicNames({ name, bond }: Uplink): readonly string[] {
  return bond === undefined ? [name] : bond.interfaces.map((nic) => nic.name);
}

/** What netplan must know: the NICs and the bridge's own device carry no addresses but the local port's. */
export function bridgeDevices(bridge: BridgeResource, host: HostResource | undefined): NetplanDevice[] {
  const addresses = bridge.spec.localPort?.addresses ?? [];
  const adoption = bridge.spec.adoptionPolicy ?? 'IfMatching';
  const silent = { owner: ownerKey(bridge), adoption, ...rendererOf(host), dhcp4: false, dhcp6: false, routes: [], routingPolicy: [] };
  const uplinks = (bridge.spec.uplinks ?? []).flatMap((uplink) => {
    const nics = uplink.bond?.interfaces ?? [uplink];
    return nics.map(
      (nic): NetplanDevice => ({
        ...silent,
        name: nic.name,
        lasting: true,
        ...(nic.match === undefined ? {} : { match: { macAddress: nic.match.macAddress } }),
        optional: uplink.optional ?? false,
        addresses: [],
        noLinkLocal: true,
      }),
    );
  });
  const local: NetplanDevice = { ...silent, name: deviceName(bridge), lasting: false, optional: true, optionalUnasked: true, addresses, noLinkLocal: addresses.length === 0 };
  return [...uplinks, bridge.spec.localPort?.up === false ? { ...local, keptDown: true } : local];
}

export function rendererOf(host: HostResource | undefined): Pick<NetplanDevice, 'renderer'> {
  const renderer = host?.spec.netplan?.renderer;
  return renderer === undefined ? {} : { renderer };
}

/** The libvirt network of a bridge, where it has one. */
export function libvirtNetwork(bridge: BridgeResource, portgroups: readonly LibvirtPortgroup[]): LibvirtNetwork | undefined {
  const network = bridge.spec.libvirtNetwork;
  if (network === undefined) return undefined;
  return {
    owner: ownerKey(bridge),
    name: network.name,
    bridgeName: deviceName(bridge),
    autostart: network.autostart ?? true,
    adoption: bridge.spec.adoptionPolicy ?? 'IfMatching',
    portgroups,
  };
}
