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
