import type { OwnerKey } from '../systems/owner.ts';

/** What the guard says of one resource. */
export interface GuardVerdict {
  /** underWay: its change may yet be undone; rolledBack: it was, and is not tried again; refused: it could not be guarded. */
  readonly state: 'underWay' | 'rolledBack' | 'refused';
  readonly reason: string;
  readonly message: string;
}

/** The guarded change that is under way, or the last one, as a Host's status shows it. */
export interface CheckpointStatus {
  readonly name: string;
  readonly state: 'Probing' | 'AwaitingConfirmation' | 'Committed' | 'RolledBack' | 'Failed';
  readonly resources: readonly OwnerKey[];
  readonly impact: readonly string[];
  readonly startedAt: string;
  readonly deadline?: string;
  readonly endedAt?: string;
  readonly failedProbe?: string;
  readonly message: string;
}

/** All that the guard has to tell at one moment. Never changes. */
export interface GuardReport {
  readonly verdicts: ReadonlyMap<OwnerKey, GuardVerdict>;
  readonly checkpoint?: CheckpointStatus;
}

export const NO_GUARD_REPORT: GuardReport = { verdicts: new Map() };
