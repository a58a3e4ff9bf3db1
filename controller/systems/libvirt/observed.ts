import type { OwnerKey } from '../owner.ts';

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
  readonly portgroups: readonly string[];
}

export interface ObservedDomain {
  readonly name: string;
  readonly uuid: string;
  readonly owner?: OwnerKey;
  /** virDomainState in words: running, blocked, paused, shutdown, shutoff, crashed, pmsuspended. */
  readonly state: 'nostate' | 'running' | 'blocked' | 'paused' | 'shutdown' | 'shutoff' | 'crashed' | 'pmsuspended';
  readonly autostart: boolean;
  readonly interfaces: readonly ObservedNic[];
}

export interface ObservedNic {
  readonly mac: string;
  /** Set while the domain runs: `vnet5`. */
  readonly targetDevice?: string;
  readonly network?: string;
  readonly portgroup?: string;
  readonly bridge?: string;
}
