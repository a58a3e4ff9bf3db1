import type { CloudInit } from './cloud-init.ts';
import type { NetplanFile } from './netplan-file.ts';
import type { TakenFile } from './taken-over.ts';

/** Why netplan can't be asked where it is there and does not end: it may tell yet. */
export const NETPLAN_HANGS = 'NetplanHangs';

/** What status needs to know of the kernel's network and of netplan. `observe` gives this and, beside it, what `plan` compares. */
export interface NetplanFacts {
  readonly netplanVersion: string;
  readonly links: ReadonlyMap<string, ObservedLink>;
}

export interface ObservedLink {
  readonly name: string;
  readonly mac: string;
  readonly mtu: number;
  /** Administratively up (IFF_UP). */
  readonly up: boolean;
  /** IFF_LOWER_UP, or operstate UNKNOWN on a device that has no carrier to report. */
  readonly carrier: boolean;
  readonly driver?: string;
  /** With prefix length, without those of link-local scope. */
  readonly addresses: readonly string[];
  /** Routes of the main table out of this device that were not made by the kernel itself. */
  readonly routes: readonly { readonly to: string; readonly via?: string; readonly metric?: number }[];
}

/** All that `plan` looks at. */
export interface NetplanObserved extends NetplanFacts {
  /** Where our file belongs: `/etc/netplan`. */
  readonly folder: string;
  /** The files that netplan reads, in the order in which it merges them; a file hidden by one of its name is not among them. */
  readonly files: readonly NetplanFile[];
  /** Paths of files of `folder` that netplan does not read, since `/run/netplan` has one of the same name. */
  readonly hidden: ReadonlyMap<string, string>;
  /** Names of files of ours in the middle of whose change we were stopped: they have to be applied again. */
  readonly interrupted: readonly string[];
  /** What was taken out of files that are not ours. */
  readonly takenOver: readonly TakenFile[];
  readonly cloudInit: CloudInit;
  /** By device: what networkd tells the resolver, of devices of ours that ask for name servers. */
  readonly resolvers: ReadonlyMap<string, DeviceResolver>;
  /** By device: what DHCP has given, of devices of ours that ask for it. */
  readonly leases: ReadonlyMap<string, Lease>;
  readonly kernel: KernelState;
}

/** What a DHCP server has given a device (IPv4). */
export interface Lease {
  /** With prefix length. */
  readonly address: string;
  /** Absent for a lease without end. */
  readonly secondsLeft?: number;
  /** The gateway of its default route, and that route's metric; absent where the lease makes none. */
  readonly router?: { readonly address: string; readonly metric: number };
}

/** What networkd tells the resolver of one device. */
export interface DeviceResolver {
  readonly servers: readonly string[];
  readonly search: readonly string[];
}

/** What the kernel has, as iproute2 tells it. */
export interface KernelState {
  readonly links: ReadonlyMap<string, KernelLink>;
  /** By device. */
  readonly routes: ReadonlyMap<string, readonly KernelRoute[]>;
  readonly rules: readonly KernelRule[];
}

export interface KernelLink {
  readonly name: string;
  readonly index: number;
  readonly mac: string;
  readonly mtu: number;
  readonly up: boolean;
  readonly carrier: boolean;
  /** `tun`, `openvswitch`, `veth`, …; absent for a physical NIC. */
  readonly kind?: string;
  /** The device that it is made on: a VLAN's, or the other end of a veth; absent where that is in another namespace. */
  readonly below?: string;
  /** The bond, bridge or the like that it is part of. */
  readonly master?: string;
  readonly driver?: string;
  readonly addresses: readonly KernelAddress[];
  /** True for a short while after the device appeared or changed: somebody may be just setting it up. */
  readonly settling: boolean;
  /** It came after the first look, and nobody has set it up yet: what it lacks, nobody took away. */
  readonly untouched: boolean;
}

export interface KernelAddress {
  readonly address: string;
  readonly prefixLength: number;
  readonly scope: string;
  /** It has a lifetime: DHCP or a router advertisement gave it. */
  readonly dynamic: boolean;
}

/** A route in normal form: always with prefix length, `0.0.0.0/0` and `::/0` for the default. */
export interface KernelRoute {
  readonly family: 4 | 6;
  readonly to: string;
  readonly device: string;
  readonly via?: string;
  readonly metric?: number;
  readonly table: number;
  /** rtnetlink(7) `rtm_protocol`: 2 kernel, 3 boot (ip route add), 4 static (networkd), 9 ra, 16 dhcp. */
  readonly protocol: number;
  readonly onLink: boolean;
  /** rtnetlink(7) `rtm_scope`: 0 universe, 253 link, 254 host. */
  readonly scope: number;
}

export interface KernelRule {
  readonly family: 4 | 6;
  readonly priority: number;
  readonly from?: string;
  readonly to?: string;
  readonly table?: number;
  readonly mark?: number;
}
