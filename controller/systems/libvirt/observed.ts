import type { OwnerKey } from '../owner.ts';
import type { Refusal } from '../system.ts';
import type { Vlan } from '../vlan.ts';
import type { KeptNetwork } from './kept-network.ts';
import type { DomainView } from './xml/domain.ts';
import type { NetworkView } from './xml/network.ts';

/** What status needs to know of libvirt. `observe` gives this and, beside it, the XML that `plan` compares. */
export interface LibvirtFacts {
  readonly libvirtVersion: string;
  readonly hypervisorVersion: string;
  readonly networks: ReadonlyMap<string, ObservedNetwork>;
  readonly domains: ReadonlyMap<string, ObservedDomain>;
}

export interface ObservedNetwork {
  readonly name: string;
  readonly uuid: string;
  readonly owner?: OwnerKey;
  readonly active: boolean;
  readonly autostart: boolean;
  readonly persistent: boolean;
  readonly bridgeName: string;
  /** By name, what VLAN each gives to a NIC that starts now; undefined is every VLAN. */
  readonly portgroups: ReadonlyMap<string, Vlan | undefined>;
}

export interface ObservedDomain {
  readonly name: string;
  readonly uuid: string;
  readonly owner?: OwnerKey;
  /** virDomainState in words: running, blocked, paused, shutdown, shutoff, crashed, pmsuspended. */
  readonly state: 'nostate' | 'running' | 'blocked' | 'paused' | 'shutdown' | 'shutoff' | 'crashed' | 'pmsuspended';
  readonly autostart: boolean;
  readonly interfaces: readonly ObservedNic[];
  /** The addresses that its guest has, by MAC address, as far as somebody knows them. */
  readonly addresses?: ReadonlyMap<string, readonly string[]>;
}

export interface ObservedNic {
  readonly mac: string;
  /** Set while the domain runs: `vnet5`. */
  readonly targetDevice?: string;
  readonly interfaceId?: string;
  readonly network?: string;
  readonly portgroup?: string;
  readonly bridge?: string;
  /** Its definition limits its bandwidth, which counts before what its portgroup says. */
  readonly hasOwnLimits: boolean;
}

/** What `observe` gives: the facts, and beside them all that `plan` compares. */
export interface LibvirtObserved extends LibvirtFacts {
  /** When it was read, in milliseconds since the Unix epoch. */
  readonly observedAt: number;
  /** A domain may be of type kvm: the machine has /dev/kvm and libvirt's capabilities offer it. */
  readonly kvmOffered: boolean;
  /** The machines that QEMU on this host has, by all names; empty where libvirt does not say. */
  readonly machinesOffered: ReadonlySet<string>;
  readonly networks: ReadonlyMap<string, NetworkState>;
  readonly domains: ReadonlyMap<string, DomainState>;
  /** UUIDs of domains that work of ours goes on with, begun by an earlier plan. */
  readonly busyDomains: ReadonlySet<string>;
  /** How such work ended, by the domain's UUID, where it failed; until work on the domain ends again. */
  readonly lateFailures: ReadonlyMap<string, Refusal>;
  /** libvirt's default network, while we keep it away. */
  readonly keptDefaultNetwork?: KeptNetwork;
}

/** XML as libvirt gave it, and what it says. */
export interface Definition<View> {
  readonly xml: string;
  readonly view: View;
}

export interface NetworkState extends ObservedNetwork {
  /** What is stored, and holds at the next start; of a network that is not persistent, what would be stored of it. */
  readonly config: Definition<NetworkView>;
  /** What holds now. Absent while the network is not active. */
  readonly live?: Definition<NetworkView>;
}

export interface DomainState extends ObservedDomain {
  /** virDomainShutoffReason and the like in words, where the state has one: why the domain is off or paused. */
  readonly stateReason: string;
  readonly persistent: boolean;
  /** What is stored, and holds at the next start; of a domain that is not persistent, what would be stored of it. */
  readonly config: Definition<DomainView>;
  /** What holds now. Absent while the domain is off. */
  readonly live?: Definition<DomainView>;
  /** Image files of its disks that are not there. */
  readonly missingFiles: readonly string[];
  /** What we remember of our own doings with it. */
  readonly memory: DomainMemory;
}

/** What can't be read from libvirt: what we asked of a domain and when, in milliseconds since the Unix epoch. */
export interface DomainMemory {
  /** We asked the guest to shut down, and it has not yet. */
  readonly stopAskedAt?: number;
  /** Since when it has been seen half started. */
  readonly startingSince?: number;
  /** It went off soon after its last starts: not to be started before this. */
  readonly startNotBefore?: number;
  /** MACs of NICs that we asked the guest to let go, which it has not yet. */
  readonly detachAsked: ReadonlySet<string>;
  /** It ran to its end by itself: with `RerunOnFailure` it is not started again. */
  readonly completed: boolean;
}
