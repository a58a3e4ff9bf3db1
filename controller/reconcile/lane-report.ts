import type { OwnerKey } from '../systems/owner.ts';
import type { Cause, Finding, Refusal, StepInfo, SystemName } from '../systems/system.ts';

/** Why a step that the plan asks for was not done. */
export type HoldReason =
  /** The resource is paused. */
  | 'paused'
  /** It is drift, and the policy is to report it. */
  | 'reported'
  /** A leftover, seen once so far. */
  | 'unconfirmed'
  /** It was rolled back, and its resource has not changed since. */
  | 'rolledBack'
  /** It reaches a way in, and waits until that can be guarded. */
  | 'guarded'
  /** Another system has to do its part first. */
  | 'ordered'
  /** It failed before, or was undone again and again, and waits for its next try. */
  | 'waiting'
  /** It was done, and the host still is not as desired. */
  | 'unverified';

export interface HeldStep {
  readonly step: StepInfo;
  readonly reason: HoldReason;
  /** The host left what it once was. */
  readonly drift: boolean;
}

/** How far one resource is from what it asks of one system. */
export interface Outstanding {
  readonly held: readonly HeldStep[];
  readonly refusals: readonly Refusal[];
}

/** What a lane knows after a pass. */
export interface LaneReport<Observed> {
  readonly system: SystemName;
  /** The target that this pass went for. */
  readonly version: number;
  /** Set when the system could not be reached: then `observed` is what was seen last, if anything. */
  readonly unreachable?: { readonly reason: string; readonly message: string };
  readonly observed?: Observed;
  /** Only owners that are not as desired. */
  readonly outstanding: ReadonlyMap<OwnerKey, Outstanding>;
  readonly findings: readonly Finding[];
}

/** A change of the host that nobody asked for, and what became of it. */
export interface DriftEvent {
  readonly system: SystemName;
  readonly subject: { readonly kind: 'step'; readonly step: StepInfo } | { readonly kind: 'finding'; readonly finding: Finding };
  /** Milliseconds since the epoch. */
  readonly detectedAt: number;
  readonly action: 'Corrected' | 'Reported' | 'Superseded' | 'Failed';
  /** Set when corrected. */
  readonly correctedAt?: number;
  /** Set when it came back again and again: for this long it is left as it is if it comes back once more. */
  readonly pauseMs?: number;
  readonly cause: Cause | undefined;
}

/** A plan that was carried out, for the history. */
export interface AppliedPlan {
  readonly system: SystemName;
  readonly steps: readonly { readonly step: StepInfo; readonly drift: boolean; readonly refusal?: Refusal }[];
  readonly startedAt: number;
  readonly tookMs: number;
}

/** One pass of a lane, for metrics. */
export interface LanePass {
  readonly system: SystemName;
  readonly tookMs: number;
  /** How often it was woken since the pass before; all of that is done by this one. */
  readonly wakeups: number;
}

/** Hears what a lane does. */
export interface LaneListener<Observed> {
  reported(report: LaneReport<Observed>): void;
  drifted(event: DriftEvent): void;
  applied(plan: AppliedPlan): void;
  passed?(pass: LanePass): void;
  /** Something that should not happen did; the lane goes on. */
  failed(error: unknown): void;
}
