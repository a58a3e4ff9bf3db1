import type { Clock } from '../../api/machinery/clock.ts';
import type { DurableMap } from '../journal/durable-map.ts';
import type { OwnerKey } from '../systems/owner.ts';
import type { Failure } from './checkpoint/checkpoint.ts';
import { NO_GUARD_REPORT, type CheckpointStatus, type GuardReport, type GuardVerdict } from './guard-report.ts';
import type { GuardedChange } from './guarded-change.ts';
import { Holds, isDeleted, type VersionOf } from './holds.ts';
import { describeProbe, type Probe } from './probes/probe.ts';

export interface GuardMemoryOptions {
  readonly clock: Clock;
  readonly holds: DurableMap;
  readonly memory: DurableMap;
  readonly listener: { changed(): void };
}

const LAST = 'last checkpoint';

/** What the guard has to tell and must not forget: the change under way, how the last one ended, and what is not tried again. */
export class GuardMemory {
  readonly #clock: Clock;
  readonly #holds: Holds;
  readonly #memory: DurableMap;
  readonly #changed: () => void;
  #checkpoint: CheckpointStatus | undefined;
  #underWay: { readonly change: GuardedChange; readonly reason: string; readonly message: string } | undefined;
  readonly #refused = new Map<OwnerKey, Failure & { readonly version: string }>();
  #failedProbe: Probe | undefined;
  #report: GuardReport = NO_GUARD_REPORT;

  constructor({ clock, holds, memory, listener }: GuardMemoryOptions) {
    this.#clock = clock;
    this.#holds = new Holds(holds);
    this.#memory = memory;
    this.#changed = () => listener.changed();
    this.#checkpoint = readLast(memory.get(LAST));
    this.#report = this.#makeReport();
  }

  get report(): GuardReport {
    return this.#report;
  }

  /** The probe that did not answer when it was asked last. */
  get failedProbe(): Probe | undefined {
    return this.#failedProbe;
  }

  isHeld(owner: OwnerKey): boolean {
    return this.#holds.of(owner) !== undefined;
  }

  isRefused(owner: OwnerKey): boolean {
    return this.#refused.has(owner);
  }

  /** Lets go of what was rolled back or refused and has changed since; says whether there was any. */
  release(versionOf: VersionOf, policy: string): boolean {
    const changed = [...this.#refused].filter(([owner, { version }]) => versionOf(owner) !== version);
    for (const [owner] of changed) this.#refused.delete(owner);
    const released = this.#holds.release(versionOf, policy) || changed.length > 0;
    if (released) this.#tell();
    return released;
  }

  began(change: GuardedChange, deadline: number): void {
    this.#failedProbe = undefined;
    this.#refused.clear();
    const message = `${change.checkpoint.impact.join('; ')}; rolled back unless it passes its probes: ${change.checkpoint.probes.map(describeProbe).join(', ') || 'none answered before'}`;
    this.#checkpoint = { ...baseOf(change), state: 'Probing', deadline: timeText(deadline), message };
    this.#underWay = { change, reason: 'Probing', message: `is changed under checkpoint ${change.name}: ${message}` };
    this.#tell();
  }

  /** Resources came to the change. */
  joined(change: GuardedChange): void {
    if (!this.#checkpoint || this.#checkpoint.resources.length === change.owners.size) return;
    this.#checkpoint = { ...this.#checkpoint, resources: [...change.owners.keys()] };
    this.#tell();
  }

  probed(failed: Probe | undefined): void {
    this.#failedProbe = failed;
  }

  awaitsConfirmation(change: GuardedChange, deadline: number): void {
    const message = `rolled back at ${timeText(deadline)} unless confirmed: bridgectl confirm`;
    this.#checkpoint = { ...baseOf(change), state: 'AwaitingConfirmation', deadline: timeText(deadline), message };
    this.#underWay = { change, reason: 'AwaitingConfirmation', message: `checkpoint ${change.name} is ${message}` };
    this.#tell();
  }

  rollsBack(change: GuardedChange, message: string): void {
    this.#checkpoint = { ...baseOf(change), state: 'Probing', message: `rolling back: ${message}` };
    this.#underWay = { change, reason: 'RollingBack', message: `checkpoint ${change.name} is being rolled back: ${message}` };
    this.#tell();
  }

  committed(change: GuardedChange, message: string): void {
    this.#end({ ...baseOf(change), state: 'Committed', endedAt: timeText(this.#clock.now()), message });
  }

  rolledBack(change: GuardedChange, { reason, message, failedProbe }: Failure): void {
    this.#holds.add({ name: change.name, owners: [...change.owners], policy: change.checkpoint.policy, reason, message });
    this.#end({ ...baseOf(change), state: 'RolledBack', endedAt: timeText(this.#clock.now()), ...(failedProbe === undefined ? {} : { failedProbe }), message });
  }

  /** Its checkpoint is gone, unless how it ended was heard of. */
  lost(change: GuardedChange, message: string): void {
    if (this.#underWay?.change !== change) return;
    this.#end({ ...baseOf(change), state: 'Failed', endedAt: timeText(this.#clock.now()), message: `${message}; its checkpoint is gone, and nothing was rolled back` });
  }

  /** These are not done, for now, as they are. */
  refused(owners: Iterable<readonly [owner: OwnerKey, version: string]>, why: Failure): void {
    for (const [owner, version] of owners) this.#refused.set(owner, { ...why, version });
    this.#tell();
  }

  forgetRefused(): void {
    this.#refused.clear();
    this.#tell();
  }

  #end(checkpoint: CheckpointStatus): void {
    this.#memory.put(LAST, JSON.stringify(checkpoint));
    this.#checkpoint = checkpoint;
    this.#underWay = undefined;
    this.#tell();
  }

  #tell(): void {
    this.#report = this.#makeReport();
    this.#changed();
  }

  #makeReport(): GuardReport {
    const verdicts = new Map<OwnerKey, GuardVerdict>();
    for (const [owner, { reason, message, owners }] of this.#holds.all()) {
      const isDeletion = owners.some(([each, version]) => each === owner && isDeleted(version));
      const remedy = isDeletion ? 'not deleted until spec.rollback of the Host changes, for instance to enabled: false' : 'not tried again until the spec changes';
      verdicts.set(owner, { state: 'rolledBack', reason, message: `${message}; ${remedy}` });
    }
    for (const [owner, { reason, message }] of this.#refused) verdicts.set(owner, { state: 'refused', reason, message });
    const { change, reason, message } = this.#underWay ?? {};
    for (const owner of change?.owners.keys() ?? []) verdicts.set(owner, { state: 'underWay', reason: reason ?? '', message: message ?? '' });
    return { verdicts, ...(this.#checkpoint ? { checkpoint: this.#checkpoint } : {}) };
  }
}

function baseOf({ name, owners, checkpoint }: GuardedChange): Pick<CheckpointStatus, 'name' | 'resources' | 'impact' | 'startedAt'> {
  return { name, resources: [...owners.keys()], impact: checkpoint.impact, startedAt: timeText(checkpoint.startedAt) };
}

function timeText(ms: number): string {
  return new Date(ms).toISOString().replace(/\.\d+Z$/, 'Z');
}

function readLast(text: string | undefined): CheckpointStatus | undefined {
  const value: unknown = text === undefined ? undefined : JSON.parse(text);
  return isStatus(value) ? value : undefined;
}

function isStatus(value: unknown): value is CheckpointStatus {
  return typeof value === 'object' && value !== null && 'name' in value && 'state' in value && 'resources' in value && 'startedAt' in value;
}
