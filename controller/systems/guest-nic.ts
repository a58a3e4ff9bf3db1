/** What the hypervisor says of a NIC of a guest that runs. Open vSwitch shows its port, but not what it should have. */
export interface GuestNic {
  /** Lower case. */
  readonly mac: string;
  /** The tap: `vnet5`. */
  readonly device: string;
  readonly guestUuid: string;
  /** The port's `iface-id`, where the hypervisor gave it one. */
  readonly interfaceId?: string;
  /** The libvirt network and portgroup that it is on, where it is on one. */
  readonly network?: string;
  readonly portgroup?: string;
  /** It names a portgroup that its network does not have, so that it starts without any VLAN: every VLAN passes. */
  readonly lacksPortgroup: boolean;
  /** Its own definition limits its bandwidth, which counts before what its portgroup says. */
  readonly hasOwnLimits?: boolean;
}
