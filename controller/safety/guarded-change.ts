import type { NetplanStep } from '../systems/netplan/step.ts';
import type { OwnerKey } from '../systems/owner.ts';
import { touchesOf } from '../systems/ovs/checkpoint/touches.ts';
import type { OvsStep } from '../systems/ovs/plan/step.ts';
import type { OvsRows } from '../systems/ovs/replica/rows.ts';
import type { StepInfo } from '../systems/system.ts';
import type { Checkpoint } from './checkpoint/checkpoint.ts';
import type { CheckpointFolder } from './checkpoint/checkpoint-folder.ts';
import { devicesOfNetplan, devicesOfOvs } from './concerned.ts';
import type { Unfinished } from './lane-gate.ts';

export type GuardedLane = 'ovs' | 'netplan';

/** A change under a checkpoint, while it is under way. */
export class GuardedChange {
  readonly folder: CheckpointFolder;
  readonly checkpoint: Checkpoint;
  /** When its time began to count, in milliseconds since the epoch. */
  readonly since: number;
  /** The resources of the change, with the version that is tried. */
  readonly owners: Map<OwnerKey, string>;
  readonly #quiet = new Set<GuardedLane>();
  readonly #unfinished = new Map<GuardedLane, readonly Unfinished[]>();
  readonly #inFlight = new Set<{ readonly what: string }>();
  #lastDoneAt = 0;

  constructor({ folder, checkpoint, since, owners }: Pick<GuardedChange, 'folder' | 'checkpoint' | 'since'> & { readonly owners: ReadonlyMap<OwnerKey, string> }) {
    this.folder = folder;
    this.checkpoint = checkpoint;
    this.since = since;
    this.owners = new Map(owners);
  }

  get name(): string {
    return this.checkpoint.name;
  }

  get isUnderWork(): boolean {
    return this.#inFlight.size > 0;
  }

  /** What the lanes are just at, for a person. */
  get underWork(): string {
    return [...this.#inFlight].map(({ what }) => what).join(', ');
  }

  /** Both lanes have looked since anything was done, and have nothing more to do for it. */
  get isQuiet(): boolean {
    return !this.isUnderWork && this.#quiet.size === 2;
  }

  /** What the lanes could not do, as they said last. */
  get unfinished(): readonly Unfinished[] {
    return [...this.#unfinished.values()].flat();
  }

  /** Notes on disk what these steps are about to touch. Throws when there is no room. */
  async noteOvs(steps: readonly OvsStep[], rows: OvsRows, versionOf: (owner: OwnerKey) => string): Promise<void> {
    await this.folder.note({ owners: this.#take(steps, versionOf), ovs: touchesOf(steps), devices: devicesOfOvs(steps, rows) });
  }

  async noteNetplan(steps: readonly NetplanStep[], versionOf: (owner: OwnerKey) => string): Promise<void> {
    await this.folder.note({ owners: this.#take(steps, versionOf), ovs: [], devices: devicesOfNetplan(steps) });
  }

  /** Does work of the change, which carries these steps out; `count` gives the guard's count of looks and works. */
  async during<T>(steps: readonly StepInfo[], count: () => number, work: () => Promise<T>): Promise<T> {
    const flight = { what: steps.map(({ verb, object }) => `${verb} ${object}`).join(', ') };
    this.#inFlight.add(flight);
    this.#quiet.clear();
    try {
      return await work();
    } finally {
      this.#inFlight.delete(flight);
      this.#lastDoneAt = count();
    }
  }

  /** A lane ended a pass. Says whether it has to look again, since something was done after its last look. */
  concluded(lane: GuardedLane, lookedAt: number, unfinished: readonly Unfinished[]): 'look again' | 'heard' {
    const ours = unfinished.filter(({ owner }) => this.owners.has(owner));
    this.#unfinished.set(lane, ours);
    this.#quiet.delete(lane);
    if (lookedAt < this.#lastDoneAt) return 'look again';
    if (ours.length === 0) this.#quiet.add(lane);
    return 'heard';
  }

  #take(steps: readonly { readonly owner: OwnerKey }[], versionOf: (owner: OwnerKey) => string): readonly (readonly [OwnerKey, string])[] {
    for (const { owner } of steps) if (!this.owners.has(owner)) this.owners.set(owner, versionOf(owner));
    return [...this.owners];
  }
}
