import type { DriftIgnore } from '../desired/drift-ignore.ts';
import type { OwnerKey } from '../systems/owner.ts';
import type { Fingerprint } from './fingerprint.ts';

/** How one resource wants its part of the host to be treated. */
export interface OwnerPolicy {
  /** Annotation `bridgekeeper.dev/paused`: observe and report, change nothing. */
  readonly paused: boolean;
  readonly drift: 'Correct' | 'Report';
  /** What may be changed behind our back. */
  readonly ignore?: DriftIgnore;
}

/** What a lane goes for. */
export interface LaneTarget<Desired> {
  /** Rises by one whenever the target changes. */
  readonly version: number;
  readonly desired: Desired;
  readonly fingerprints: ReadonlyMap<OwnerKey, Fingerprint>;
  /** Owners without an entry are corrected. */
  readonly policies: ReadonlyMap<OwnerKey, OwnerPolicy>;
}
