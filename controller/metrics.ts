import { Counter, Histogram, type Registry } from 'prom-client';
import type { AppliedPlan, DriftEvent } from './reconcile/lane-report.ts';

/** From a tenth of a millisecond, which an OVSDB round trip takes, to the seconds of a VM's start. */
const SECONDS_BUCKETS = [0.0001, 0.0005, 0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 30];

/** What the controller counts, for Prometheus. */
export class ControllerMetrics {
  readonly #drift: Counter<'system' | 'kind' | 'action'>;
  readonly #correction: Histogram<'system'>;
  readonly #apply: Histogram<'system'>;
  readonly #steps: Counter<'system' | 'result'>;

  constructor(registry: Registry) {
    const registers = [registry];
    this.#drift = new Counter({ name: 'bridgekeeper_drift_total', help: 'Changes made behind our back.', labelNames: ['system', 'kind', 'action'], registers });
    this.#correction = new Histogram({
      name: 'bridgekeeper_drift_correction_seconds',
      help: 'From seeing a drift to having corrected it.',
      labelNames: ['system'],
      buckets: SECONDS_BUCKETS,
      registers,
    });
    this.#apply = new Histogram({ name: 'bridgekeeper_apply_seconds', help: 'Time to carry out a plan.', labelNames: ['system'], buckets: SECONDS_BUCKETS, registers });
    this.#steps = new Counter({ name: 'bridgekeeper_steps_total', help: 'Steps of plans that were carried out.', labelNames: ['system', 'result'], registers });
  }

  drifted({ system, subject, action, detectedAt, correctedAt }: DriftEvent): void {
    const { owner } = subject.kind === 'step' ? subject.step : subject.finding;
    this.#drift.inc({ system, kind: owner.slice(0, owner.indexOf('/')), action });
    if (correctedAt !== undefined) this.#correction.observe({ system }, (correctedAt - detectedAt) / 1000);
  }

  applied({ system, steps, tookMs }: AppliedPlan): void {
    this.#apply.observe({ system }, tookMs / 1000);
    for (const { error } of steps) this.#steps.inc({ system, result: error === undefined ? 'applied' : 'failed' });
  }
}
