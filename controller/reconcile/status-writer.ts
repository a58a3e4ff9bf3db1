import { isDeepStrictEqual } from 'node:util';
import type { Clock } from '../../api/machinery/clock.ts';
import type { Condition, KubeObject } from '../../api/machinery/object.ts';
import type { ResourceClient } from '../client/resource-client.ts';
import { mergeConditions } from './status/conditions.ts';
import type { ComputedStatus } from './status/status-of.ts';

/** Writes a status where, and only where, it differs from the one that is there. One write an object at a time. */
export class StatusWriter {
  readonly #client: ResourceClient;
  readonly #clock: Clock;
  readonly #listener: {
    turned(object: KubeObject, ready: Condition): void;
    failed(error: unknown): void;
  };
  readonly #written: () => void;
  readonly #underWay = new Set<string>();

  constructor(options: {
    readonly client: ResourceClient;
    readonly clock: Clock;
    readonly listener: { turned(object: KubeObject, ready: Condition): void; failed(error: unknown): void };
    /** Called after each write: what was skipped meanwhile is to be looked at again. */
    readonly written: () => void;
  }) {
    this.#client = options.client;
    this.#clock = options.clock;
    this.#listener = options.listener;
    this.#written = options.written;
  }

  write(object: KubeObject, computed: ComputedStatus): void {
    if (this.#underWay.has(object.metadata.uid)) return;
    const before = conditionsOf(object);
    const now = new Date(this.#clock.now()).toISOString().replace(/\.\d+Z$/, 'Z');
    const conditions = mergeConditions(before, computed.judgements, object.metadata.generation, now);
    const status = { ...computed.fields, observedGeneration: object.metadata.generation, conditions };
    if (isDeepStrictEqual(object.status, status)) return;
    this.#underWay.add(object.metadata.uid);
    void this.#send(object, status, before, conditions);
  }

  async #send(object: KubeObject, status: unknown, before: readonly Condition[], after: readonly Condition[]): Promise<void> {
    const { kind, metadata } = object;
    try {
      const result = await this.#client.writeStatus({ kind, name: metadata.name }, metadata.uid, status);
      if (result === 'written') this.#tell(object, before, after);
      this.#underWay.delete(metadata.uid);
      if (result === 'written') this.#written();
    } catch (error) {
      this.#underWay.delete(metadata.uid);
      this.#listener.failed(error);
    }
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
