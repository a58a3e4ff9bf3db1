/** A VLAN setting, the same on every port (Open vSwitch `vlan_mode`, ovs-vswitchd.conf.db(5)). Absent = every VLAN passes. */
export interface Vlan {
  readonly mode: 'access' | 'trunk' | 'native-tagged' | 'native-untagged' | 'dot1q-tunnel';
  readonly tag?: number;
  readonly trunks?: readonly number[];
}
