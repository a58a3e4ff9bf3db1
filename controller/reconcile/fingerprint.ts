import { hash } from 'node:crypto';
import { isOwnerKey, type Ownership, type OwnerKey } from '../systems/owner.ts';

/** What one resource asks of one system, to compare. */
export interface Fingerprint {
  /** Digest of everything that the resource asks. Where this is unchanged and the host is not as desired, the host drifted. */
  readonly intent: string;
  /** What it must wait for before it goes on; empty when nothing. Not part of the intent, for it comes and goes by itself. */
  readonly gate: string;
}

/** Keys of a desired element that say what it waits for. */
const GATE_KEYS: ReadonlySet<string> = new Set(['startBlockedBy', 'waitsFor']);

/** What one element adds to the fingerprint of its owner. */
interface Fragment {
  readonly intent: string;
  readonly gate: string;
}

/** Elements that hold no owned element inside: one that comes again needs no second look, for a desired state never changes. */
const knownFragments = new WeakMap<object, Fragment>();
/** Most owners have one element in a system, so its digest is theirs. */
const knownDigests = new WeakMap<Fragment, Fingerprint>();

/**
 * The fingerprint of each owner in a desired state. An element belongs to the nearest `owner` above it, so a portgroup inside a
 * network counts for the Portgroup and not for the Bridge. An owner whose elements are the same objects as in another desired
 * state has the same fingerprint object.
 */
export function fingerprints(desired: { readonly ownership: Ownership }): Map<OwnerKey, Fingerprint> {
  const collector = new Collector();
  const { ownership, ...elements } = desired;
  for (const value of Object.values(elements)) collector.collect(value, []);
  collector.note(ownership.leaving, LEAVING);
  collector.note(ownership.released, RELEASED);
  collector.note(ownership.frozen, FROZEN);
  return new Map([...collector.fragments].map(([owner, fragments]) => [owner, fingerprintOf(fragments)]));
}

const LEAVING: Fragment = { intent: 'leaving', gate: '' };
const RELEASED: Fragment = { intent: 'released', gate: '' };
const FROZEN: Fragment = { intent: 'frozen', gate: '' };

/** True when both say the same of the same owners. */
export function sameFingerprints(a: ReadonlyMap<OwnerKey, Fingerprint>, b: ReadonlyMap<OwnerKey, Fingerprint>): boolean {
  if (a.size !== b.size) return false;
  for (const [owner, mine] of a) {
    const theirs = b.get(owner);
    if (theirs !== mine && (theirs?.intent !== mine.intent || theirs.gate !== mine.gate)) return false;
  }
  return true;
}

function fingerprintOf(fragments: readonly Fragment[]): Fingerprint {
  const [first] = fragments;
  const known = fragments.length === 1 && first ? knownDigests.get(first) : undefined;
  if (known) return known;
  const fingerprint = {
    intent: hash('sha256', fragments.map(({ intent }) => intent).join('\n'), 'base64'),
    gate: fragments.flatMap(({ gate }) => gate || []).join('\n'),
  };
  if (fragments.length === 1 && first) knownDigests.set(first, fingerprint);
  return fingerprint;
}

/** Takes a desired state apart by owner. */
class Collector {
  readonly fragments = new Map<OwnerKey, Fragment[]>();
  /** How many owned elements were met so far. */
  #met = 0;

  note(owners: ReadonlySet<OwnerKey>, state: Fragment): void {
    for (const owner of owners) this.#add(owner, state);
  }

  /** Writes `value` as text; owned elements inside it go to their own owners and leave only their name here. */
  collect(value: unknown, gates: string[]): string {
    if (Array.isArray(value)) return `[${value.map((item) => this.collect(item, gates)).join()}]`;
    if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
    const owner = ownerOf(value);
    if (owner === undefined) return this.#fields(value, gates);
    this.#add(owner, knownFragments.get(value) ?? this.#fragment(value));
    this.#met += 1;
    return JSON.stringify(owner);
  }

  #fragment(element: object): Fragment {
    const metBefore = this.#met;
    const gates: string[] = [];
    const fragment = { intent: this.#fields(element, gates), gate: gates.join('\n') };
    if (this.#met === metBefore) knownFragments.set(element, fragment);
    return fragment;
  }

  #fields(value: object, gates: string[]): string {
    const parts: string[] = [];
    for (const [key, field] of Object.entries(value)) {
      if (field === undefined) continue;
      const text = this.collect(field, gates);
      if (GATE_KEYS.has(key)) gates.push(text);
      else parts.push(`${JSON.stringify(key)}:${text}`);
    }
    return `{${parts.join()}}`;
  }

  #add(owner: OwnerKey, fragment: Fragment): void {
    const known = this.fragments.get(owner);
    if (known) known.push(fragment);
    else this.fragments.set(owner, [fragment]);
  }
}

function ownerOf(value: object): OwnerKey | undefined {
  return 'owner' in value && typeof value.owner === 'string' && isOwnerKey(value.owner) ? value.owner : undefined;
}
