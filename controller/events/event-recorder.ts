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

/** Written in small pieces with a rest between them: a thousand resources that become Ready together are told of in five seconds. */
const PIECE = 10;
const REST_MS = 50;
/** Minutes of a storm; what does not fit any more is not told. */
const MOST_WAITING = 10_000;

interface Waiting {
  readonly record: EventRecord;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

/** Writes core/v1 Events about our objects, for `kubectl describe` and `kubectl get events`, behind everything else that is written. */
export class EventRecorder {
  readonly #client: ResourceClient;
  readonly #clock: Clock;
  readonly #hostName: string;
  readonly #uidOf: (kind: string, name: string) => string | undefined;
  readonly #failed: (error: unknown) => void;
  #waiting: Waiting[] = [];
  #dropped = 0;
  #writing: Promise<void> | undefined;
  readonly #stopped = new AbortController();

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
  record(record: EventRecord): void {
    if (this.#waiting.length >= MOST_WAITING) {
      this.#dropped += 1;
      return;
    }
    const uid = record.about.uid ?? this.#uidOf(record.about.kind, record.about.name);
    const about = { ...record.about, ...(uid === undefined ? {} : { uid }) };
    this.#waiting.push({ record: { ...record, about }, at: this.#clock.now() });
    // Those of one turn are one piece.
    this.#writing ??= Promise.resolve()
      .then(() => this.#writeAll())
      .finally(() => (this.#writing = undefined));
  }

  /** Writes what it still holds, without a rest. */
  async stop(): Promise<void> {
    this.#stopped.abort();
    await this.#writing;
  }

  async #writeAll(): Promise<void> {
    for (;;) {
      const piece = this.#waiting.splice(0, PIECE);
      await Promise.all(piece.map((each) => this.#write(each)));
      if (this.#waiting.length === 0) break;
      await this.#rest();
    }
    if (this.#dropped > 0) this.#failed(new Error(`${this.#dropped} events were not written, for too many came at once`));
    this.#dropped = 0;
  }

  async #rest(): Promise<void> {
    const { signal } = this.#stopped;
    // The end of the rest is all that `stop` wants of it.
    if (!signal.aborted) await this.#clock.sleep(REST_MS, signal).catch(() => undefined);
  }

  async #write({ record: { about, type, reason, message }, at }: Waiting): Promise<void> {
    const second = new Date(at).toISOString().replace(/\.\d+Z$/, 'Z');
    try {
      await this.#client.create({
        apiVersion: 'v1',
        kind: 'Event',
        metadata: { name: `${about.name}.${at.toString(16)}${randomBytes(3).toString('hex')}`, namespace: NAMESPACE },
        involvedObject: about,
        type,
        reason,
        message: message.slice(0, LONGEST_MESSAGE),
        source: { component: 'bridgekeeper', host: this.#hostName },
        reportingComponent: 'bridgekeeper.dev/controller',
        reportingInstance: this.#hostName,
        firstTimestamp: second,
        lastTimestamp: second,
        count: 1,
      });
    } catch (error) {
      this.#failed(error);
    }
  }
}
