import type { Clock } from '../../api/machinery/clock.ts';
import type { DurableMap } from '../journal/durable-map.ts';
import type { Exec } from '../systems/exec.ts';
import type { NetplanStep } from '../systems/netplan/step.ts';
import type { OwnerKey } from '../systems/owner.ts';
import type { OvsStep } from '../systems/ovs/plan/step.ts';
import { beginChange } from './begin-change.ts';
import type { Failure } from './checkpoint/checkpoint.ts';
import { removeEnded } from './checkpoint/checkpoint-folder.ts';
import { errorText } from './error-text.ts';
import { GuardMemory } from './guard-memory.ts';
import type { GuardReport } from './guard-report.ts';
import type { GuardedChange, GuardedLane } from './guarded-change.ts';
import type { GuardedHost } from './guarded-host.ts';
import type { GatedStep, LaneGate, Unfinished } from './lane-gate.ts';
import { describeProbe } from './probes/probe.ts';
import { firstFailing } from './probes/run-probe.ts';
import { AddressInUse } from './probes/taken-addresses.ts';
import { ownersReaching } from './reach.ts';
import type { ReadWaysIn } from './read-ways-in.ts';
import { findChange, recordFound } from './recover.ts';
import { commit, rollBack, type EndingTools } from './roll-back.ts';
import type { Arm } from './watchdog/arm.ts';
import type { StoppableExec } from './watchdog/stoppable-exec.ts';

export interface GuardOptions {
  /** Where checkpoints are kept. */
  readonly directory: string;
  readonly ovsdb: string;
  readonly netplanRoot: string;
  /** Where netplan's lane keeps what it took out of other files. */
  readonly stateDirectory: string;
  readonly clock: Clock;
  readonly exec: Exec;
  /** By which netplan's lane runs its programs. */
  readonly laneExec: StoppableExec;
  readonly arm: Arm;
  readonly readWaysIn: ReadWaysIn;
  readonly holds: DurableMap;
  readonly memory: DurableMap;
  readonly host: GuardedHost;
  readonly listener: GuardListener;
}

export interface GuardListener {
  /** The report is another one. */
  changed(): void;
  /** Something for the Host's events. */
  told(event: { readonly type: 'Normal' | 'Warning'; readonly reason: string; readonly message: string }): void;
  /** Something that should not happen did; the guard goes on. */
  failed(error: unknown): void;
}

type Phase =
  | { readonly is: 'idle' }
  | { readonly is: 'opening'; readonly done: Promise<void> }
  | { readonly is: 'applying' | 'probing' | 'confirming' | 'ending'; readonly change: GuardedChange };

const IDLE: Phase = { is: 'idle' };
const PROBE_PAUSE_MS = 500;
/** A device that is only just being set up may answer once and be gone. */
const ROUNDS_TO_PASS = 2;
const LOOK_AGAIN_MS = 20;
const RETRY_MS = 1_000;
const REFUSED_RETRY_MS = 10_000;

/**
 * Stands between the lanes and the host. A change whose steps reach a way in is made under a checkpoint that a watchdog outside
 * this process keeps; it is committed when what answered before answers again, and rolled back when it does not.
 */
export class Guard {
  /** What each lane passes. */
  readonly gates: { readonly ovs: LaneGate<OvsStep>; readonly netplan: LaneGate<NetplanStep> };
  readonly #options: GuardOptions;
  readonly #memory: GuardMemory;
  #phase: Phase = IDLE;
  #count = 0;
  /** Let through without a guard, until the lane has ended its pass. */
  readonly #free = new Map<GuardedLane, ReadonlySet<OwnerKey>>();
  /** Others whose steps reach a way in while a change is being checked. */
  readonly #waiting = new Set<OwnerKey>();
  #cancelDeadline: () => void = () => undefined;
  #stopped = false;
  /** Before, a resource that is not known yet looks like one that is gone. */
  #knowsResources = false;

  constructor(options: GuardOptions) {
    this.#options = options;
    this.#memory = new GuardMemory(options);
    this.gates = { ovs: this.#gate('ovs'), netplan: this.#gate('netplan') };
  }

  get report(): GuardReport {
    return this.#memory.report;
  }

  #gate(lane: GuardedLane): LaneGate<OvsStep> & LaneGate<NetplanStep> {
    const unsettled = (): ReadonlySet<OwnerKey> => this.#unsettled();
    return {
      holdOf: ({ owner }) => this.#holdOf(owner),
      admit: (steps: readonly GatedStep<OvsStep | NetplanStep>[], work) => this.#admit(lane, steps, work),
      get unsettled() {
        return unsettled();
      },
      looked: () => this.#count,
      concluded: (lookedAt, unfinished) => this.#concluded(lane, lookedAt, unfinished),
    };
  }

  /** Takes up what an earlier daemon left: to be called before the lanes start. */
  async recover(): Promise<void> {
    const { directory, clock, laneExec } = this.#options;
    const found = await findChange({ ...this.#options, mark: laneExec.mark });
    await recordFound(this.#options, this.#memory);
    if (!found) return removeEnded(directory);
    const { change } = found;
    if ('cause' in found) {
      this.#fail(change, found.cause);
      return;
    }
    this.#phase = { is: 'applying', change };
    this.#memory.began(change, clock.now() + found.remainingMs);
    this.#setDeadline(change, found.remainingMs);
  }

  /** The resources, or the Host's settings, may have changed. All of them are known by then. */
  resourcesChanged(): void {
    const { host } = this.#options;
    this.#knowsResources = true;
    if (this.#memory.release((owner) => host.versionOf(owner), host.policy().text)) host.wake();
    if (this.#phase.is === 'confirming' && host.confirmed() === this.#phase.change.name) void this.#commit(this.#phase.change, 'was confirmed');
  }

  /** Leaves a change that is under way to the watchdog, or to the next daemon. */
  stop(): void {
    this.#stopped = true;
    this.#cancelDeadline();
  }

  #holdOf(owner: OwnerKey): 'rolledBack' | 'guarded' | undefined {
    if (this.#memory.isHeld(owner)) return 'rolledBack';
    if (this.#phase.is === 'ending' || this.#waiting.has(owner) || this.#memory.isRefused(owner)) return 'guarded';
    return undefined;
  }

  #unsettled(): ReadonlySet<OwnerKey> {
    return this.#phase.is === 'idle' || this.#phase.is === 'opening' ? NOBODY : new Set(this.#phase.change.owners.keys());
  }

  async #admit<T>(lane: GuardedLane, steps: readonly GatedStep<OvsStep | NetplanStep>[], work: () => Promise<T>): Promise<T | undefined> {
    const { host } = this.#options;
    if (this.#phase.is === 'idle') {
      if (!host.policy().enabled || this.#isFree(lane, steps) || (await ownersReaching(steps, this.#options)).length === 0) return this.#phase.is === 'idle' ? work() : undefined;
      this.#beginOpening(steps);
    }
    const phase = this.#phase;
    switch (phase.is) {
      case 'opening':
        await phase.done;
        return undefined;
      case 'idle':
      case 'ending':
        return undefined;
      default:
        return this.#admitBeside(phase, steps, work);
    }
  }

  /** While a change is under way its own steps join it, harmless ones of others go their way, and the rest waits. */
  async #admitBeside<T>({ is, change }: Exclude<Phase, { is: 'idle' | 'opening' }>, steps: readonly GatedStep<OvsStep | NetplanStep>[], work: () => Promise<T>): Promise<T | undefined> {
    const { host } = this.#options;
    const others = steps.filter(({ step }) => change.owners.get(step.owner) !== host.versionOf(step.owner));
    const reaching = others.length === 0 ? [] : await ownersReaching(others, this.#options);
    const mayJoin = (owner: OwnerKey): boolean => is === 'applying' && !change.owners.has(owner);
    const late = reaching.filter((owner) => !mayJoin(owner));
    if (late.length > 0 && this.#phase.is !== 'idle') for (const owner of late) this.#waiting.add(owner);
    if (late.length > 0 || !this.#goesOn(change)) return undefined;
    const joining = steps.filter(({ step }) => change.owners.has(step.owner) || reaching.includes(step.owner)).map(({ step }) => step);
    if (joining.length === 0) return work();
    try {
      await this.#note(change, joining);
    } catch (error) {
      if (this.#goesOn(change)) this.#fail(change, { reason: 'CheckpointFailed', message: `the checkpoint could not be written: ${errorText(error)}` });
      return undefined;
    }
    // The deadline may have passed while it was written: then nothing is to be done any more, and what was noted does no harm.
    if (!this.#goesOn(change)) return undefined;
    try {
      return await change.during(joining, () => (this.#count += 1), work);
    } finally {
      // The other lane may have looked before this was done.
      host.wake();
    }
  }

  #goesOn(change: GuardedChange): boolean {
    return (this.#phase.is === 'applying' || this.#phase.is === 'probing' || this.#phase.is === 'confirming') && this.#phase.change === change;
  }

  async #note(change: GuardedChange, steps: readonly (OvsStep | NetplanStep)[]): Promise<void> {
    const { host } = this.#options;
    const versionOf = (owner: OwnerKey): string => host.versionOf(owner);
    const rows = host.facts().ovs?.rows;
    const ovs = steps.filter((step) => 'edits' in step);
    const netplan = steps.filter((step) => 'kind' in step);
    if (ovs.length > 0 && rows) await change.noteOvs(ovs, rows, versionOf);
    if (netplan.length > 0) await change.noteNetplan(netplan, versionOf);
    this.#memory.joined(change);
  }

  #isFree(lane: GuardedLane, steps: readonly GatedStep<OvsStep | NetplanStep>[]): boolean {
    const free = this.#free.get(lane);
    return free !== undefined && steps.every(({ step }) => free.has(step.owner));
  }

  #beginOpening(steps: readonly GatedStep<OvsStep | NetplanStep>[]): void {
    if (this.#phase.is === 'idle') this.#phase = { is: 'opening', done: this.#open(steps) };
  }

  /** Never rejects: where the change can't be guarded it is not made. */
  async #open(steps: readonly GatedStep<OvsStep | NetplanStep>[]): Promise<void> {
    const { host, clock, listener } = this.#options;
    try {
      const preview = await host.preview();
      const waysIn = preview.netplan ? await this.#options.readWaysIn(preview.netplan.observed.kernel) : [];
      const policy = host.policy();
      const beginning = await beginChange({ ...this.#options, mark: this.#options.laneExec.mark }, { preview, waysIn, policy, versionOf: (owner) => host.versionOf(owner) });
      if ('unguarded' in beginning) {
        for (const lane of ['ovs', 'netplan'] as const) this.#free.set(lane, beginning.unguarded);
        this.#phase = IDLE;
        return;
      }
      const change = beginning.begun;
      const timeoutMs = change.since + change.checkpoint.timeoutMs - clock.now();
      this.#phase = { is: 'applying', change };
      this.#memory.began(change, clock.now() + timeoutMs);
      this.#setDeadline(change, timeoutMs);
      listener.told({ type: 'Normal', reason: 'GuardedChange', message: `checkpoint ${change.name}: ${change.checkpoint.impact.join('; ')}` });
    } catch (error) {
      this.#phase = IDLE;
      const owners = steps.map(({ step: { owner } }) => [owner, host.versionOf(owner)] as const);
      if (error instanceof AddressInUse) this.#memory.refused(owners, { reason: 'AddressInUse', message: `${error.message}; it is asked again` });
      else this.#memory.refused(owners, { reason: 'CheckpointFailed', message: `the change reaches a way in and is not made without a checkpoint, which failed: ${errorText(error)}` });
      clock.after(REFUSED_RETRY_MS, () => {
        this.#memory.forgetRefused();
        host.wake();
      });
      if (!(error instanceof AddressInUse)) listener.failed(error);
    }
    host.wake();
  }

  #setDeadline(change: GuardedChange, delayMs: number): void {
    const { clock } = this.#options;
    this.#cancelDeadline();
    this.#cancelDeadline = clock.after(delayMs, () => this.#deadlinePassed(change));
  }

  #deadlinePassed(change: GuardedChange): void {
    if (this.#phase.is === 'confirming') {
      return this.#fail(change, { reason: 'NotConfirmed', message: `nobody confirmed ${change.name} within ${change.checkpoint.confirmTimeoutMs / 1_000} s` });
    }
    const failed = this.#memory.failedProbe;
    const [unfinished] = change.unfinished;
    if (failed) this.#fail(change, { reason: 'ProbeFailed', message: `after the change nobody answered: ${describeProbe(failed)}`, failedProbe: describeProbe(failed) });
    else if (unfinished) this.#fail(change, { reason: 'ApplyFailed', message: `${unfinished.owner}: ${unfinished.message}` });
    else {
      const missing = change.isUnderWork ? `; it was still at: ${change.underWork}` : '';
      this.#fail(change, { reason: 'DeadlineExceeded', message: `the change was not carried out within ${change.checkpoint.timeoutMs / 1_000} s${missing}` });
    }
  }

  #concluded(lane: GuardedLane, lookedAt: number, unfinished: readonly Unfinished[]): void {
    this.#free.delete(lane);
    if (this.#phase.is !== 'applying' && this.#phase.is !== 'probing' && this.#phase.is !== 'confirming') return;
    const { change } = this.#phase;
    if (change.concluded(lane, lookedAt, unfinished) === 'look again') return this.#options.host.wake();
    const final = change.unfinished.find(({ isFinal }) => isFinal);
    if (final) return this.#fail(change, { reason: 'ApplyFailed', message: `${final.owner}: ${final.message}` });
    if (this.#phase.is === 'applying' && change.isQuiet) {
      this.#phase = { is: 'probing', change };
      void this.#probe(change).catch((error: unknown) => this.#options.listener.failed(error));
    }
  }

  /** Asks the probes until all answer twice in a row; the deadline ends it otherwise. */
  async #probe(change: GuardedChange): Promise<void> {
    const { clock } = this.#options;
    for (let passed = 0; passed < ROUNDS_TO_PASS; ) {
      const failed = await firstFailing(change.checkpoint.probes, this.#options);
      if (this.#stopped || this.#phase.is !== 'probing') return;
      passed = failed === undefined && change.isQuiet ? passed + 1 : 0;
      this.#memory.probed(failed);
      if (passed < ROUNDS_TO_PASS && change.checkpoint.probes.length > 0) await clock.sleep(PROBE_PAUSE_MS);
      else if (passed === 0) await clock.sleep(LOOK_AGAIN_MS);
    }
    if (this.#stopped || this.#phase.is !== 'probing') return;
    if (change.checkpoint.confirm === 'asked') await this.#askPerson(change);
    else await this.#commit(change, change.checkpoint.probes.length > 0 ? 'passed its probes' : 'was carried out; nothing could be probed');
  }

  async #askPerson(change: GuardedChange): Promise<void> {
    const { clock, host, listener } = this.#options;
    const { confirmTimeoutMs } = change.checkpoint;
    if (host.confirmed() === change.name) return this.#commit(change, 'was confirmed');
    this.#phase = { is: 'confirming', change };
    try {
      await change.folder.extendTo(clock.now() - change.since + confirmTimeoutMs);
    } catch (error) {
      this.#fail(change, { reason: 'CheckpointFailed', message: `the time for a confirmation could not be written: ${errorText(error)}` });
      return;
    }
    this.#setDeadline(change, confirmTimeoutMs);
    this.#memory.awaitsConfirmation(change, clock.now() + confirmTimeoutMs);
    const message = `${change.name} waits ${confirmTimeoutMs / 1_000} s for bridgectl confirm and is rolled back without`;
    listener.told({ type: 'Warning', reason: 'ConfirmationNeeded', message });
    this.resourcesChanged();
  }

  async #commit(change: GuardedChange, why: string): Promise<void> {
    const { listener } = this.#options;
    if (this.#phase.is === 'ending' || this.#phase.is === 'idle') return;
    this.#phase = { is: 'ending', change };
    this.#cancelDeadline();
    try {
      await commit(change, why, this.#endingTools());
      this.#memory.committed(change, `the change ${why}`);
      listener.told({ type: 'Normal', reason: 'Committed', message: `checkpoint ${change.name}: the change ${why}` });
    } catch (error) {
      // What can't be written down as kept is not kept, or the watchdog, which still watches it, would undo it later.
      listener.failed(error);
      return this.#rollBackSurely(change, { reason: 'CheckpointFailed', message: `the change could not be kept: ${errorText(error)}` });
    }
    this.#ended();
  }

  #fail(change: GuardedChange, cause: Failure): void {
    if (this.#phase.is === 'ending' || this.#stopped) return;
    this.#phase = { is: 'ending', change };
    this.#cancelDeadline();
    void this.#rollBackSurely(change, cause);
  }

  /** While the watchdog holds the lock, or something fails, the change is not at its end. */
  async #rollBackSurely(change: GuardedChange, cause: Failure): Promise<void> {
    const { clock, listener } = this.#options;
    for (;;) {
      try {
        const message = await rollBack(change, cause, this.#endingTools());
        const isKept = this.report.checkpoint?.name === change.name && this.report.checkpoint.state === 'Committed';
        listener.told(isKept ? { type: 'Normal', reason: 'Committed', message } : { type: 'Warning', reason: 'RolledBack', message });
        this.#ended();
        return;
      } catch (error) {
        listener.failed(error);
        await clock.sleep(RETRY_MS);
      }
    }
  }

  #endingTools(): EndingTools {
    return { ...this.#options, memory: this.#memory };
  }

  #ended(): void {
    this.#phase = IDLE;
    this.#waiting.clear();
    if (this.#knowsResources) this.resourcesChanged();
    this.#options.host.wake();
  }
}

const NOBODY: ReadonlySet<OwnerKey> = new Set();
