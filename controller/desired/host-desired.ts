import type { LibvirtDesired } from '../systems/libvirt/desired.ts';
import type { NetplanDesired } from '../systems/netplan/desired.ts';
import type { OvsDesired } from '../systems/ovs/desired.ts';
import type { OwnerKey } from '../systems/owner.ts';
import type { UserData } from './cloud-init.ts';
import type { Lifecycle } from './lifecycle.ts';
import type { Problem } from './problem.ts';

/** What a host should be, in the words of its three systems. */
export interface HostDesired {
  readonly ovs: OvsDesired;
  readonly netplan: NetplanDesired;
  readonly libvirt: LibvirtDesired;
}

/** What the compiler must know of the host beside the resources. */
export interface HostFacts {
  readonly hostName: string;
  /** The bridges that Open vSwitch has and whose datapath works. */
  readonly workingBridges: ReadonlySet<string>;
  /** Where disk images go that a VirtualMachine does not place itself. */
  readonly imagesDirectory: string;
  /** Of the Secrets that VirtualMachines name, those that were looked for. */
  readonly userData?: UserData;
}

export interface Compiled {
  readonly desired: HostDesired;
  /** By owner, only where there is one. */
  readonly problems: ReadonlyMap<OwnerKey, Problem>;
  readonly lifecycles: ReadonlyMap<OwnerKey, Lifecycle>;
  /** Legal, but perhaps not meant: for the message of `Accepted`, by owner, only where there are any. */
  readonly doubts: ReadonlyMap<OwnerKey, readonly string[]>;
}
