import { randomBytes } from 'node:crypto';
import type { Clock } from '../../api/machinery/clock.ts';
import type { ResourceClient } from '../client/resource-client.ts';

/** Events about cluster-scoped objects live here, as the API server demands. */
const NAMESPACE = 'default';
const LONGEST_MESSAGE = 1_024;

export interface EventRecord {
  readonly about: { readonly apiVersion: string; readonly kind: string; readonly name: string; readonly uid?: string };
  readonly type: 'Normal' | 'Warning';
  readonly reason: string;
  readonly message: string;
}

/** Writes core/v1 Events about our objects, for `kubectl describe` and `kubectl get events`. */
export class EventRecorder {
  readonly #client: ResourceClient;
  readonly #clock: Clock;
  readonly #hostName: string;
  readonly #uidOf: (kind: string, name: string) => string | undefined;
  readonly #failed: (error: unknown) => void;

  constructor(options: {
    readonly client: ResourceClient;
    readonly clock: Clock;
    readonly hostName: string;
    /** The uid of an object, by which `kubectl describe` finds its events. */
    readonly uidOf: (kind: string, name: string) => string | undefined;
    readonly failed: (error: unknown) => void;
  }) {
    this.#client = options.client;
    this.#clock = options.clock;
    this.#hostName = options.hostName;
    this.#uidOf = options.uidOf;
    this.#failed = options.failed;
  }

  /** Returns at once; an event that can't be written is told to `failed`. */
  record({ about, type, reason, message }: EventRecord): void {
    const uid = about.uid ?? this.#uidOf(about.kind, about.name);
    const at = new Date(this.#clock.now()).toISOString();
    const second = at.replace(/\.\d+Z$/, 'Z');
    this.#client
      .create({
        apiVersion: 'v1',
        kind: 'Event',
        metadata: { name: `${about.name}.${this.#clock.now().toString(16)}${randomBytes(3).toString('hex')}`, namespace: NAMESPACE },
        involvedObject: { apiVersion: about.apiVersion, kind: about.kind, name: about.name, ...(uid === undefined ? {} : { uid }) },
        type,
        reason,
        message: message.slice(0, LONGEST_MESSAGE),
        source: { component: 'bridgekeeper', host: this.#hostName },
        reportingComponent: 'bridgekeeper.dev/controller',
        reportingInstance: this.#hostName,
        firstTimestamp: second,
        lastTimestamp: second,
        count: 1,
      })
      .catch(this.#failed);
  }
}
