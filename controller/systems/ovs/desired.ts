import type { AdoptionPolicy, Ownership, OwnerKey } from '../owner.ts';
import type { Vlan } from '../vlan.ts';

/** What Open vSwitch should be. Words are those of ovs-vswitchd.conf.db(5). */
export interface OvsDesired {
  readonly bridges: readonly OvsBridge[];
  /** Ports that libvirt makes for running VMs: we set their VLAN and nothing else, and never add or remove one. */
  readonly vmPorts: readonly OvsVmPort[];
  readonly ownership: Ownership;
}

export interface OvsBridge {
  readonly owner: OwnerKey;
  readonly name: string;
  readonly adoption: AdoptionPolicy;
  /** `auto` is resolved before: it never changes a bridge that exists. `system` is written as such. */
  readonly datapathType: 'auto' | 'system' | 'netdev';
  readonly failMode?: 'standalone' | 'secure';
  readonly stp: boolean;
  readonly rstp: boolean;
  readonly mcastSnooping: boolean;
  readonly protocols: readonly string[];
  readonly controllers: readonly string[];
  /** The bridge's own (local) port. */
  readonly localPort: { readonly vlan?: Vlan; readonly mtuRequest?: number };
  readonly ports: readonly OvsPort[];
  readonly mirrors: readonly OvsMirror[];
  readonly unmanagedPorts: 'Ignore' | 'Report' | 'Remove';
}

/** A port of a bridge: an uplink (one NIC or a bond) or an internal port of the host. */
export interface OvsPort {
  readonly owner: OwnerKey;
  readonly name: string;
  readonly adoption: AdoptionPolicy;
  readonly vlan?: Vlan;
  readonly interfaces: readonly OvsInterface[];
  readonly bond?: OvsBond;
}

export interface OvsInterface {
  readonly name: string;
  /** `''` is a device of the system, `internal` one that Open vSwitch makes. */
  readonly type: '' | 'internal';
  /** Written to `Interface.mac`, for internal interfaces that are ours from the start; an adopted one keeps its own. */
  readonly mac?: string;
  readonly mtuRequest?: number;
  /** True: the device may be missing without harm (netplan's `optional`). */
  readonly optional: boolean;
}

export interface OvsBond {
  readonly mode?: 'active-backup' | 'balance-slb' | 'balance-tcp';
  readonly lacp?: 'active' | 'passive' | 'off';
  readonly updelayMilliseconds?: number;
  readonly downdelayMilliseconds?: number;
}

export interface OvsMirror {
  readonly name: string;
  readonly selectAll: boolean;
  readonly selectPorts: readonly string[];
  readonly selectVlans: readonly number[];
  readonly outputPort?: string;
  readonly outputVlan?: number;
}

/** A running VM's port, found by `Interface.external_ids:attached-mac` on the bridge. */
export interface OvsVmPort {
  readonly owner: OwnerKey;
  readonly bridgeName: string;
  readonly mac: string;
  readonly vlan?: Vlan;
}
