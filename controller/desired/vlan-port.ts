import type { NetplanDevice } from '../systems/netplan/desired.ts';
import type { OvsPort } from '../systems/ovs/desired.ts';
import { rendererOf } from './bridge.ts';
import { derivedMac } from './mac.ts';
import { PerResource } from './per-resource.ts';
import { deviceName, ownerKey, type BridgeResource, type HostResource, type VlanPortResource } from './resources.ts';
import { vlanOf } from './vlan.ts';

/** By spec, which a new status leaves the very same object. */
const internalPorts = new PerResource<VlanPortResource['spec'], OvsPort>();
const devices = new PerResource<VlanPortResource['spec'], NetplanDevice>();

/** The internal port of Open vSwitch that carries the host's addresses in a VLAN. The same object where nothing changed. */
export function internalPort(port: VlanPortResource, bridge: BridgeResource, hostName: string): OvsPort {
  const mtuRequest = port.spec.mtu ?? bridge.spec.mtu;
  return internalPorts.of(port.spec, [port.metadata.name, mtuRequest, hostName], () => makeInternalPort(port, mtuRequest, hostName));
}

/** The port's netplan stanza. Its MTU is Open vSwitch's business (`mtu_request`). The same object where nothing changed. */
export function vlanPortDevice(port: VlanPortResource, host: HostResource | undefined): NetplanDevice {
  return devices.of(port.spec, [port.metadata.name, rendererOf(host).renderer], () => makeDevice(port, host));
}

function makeInternalPort(port: VlanPortResource, mtuRequest: number | undefined, hostName: string): OvsPort {
  const { spec } = port;
  const name = deviceName(port);
  return {
    owner: ownerKey(port),
    name,
    adoption: spec.adoptionPolicy ?? 'IfMatching',
    ...vlanOf(spec.vlan),
    interfaces: [
      {
        name,
        type: 'internal',
        mac: spec.macAddress?.toLowerCase() ?? derivedMac(hostName, name),
        optional: false,
        ...(mtuRequest === undefined ? {} : { mtuRequest }),
      },
    ],
  };
}

function makeDevice(port: VlanPortResource, host: HostResource | undefined): NetplanDevice {
  const { spec } = port;
  return {
    owner: ownerKey(port),
    name: deviceName(port),
    adoption: spec.adoptionPolicy ?? 'IfMatching',
    lasting: false,
    ...rendererOf(host),
    optional: spec.optional ?? false,
    addresses: spec.addresses ?? [],
    dhcp4: spec.dhcp4 ?? false,
    dhcp6: spec.dhcp6 ?? false,
    ...(spec.acceptRa === undefined ? {} : { acceptRa: spec.acceptRa }),
    noLinkLocal: false,
    routes: spec.routes ?? [],
    routingPolicy: spec.routingPolicy ?? [],
    ...(spec.nameservers === undefined
      ? {}
      : { nameservers: { addresses: spec.nameservers.addresses ?? [], search: spec.nameservers.search ?? [] } }),
  };
}
