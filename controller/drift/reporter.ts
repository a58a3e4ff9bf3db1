import { randomBytes } from 'node:crypto';
import type { Clock } from '../../api/machinery/clock.ts';
import { API_VERSION } from '../../api/machinery/object.ts';
import type { Alert } from '../alerts/alert.ts';
import type { ResourceClient } from '../client/resource-client.ts';
import type { EventRecorder } from '../events/event-recorder.ts';
import type { DriftEvent } from '../reconcile/lane-report.ts';
import { Bursts, type Burst } from './bursts.ts';
import { driftAlert } from './drift-alert.ts';
import { describeBurst, driftReport, driftStatus, lastOf } from './drift-report.ts';
import { splitOwner, subjectOf } from './drift-subject.ts';

/** A drift that goes on and can't be mended is told once in this time. */
const REPEAT_MS = 60_000;

/** Who tells people, as far as drift is concerned. */
export interface DriftAlerts {
  receiversOf(alert: Alert): readonly string[];
  tell(alert: Alert): void;
}

/** Tells of drift: a DriftReport, an Event and an alert, after the correction so that nobody waits for it. */
export class DriftReporter {
  readonly #client: ResourceClient;
  readonly #events: EventRecorder;
  readonly #alerts: DriftAlerts;
  readonly #clock: Clock;
  readonly #hostName: string;
  readonly #failed: (error: unknown) => void;
  readonly #bursts: Bursts;
  readonly #told = new Map<string, number>();
  readonly #writing = new Set<Promise<void>>();

  constructor(options: {
    readonly client: ResourceClient;
    readonly events: EventRecorder;
    readonly alerts: DriftAlerts;
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
  }

  /** Never throws: a report that can't be written is told to `failed`. */
  report(event: DriftEvent): void {
    if (event.action === 'Failed' && this.#wasTold(event)) return;
    this.#bursts.add(event);
  }

  /** Writes what it still holds. */
  async stop(): Promise<void> {
    this.#bursts.flush();
    await Promise.all(this.#writing);
  }

  #begin(burst: Burst): void {
    const writing = this.#write(burst)
      .catch(this.#failed)
      .finally(() => this.#writing.delete(writing));
    this.#writing.add(writing);
  }

  async #write(burst: Burst): Promise<void> {
    const suffix = `${burst[0].detectedAt.toString(36)}${randomBytes(3).toString('hex')}`;
    const created = await this.#client.create(driftReport(burst, this.#hostName, suffix));
    if (created === 'conflict') return this.#write(burst);
    const { kind, metadata } = created;
    const alert = driftAlert(burst, { name: metadata.name, uid: metadata.uid }, this.#hostName);
    this.#alerts.tell(alert);
    await this.#client.writeStatus({ kind, name: metadata.name }, metadata.uid, driftStatus(burst, this.#alerts.receiversOf(alert)));
    const [subjectKind, name] = splitOwner(subjectOf(burst[0]).owner);
    this.#events.record({
      about: { apiVersion: API_VERSION, kind: subjectKind, name },
      type: 'Warning',
      reason: lastOf(burst).action === 'Corrected' ? 'DriftCorrected' : 'DriftDetected',
      message: describeBurst(burst),
    });
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
