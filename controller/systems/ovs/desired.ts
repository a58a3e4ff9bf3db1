import type { AdoptionPolicy, Ownership, OwnerKey } from '../owner.ts';
import type { Vlan } from '../vlan.ts';

/** What Open vSwitch should be. Words are those of ovs-vswitchd.conf.db(5). */
export interface OvsDesired {
  /** The switch as a whole, where a Host says something about it. */
  readonly root?: OvsRoot;
  readonly bridges: readonly OvsBridge[];
  /** Ports that libvirt makes for running VMs: we set what the resource says of them, and never add or remove one. */
  readonly vmPorts: readonly OvsVmPort[];
  /** What libvirt's networks on our bridges give to the NICs of guests that no resource describes. */
  readonly portgroups: readonly OvsPortgroup[];
  readonly ownership: Ownership;
}

export interface OvsPortgroup {
  readonly owner: OwnerKey;
  /** Its name in libvirt, and that of its network. */
  readonly name: string;
  readonly network: string;
  readonly bridgeName: string;
  /** What a NIC has that names none. */
  readonly isDefault: boolean;
  readonly vlan?: Vlan;
  readonly isolated: boolean;
  readonly limits?: OvsLimits;
}

export interface OvsRoot {
  readonly owner: OwnerKey;
  /** How many VLAN headers are looked at (`other_config:vlan-limit`). */
  readonly vlanLimit?: number;
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
  readonly netflow?: OvsNetflow;
  readonly sflow?: OvsSflow;
  readonly ipfix?: OvsIpfix;
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
  /** What must come first, in words, where it is not on the bridge yet. */
  readonly waitsFor?: string;
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
  readonly lacpTime?: 'fast' | 'slow';
  readonly rebalanceIntervalMilliseconds?: number;
  /** The interface that active-backup prefers. */
  readonly primary?: string;
}

export interface OvsMirror {
  readonly name: string;
  readonly selectAll: boolean;
  readonly selectPorts: readonly MirrorPort[];
  readonly selectVlans: readonly number[];
  readonly outputPort?: MirrorPort;
  readonly outputVlan?: number;
}

/** A port of the bridge: by its name, or, for a VM's NIC, by the MAC that libvirt attached it with, since its name changes. */
export type MirrorPort = { readonly name: string } | { readonly attachedMac: string };

/** Where NetFlow version 5 records go; what is absent is Open vSwitch's own choice, here and below. */
export interface OvsNetflow {
  readonly targets: readonly string[];
  readonly activeTimeoutSeconds?: number;
  readonly engineType?: number;
  readonly engineId?: number;
  readonly addIdToInterface?: boolean;
}

export interface OvsSflow {
  readonly targets: readonly string[];
  /** The device whose address is the agent's. */
  readonly agent?: string;
  /** One packet in so many. */
  readonly sampling?: number;
  readonly pollingSeconds?: number;
  readonly headerBytes?: number;
}

export interface OvsIpfix {
  readonly targets: readonly string[];
  /** One packet in so many. */
  readonly sampling?: number;
  readonly obsDomainId?: number;
  readonly obsPointId?: number;
  readonly cacheActiveTimeoutSeconds?: number;
  readonly cacheMaxFlows?: number;
}

/** A running VM's port, found by `Interface.external_ids:attached-mac` on the bridge. */
export interface OvsVmPort {
  readonly owner: OwnerKey;
  readonly bridgeName: string;
  readonly mac: string;
  readonly vlan?: Vlan;
  /** No frame passes between two isolated ports (`Port.protected`). */
  readonly isolated: boolean;
  /** How fast it may go; absent: not ours to say. */
  readonly limits?: OvsLimits;
}

/** The limits of a portgroup, as libvirt knows them; a direction that is absent is not limited. */
export interface OvsLimits {
  /** What goes to the VM. */
  readonly inbound?: OvsRate;
  /** What comes from the VM. */
  readonly outbound?: OvsRate;
}

export interface OvsRate {
  readonly averageKiBps?: number;
  readonly peakKiBps?: number;
  readonly burstKiB?: number;
}
