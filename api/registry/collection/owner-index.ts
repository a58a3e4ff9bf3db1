import type { KubeObject } from '../../machinery/object.ts';
import type { Kind } from '../kind.ts';

/** One object of a kind, by its place. */
export interface ObjectPlace {
  readonly kind: Kind;
  readonly namespace: string | undefined;
  readonly name: string;
}

/** Which objects name which owner, by the owner's uid. */
export class OwnerIndex {
  readonly #dependents = new Map<string, Map<string, ObjectPlace>>();
  readonly #ownersOf = new Map<string, readonly string[]>();

  /** Takes in the newest state of an object. */
  set(kind: Kind, object: KubeObject): void {
    const place = placeOf(kind, object);
    const key = keyOf(place);
    this.#forget(key);
    const owners = (object.metadata.ownerReferences ?? []).map(({ uid }) => uid);
    if (owners.length === 0) return;
    this.#ownersOf.set(key, owners);
    for (const uid of owners) {
      const dependents = this.#dependents.get(uid) ?? new Map<string, ObjectPlace>();
      this.#dependents.set(uid, dependents.set(key, place));
    }
  }

  remove(kind: Kind, object: KubeObject): void {
    this.#forget(keyOf(placeOf(kind, object)));
  }

  dependentsOf(uid: string): readonly ObjectPlace[] {
    return [...(this.#dependents.get(uid)?.values() ?? [])];
  }

  #forget(key: string): void {
    for (const uid of this.#ownersOf.get(key) ?? []) {
      const dependents = this.#dependents.get(uid);
      dependents?.delete(key);
      if (dependents?.size === 0) this.#dependents.delete(uid);
    }
    this.#ownersOf.delete(key);
  }
}

export function placeOf(kind: Kind, { metadata }: KubeObject): ObjectPlace {
  return { kind, namespace: metadata.namespace, name: metadata.name };
}

export function keyOf({ kind, namespace, name }: ObjectPlace): string {
  return `${kind.storedAs}\n${namespace ?? ''}/${name}`;
}
