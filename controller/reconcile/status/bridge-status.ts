import { nicNames } from '../../desired/bridge.ts';
import { PerResource } from '../../desired/per-resource.ts';
import { deviceName, type BridgeResource } from '../../desired/resources.ts';
import type { ObservedBridge, ObservedInterface, ObservedPort, OvsFacts } from '../../systems/ovs/observed.ts';
import type { LibvirtFacts, ObservedDomain } from '../../systems/libvirt/observed.ts';
import type { KindStatus, Surroundings } from './kind-status.ts';

export function bridgeStatus(bridge: BridgeResource, { reports, hostName }: Surroundings): KindStatus {
  const observed = reports.ovs?.observed?.bridges.get(deviceName(bridge));
  const libvirt = reports.libvirt?.observed;
  const uplinks = bridge.spec.uplinks ?? [];
  const domains = domainsByUuid(libvirt);
  const local = reports.ovs?.observed?.portNamed(deviceName(bridge))?.interfaces[0];
  return {
    fields: () => ({
      hostName,
      deviceName: deviceName(bridge),
      ...(observed
        ? {
            datapathID: observed.datapathId,
            datapathType: observed.datapathType,
            ports: observed.ports.map((port) => portStatus(port, domains)),
            ...listed('controllers', [...observed.controllers].sort((a, b) => a.target.localeCompare(b.target))),
            ...listed('mirrors', observed.mirrors),
          }
        : {}),
      ...(local ? { macAddress: local.macInUse, ...(local.mtu === undefined ? {} : { mtu: local.mtu }) } : {}),
      ...networkStatus(bridge, libvirt),
      summary: { uplinks: uplinks.map(({ name }) => name).join(','), ports: observed?.ports.length ?? 0 },
    }),
    liveness: observed ? liveness(bridge, observed, reports.ovs?.observed) : { reason: 'BridgeNotFound', message: `Open vSwitch has no bridge ${deviceName(bridge)}` },
  };
}

function liveness(bridge: BridgeResource, observed: ObservedBridge, ovs: OvsFacts | undefined): KindStatus['liveness'] {
  if (observed.datapathId === '') {
    return { reason: 'DatapathNotWorking', message: `the ${observed.datapathType || 'system'} datapath of ${observed.name} does not work; see spec.datapathType` };
  }
  const interfaces = new Map(uplinkInterfaces(bridge, ovs).map((device) => [device.name, device]));
  for (const uplink of bridge.spec.uplinks ?? []) {
    if (uplink.optional === true) continue;
    const down = nicNames(uplink).find((name) => interfaces.get(name)?.linkState === 'down');
    if (down !== undefined) return { reason: 'UplinkDown', message: `uplink ${down} has no link; check the cable and the switch` };
  }
  return controllerLiveness(bridge, observed);
}

/** A bridge that fails secure forwards nothing new while it can reach none of its controllers. Those that come to it (ptcp:) may be away. */
function controllerLiveness({ spec }: BridgeResource, { controllers }: ObservedBridge): KindStatus['liveness'] {
  const active = controllers.filter(({ target }) => !target.startsWith('p'));
  if (spec.failMode !== 'secure' || active.length === 0 || controllers.some(({ connected }) => connected)) return undefined;
  const targets = active.map(({ target }) => target).join(', ');
  return { reason: 'ControllerNotConnected', message: `spec.failMode is secure and no controller is connected (${targets}): only flows that are there forward` };
}

function listed(field: string, items: readonly unknown[]): Record<string, unknown> {
  return items.length === 0 ? {} : { [field]: items };
}

function uplinkInterfaces({ spec }: BridgeResource, ovs: OvsFacts | undefined): readonly ObservedInterface[] {
  return (spec.uplinks ?? []).flatMap(({ name }) => ovs?.portNamed(name)?.interfaces ?? []);
}

const knownPorts = new PerResource<ObservedPort, Record<string, unknown>>();

/** The same object for the same port: a bridge may have thousands, of which one changed. */
function portStatus(port: ObservedPort, domains: DomainsByUuid): Record<string, unknown> {
  const vmId = port.interfaces[0]?.vmId;
  const domain = vmId === undefined ? undefined : domains.get(vmId);
  return knownPorts.of(port, [domain?.name, domain?.owner], () => makePortStatus(port, domain));
}

function makePortStatus(port: ObservedPort, domain: ObservedDomain | undefined): Record<string, unknown> {
  const [first] = port.interfaces;
  const error = port.interfaces.map((device) => device.error).filter(Boolean).join('; ');
  const owner = port.owner ?? domain?.owner;
  return {
    name: port.name,
    ...(first ? interfaceFields(first) : {}),
    ...(owner === undefined ? {} : { owner }),
    ...(domain === undefined ? {} : { domainName: domain.name }),
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

type DomainsByUuid = ReadonlyMap<string, ObservedDomain>;

function domainsByUuid(libvirt: LibvirtFacts | undefined): DomainsByUuid {
  return new Map([...(libvirt?.domains.values() ?? [])].map((domain) => [domain.uuid, domain]));
}

function networkStatus({ spec }: BridgeResource, libvirt: LibvirtFacts | undefined): Record<string, unknown> {
  const network = spec.libvirtNetwork === undefined ? undefined : libvirt?.networks.get(spec.libvirtNetwork.name);
  if (!network) return {};
  const { name, uuid, active, autostart } = network;
  return { libvirtNetwork: { name, uuid, active, autostart } };
}
