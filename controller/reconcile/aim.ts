import type { Ownership, OwnerKey } from '../systems/owner.ts';
import { fingerprints, sameFingerprints, type Fingerprint } from './fingerprint.ts';
import type { LaneTarget, OwnerPolicy } from './lane-target.ts';
import { samePolicies } from './policies.ts';

/** Gives a lane a new target when, and only when, what is asked of it changed. */
export class Aim<Desired extends { readonly ownership: Ownership }> {
  readonly #lane: { aim(target: LaneTarget<Desired>): void };
  #fingerprints: ReadonlyMap<OwnerKey, Fingerprint> | undefined;
  #policies: ReadonlyMap<OwnerKey, OwnerPolicy> = new Map();
  #version = 0;

  constructor(lane: { aim(target: LaneTarget<Desired>): void }) {
    this.#lane = lane;
  }

  /** The version of the newest target, 0 before the first. */
  get version(): number {
    return this.#version;
  }

  take(desired: Desired, policies: ReadonlyMap<OwnerKey, OwnerPolicy>): void {
    const asked = fingerprints(desired);
    if (this.#fingerprints && sameFingerprints(this.#fingerprints, asked) && samePolicies(this.#policies, policies)) return;
    this.#fingerprints = asked;
    this.#policies = policies;
    this.#version += 1;
    this.#lane.aim({ version: this.#version, desired, fingerprints: asked, policies });
  }
}
