import type { DurableMap } from '../journal/durable-map.ts';
import { isOwnerKey, type OwnerKey } from '../systems/owner.ts';

/** A change that was rolled back, and is not tried again as it is. */
export interface Hold {
  /** Of the checkpoint. */
  readonly name: string;
  /** The resources of the change, each with the version that was tried. */
  readonly owners: readonly (readonly [owner: OwnerKey, version: string])[];
  /** The Host's rollback settings by then. */
  readonly policy: string;
  readonly reason: string;
  readonly message: string;
}

/** What tells one version of a resource's spec from the next; `gone` for one that is no longer there. */
export type VersionOf = (owner: OwnerKey) => string;

/** The end of the version of a resource that is being deleted: its spec does not change any more. */
export const DELETED = '/deleted';

export function isDeleted(version: string): boolean {
  return version.endsWith(DELETED);
}

/**
 * Remembers, over restarts, which versions of which resources were rolled back. A change is let go as a whole, when one of its
 * resources, or how the Host wants to be guarded, changes.
 */
export class Holds {
  readonly #memory: DurableMap;
  readonly #holds = new Map<string, Hold>();
  #byOwner = new Map<OwnerKey, Hold>();

  constructor(memory: DurableMap) {
    this.#memory = memory;
    for (const [name, text] of memory.entries()) {
      const hold: unknown = JSON.parse(text);
      if (isHold(hold)) this.#holds.set(name, hold);
    }
    this.#index();
  }

  of(owner: OwnerKey): Hold | undefined {
    return this.#byOwner.get(owner);
  }

  all(): ReadonlyMap<OwnerKey, Hold> {
    return this.#byOwner;
  }

  add(hold: Hold): void {
    this.#holds.set(hold.name, hold);
    this.#memory.put(hold.name, JSON.stringify(hold));
    this.#index();
  }

  /** Lets go of what has changed since; says whether anything has. */
  release(versionOf: VersionOf, policy: string): boolean {
    const changed = [...this.#holds.values()].filter((hold) => hold.policy !== policy || hold.owners.some(([owner, version]) => versionOf(owner) !== version));
    for (const { name } of changed) {
      this.#holds.delete(name);
      this.#memory.delete(name);
    }
    if (changed.length > 0) this.#index();
    return changed.length > 0;
  }

  #index(): void {
    this.#byOwner = new Map([...this.#holds.values()].flatMap((hold) => hold.owners.map(([owner]) => [owner, hold] as const)));
  }
}

function isHold(value: unknown): value is Hold {
  if (typeof value !== 'object' || value === null || !('owners' in value) || !Array.isArray(value.owners)) return false;
  return 'name' in value && 'reason' in value && 'message' in value && 'policy' in value && value.owners.every((pair) => Array.isArray(pair) && isOwnerKey(String(pair[0])));
}
