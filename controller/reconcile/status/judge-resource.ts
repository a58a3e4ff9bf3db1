import type { Lifecycle } from '../../desired/lifecycle.ts';
import type { Problem } from '../../desired/problem.ts';
import type { GuardVerdict } from '../../safety/guard-report.ts';
import type { OwnerKey } from '../../systems/owner.ts';
import type { Refusal, StepInfo } from '../../systems/system.ts';
import type { HeldStep, LaneReport } from '../lane-report.ts';
import type { Judgement } from './conditions.ts';

/** Why a resource is not where it should be, in the first matter that stands in its way. */
interface Obstacle {
  readonly reason: string;
  readonly message: string;
  /** Stalled rather than Reconciling. */
  readonly needsPerson: boolean;
}

/** What the kind itself says of a programmed resource: undefined when it works, else why not yet. */
export type Liveness = { readonly reason: string; readonly message: string } | undefined;

export interface Case {
  readonly owner: OwnerKey;
  readonly lifecycle: Lifecycle;
  readonly problem: Problem | undefined;
  readonly doubts: readonly string[];
  /** Fields that are set and do nothing yet. */
  readonly notYetActing: readonly string[];
  readonly paused: boolean;
  readonly reports: readonly LaneReport<unknown>[];
  readonly liveness: Liveness;
  readonly guard: GuardVerdict | undefined;
}

/** The conditions that a resource deserves. A paused one keeps its last values, but for what is seen of drift. */
export function judgeResource(facts: Case): Judgement[] {
  const obstacle = obstacleOf(facts);
  const drift = driftedBy(facts.reports, facts.owner);
  const drifted: Judgement[] = drift === undefined ? [] : [{ type: 'Drifted', status: 'True', ...drift }];
  if (facts.paused) return drifted;
  const programmed: Judgement = obstacle
    ? { type: 'Programmed', status: 'False', reason: obstacle.reason, message: obstacle.message }
    : { type: 'Programmed', status: 'True', reason: 'Programmed', message: 'The host has it' };
  return [accepted(facts), programmed, ...ready(obstacle, facts.liveness), ...drifted, ...rolledBack(facts.guard)];
}

function rolledBack(guard: GuardVerdict | undefined): Judgement[] {
  return guard?.state === 'rolledBack' ? [{ type: 'RolledBack', status: 'True', reason: guard.reason, message: guard.message }] : [];
}

function accepted({ problem, notYetActing, doubts }: Case): Judgement {
  if (problem) return { type: 'Accepted', status: 'False', reason: problem.reason, message: problem.message };
  const remarks = [...notYetActing.map((path) => `${path} is stored but does not act yet`), ...doubts];
  const reason = notYetActing.length > 0 ? 'PartlyImplemented' : 'Accepted';
  return { type: 'Accepted', status: 'True', reason, message: remarks.join('; ') || 'The spec makes sense beside the others' };
}

function ready(obstacle: Obstacle | undefined, liveness: Liveness): Judgement[] {
  if (obstacle) {
    const { reason, message, needsPerson } = obstacle;
    const state: Judgement = { type: needsPerson ? 'Stalled' : 'Reconciling', status: 'True', reason, message };
    return [{ type: 'Ready', status: 'False', reason, message }, state];
  }
  if (liveness) {
    return [
      { type: 'Ready', status: 'False', ...liveness },
      { type: 'Reconciling', status: 'True', ...liveness },
    ];
  }
  return [{ type: 'Ready', status: 'True', reason: 'Ready', message: 'It works as the spec says' }];
}

function obstacleOf({ owner, lifecycle, problem, reports, guard }: Case): Obstacle | undefined {
  if (lifecycle.state === 'held') {
    return { reason: 'InUse', message: `is being deleted and stays until these are gone: ${lifecycle.by.join(', ')}`, needsPerson: false };
  }
  if (problem) return problem;
  if (guard) return { reason: guard.reason, message: guard.message, needsPerson: guard.state === 'rolledBack' };
  for (const report of reports) {
    if (report.unreachable) return { ...report.unreachable, needsPerson: false };
  }
  for (const report of reports) {
    const outstanding = report.outstanding.get(owner);
    const [refusal] = [...(outstanding?.refusals ?? [])].sort((a, b) => Number(b.needsPerson) - Number(a.needsPerson));
    if (refusal) return fromRefusals(refusal, outstanding?.refusals ?? []);
    const [held] = outstanding?.held ?? [];
    if (held) return fromHeld(held, report.system);
  }
  if (lifecycle.state === 'leaving' || lifecycle.state === 'released') {
    return { reason: 'Deleting', message: 'is being taken off the host', needsPerson: false };
  }
  return undefined;
}

function fromRefusals({ reason, needsPerson }: Refusal, all: readonly Refusal[]): Obstacle {
  return { reason, message: all.map(({ message }) => message).join('; '), needsPerson };
}

function fromHeld({ step, reason }: HeldStep, system: string): Obstacle {
  const what = describe(step);
  switch (reason) {
    case 'reported':
      return { reason: 'Drifted', message: `${what} (kept: driftPolicy is Report)`, needsPerson: true };
    case 'paused':
      return { reason: 'Paused', message: `${what} (paused)`, needsPerson: true };
    case 'unverified':
      return { reason: 'NotVerified', message: `${what}: done, but ${system} does not show it; it is tried again`, needsPerson: false };
    case 'guarded':
      return { reason: 'WaitsForGuard', message: `${what}: waits until it can be guarded, since it reaches a way into the host`, needsPerson: false };
    case 'ordered':
      return { reason: 'WaitsForOther', message: `${what}: waits until ${step.waitsFor ?? ''}`, needsPerson: false };
    case 'waiting':
    case 'unconfirmed':
    // What was rolled back is told by the guard, and with its cause.
    // falls through
    case 'rolledBack':
      return { reason: 'Pending', message: `${what}: to be done`, needsPerson: false };
  }
}

function driftedBy(reports: readonly LaneReport<unknown>[], owner: OwnerKey): { reason: string; message: string } | undefined {
  const held = reports.flatMap((report) => report.outstanding.get(owner)?.held ?? []).filter(({ drift }) => drift);
  if (held.length === 0) return undefined;
  return { reason: 'DriftDetected', message: held.map(({ step }) => describe(step)).join('; ') };
}

/** `Port vnet100: tag is 200, expected 100`. */
export function describe({ verb, object, differences }: StepInfo): string {
  if (differences.length === 0) return `${object} (${verb})`;
  const parts = differences.map(({ path, expected, found }) => `${path} is ${found || 'absent'}, expected ${expected || 'absent'}`);
  return `${object}: ${parts.join(', ')}`;
}
