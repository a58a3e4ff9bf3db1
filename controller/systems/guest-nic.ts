import type { OwnerKey } from './owner.ts';
import type { Vlan } from './vlan.ts';

/** What the hypervisor says of a NIC of a guest that runs. Open vSwitch shows its port, but not what it should have. */
export interface GuestNic {
  /** Lower case. */
  readonly mac: string;
  /** The tap: `vnet5`. */
  readonly device: string;
  readonly guestUuid: string;
  /** The resource that describes the guest, where one does. */
  readonly owner?: OwnerKey;
  /** The port's `iface-id`, where the hypervisor gave it one. */
  readonly interfaceId?: string;
  /** The libvirt network and portgroup that it is on, where it is on one. */
  readonly network?: string;
  readonly portgroup?: string;
  /** The bridge that it is on, as the hypervisor has it. */
  readonly bridgeName?: string;
  /** What its portgroup gives to a NIC that starts now; absent: every VLAN, or no portgroup. */
  readonly portgroupVlan?: Vlan;
  /** It names a portgroup that its network does not have, so that it starts without any VLAN: every VLAN passes. */
  readonly lacksPortgroup: boolean;
  /** Its own definition limits its bandwidth, which counts before what its portgroup says. */
  readonly hasOwnLimits?: boolean;
}
