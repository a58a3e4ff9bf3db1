import type { NetplanObserved } from '../systems/netplan/observed.ts';
import type { NetplanStep } from '../systems/netplan/step.ts';
import type { OwnerKey } from '../systems/owner.ts';
import type { OvsObserved } from '../systems/ovs/observed.ts';
import type { OvsStep } from '../systems/ovs/plan/step.ts';
import type { GatedStep } from './lane-gate.ts';
import type { GuardPolicy } from './policy.ts';

/** What a lane would do now, and what it goes by. */
export interface LanePreview<Observed, Step extends OvsStep | NetplanStep> {
  readonly observed: Observed;
  readonly steps: readonly GatedStep<Step>[];
}

/** Both lanes whose steps reach ways in; one is absent while its system can't be read. */
export interface Preview {
  readonly ovs?: LanePreview<OvsObserved, OvsStep>;
  readonly netplan?: LanePreview<NetplanObserved, NetplanStep>;
}

/** What was seen last of the systems. */
export interface HostFacts {
  readonly ovs?: OvsObserved | undefined;
  readonly netplan?: NetplanObserved | undefined;
}

/** What the guard knows of the host and the loop that keeps it. */
export interface GuardedHost {
  /** Looks at both systems and plans; changes nothing. */
  preview(): Promise<Preview>;
  facts(): HostFacts;
  /** Tells one version of a resource's spec from the next; `gone` for one that is not there. */
  versionOf(owner: OwnerKey): string;
  policy(): GuardPolicy;
  /** The checkpoint that a person has confirmed. */
  confirmed(): string | undefined;
  /** Has the lanes look again. */
  wake(): void;
}
