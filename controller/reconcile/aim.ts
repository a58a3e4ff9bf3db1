import type { Ownership, OwnerKey } from '../systems/owner.ts';
import { fingerprints, sameFingerprints, type Fingerprint } from './fingerprint.ts';
import type { LaneTarget, OwnerPolicy } from './lane-target.ts';

/** Gives a lane a new target when, and only when, what is asked of it changed. */
export class Aim<Desired extends { readonly ownership: Ownership }> {
  readonly #lane: { aim(target: LaneTarget<Desired>): void };
  #fingerprints: ReadonlyMap<OwnerKey, Fingerprint> | undefined;
  #policies = '';
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
    const how = JSON.stringify([...policies]);
    if (this.#fingerprints && sameFingerprints(this.#fingerprints, asked) && how === this.#policies) return;
    this.#fingerprints = asked;
    this.#policies = how;
    this.#version += 1;
    this.#lane.aim({ version: this.#version, desired, fingerprints: asked, policies });
  }
}
