import { release } from 'node:os';
import path from 'node:path';
import type { Logger } from 'pino';
import type { Registry as MetricsRegistry } from 'prom-client';
import packageJson from '../package.json' with { type: 'json' };
import { systemClock } from '../api/machinery/clock.ts';
import { Alerting } from './alerts/alerting.ts';
import type { ResourceClient } from './client/resource-client.ts';
import type { ServeConfig } from './config.ts';
import { writeAlertOutcome } from './drift/alert-outcomes.ts';
import { startPruner } from './drift/pruner.ts';
import { DriftReporter } from './drift/reporter.ts';
import { EventRecorder } from './events/event-recorder.ts';
import { ChangeRecorder } from './history/change-recorder.ts';
import { Unwritten } from './history/unwritten.ts';
import { openJournal } from './journal/sqlite-journal.ts';
import { ControllerMetrics } from './metrics.ts';
import { startHostQueries } from './queries/start-host-queries.ts';
import type { AppliedPlan } from './reconcile/lane-report.ts';
import { Loop } from './reconcile/loop.ts';
import { createGuard, stoppable } from './safety/create-guard.ts';
import { CONFIRM_ANNOTATION, guardPolicy } from './safety/policy.ts';
import { systemExec } from './systems/exec.ts';
import { createLibvirt } from './systems/libvirt/libvirt.ts';
import { ipSessions } from './systems/netplan/ip-sessions.ts';
import { createNetplan } from './systems/netplan/netplan.ts';
import { createOvs } from './systems/ovs/ovs.ts';

/** Ends what it stands for; in the order opposite to how it was begun. */
export type Stop = () => Promise<void> | void;

export interface KeepHostOptions {
  readonly config: ServeConfig;
  readonly log: Logger;
  readonly client: ResourceClient;
  readonly metricsRegistry: MetricsRegistry;
  readonly failed: (error: unknown) => void;
}

/** A plan of a thousand steps is one line of the log; the Changes tell all of them. */
const LOGGED_STEPS = 10;

/** Starts the loop and all that tells of it; each adds how it is ended to `stops`. */
export async function keepHost({ config, log, client, metricsRegistry, failed }: KeepHostOptions, stops: Stop[]): Promise<void> {
  const { hostName, dataDirectory } = config;
  const clock = systemClock;
  const exec = ipSessions(systemExec, clock);
  stops.push(() => exec.end());
  const journal = openJournal(path.join(dataDirectory, 'journal.sqlite'));
  stops.push(() => journal.close());
  const metrics = new ControllerMetrics(metricsRegistry);
  const events = new EventRecorder({ client, clock, hostName, uidOf: (kind, name) => loop.resource(kind, name)?.metadata.uid, failed });
  const alerting = new Alerting({
    client,
    journal,
    clock,
    hostName,
    standalone: true,
    random: Math.random,
    listener: {
      attempted: (receiver, delivery) => {
        metrics.alerted(receiver, delivery);
        if (delivery.error !== undefined) log.warn({ receiver, outcome: delivery.outcome, error: delivery.error }, 'an alert did not get through');
        writeAlertOutcome(client, receiver, delivery).catch(failed);
      },
      failed,
    },
  });
  const reporter = new DriftReporter({ client, events, alerts: alerting, memory: journal.map('drift untold', { survives: 'process' }), clock, hostName, failed });
  const unwritten = new Unwritten({ works: journal.map('history works', { survives: 'process' }), numbered: journal.map('history numbered', { survives: 'process' }), clock, failed });
  const history = new ChangeRecorder({ client, memory: journal.map('history', { survives: 'process' }), unwritten, clock, hostName, resource: (kind, name) => loop.resource(kind, name), failed });
  const ovs = createOvs({ address: config.ovsdb, clock, log: log.child({ system: 'ovs' }) });
  metrics.watch(metricsRegistry, { version: packageJson.version, resources: () => alerting.resources(), pendingAlerts: () => alerting.pending(), ovsdb: () => ovs.stats() });
  const laneExec = stoppable(exec, clock);
  const netplanState = path.join(dataDirectory, 'netplan');
  const systems = {
    ovs,
    netplan: createNetplan({ root: config.netplanRoot, stateDirectory: netplanState, exec: laneExec, clock, log: log.child({ system: 'netplan' }) }),
    libvirt: createLibvirt({ socketPath: config.libvirtSocket, exec, clock, keep: journal.map('libvirt'), log: log.child({ system: 'libvirt' }) }),
  };
  const guard = createGuard({
    dataDirectory,
    ovsdb: config.ovsdb,
    netplanRoot: config.netplanRoot,
    stateDirectory: netplanState,
    listen: config.listen,
    clock,
    exec,
    laneExec,
    journal,
    host: {
      preview: () => loop.preview(),
      facts: () => loop.facts(),
      versionOf: (owner) => loop.versionOf(owner),
      policy: () => guardPolicy(loop.host?.spec.rollback),
      confirmed: () => loop.host?.metadata.annotations?.[CONFIRM_ANNOTATION],
      wake: () => loop.wake(),
    },
    listener: {
      changed: () => loop.summarize(),
      told: ({ type, reason, message }) => {
        log.info({ reason, message }, 'the guard tells');
        const about = loop.host;
        if (about) events.record({ about: { apiVersion: about.apiVersion, kind: about.kind, name: hostName, uid: about.metadata.uid }, type, reason, message });
      },
      failed,
    },
  });
  const loop = new Loop({
    hostName,
    standalone: true,
    imagesDirectory: config.imagesDirectory,
    kernelRelease: release(),
    client,
    journal,
    clock,
    systems,
    heldBy: () => ovs.heldByAnother(),
    guard,
    listener: {
      drifted: (event) => {
        metrics.drifted(event);
        reporter.report(event);
      },
      applied: (plan) => {
        metrics.applied(plan);
        history.record(plan);
        log.info(logLine(plan), 'applied a plan');
      },
      passed: (pass) => metrics.passed(pass),
      guests: (nics) => ovs.guestsAre(nics),
      turned: ({ apiVersion, kind, metadata }, { status, reason, message }) =>
        events.record({ about: { apiVersion, kind, name: metadata.name, uid: metadata.uid }, type: status === 'True' ? 'Normal' : 'Warning', reason, message }),
      failed,
    },
  });
  await loop.start();
  await alerting.start();
  const stopQueries = await startHostQueries({ config, client, clock, exec, standalone: true, systems, failed });
  const stopPruner = startPruner({ client, clock, hostName, failed });
  stops.push(stopPruner);
  // What the loop did last is still reported, and what is reported still alerted.
  stops.push(() => events.stop());
  stops.push(() => alerting.stop());
  stops.push(() => reporter.stop());
  stops.push(() => history.stop());
  stops.push(() => loop.stop());
  stops.push(stopQueries);
}

function logLine({ system, steps, tookMs }: AppliedPlan): object {
  const told = steps.slice(0, LOGGED_STEPS).map(({ step: { owner, verb, object }, refusal }) => ({ owner, verb, object, error: refusal?.message }));
  return { system, steps: told, ...(steps.length > told.length ? { moreSteps: steps.length - told.length } : {}), tookMs };
}
