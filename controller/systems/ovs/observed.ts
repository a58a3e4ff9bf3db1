import type { GuestNic } from '../guest-nic.ts';
import type { OwnerKey } from '../owner.ts';
import type { Vlan } from '../vlan.ts';
import type { OvsRows } from './replica/rows.ts';

/** What status needs to know of Open vSwitch. `observe` gives this and, beside it, the rows that `plan` compares. */
export interface OvsFacts {
  readonly ovsVersion: string;
  readonly schemaVersion: string;
  readonly bridges: ReadonlyMap<string, ObservedBridge>;
  /** The port of that name. What did not change since an earlier observation is the same object as then. */
  portNamed(name: string): ObservedPort | undefined;
  /** The bridge that the port of that name is on. */
  bridgeNameOf(portName: string): string | undefined;
  /** The port that libvirt attached for a VM's NIC of that MAC, and the name of its bridge. */
  portAttachedTo(mac: string): { readonly port: ObservedPort; readonly bridgeName: string } | undefined;
}

/** Open vSwitch at one moment. Never changes. */
export interface OvsObserved extends OvsFacts {
  readonly rows: OvsRows;
  /** Whether the kernel's datapath can be used; else `datapathType: auto` means netdev. */
  readonly systemDatapath: boolean;
  readonly guests: ObservedGuests;
  /** False when ovs-vswitchd has left a change of the database undone for too long. */
  readonly vswitchdResponds: boolean;
}

/** The guests that run, as far as ports of Open vSwitch are concerned. The same object as before where nothing of it changed. */
export interface ObservedGuests {
  /** By MAC, of two with the same that of the guest that a resource describes; undefined as long as the hypervisor has not told. */
  readonly nics: ReadonlyMap<string, GuestNic> | undefined;
  /** NICs whose tap is there, and no port of Open vSwitch says that it is theirs. */
  readonly withoutPort: readonly GuestNic[];
  /** Names of guests' interfaces whose device is gone, with the guest. */
  readonly gone: ReadonlySet<string>;
  /** MACs of NICs that came up, or were found, while the portgroup that they name was not there. */
  readonly unguarded: ReadonlySet<string>;
  /** The taps of guests that run. */
  readonly devices: ReadonlySet<string>;
}

export interface ObservedBridge {
  readonly name: string;
  readonly owner?: OwnerKey;
  /** Empty where the datapath does not work. */
  readonly datapathId: string;
  readonly datapathType: string;
  readonly ports: readonly ObservedPort[];
  readonly controllers: readonly ObservedController[];
  readonly mirrors: readonly ObservedMirror[];
}

export interface ObservedController {
  readonly target: string;
  readonly connected: boolean;
  /** `other`, `master` or `slave`, once it is connected. */
  readonly role?: string;
}

/** What a mirror copies now. A port is there by its name on the host. */
export interface ObservedMirror {
  readonly name: string;
  readonly selectAll: boolean;
  readonly selectedPorts: readonly string[];
  readonly selectedVlans: readonly number[];
  /** Without an output it rests. */
  readonly outputPort?: string;
  readonly outputVlan?: number;
}

export interface ObservedPort {
  readonly name: string;
  readonly owner?: OwnerKey;
  readonly vlan?: Vlan;
  readonly interfaces: readonly ObservedInterface[];
}

export interface ObservedInterface {
  readonly name: string;
  readonly type: string;
  /** The MAC in use. */
  readonly macInUse: string;
  readonly ofport: number;
  readonly mtu?: number;
  readonly linkState: string;
  /** What vswitchd says is wrong with it; empty when nothing is. */
  readonly error: string;
  /** Set by libvirt on a VM's interface. */
  readonly attachedMac?: string;
  readonly vmId?: string;
  readonly ifaceId?: string;
}
