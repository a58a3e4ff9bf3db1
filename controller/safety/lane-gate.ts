import type { OwnerKey } from '../systems/owner.ts';
import type { StepInfo } from '../systems/system.ts';

/** A step that a lane is about to do. */
export interface GatedStep<Step extends StepInfo> {
  readonly step: Step;
  /** It brings back what the host once had. */
  readonly drift: boolean;
}

/** What a resource still lacks of what it asks of a system, as far as a lane could not give it. */
export interface Unfinished {
  readonly owner: OwnerKey;
  readonly message: string;
  /** It will not come by trying again. */
  readonly isFinal: boolean;
}

/** Stands before everything that a lane does to the host. */
export interface LaneGate<Step extends StepInfo> {
  /** Why a step must wait, whatever its resource asks; asked for every step of every plan. */
  holdOf(step: Step): 'rolledBack' | 'guarded' | undefined;
  /** Does `work` where these steps may be done now. Undefined where not: the lane is to look again, and `holdOf` tells what waits. */
  admit<T>(steps: readonly GatedStep<Step>[], work: () => Promise<T>): Promise<T | undefined>;
  /** Resources whose change may yet be undone: nothing of them counts as reached. */
  readonly unsettled: ReadonlySet<OwnerKey>;
  /** The lane observes the system now; the answer goes to `concluded`, with what was found. */
  looked(): number;
  /** A pass has ended, whose last look was `lookedAt`. */
  concluded(lookedAt: number, unfinished: readonly Unfinished[]): void;
}

/** For a system whose steps reach no way in. */
export const OPEN_GATE: LaneGate<StepInfo> = {
  holdOf: () => undefined,
  admit: (_steps, work) => work(),
  unsettled: new Set(),
  looked: () => 0,
  concluded: () => undefined,
};
