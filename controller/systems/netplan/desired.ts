import type { AdoptionPolicy, Ownership, OwnerKey } from '../owner.ts';

/** What our netplan file should say. Words are those of netplan-yaml(5). */
export interface NetplanDesired {
  /** The Host that the file belongs to. */
  readonly owner: OwnerKey;
  /** A name in the netplan folder, `90-bridgekeeper.yaml` by default. */
  readonly fileName: string;
  readonly devices: readonly NetplanDevice[];
  readonly ownership: Ownership;
}

export interface NetplanDevice {
  readonly owner: OwnerKey;
  /** The device's name, the key in the file. */
  readonly name: string;
  /** Whether it is taken over from another file that defines it. */
  readonly adoption: AdoptionPolicy;
  /** A NIC, which is there whatever becomes of its resource. */
  readonly lasting: boolean;
  /** Under `ethernets:` in netplan, even for an internal port of Open vSwitch: it exists by itself. */
  readonly match?: { readonly macAddress: string };
  readonly renderer?: 'networkd' | 'NetworkManager';
  readonly optional: boolean;
  /** `optional` is not what a resource asks for: a stanza that is taken over as it is keeps its own. */
  readonly optionalUnasked?: boolean;
  /** `activation-mode: off`: the device is kept down. */
  readonly keptDown?: boolean;
  readonly addresses: readonly string[];
  readonly dhcp4: boolean;
  readonly dhcp6: boolean;
  readonly acceptRa?: boolean;
  /** `link-local: []`: no link-local address either. */
  readonly noLinkLocal: boolean;
  readonly mtu?: number;
  readonly routes: readonly NetplanRoute[];
  readonly routingPolicy: readonly NetplanRule[];
  readonly nameservers?: { readonly addresses: readonly string[]; readonly search: readonly string[] };
  /** What must come first, in words, before another file's stanza is taken from it. */
  readonly waitsFor?: string;
}

export interface NetplanRoute {
  readonly to: string;
  readonly via?: string;
  readonly metric?: number;
  readonly onLink?: boolean;
  readonly table?: number;
  readonly scope?: string;
}

export interface NetplanRule {
  readonly from?: string;
  readonly to?: string;
  readonly table?: number;
  readonly priority?: number;
  readonly mark?: number;
}
