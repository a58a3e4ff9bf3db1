import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import type { KubeObject } from '../api/machinery/object.ts';
import type { Delivery } from './alerts/courier.ts';
import { conditionsOf } from './alerts/trouble-of.ts';
import { DESIRED_KINDS } from './desired/resources.ts';
import type { AppliedPlan, DriftEvent, LanePass } from './reconcile/lane-report.ts';
import type { SystemName } from './systems/system.ts';

/** From a tenth of a millisecond, which an OVSDB round trip takes, to the seconds of a VM's start. */
const SECONDS_BUCKETS = [0.0001, 0.0005, 0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 30];

const SYSTEMS: readonly SystemName[] = ['ovs', 'netplan', 'libvirt'];
const ACTIONS: readonly DriftEvent['action'][] = ['Corrected', 'Reported', 'Superseded', 'Failed'];

/** What is looked up when Prometheus asks. */
export interface MetricSources {
  readonly version: string;
  /** The resources of this host. */
  resources(): readonly KubeObject[];
  /** Alerts that wait to be sent, by receiver. */
  pendingAlerts(): ReadonlyMap<string, number>;
  ovsdb(): OvsdbCounts;
}

export interface OvsdbCounts {
  readonly connected: boolean;
  readonly connections: number;
  readonly updates: number;
  readonly transactions: number;
  readonly refusedTransactions: number;
}

/** What the controller counts, for Prometheus. */
export class ControllerMetrics {
  readonly #drift: Counter<'system' | 'kind' | 'action'>;
  readonly #correction: Histogram<'system'>;
  readonly #pass: Histogram<'system'>;
  readonly #wakeups: Counter<'system'>;
  readonly #apply: Histogram<'system'>;
  readonly #steps: Counter<'system' | 'result'>;
  readonly #alerts: Counter<'receiver' | 'result'>;

  constructor(registry: Registry) {
    const registers = [registry];
    const seconds = (name: string, help: string): Histogram<'system'> => new Histogram({ name, help, labelNames: ['system'], buckets: SECONDS_BUCKETS, registers });
    this.#drift = new Counter({ name: 'bridgekeeper_drift_total', help: 'Changes made behind our back.', labelNames: ['system', 'kind', 'action'], registers });
    // A counter that begins at 1 has not increased, as far as Prometheus can tell.
    for (const system of SYSTEMS) for (const kind of DESIRED_KINDS) for (const action of ACTIONS) this.#drift.inc({ system, kind, action }, 0);
    this.#correction = seconds('bridgekeeper_drift_correction_seconds', 'From seeing a drift to having corrected it.');
    this.#pass = seconds('bridgekeeper_lane_pass_seconds', 'Time of a pass of a lane: observe, plan, apply, verify.');
    this.#wakeups = new Counter({ name: 'bridgekeeper_lane_wakeups_total', help: 'How often a lane was asked to look; passes do many at once.', labelNames: ['system'], registers });
    this.#apply = seconds('bridgekeeper_apply_seconds', 'Time to carry out a plan.');
    this.#steps = new Counter({ name: 'bridgekeeper_steps_total', help: 'Steps of plans that were carried out.', labelNames: ['system', 'result'], registers });
    this.#alerts = new Counter({ name: 'bridgekeeper_alerts_total', help: 'Alerts by what became of the attempt to send them.', labelNames: ['receiver', 'result'], registers });
  }

  /** Registers what is read at each scrape. */
  watch(registry: Registry, sources: MetricSources): void {
    const registers = [registry];
    new Gauge({ name: 'bridgekeeper_build_info', help: 'Always 1; its labels say what runs.', labelNames: ['version', 'node'], registers }).set({ version: sources.version, node: process.version }, 1);
    new Gauge({
      name: 'bridgekeeper_resources',
      help: 'Resources of this host by their Ready condition.',
      labelNames: ['kind', 'ready'],
      registers,
      collect() {
        this.reset();
        for (const object of sources.resources()) this.inc({ kind: object.kind, ready: readyOf(object) });
      },
    });
    new Gauge({
      name: 'bridgekeeper_alerts_pending',
      help: 'Alerts that wait to be sent.',
      labelNames: ['receiver'],
      registers,
      collect() {
        this.reset();
        for (const [receiver, count] of sources.pendingAlerts()) this.set({ receiver }, count);
      },
    });
    new Gauge({
      name: 'bridgekeeper_ovsdb_connected',
      help: 'Whether Open vSwitch\'s database is reached.',
      registers,
      collect() {
        this.set(Number(sources.ovsdb().connected));
      },
    });
    const count = (name: string, help: string, read: (counts: OvsdbCounts) => number): Counter =>
      new Counter({
        name,
        help,
        registers,
        collect() {
          this.reset();
          this.inc(read(sources.ovsdb()));
        },
      });
    count('bridgekeeper_ovsdb_connections_total', 'How often the database was connected to.', ({ connections }) => connections);
    count('bridgekeeper_ovsdb_updates_total', 'Updates that the database sent.', ({ updates }) => updates);
    count('bridgekeeper_ovsdb_transactions_total', 'Transactions that were sent to the database.', ({ transactions }) => transactions);
    count('bridgekeeper_ovsdb_refused_transactions_total', 'Transactions that the database refused.', ({ refusedTransactions }) => refusedTransactions);
  }

  drifted({ system, subject, action, detectedAt, correctedAt }: DriftEvent): void {
    const { owner } = subject.kind === 'step' ? subject.step : subject.finding;
    this.#drift.inc({ system, kind: owner.slice(0, owner.indexOf('/')), action });
    if (correctedAt !== undefined) this.#correction.observe({ system }, (correctedAt - detectedAt) / 1000);
  }

  passed({ system, tookMs, wakeups }: LanePass): void {
    this.#pass.observe({ system }, tookMs / 1000);
    this.#wakeups.inc({ system }, wakeups);
  }

  applied({ system, steps, tookMs }: AppliedPlan): void {
    this.#apply.observe({ system }, tookMs / 1000);
    for (const { refusal } of steps) this.#steps.inc({ system, result: refusal === undefined ? 'applied' : 'failed' });
  }

  alerted(receiver: string, { message, outcome }: Delivery): void {
    this.#alerts.inc({ receiver, result: outcome.toLowerCase() }, message.alerts.length);
  }
}

function readyOf(object: KubeObject): string {
  return conditionsOf(object).find(({ type }) => type === 'Ready')?.status ?? 'Unknown';
}
