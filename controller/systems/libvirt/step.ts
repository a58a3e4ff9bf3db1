import type { OwnerKey } from '../owner.ts';
import type { StepInfo } from '../system.ts';
import type { LibvirtInterface } from './desired.ts';
import type { KeptNetwork } from './kept-network.ts';
import type { LiveSettings } from './xml/interface.ts';

/** The network or domain that a step acts on; the UUID is the one that it has, or will have. */
export interface Target {
  readonly name: string;
  readonly uuid: string;
}

/**
 * What to change about the mark in a stored network. It is carried out on the XML as it is by then, and drops the marks of
 * portgroups that are gone and not about to be made, so that it undoes no change made to the portgroups meanwhile.
 */
export type MarkChange =
  | {
      readonly owner: OwnerKey;
      readonly add: ReadonlyMap<string, OwnerKey>;
      readonly drop: readonly string[];
      /** The portgroups that are desired: their marks are written before they are there. */
      readonly desired: ReadonlySet<string>;
    }
  /** The whole mark goes. */
  | 'release';

/** A step on a libvirt network. */
export type NetworkStep = StepInfo & { readonly network: Target } & (
    | { readonly kind: 'network-define'; readonly xml: string }
    | { readonly kind: 'network-mark'; readonly mark: MarkChange }
    | {
        readonly kind: 'network-portgroup';
        readonly command: 'add' | 'modify' | 'delete';
        /** The stored network, the active one, or both at once. */
        readonly affect: readonly ('live' | 'config')[];
        readonly xml: string;
      }
    | { readonly kind: 'network-autostart'; readonly autostart: boolean }
    | { readonly kind: 'network-start' }
    | { readonly kind: 'network-stop' }
    | { readonly kind: 'network-undefine' }
    /** Puts libvirt's default network into the keep. Always before it is taken away. */
    | { readonly kind: 'network-keep'; readonly kept: KeptNetwork }
    /** Empties the keep. Always after the network was given back. */
    | { readonly kind: 'network-forget' }
  );

/** An image to make where there is none yet. */
export interface DiskToMake {
  readonly path: string;
  readonly format: 'qcow2' | 'raw';
  readonly sizeBytes?: number;
  readonly baseImage?: string;
  /** Files of an ISO 9660 image, by name, instead of an empty disk or a base image. */
  readonly files?: Readonly<Record<string, string>>;
}

export interface NetworkAndPortgroup {
  readonly network: string;
  readonly portgroup: string;
}

/** A step on a domain. */
export type DomainStep = StepInfo & { readonly domain: Target } & (
    | {
        readonly kind: 'domain-define';
        readonly xml: string;
        /** Made if they are missing, and written into the mark as made by us. */
        readonly disks: readonly DiskToMake[];
        /** Images that we made and nobody uses any more, deleted once it is defined. */
        readonly deleteFiles?: readonly string[];
      }
    | { readonly kind: 'disk-make'; readonly disks: readonly DiskToMake[] }
    | { readonly kind: 'nic-attach'; readonly mac: string; readonly xml: string; readonly needs: readonly NetworkAndPortgroup[] }
    | { readonly kind: 'nic-detach'; readonly mac: string; readonly xml: string }
    /** Done to the NIC as it is by then: to read and write a whole definition for each of many NICs would hold up other systems' plans. */
    | { readonly kind: 'nic-update'; readonly mac: string; readonly nic: LibvirtInterface; readonly settings: LiveSettings }
    | { readonly kind: 'domain-autostart'; readonly autostart: boolean }
    /** Not done when one of the portgroups is missing by then: such a NIC would be in every VLAN. */
    | { readonly kind: 'domain-start'; readonly needs: readonly NetworkAndPortgroup[] }
    | { readonly kind: 'domain-resume' }
    /** Asks the guest (ACPI); `graceMs` later the next plan destroys it. */
    | { readonly kind: 'domain-shutdown'; readonly graceMs: number }
    | { readonly kind: 'domain-destroy' }
    | { readonly kind: 'domain-undefine'; readonly deleteFiles: readonly string[] }
  );

export type LibvirtStep = NetworkStep | DomainStep;
