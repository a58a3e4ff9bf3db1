import type { NetplanDevice } from '../systems/netplan/desired.ts';
import type { OvsPort } from '../systems/ovs/desired.ts';
import { rendererOf } from './bridge.ts';
import { derivedMac } from './mac.ts';
import { deviceName, ownerKey, type BridgeResource, type HostResource, type VlanPortResource } from './resources.ts';
import { vlanOf } from './vlan.ts';

/** The internal port of Open vSwitch that carries the host's addresses in a VLAN. */
export function internalPort(port: VlanPortResource, bridge: BridgeResource, hostName: string): OvsPort {
  const { spec } = port;
  const name = deviceName(port);
  const mtuRequest = spec.mtu ?? bridge.spec.mtu;
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

/** The port's netplan stanza. Its MTU is Open vSwitch's business (`mtu_request`). */
export function vlanPortDevice(port: VlanPortResource, host: HostResource | undefined): NetplanDevice {
  const { spec } = port;
  return {
    owner: ownerKey(port),
    name: deviceName(port),
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
