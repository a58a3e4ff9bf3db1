import type { Frame } from './frames.ts';

/** How the port is set to which the host's cable goes. */
export interface PortSettings {
  /** The VLAN of untagged frames. */
  readonly native: number;
  /** The VLANs that pass tagged. */
  readonly tagged: readonly number[];
}

/**
 * The port of the far switch. A VLAN that is both native and tagged leaves it in the form in which the host last spoke in it: that
 * is the founding document's moment at which the cable goes from a port of one VLAN to a trunk, done by a hand that is never late.
 */
export class SwitchPort {
  settings: PortSettings;
  readonly #spokenTagged = new Map<number, boolean>();

  constructor(settings: PortSettings) {
    this.settings = settings;
  }

  /** The VLAN that a frame of the host comes into; undefined: the port drops it. */
  take({ vlan, etherType }: Frame): number | undefined {
    const { native, tagged } = this.settings;
    if (vlan !== undefined && !tagged.includes(vlan)) return undefined;
    const into = vlan ?? native;
    // What the kernel says by itself on any device that is up (MLD, router solicitations) tells nothing of where the address is.
    if (etherType !== 0x86dd) this.#spokenTagged.set(into, vlan !== undefined);
    return into;
  }

  /** The tag of a frame of a VLAN on its way to the host, or that it does not pass. */
  give(vlan: number): { readonly vlan?: number } | undefined {
    const { native, tagged } = this.settings;
    const passesTagged = tagged.includes(vlan);
    if (passesTagged && (vlan !== native || this.#spokenTagged.get(vlan) === true)) return { vlan };
    return vlan === native ? {} : undefined;
  }
}
