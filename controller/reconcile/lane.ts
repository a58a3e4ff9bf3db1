import type { Clock } from '../../api/machinery/clock.ts';
import { Fights } from '../drift/fights.ts';
import { OPEN_GATE, type GatedStep, type LaneGate } from '../safety/lane-gate.ts';
import type { OwnerKey } from '../systems/owner.ts';
import { SystemUnreachable, type Finding, type Plan, type Refusal, type StepInfo, type StepOutcome, type System } from '../systems/system.ts';
import { BackOff } from './back-off.ts';
import { intentOf, judge, orderedAmong, stepKey, type JudgedStep, type StepsInOrder } from './judge.ts';
import type { DriftEvent, HeldStep, LaneListener, Outstanding } from './lane-report.ts';
import type { LaneTarget } from './lane-target.ts';
import { LookRest } from './look-rest.ts';
import { Overlook } from './overlook.ts';
import { RefusedSteps } from './refused-steps.ts';
import { Repairs } from './repairs.ts';
import { findingKey, type Settled } from './settled.ts';
import { unfinishedOf } from './unfinished.ts';

/** Some steps show only after others are done (a port of a bridge that was missing); more rounds than this is no progress. */
const MAX_ROUNDS = 6;
const LEFTOVER_LOOK_AGAIN_MS = 1_000;
const UNREACHABLE_RETRY_MS = 1_000;
const LONGEST_REST_MS = 2_000;

interface View<Observed, Step extends StepInfo> {
  readonly observed: Observed;
  readonly plan: Plan<Step>;
  readonly judged: readonly JudgedStep<Step>[];
  /** When it was looked, as the gate counts. */
  readonly lookedAt: number;
}

type Apply<Step extends StepInfo> = (steps: readonly Step[]) => Promise<readonly StepOutcome<Step>[]>;

/**
 * Brings one system to its target: observe, plan, apply, verify. One pass at a time; whatever arrives while it runs makes it run
 * once more. It knows nothing of kinds: the plan, the policies and the memory of what was reached decide.
 */
export class Lane<Desired, Observed, Step extends StepInfo> {
  readonly #system: System<Desired, Observed, Step>;
  readonly #clock: Clock;
  readonly #settled: Settled;
  readonly #overlook: Overlook<Step>;
  readonly #listener: LaneListener<Observed>;
  readonly #heldBy: () => Promise<string | undefined>;
  readonly #restShare: number;
  readonly #lookRest: LookRest;
  readonly #gate: LaneGate<Step>;
  #aimedAt = 0;
  readonly #backOff = new BackOff();
  readonly #fights = new Fights();
  #target: LaneTarget<Desired> | undefined;
  /** What the pass under way goes for. */
  #going: LaneTarget<Desired> | undefined;
  #leftovers: ReadonlySet<string> = new Set();
  #reportedDrift: ReadonlySet<string> = new Set();
  /** Told in this pass, until what it has found is remembered as known. */
  readonly #toldFindings = new Set<string>();
  #lastObserved: Observed | undefined;
  readonly #refused = new RefusedSteps();
  #running: Promise<void> | undefined;
  #again = false;
  readonly #repairs = new Repairs(() => this.#repair());
  #wakeups = 0;
  #stopped = false;
  #cancelTimer: () => void = () => undefined;
  readonly #unsubscribe: () => void;

  constructor(options: {
    readonly system: System<Desired, Observed, Step>;
    readonly clock: Clock;
    readonly settled: Settled;
    readonly listener: LaneListener<Observed>;
    /** Why nothing may be done on this host now; undefined when it may. */
    readonly heldBy?: () => Promise<string | undefined>;
    /** For a system where a pass takes long however little there is to do: for how much of that time the target must keep still before the next. */
    readonly restShare?: number;
    /** What every step passes; without one, all may be done at once. */
    readonly gate?: LaneGate<Step>;
  }) {
    this.#heldBy = options.heldBy ?? (() => Promise.resolve(undefined));
    this.#restShare = options.restShare ?? 0;
    this.#lookRest = new LookRest(options.clock);
    this.#gate = options.gate ?? OPEN_GATE;
    this.#system = options.system;
    this.#clock = options.clock;
    this.#settled = options.settled;
    const { system } = options;
    this.#overlook = new Overlook(options.settled, (step, isLeftOut) => system.without?.(step, isLeftOut));
    this.#listener = options.listener;
    this.#unsubscribe = options.system.changes(() => this.wake());
  }

  /** Sets what to go for, and goes in a turn of its own: to compile it has taken long enough. */
  aim(target: LaneTarget<Desired>): void {
    this.#target = target;
    this.#aimedAt = this.#clock.now();
    if (this.#running) this.wake();
    else setImmediate(() => this.wake());
  }

  /** Runs a pass, or one more after the one under way. */
  wake(): void {
    if (this.#stopped || this.#target === undefined) return;
    this.#wakeups += 1;
    if (this.#running) {
      this.#again = true;
      this.#repairs.ask();
      return;
    }
    this.#running = this.#runUntilQuiet().finally(() => (this.#running = undefined));
  }

  /** What was seen last; undefined before the first look. */
  get lastObserved(): Observed | undefined {
    return this.#lastObserved;
  }

  /** Looks at the system and says which steps are due, now or after another system's; does none. Undefined while there is no target or the system can't be reached. */
  async preview(): Promise<{ readonly observed: Observed; readonly steps: readonly GatedStep<Step>[] } | undefined> {
    if (!this.#target) return undefined;
    try {
      const { observed, judged } = await this.#look(this.#target);
      return { observed, steps: judged.filter(({ verdict }) => verdict === 'do' || verdict === 'ordered') };
    } catch (error) {
      if (error instanceof SystemUnreachable) return undefined;
      throw error;
    }
  }

  /** The safety net: a pass that also tries again what stalled. */
  resync(): void {
    this.#backOff.forgetStalled();
    this.wake();
  }

  /** Ends after the pass under way. May be called twice. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#unsubscribe();
    this.#cancelTimer();
    await this.#running;
  }

  async #runUntilQuiet(): Promise<void> {
    do {
      if (this.#restShare > 0) await this.#lookRest.over(() => (this.#stopped ? Infinity : this.#aimedAt));
      this.#again = false;
      this.#cancelTimer();
      const startedAt = this.#clock.now();
      const target = this.#target;
      if (target) await this.#guardedPass(target);
      this.#lookRest.looked(this.#clock.now() - startedAt);
      if (this.#again) await this.#rest(this.#clock.now() - startedAt);
    } while (this.#again && !this.#stopped);
  }

  /** After a pass that took long, waits until the target has kept still for a share of that time, so that a burst is done at once. */
  async #rest(passMs: number): Promise<void> {
    const calmMs = passMs * this.#restShare;
    const giveUpAt = this.#clock.now() + LONGEST_REST_MS;
    for (;;) {
      const now = this.#clock.now();
      const restMs = Math.min(this.#aimedAt + calmMs, giveUpAt) - now;
      if (restMs <= 0 || this.#stopped) return;
      await this.#clock.sleep(restMs);
    }
  }

  /** Corrects drift while the pass under way waits, by what that goes for; everything else is left to the pass that follows. Never throws. */
  async #repair(): Promise<void> {
    try {
      let done: readonly JudgedStep<Step>[] = [];
      while (this.#repairs.isOpen && this.#target && this.#going) {
        const target = { ...this.#going, policies: this.#target.policies };
        const { judged } = await this.#look(target);
        const todo = judged.filter(({ drift, verdict }) => drift && verdict === 'do');
        if (todo.length === 0 || doneInVain(done, judged).length > 0) return;
        if (!(await this.#carryOut({ todo, ordered: [] }, target, (steps) => this.#system.apply(steps)))) return;
        done = todo;
      }
    } catch (error) {
      // A lost connection is told by the pass under way.
      if (!(error instanceof SystemUnreachable)) this.#listener.failed(error);
    }
  }

  async #guardedPass(target: LaneTarget<Desired>): Promise<void> {
    const startedAt = this.#clock.now();
    const wakeups = this.#wakeups;
    this.#wakeups = 0;
    this.#going = target;
    try {
      await this.#pass(target);
      this.#listener.passed?.({ system: this.#system.name, tookMs: this.#clock.now() - startedAt, wakeups });
    } catch (error) {
      if (!(error instanceof SystemUnreachable)) this.#listener.failed(error);
      this.#lookAgain(UNREACHABLE_RETRY_MS);
      const reason = error instanceof SystemUnreachable ? error.reason : 'InternalError';
      const message = error instanceof Error ? error.message : String(error);
      this.#report(target, [], new Map(), { reason, message });
    }
  }

  async #pass(target: LaneTarget<Desired>): Promise<void> {
    let view = await this.#look(target);
    this.#tellDrift(view, target);
    const unverified = new Set<string>();
    for (let round = 0; round < MAX_ROUNDS; round++) {
      const todo = view.judged.filter(({ step, verdict }) => verdict === 'do' && !unverified.has(stepKey(step)));
      if (todo.length === 0) break;
      const isDone = await this.#carryOut({ todo, ordered: orderedAmong(view.judged) }, target, (steps) => this.#repairs.during((opened) => this.#system.apply(steps, opened)));
      view = await this.#look(target);
      this.#tellDrift(view, target);
      if (isDone) for (const key of doneInVain(todo, view.judged)) unverified.add(key);
    }
    const coming = orderedAmong(view.judged).filter(({ step }) => this.#gate.holdOf(step) === undefined);
    await this.#system.prepare?.(coming.map(({ step }) => step));
    await this.#tellMissed(view, target);
    this.#conclude(view, unverified, target);
  }

  async #look(target: LaneTarget<Desired>): Promise<View<Observed, Step>> {
    const lookedAt = this.#gate.looked();
    const [observed, heldBy] = await Promise.all([this.#system.observe(), this.#heldBy()]);
    if (heldBy !== undefined) throw new SystemUnreachable(this.#system.name, 'HostTaken', heldBy);
    this.#lastObserved = observed;
    const plan = this.#overlook.apply(this.#system.plan(target.desired, observed), target);
    const memory = { settled: this.#settled, backOff: this.#backOff, fights: this.#fights, leftovers: this.#leftovers, gate: this.#gate };
    return { lookedAt, observed, plan, judged: judge(plan.steps, target, memory, this.#clock.now()) };
  }

  /** False when the gate did not let the steps through: then nothing was done. It is asked about those too that are to come after them. */
  async #carryOut({ todo, ordered }: StepsInOrder<Step>, target: LaneTarget<Desired>, apply: Apply<Step>): Promise<boolean> {
    const startedAt = this.#clock.now();
    // Asked for before the correction, which would hide it; awaited after, so that nobody waits for a log.
    const causes = new Map(todo.filter(({ drift }) => drift).map(({ step }) => [step, this.#causeOf(step)]));
    const outcomes = await this.#gate.admit([...todo, ...ordered], () => apply(todo.map(({ step }) => step)));
    if (!outcomes) return false;
    const doneAt = this.#clock.now();
    const failures = new Map(outcomes.flatMap((outcome) => (outcome.result === 'failed' ? [[outcome.step, outcome.refusal] as const] : [])));
    for (const { step } of todo) {
      const refusal = failures.get(step);
      if (refusal) this.#remember(step, refusal, target);
    }
    const failed = new Set([...failures.values()].map(({ owner }) => owner));
    for (const { step } of todo) if (!failed.has(step.owner)) this.#forget(step.owner);
    this.#listener.applied({
      system: this.#system.name,
      steps: todo.map(({ step, drift }) => ({ step, drift, ...refusalOf(failures.get(step)) })),
      startedAt,
      tookMs: doneAt - startedAt,
    });
    for (const [step, cause] of causes) {
      const pauseMs = failures.has(step) ? 0 : this.#fights.corrected(step, doneAt);
      const ended = failures.has(step) ? { action: failureOf(failures.get(step)) } : { action: 'Corrected' as const, correctedAt: doneAt, ...(pauseMs === 0 ? {} : { pauseMs }) };
      void cause.then((found) =>
        this.#listener.drifted({ system: this.#system.name, subject: { kind: 'step', step }, detectedAt: startedAt, cause: found, ...ended }),
      );
    }
    return true;
  }

  #remember(step: Step, refusal: Refusal, target: LaneTarget<Desired>): void {
    const intent = intentOf(refusal.owner, target);
    this.#refused.note(step, refusal, intent);
    if (refusal.needsPerson) this.#backOff.stalled(refusal.owner, intent);
    else this.#backOff.failed(refusal.owner, intent, this.#clock.now());
  }

  #forget(owner: OwnerKey): void {
    this.#refused.forget(owner);
    this.#backOff.succeeded(owner);
  }

  /** Tells of drift that is kept, by policy or because the resource is paused, and of foreign things beside ours, each once. */
  #tellDrift(view: View<Observed, Step>, target: LaneTarget<Desired>): void {
    const detectedAt = this.#clock.now();
    const kept = view.judged.filter(({ verdict, drift }) => drift && (verdict === 'reported' || verdict === 'paused')).map(({ step }) => step);
    const told = new Set(kept.map(driftKey));
    for (const step of kept) {
      if (!this.#reportedDrift.has(driftKey(step))) this.#tell({ kind: 'step', step }, this.#causeOf(step), detectedAt);
    }
    this.#reportedDrift = told;
    for (const finding of view.plan.findings) {
      if (this.#settled.knows(finding) || this.#toldFindings.has(findingKey(finding)) || !this.#wasReached(finding.owner, target)) continue;
      this.#toldFindings.add(findingKey(finding));
      this.#tell({ kind: 'finding', finding }, this.#causeOf(finding), detectedAt);
    }
  }

  /** Tells of what came and went between two looks. */
  async #tellMissed({ observed }: View<Observed, Step>, target: LaneTarget<Desired>): Promise<void> {
    const missed = await this.#system.missed?.(target.desired, observed, (owner) => this.#wasReached(owner, target));
    const detectedAt = this.#clock.now();
    for (const { finding, cause } of missed ?? []) {
      if (this.#overlook.ignores(finding, target)) continue;
      this.#listener.drifted({ system: this.#system.name, subject: { kind: 'finding', finding }, detectedAt, action: 'Superseded', cause });
    }
  }

  #tell(subject: DriftEvent['subject'], cause: Promise<DriftEvent['cause']>, detectedAt: number): void {
    void cause.then((found) => this.#listener.drifted({ system: this.#system.name, subject, detectedAt, action: 'Reported', cause: found }));
  }

  #wasReached(owner: OwnerKey, target: LaneTarget<Desired>): boolean {
    const fingerprint = target.fingerprints.get(owner);
    return fingerprint !== undefined && this.#settled.has(owner, fingerprint);
  }

  /** Never rejects: an unknown cause must not hide the drift. */
  async #causeOf(subject: Step | Finding): Promise<DriftEvent['cause']> {
    try {
      return await this.#system.causeOf?.(subject);
    } catch (error) {
      this.#listener.failed(error);
      return undefined;
    }
  }

  #conclude(view: View<Observed, Step>, unverified: ReadonlySet<string>, target: LaneTarget<Desired>): void {
    const now = this.#clock.now();
    for (const { step } of view.judged) {
      if (unverified.has(stepKey(step))) this.#backOff.failed(step.owner, intentOf(step.owner, target), now);
    }
    const leftovers = view.judged.filter(({ step }) => step.leftover);
    this.#leftovers = new Set(leftovers.map(({ step }) => stepKey(step)));
    const held = view.judged.map(({ step, drift, verdict }): HeldStep => ({ step, drift, reason: verdict === 'do' ? 'unverified' : verdict }));
    const outstanding = this.#outstanding(held, view.plan.refusals, target);
    const unsettled = withOwners(outstanding, this.#gate.unsettled);
    this.#toldFindings.clear();
    this.#settled.record({ asked: target.fingerprints, outstanding: unsettled, findings: view.plan.findings });
    this.#overlook.record(target, unsettled);
    if (leftovers.some(({ verdict }) => verdict === 'unconfirmed')) this.#lookAgain(LEFTOVER_LOOK_AGAIN_MS);
    const due = Math.min(this.#backOff.nextDue() ?? Infinity, this.#fights.nextDue(now) ?? Infinity);
    if (due !== Infinity && held.some(({ reason }) => reason === 'waiting' || reason === 'unverified')) this.#lookAgain(due - now);
    this.#report(target, view.plan.findings, outstanding);
    this.#gate.concluded(view.lookedAt, unfinishedOf(outstanding));
  }

  #outstanding(held: readonly HeldStep[], planned: readonly Refusal[], target: LaneTarget<Desired>): Map<OwnerKey, Outstanding> {
    const outstanding = new Map<OwnerKey, { held: HeldStep[]; refusals: Refusal[] }>();
    const of = (owner: OwnerKey): { held: HeldStep[]; refusals: Refusal[] } => {
      const known = outstanding.get(owner) ?? { held: [], refusals: [] };
      outstanding.set(owner, known);
      return known;
    };
    for (const step of held) of(step.step.owner).held.push(step);
    for (const refusal of planned) of(refusal.owner).refusals.push(refusal);
    for (const [owner, refusals] of this.#refused.current((owner) => intentOf(owner, target))) {
      // What apply refused counts for as long as the step is still wanted.
      if (refusals && outstanding.get(owner)?.held.length && target.fingerprints.has(owner)) of(owner).refusals.push(...refusals);
      else this.#forget(owner);
    }
    return outstanding;
  }

  #report(
    target: LaneTarget<Desired>,
    findings: readonly Finding[],
    outstanding: ReadonlyMap<OwnerKey, Outstanding>,
    unreachable?: { readonly reason: string; readonly message: string },
  ): void {
    this.#listener.reported({
      system: this.#system.name,
      version: target.version,
      outstanding,
      findings,
      ...(this.#lastObserved === undefined ? {} : { observed: this.#lastObserved }),
      ...(unreachable === undefined ? {} : { unreachable }),
    });
  }

  /** Wakes the lane after `delayMs` unless something else does first. */
  #lookAgain(delayMs: number): void {
    this.#cancelTimer();
    this.#cancelTimer = this.#clock.after(Math.max(delayMs, 0), () => this.wake());
  }
}

/** Steps that were just done and that the plan asks for again with the very same differences. */
function doneInVain(done: readonly JudgedStep<StepInfo>[], next: readonly JudgedStep<StepInfo>[]): string[] {
  const before = new Set(done.map(({ step }) => driftKey(step)));
  return next.filter(({ step, verdict }) => verdict === 'do' && before.has(driftKey(step))).map(({ step }) => stepKey(step));
}

function driftKey(step: StepInfo): string {
  return JSON.stringify([step.owner, step.verb, step.object, step.differences]);
}

function withOwners(outstanding: ReadonlyMap<OwnerKey, unknown>, owners: ReadonlySet<OwnerKey>): ReadonlyMap<OwnerKey, unknown> {
  return owners.size === 0 ? outstanding : new Map([...outstanding, ...[...owners].map((owner) => [owner, undefined] as const)]);
}

/** What was changed again before it could be corrected is looked at again, as another change. */
function failureOf(refusal: Refusal | undefined): 'Superseded' | 'Failed' {
  return refusal?.reason === 'StalePlan' ? 'Superseded' : 'Failed';
}

function refusalOf(refusal: Refusal | undefined): { readonly refusal?: Refusal } {
  return refusal === undefined ? {} : { refusal };
}
