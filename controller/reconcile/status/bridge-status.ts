import { nicNames } from '../../desired/bridge.ts';
import { deviceName, type BridgeResource } from '../../desired/resources.ts';
import type { ObservedBridge, ObservedInterface, ObservedPort } from '../../systems/ovs/observed.ts';
import type { LibvirtFacts } from '../../systems/libvirt/observed.ts';
import type { KindStatus, Surroundings } from './kind-status.ts';

export function bridgeStatus(bridge: BridgeResource, { reports, hostName }: Surroundings): KindStatus {
  const observed = reports.ovs?.observed?.bridges.get(deviceName(bridge));
  const libvirt = reports.libvirt?.observed;
  const uplinks = bridge.spec.uplinks ?? [];
  const local = observed?.ports.find(({ name }) => name === observed.name)?.interfaces[0];
  return {
    fields: {
      hostName,
      deviceName: deviceName(bridge),
      ...(observed
        ? { datapathID: observed.datapathId, datapathType: observed.datapathType, ports: observed.ports.map((port) => portStatus(port, libvirt)) }
        : {}),
      ...(local ? { macAddress: local.macInUse, ...(local.mtu === undefined ? {} : { mtu: local.mtu }) } : {}),
      ...networkStatus(bridge, libvirt),
      summary: { uplinks: uplinks.map(({ name }) => name).join(','), ports: observed?.ports.length ?? 0 },
    },
    liveness: observed ? liveness(bridge, observed) : { reason: 'BridgeNotFound', message: `Open vSwitch has no bridge ${deviceName(bridge)}` },
  };
}

function liveness(bridge: BridgeResource, observed: ObservedBridge): KindStatus['liveness'] {
  if (observed.datapathId === '') {
    return { reason: 'DatapathNotWorking', message: `the ${observed.datapathType || 'system'} datapath of ${observed.name} does not work; see spec.datapathType` };
  }
  const interfaces = new Map(observed.ports.flatMap((port) => port.interfaces).map((device) => [device.name, device]));
  for (const uplink of bridge.spec.uplinks ?? []) {
    if (uplink.optional === true) continue;
    const down = nicNames(uplink).find((name) => interfaces.get(name)?.linkState === 'down');
    if (down !== undefined) return { reason: 'UplinkDown', message: `uplink ${down} has no link; check the cable and the switch` };
  }
  return undefined;
}

function portStatus(port: ObservedPort, libvirt: LibvirtFacts | undefined): Record<string, unknown> {
  const [first] = port.interfaces;
  const error = port.interfaces.map((device) => device.error).filter(Boolean).join('; ');
  const domain = first?.vmId === undefined ? undefined : domainByUuid(libvirt, first.vmId);
  return {
    name: port.name,
    ...(first ? interfaceFields(first) : {}),
    ...(port.owner === undefined ? {} : { owner: port.owner }),
    ...(domain === undefined ? {} : { domainName: domain }),
    ...(port.vlan === undefined ? {} : { vlan: port.vlan }),
    ...(error === '' ? {} : { error }),
  };
}

function interfaceFields({ type, macInUse, attachedMac, ofport, linkState }: ObservedInterface): Record<string, unknown> {
  const mac = attachedMac ?? macInUse;
  return {
    ...(type === '' ? {} : { type }),
    ...(mac === '' ? {} : { macAddress: mac }),
    ofport,
    linkState: linkState === 'up' || linkState === 'down' ? linkState : 'unknown',
  };
}

function domainByUuid(libvirt: LibvirtFacts | undefined, uuid: string): string | undefined {
  return [...(libvirt?.domains.values() ?? [])].find((domain) => domain.uuid === uuid)?.name;
}

function networkStatus({ spec }: BridgeResource, libvirt: LibvirtFacts | undefined): Record<string, unknown> {
  const network = spec.libvirtNetwork === undefined ? undefined : libvirt?.networks.get(spec.libvirtNetwork.name);
  if (!network) return {};
  const { name, uuid, active, autostart } = network;
  return { libvirtNetwork: { name, uuid, active, autostart } };
}
