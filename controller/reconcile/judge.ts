import type { Fights } from '../drift/fights.ts';
import type { LaneGate } from '../safety/lane-gate.ts';
import type { OwnerKey } from '../systems/owner.ts';
import type { StepInfo } from '../systems/system.ts';
import type { BackOff } from './back-off.ts';
import type { LaneTarget } from './lane-target.ts';
import type { HoldReason } from './lane-report.ts';
import type { Settled } from './settled.ts';

/** What a lane remembers from pass to pass and needs to judge a step. */
export interface LaneMemory {
  readonly settled: Settled;
  readonly backOff: BackOff;
  readonly fights: Fights;
  /** Leftovers that the pass before saw. */
  readonly leftovers: ReadonlySet<string>;
  readonly gate: Pick<LaneGate<StepInfo>, 'holdOf'>;
}

export interface JudgedStep<Step extends StepInfo> {
  readonly step: Step;
  /** The host left what it once was, though nobody changed the spec. */
  readonly drift: boolean;
  readonly verdict: 'do' | HoldReason;
}

export interface StepsInOrder<Step extends StepInfo> {
  readonly todo: readonly JudgedStep<Step>[];
  /** They wait for another system, which may wait for `todo`. */
  readonly ordered: readonly JudgedStep<Step>[];
}

export function orderedAmong<Step extends StepInfo>(judged: readonly JudgedStep<Step>[]): readonly JudgedStep<Step>[] {
  return judged.filter(({ verdict }) => verdict === 'ordered');
}

/** Decides what becomes of each step of a plan. Reads only. */
export function judge<Step extends StepInfo>(
  steps: readonly Step[],
  target: LaneTarget<unknown>,
  memory: LaneMemory,
  now: number,
): JudgedStep<Step>[] {
  return steps.map((step) => {
    const drift = memory.gate.holdOf(step) !== 'rolledBack' && isDrift(step, target, memory.settled);
    return { step, drift, verdict: verdictOf(step, drift, target, memory, now) };
  });
}

/** What names a step from one plan to the next. */
export function stepKey({ owner, verb, object }: StepInfo): string {
  return JSON.stringify([owner, verb, object]);
}

/** The intent that failures of this owner are remembered by; leftovers have none. */
export function intentOf(owner: OwnerKey, target: LaneTarget<unknown>): string {
  return target.fingerprints.get(owner)?.intent ?? '';
}

function isDrift(step: StepInfo, target: LaneTarget<unknown>, settled: Settled): boolean {
  if (step.leftover || step.fresh === true) return false;
  const fingerprint = target.fingerprints.get(step.owner);
  return fingerprint !== undefined && settled.has(step.owner, fingerprint);
}

function verdictOf(
  step: StepInfo,
  drift: boolean,
  target: LaneTarget<unknown>,
  { backOff, fights, leftovers, gate }: LaneMemory,
  now: number,
): 'do' | HoldReason {
  const policy = target.policies.get(step.owner);
  if (policy?.paused) return 'paused';
  if (drift && policy?.drift === 'Report') return 'reported';
  if (step.leftover && !leftovers.has(stepKey(step))) return 'unconfirmed';
  if (step.waitsFor !== undefined) return 'ordered';
  const hold = gate.holdOf(step);
  if (hold !== undefined) return hold;
  if (backOff.waits(step.owner, intentOf(step.owner, target), now) || (drift && fights.waits(step, now))) return 'waiting';
  return 'do';
}
