import { randomBytes } from 'node:crypto';
import type { Clock } from '../../api/machinery/clock.ts';
import { API_VERSION } from '../../api/machinery/object.ts';
import type { ResourceClient } from '../client/resource-client.ts';
import type { EventRecorder } from '../events/event-recorder.ts';
import type { DriftEvent } from '../reconcile/lane-report.ts';
import { driftMessage, driftReport, driftStatus, subjectOf } from './drift-report.ts';

/** A drift that goes on and can't be mended is told once in this time. */
const REPEAT_MS = 60_000;

/** Tells of drift: a DriftReport and an Event, after the correction so that nobody waits for it. */
export class DriftReporter {
  readonly #client: ResourceClient;
  readonly #events: EventRecorder;
  readonly #clock: Clock;
  readonly #hostName: string;
  readonly #failed: (error: unknown) => void;
  readonly #told = new Map<string, number>();

  constructor(options: {
    readonly client: ResourceClient;
    readonly events: EventRecorder;
    readonly clock: Clock;
    readonly hostName: string;
    readonly failed: (error: unknown) => void;
  }) {
    this.#client = options.client;
    this.#events = options.events;
    this.#clock = options.clock;
    this.#hostName = options.hostName;
    this.#failed = options.failed;
  }

  /** Never throws: a report that can't be written is told to `failed`. */
  report(event: DriftEvent): void {
    if (event.action === 'Failed' && this.#wasTold(event)) return;
    this.#write(event).catch(this.#failed);
  }

  async #write(event: DriftEvent): Promise<void> {
    const manifest = driftReport(event, this.#hostName, `${event.detectedAt.toString(36)}${randomBytes(3).toString('hex')}`);
    const created = await this.#client.create(manifest);
    if (created === 'conflict') return this.#write(event);
    const { kind, metadata } = created;
    await this.#client.writeStatus({ kind, name: metadata.name }, metadata.uid, driftStatus(event));
    const { owner } = subjectOf(event);
    const slash = owner.indexOf('/');
    this.#events.record({
      about: { apiVersion: API_VERSION, kind: owner.slice(0, slash), name: owner.slice(slash + 1) },
      type: 'Warning',
      reason: event.action === 'Corrected' ? 'DriftCorrected' : 'DriftDetected',
      message: driftMessage(event),
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

