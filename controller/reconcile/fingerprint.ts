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
const GATE_KEYS: ReadonlySet<string> = new Set(['startBlockedBy']);

interface Bucket {
  intents: string[];
  gates: string[];
}

/**
 * The fingerprint of each owner in a desired state. An element belongs to the nearest `owner` above it, so a portgroup inside a
 * network counts for the Portgroup and not for the Bridge.
 */
export function fingerprints(desired: { readonly ownership: Ownership }): Map<OwnerKey, Fingerprint> {
  const buckets = new Map<OwnerKey, Bucket>();
  const { ownership, ...elements } = desired;
  for (const value of Object.values(elements)) collect(value, undefined, buckets);
  noteState(ownership.leaving, 'leaving', buckets);
  noteState(ownership.released, 'released', buckets);
  noteState(ownership.frozen, 'frozen', buckets);
  const result = new Map<OwnerKey, Fingerprint>();
  for (const [owner, { intents, gates }] of buckets) {
    result.set(owner, { intent: hash('sha256', intents.join('\n'), 'base64'), gate: gates.join('\n') });
  }
  return result;
}

/** True when both say the same of the same owners. */
export function sameFingerprints(a: ReadonlyMap<OwnerKey, Fingerprint>, b: ReadonlyMap<OwnerKey, Fingerprint>): boolean {
  if (a.size !== b.size) return false;
  for (const [owner, mine] of a) {
    const theirs = b.get(owner);
    if (theirs?.intent !== mine.intent || theirs.gate !== mine.gate) return false;
  }
  return true;
}

function noteState(owners: ReadonlySet<OwnerKey>, state: string, buckets: Map<OwnerKey, Bucket>): void {
  for (const owner of owners) bucketOf(owner, buckets).intents.push(state);
}

function bucketOf(owner: OwnerKey, buckets: Map<OwnerKey, Bucket>): Bucket {
  let bucket = buckets.get(owner);
  if (!bucket) buckets.set(owner, (bucket = { intents: [], gates: [] }));
  return bucket;
}

/** Writes `value` for its owner's bucket; owned elements inside it go to their own buckets and leave only their name here. */
function collect(value: unknown, gates: string[] | undefined, buckets: Map<OwnerKey, Bucket>): string {
  if (Array.isArray(value)) return `[${value.map((item) => collect(item, gates, buckets)).join()}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  const owner = ownerOf(value);
  if (owner === undefined) return fields(value, gates, buckets);
  const bucket = bucketOf(owner, buckets);
  bucket.intents.push(fields(value, bucket.gates, buckets));
  return JSON.stringify(owner);
}

function fields(value: object, gates: string[] | undefined, buckets: Map<OwnerKey, Bucket>): string {
  const parts: string[] = [];
  for (const [key, field] of Object.entries(value)) {
    if (field === undefined) continue;
    const text = collect(field, gates, buckets);
    if (GATE_KEYS.has(key)) gates?.push(text);
    else parts.push(`${JSON.stringify(key)}:${text}`);
  }
  return `{${parts.join()}}`;
}

function ownerOf(value: object): OwnerKey | undefined {
  return 'owner' in value && typeof value.owner === 'string' && isOwnerKey(value.owner) ? value.owner : undefined;
}
