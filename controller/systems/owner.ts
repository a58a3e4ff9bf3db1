/**
 * Who an element of the host belongs to: `<Kind>/<metadata.name>` of the resource that asks for it, for example
 * `VlanPort/vnet100`. It is the value of the owner mark (`external_ids:bridgekeeper` in OVSDB, the header of our netplan file,
 * the metadata element in libvirt XML).
 */
export type OwnerKey = `${string}/${string}`;

/** True for text that has the form of an owner key. */
export function isOwnerKey(text: string): text is OwnerKey {
  return /^[A-Za-z]+\/[^/]+$/.test(text);
}

/** The two parts of an owner key; the name may hold a slash, the kind does not. */
export function kindAndName(owner: OwnerKey): readonly [kind: string, name: string] {
  const slash = owner.indexOf('/');
  return [owner.slice(0, slash), owner.slice(slash + 1)];
}

/** The key of the owner mark in OVSDB's external_ids, and the local name of the mark elsewhere. */
export const OWNER_MARK = 'bridgekeeper';

/**
 * What a system may do with things that carry an owner mark but are not desired. Every resource of this host is in exactly one
 * of these sets; a mark that is in none of them is a leftover of a resource that is gone.
 */
export interface Ownership {
  /** Compiled: what carries their mark and is no longer desired goes at once. */
  readonly present: ReadonlySet<OwnerKey>;
  /** Being deleted, `deletionPolicy: Delete`: everything that carries their mark goes at once. */
  readonly leaving: ReadonlySet<OwnerKey>;
  /** Being deleted, `deletionPolicy: Orphan`: the mark goes, the thing stays. */
  readonly released: ReadonlySet<OwnerKey>;
  /** Not to be judged now (the spec could not be compiled): everything of theirs stays as it is. */
  readonly frozen: ReadonlySet<OwnerKey>;
}

/** What to do when something of that name is already there without our mark. */
export type AdoptionPolicy = 'IfMatching' | 'Always' | 'Never';
