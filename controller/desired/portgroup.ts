import type { LibvirtPortgroup } from '../systems/libvirt/desired.ts';
import { ownerKey, type PortgroupResource } from './resources.ts';
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
