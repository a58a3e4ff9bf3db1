import type { Clock } from '../../api/machinery/clock.ts';
import type { Condition, KubeObject } from '../../api/machinery/object.ts';
import type { ResourceClient } from '../client/resource-client.ts';
import { FewAtOnce } from './few-at-once.ts';
import { sameJson } from './same-json.ts';
import { mergeConditions } from './status/conditions.ts';
import type { ComputedStatus } from './status/status-of.ts';

/** The store takes writes of one moment in one go; more than this at once, and a client would wait for them. */
const MOST_AT_ONCE = 32;
/** What only shows details, no condition, is written no more often than this: a bridge lists all its ports. */
const DETAILS_INTERVAL_MS = 1_000;
/** Nor is it made more often than takes so small a share of the time, */
const DETAILS_SHARE = 1 / 200;
/** unless that is longer than a person waits. */
const LONGEST_DETAILS_INTERVAL_MS = 5_000;

/** What became of a status: it is there already, it is being written, or it is looked at again later. */
export type StatusWrite = 'right' | 'begun' | 'later';

interface Listener {
  /** `Ready` of an object changed. */
  turned(object: KubeObject, ready: Condition): void;
  failed(error: unknown): void;
}

/** Writes a status where, and only where, it differs from the one that is there. One write an object at a time, few in all. */
export class StatusWriter {
  readonly #client: ResourceClient;
  readonly #clock: Clock;
  readonly #listener: Listener;
  readonly #lookAgain: () => void;
  readonly #few = new FewAtOnce(MOST_AT_ONCE);
  readonly #underWay = new Set<string>();
  /** Objects whose status was made or written just now, and whether another one waits since. */
  readonly #resting = new Map<string, 'nothing waits' | 'one waits'>();
  /** By object as it is stored: the status that was found to be equal to its own. */
  readonly #equal = new WeakMap<KubeObject, unknown>();

  constructor(options: {
    readonly client: ResourceClient;
    readonly clock: Clock;
    readonly listener: Listener;
    /** Called when what was put off is to be looked at again. */
    readonly lookAgain: () => void;
  }) {
    this.#client = options.client;
    this.#clock = options.clock;
    this.#listener = options.listener;
    this.#lookAgain = options.lookAgain;
  }

  /** True while another write would have to wait. */
  get isBusy(): boolean {
    return this.#few.isFull;
  }

  /** Resolves when another write would not have to wait. */
  room(): Promise<void> {
    return this.#few.room();
  }

  write(object: KubeObject, computed: ComputedStatus): StatusWrite {
    const { uid, generation } = object.metadata;
    if (this.#underWay.has(uid)) return 'later';
    const before = conditionsOf(object);
    const now = new Date(this.#clock.now()).toISOString().replace(/\.\d+Z$/, 'Z');
    const conditions = mergeConditions(before, computed.judgements, generation, now);
    if (this.#resting.has(uid) && sameJson(before, conditions)) {
      this.#resting.set(uid, 'one waits');
      return 'later';
    }
    const startedAt = this.#clock.now();
    const status = { ...computed.fields(), observedGeneration: generation, conditions };
    const isEqual = this.#isEqual(object, status);
    const tookMs = this.#clock.now() - startedAt;
    if (tookMs > 0) this.#rest(uid, Math.min(Math.max(tookMs / DETAILS_SHARE, DETAILS_INTERVAL_MS), LONGEST_DETAILS_INTERVAL_MS));
    if (isEqual) return 'right';
    this.#underWay.add(uid);
    void this.#few.run(() => this.#send(object, status, before, conditions));
    return 'begun';
  }

  #isEqual(object: KubeObject, status: unknown): boolean {
    const isEqual = sameJson(this.#equal.get(object) ?? object.status, status);
    if (isEqual) this.#equal.set(object, status);
    return isEqual;
  }

  async #send(object: KubeObject, status: unknown, before: readonly Condition[], after: readonly Condition[]): Promise<void> {
    const { kind, metadata } = object;
    try {
      const result = await this.#client.writeStatus({ kind, name: metadata.name }, metadata.uid, status);
      if (result === 'written') this.#tell(object, before, after);
      this.#rest(metadata.uid, DETAILS_INTERVAL_MS);
      this.#underWay.delete(metadata.uid);
      if (result === 'written') this.#lookAgain();
    } catch (error) {
      this.#underWay.delete(metadata.uid);
      this.#listener.failed(error);
    }
  }

  #rest(uid: string, forMs: number): void {
    if (this.#resting.has(uid)) return;
    this.#resting.set(uid, 'nothing waits');
    this.#clock.after(forMs, () => {
      const waits = this.#resting.get(uid) === 'one waits';
      this.#resting.delete(uid);
      if (waits) this.#lookAgain();
    });
  }

  #tell(object: KubeObject, before: readonly Condition[], after: readonly Condition[]): void {
    const ready = after.find(({ type }) => type === 'Ready');
    const known = before.find(({ type }) => type === 'Ready');
    if (ready && (ready.status !== known?.status || (ready.status === 'False' && ready.reason !== known.reason))) {
      this.#listener.turned(object, ready);
    }
  }
}

function conditionsOf({ status }: KubeObject): readonly Condition[] {
  if (typeof status !== 'object' || status === null || !('conditions' in status)) return [];
  return Array.isArray(status.conditions) ? (status.conditions as Condition[]) : [];
}
