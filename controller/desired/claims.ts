import type { KubeObject } from '../../api/machinery/object.ts';
import type { OwnerKey } from '../systems/owner.ts';

/**
 * Who may have what on a host. The older resource wins, then the lesser name; a resource may claim the same thing twice.
 * Claims must therefore be made in that order: see `byAge`.
 */
export class Claims {
  readonly #holders = new Map<string, OwnerKey>();

  /** Claims `thing` (for example `device eth0`) for `owner`; answers who has it already, or undefined when it is the owner's now. */
  claim(thing: string, owner: OwnerKey): OwnerKey | undefined {
    const holder = this.#holders.get(thing);
    if (holder !== undefined && holder !== owner) return holder;
    this.#holders.set(thing, owner);
    return undefined;
  }
}

/** Oldest first; of two made in the same second the lesser `Kind/name`. */
export function byAge(a: Aged, b: Aged): number {
  return compareText(a.object.metadata.creationTimestamp, b.object.metadata.creationTimestamp) || compareText(a.owner, b.owner);
}

interface Aged {
  readonly object: KubeObject;
  readonly owner: OwnerKey;
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
