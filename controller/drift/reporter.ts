import type { Clock } from '../../api/machinery/clock.ts';
import { API_VERSION, type KubeObject, type Manifest } from '../../api/machinery/object.ts';
import type { Alert } from '../alerts/alert.ts';
import type { ResourceClient } from '../client/resource-client.ts';
import type { EventRecorder } from '../events/event-recorder.ts';
import type { DurableMap } from '../journal/durable-map.ts';
import type { DriftEvent } from '../reconcile/lane-report.ts';
import { Bursts, type Burst } from './bursts.ts';
import { driftAlert } from './drift-alert.ts';
import { describeBurst, driftReport, driftStatus, lastOf } from './drift-report.ts';
import { splitOwner, subjectOf } from './drift-subject.ts';
import { Untold } from './untold.ts';

/** A drift that goes on and can't be mended is told once in this time. */
const REPEAT_MS = 60_000;
/** A report that could not be written, for want of room say, is tried again after this long, then after twice as long. */
const FIRST_RETRY_MS = 10_000;
const LONGEST_RETRY_MS = 120_000;

/** Who tells people, as far as drift is concerned. */
export interface DriftAlerts {
  receiversOf(alert: Alert): readonly string[];
  /** Resolves when it is known who is to be told. */
  readonly ready: Promise<unknown>;
  /** `taken` is called when the alert goes to disk; what it writes to the journal goes with it, or not at all. */
  tell(alert: Alert, taken: () => void): void;
}

/**
 * Tells of drift: a DriftReport, an Event and an alert, after the correction so that nobody waits for it; what a killed process had
 * not told, after the next start.
 */
export class DriftReporter {
  readonly #client: ResourceClient;
  readonly #events: EventRecorder;
  readonly #alerts: DriftAlerts;
  readonly #clock: Clock;
  readonly #hostName: string;
  readonly #failed: (error: unknown) => void;
  readonly #bursts: Bursts;
  readonly #untold: Untold;
  readonly #retries = new Set<() => void>();
  readonly #told = new Map<string, number>();
  readonly #writing = new Set<Promise<void>>();

  constructor(options: {
    readonly client: ResourceClient;
    readonly events: EventRecorder;
    readonly alerts: DriftAlerts;
    readonly memory: DurableMap;
    readonly clock: Clock;
    readonly hostName: string;
    readonly failed: (error: unknown) => void;
  }) {
    this.#client = options.client;
    this.#events = options.events;
    this.#alerts = options.alerts;
    this.#clock = options.clock;
    this.#hostName = options.hostName;
    this.#failed = options.failed;
    this.#bursts = new Bursts(options.clock, (burst) => this.#begin(burst));
    this.#untold = new Untold(options.memory, options.clock, options.failed);
    for (const event of this.#untold.recover()) this.#bursts.add(event);
    // By themselves: their reports may be there already, without what comes from now on.
    this.#bursts.flush();
  }

  /** Never throws: a report that can't be written is told to `failed`. */
  report(event: DriftEvent): void {
    if (event.action === 'Failed' && this.#wasTold(event)) return;
    this.#untold.add(event);
    this.#bursts.add(event);
  }

  /** Writes what it still holds; what can't be written now is left for the next start. */
  async stop(): Promise<void> {
    for (const cancel of this.#retries) cancel();
    this.#bursts.flush();
    await Promise.all(this.#writing);
  }

  #begin(burst: Burst, retryMs = FIRST_RETRY_MS): void {
    const writing = this.#write(burst)
      .catch((error: unknown) => {
        this.#failed(error);
        this.#retryAfter(retryMs, burst);
      })
      .finally(() => this.#writing.delete(writing));
    this.#writing.add(writing);
  }

  #retryAfter(delayMs: number, burst: Burst): void {
    const cancel = this.#clock.after(delayMs, () => {
      this.#retries.delete(cancel);
      this.#begin(burst, Math.min(2 * delayMs, LONGEST_RETRY_MS));
    });
    this.#retries.add(cancel);
  }

  async #write(burst: Burst): Promise<void> {
    await this.#alerts.ready;
    const report = await this.#created(driftReport(burst, this.#hostName, this.#untold.suffixOf(burst[0])));
    if (!report) {
      this.#untold.forget(burst);
      return;
    }
    const { kind, metadata } = report;
    const alert = driftAlert(burst, { name: metadata.name, uid: metadata.uid }, this.#hostName);
    await this.#client.writeStatus({ kind, name: metadata.name }, metadata.uid, driftStatus(burst, this.#alerts.receiversOf(alert)));
    this.#alerts.tell(alert, () => this.#untold.forget(burst));
    const [subjectKind, name] = splitOwner(subjectOf(burst[0]).owner);
    this.#events.record({
      about: { apiVersion: API_VERSION, kind: subjectKind, name },
      type: 'Warning',
      reason: lastOf(burst).action === 'Corrected' ? 'DriftCorrected' : 'DriftDetected',
      message: describeBurst(burst),
    });
  }

  /** A report of that name was written by us, before an end that came too soon; undefined when it is deleted by now. */
  async #created(manifest: Manifest): Promise<KubeObject | undefined> {
    const created = await this.#client.create(manifest);
    return created === 'conflict' ? this.#client.read({ kind: manifest.kind, name: manifest.metadata.name ?? '' }) : created;
  }

  #wasTold(event: DriftEvent): boolean {
    const { owner, object, differences } = subjectOf(event);
    const key = JSON.stringify([owner, object, differences]);
    const now = this.#clock.now();
    for (const [known, at] of this.#told) if (now - at >= REPEAT_MS) this.#told.delete(known);
    if (this.#told.has(key)) return true;
    this.#told.set(key, now);
    return false;
  }
}
