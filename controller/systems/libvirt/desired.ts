import type { AdoptionPolicy, Ownership, OwnerKey } from '../owner.ts';
import type { Vlan } from '../vlan.ts';

/** What libvirt should have. Words are those of libvirt's network and domain XML (formatnetwork.html, formatdomain.html). */
export interface LibvirtDesired {
  readonly networks: readonly LibvirtNetwork[];
  readonly domains: readonly LibvirtDomain[];
  /** libvirt's own `default` network: `Absent` keeps its XML and takes it away; gone from desired = it is given back. */
  readonly defaultNetwork?: { readonly owner: OwnerKey; readonly policy: 'Absent' | 'Unmanaged' };
  readonly ownership: Ownership;
}

export interface LibvirtNetwork {
  readonly owner: OwnerKey;
  readonly name: string;
  readonly bridgeName: string;
  readonly autostart: boolean;
  readonly adoption: AdoptionPolicy;
  readonly portgroups: readonly LibvirtPortgroup[];
}

export interface LibvirtPortgroup {
  readonly owner: OwnerKey;
  readonly name: string;
  readonly isDefault: boolean;
  readonly adoption: AdoptionPolicy;
  readonly vlan?: Vlan;
  readonly bandwidth?: { readonly inbound?: LibvirtBandwidth; readonly outbound?: LibvirtBandwidth };
  readonly trustGuestRxFilters?: boolean;
}

export interface LibvirtBandwidth {
  readonly averageKiBps?: number;
  readonly peakKiBps?: number;
  readonly burstKiB?: number;
}

export interface LibvirtDomain {
  readonly owner: OwnerKey;
  readonly name: string;
  readonly adoption: AdoptionPolicy;
  /** The domain's UUID when it is made; an adopted domain keeps its own. */
  readonly uuid: string;
  readonly management: 'Full' | 'InterfacesOnly';
  readonly runStrategy: 'Always' | 'Halted' | 'Manual' | 'RerunOnFailure';
  /** Set while the domain must not be started yet: what it waits for, for the condition. */
  readonly startBlockedBy?: { readonly reason: string; readonly message: string };
  readonly vcpus: number;
  readonly cpuModel?: string;
  readonly memoryKiB: number;
  readonly machine?: string;
  readonly firmware: 'bios' | 'uefi';
  readonly acceleration: 'auto' | 'kvm' | 'tcg';
  readonly disks: readonly LibvirtDisk[];
  readonly cdroms: readonly { readonly name: string; readonly path: string }[];
  /** What cloud-init in the guest is given, on a CD-ROM drive of its own. */
  readonly seed?: LibvirtSeed;
  readonly bootOrder: readonly string[];
  readonly interfaces: readonly LibvirtInterface[];
  readonly graphics?: { readonly type: 'vnc' | 'spice' | 'none'; readonly listenAddress?: string };
  readonly serialConsole: boolean;
  /** What becomes of disks that we made when the domain goes. */
  readonly diskReclaim: 'Retain' | 'Delete';
}

export interface LibvirtDisk {
  readonly name: string;
  /** Where the image is. An existing file is never overwritten. */
  readonly path: string;
  /** Made with qemu-img at this size when the file is missing; absent: the file must be there. */
  readonly sizeBytes?: number;
  readonly baseImage?: string;
  readonly format: 'qcow2' | 'raw';
  readonly bus: 'virtio' | 'scsi' | 'sata' | 'ide';
  readonly readOnly: boolean;
}

/** An ISO 9660 image called `cidata` that holds `files`, by name; made by us, and never changed: another content is another path. */
export interface LibvirtSeed {
  readonly name: string;
  readonly path: string;
  readonly files: Readonly<Record<string, string>>;
}

export interface LibvirtInterface {
  readonly name: string;
  readonly mac: string;
  readonly source:
    /** `vlan` and `bandwidth` are the portgroup's: a change of the portgroup is a change of what the NIC should be. */
    | { readonly type: 'network'; readonly network: string; readonly portgroup: string; readonly vlan?: Vlan; readonly bandwidth?: LibvirtPortgroup['bandwidth'] }
    | { readonly type: 'bridge'; readonly bridge: string; readonly vlan?: Vlan };
  readonly interfaceId?: string;
  readonly model: string;
  readonly mtu?: number;
  readonly linkState: 'up' | 'down';
}
