import type { LibvirtPortgroup } from '../systems/libvirt/desired.ts';
import type { OvsPortgroup } from '../systems/ovs/desired.ts';
import { deviceName, ownerKey, type BridgeResource, type PortgroupResource } from './resources.ts';
import { vlanOf } from './vlan.ts';

/** What libvirt shows for a Portgroup. */
export function portgroupName(portgroup: PortgroupResource): string {
  return portgroup.spec.libvirtName ?? portgroup.metadata.name;
}

export function libvirtPortgroup(portgroup: PortgroupResource): LibvirtPortgroup {
  const { spec } = portgroup;
  return {
    owner: ownerKey(portgroup),
    name: portgroupName(portgroup),
    isDefault: spec.default ?? false,
    adoption: spec.adoptionPolicy ?? 'IfMatching',
    ...vlanOf(spec.vlan),
    ...(spec.bandwidth === undefined ? {} : { bandwidth: spec.bandwidth }),
    ...(spec.trustGuestRxFilters === undefined ? {} : { trustGuestRxFilters: spec.trustGuestRxFilters }),
  };
}

/** The same for the ports of guests that run, as Open vSwitch has them. */
export function ovsPortgroup(portgroup: PortgroupResource, bridge: BridgeResource): OvsPortgroup {
  const { spec } = portgroup;
  return {
    owner: ownerKey(portgroup),
    name: portgroupName(portgroup),
    network: bridge.spec.libvirtNetwork?.name ?? '',
    bridgeName: deviceName(bridge),
    isDefault: spec.default ?? false,
    ...vlanOf(spec.vlan),
    isolated: spec.isolated ?? false,
    ...(spec.bandwidth === undefined ? {} : { limits: spec.bandwidth }),
  };
}
