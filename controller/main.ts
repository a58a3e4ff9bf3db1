import { mkdir } from 'node:fs/promises';
import { release } from 'node:os';
import path from 'node:path';
import { pino, type Logger } from 'pino';
import { collectDefaultMetrics, Registry as MetricsRegistry } from 'prom-client';
import packageJson from '../package.json' with { type: 'json' };
import { ADMINISTRATION_USAGE, runCommand } from '../api/administration/commands.ts';
import { keepSealingCodec } from '../api/administration/encryption-keys.ts';
import { CommandUsageError, Refusal } from '../api/administration/refusal.ts';
import { customResourceDefinitions } from '../api/generated/crds.ts';
import { openApiDocument } from '../api/generated/openapi.ts';
import { systemClock } from '../api/machinery/clock.ts';
import { createRegistry } from '../api/registry/registry.ts';
import type { Registry } from '../api/registry/contract.ts';
import { createApiServer } from '../api/server/api-server.ts';
import { prepareDataDir } from '../api/server/data-dir.ts';
import { tokenAuthenticator } from '../api/server/identity/authenticator.ts';
import { SqliteStore } from '../api/store/sqlite-store.ts';
import { StoreInUse } from '../api/store/store-lock.ts';
import { Alerting } from './alerts/alerting.ts';
import { InProcessClient } from './client/in-process-client.ts';
import { serveConfig, USAGE, UsageError, type ServeConfig } from './config.ts';
import { doubtsOf } from './desired/doubts.ts';
import { writeAlertOutcome } from './drift/alert-outcomes.ts';
import { startPruner } from './drift/pruner.ts';
import { DriftReporter } from './drift/reporter.ts';
import { EventRecorder } from './events/event-recorder.ts';
import { ChangeRecorder } from './history/change-recorder.ts';
import { openJournal } from './journal/sqlite-journal.ts';
import { ControllerMetrics } from './metrics.ts';
import { Loop } from './reconcile/loop.ts';
import { systemExec } from './systems/exec.ts';
import { createLibvirt } from './systems/libvirt/libvirt.ts';
import { createNetplan } from './systems/netplan/netplan.ts';
import { createOvs } from './systems/ovs/ovs.ts';

/** Ends what it stands for; in the order opposite to how it was begun. */
type Stop = () => Promise<void> | void;

const TOKEN_FILE_CHECK_MS = 2_000;

process.exitCode = await main(process.argv.slice(2));

async function main([command, ...args]: readonly string[]): Promise<number> {
  if (command === '--version' || command === 'version') return print(`bridgekeeper ${packageJson.version}\n`);
  if (command === undefined || command === '--help' || command === 'help' || args.includes('--help')) return print(`${USAGE}${ADMINISTRATION_USAGE}`);
  try {
    if (command === 'serve') return await serve(serveConfig(args));
    if (await runCommand(command, args, { clock: systemClock, productVersion: packageJson.version, print })) return 0;
    throw new UsageError(`there is no command ${command}`);
  } catch (error) {
    if (error instanceof Refusal) return complain(`${error.message}\n`);
    if (!(error instanceof UsageError || error instanceof CommandUsageError)) throw error;
    process.stderr.write(`bridgekeeper: ${error.message}\nSee: bridgekeeper --help\n`);
    return 2;
  }
}

function print(text: string): number {
  process.stdout.write(text);
  return 0;
}

function complain(text: string): number {
  process.stderr.write(`bridgekeeper: ${text}`);
  return 1;
}

/** Runs until a signal ends it; answers the exit code. */
async function serve(config: ServeConfig): Promise<number> {
  const log = pino({ level: config.logLevel, base: undefined });
  const stops: Stop[] = [];
  const ended = new Promise<string>((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => resolve(signal));
  });
  try {
    await begin(config, log, stops);
    log.info({ signal: await ended }, 'stopping');
    return 0;
  } catch (error) {
    log.fatal({ err: error }, 'bridgekeeper can not serve');
    process.stderr.write(`bridgekeeper: ${startProblem(error, config)}\n`);
    return 1;
  } finally {
    for (const stop of stops.reverse()) await stop();
  }
}

/** Starts store, API server and, unless told otherwise, the loop; each adds how it is ended to `stops`. */
async function begin(config: ServeConfig, log: Logger, stops: Stop[]): Promise<void> {
  const { dataDirectory, listen, hostName } = config;
  const failed = (error: unknown): void => log.error({ err: error }, 'something failed; going on');
  const clock = systemClock;
  await mkdir(dataDirectory, { recursive: true, mode: 0o700 });
  const dataDir = await prepareDataDir({ path: dataDirectory, listenHost: listen.host, hostName, clock });
  const store = new SqliteStore({ path: path.join(dataDirectory, 'store.sqlite'), codec: await keepSealingCodec(dataDirectory, clock.now()) });
  stops.push(() => store.close());
  const registry = createRegistry({ store, clock, crds: customResourceDefinitions, doubts: doubtsOf, failed });
  stops.push(() => registry.stop());
  await registry.ready;
  const metricsRegistry = new MetricsRegistry();
  collectDefaultMetrics({ register: metricsRegistry });
  const server = createApiServer({
    registry,
    clock,
    log,
    authenticator: tokenAuthenticator(() => dataDir.tokens()),
    crds: customResourceDefinitions,
    openApiDocument,
    listen,
    certificate: () => dataDir.certificate(),
    metricsRegistry,
    productVersion: packageJson.version,
  });
  const { url } = await server.start();
  stops.push(() => server.stop());
  await dataDir.writeAdminKubeconfig(url);
  stops.push(followTokens(() => dataDir.reloadTokens(), failed));
  log.info({ url, dataDirectory }, 'serving the API');
  if (config.apiOnly) return;
  await startController({ config, log, registry, metricsRegistry, stops, failed });
  log.info({ hostName }, 'keeping the host');
}

/** A changed token file takes effect without a restart. */
function followTokens(reload: () => Promise<void>, failed: (error: unknown) => void): Stop {
  let cancel = (): void => undefined;
  const next = (): void => {
    cancel = systemClock.after(TOKEN_FILE_CHECK_MS, () => void reload().catch(failed).then(next));
  };
  next();
  return () => cancel();
}

async function startController({
  config,
  log,
  registry,
  metricsRegistry,
  stops,
  failed,
}: {
  readonly config: ServeConfig;
  readonly log: Logger;
  readonly registry: Registry;
  readonly metricsRegistry: MetricsRegistry;
  readonly stops: Stop[];
  readonly failed: (error: unknown) => void;
}): Promise<void> {
  const { hostName, dataDirectory } = config;
  const clock = systemClock;
  const exec = systemExec;
  const client = new InProcessClient(registry);
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
  const reporter = new DriftReporter({ client, events, alerts: alerting, clock, hostName, failed });
  const history = new ChangeRecorder({ client, memory: journal.map('history'), clock, hostName, resource: (kind, name) => loop.resource(kind, name), failed });
  const ovs = createOvs({ address: config.ovsdb, clock, log: log.child({ system: 'ovs' }) });
  metrics.watch(metricsRegistry, { version: packageJson.version, resources: () => alerting.resources(), pendingAlerts: () => alerting.pending(), ovsdb: () => ovs.stats() });
  const loop = new Loop({
    hostName,
    standalone: true,
    imagesDirectory: config.imagesDirectory,
    kernelRelease: release(),
    client,
    journal,
    clock,
    systems: {
      ovs,
      netplan: createNetplan({ root: config.netplanRoot, exec, clock, log: log.child({ system: 'netplan' }) }),
      libvirt: createLibvirt({ socketPath: config.libvirtSocket, exec, clock, keep: journal.map('libvirt'), log: log.child({ system: 'libvirt' }) }),
    },
    listener: {
      drifted: (event) => {
        metrics.drifted(event);
        reporter.report(event);
      },
      applied: (plan) => {
        metrics.applied(plan);
        history.record(plan);
        log.info({ system: plan.system, steps: plan.steps.map(({ step, refusal }) => ({ owner: step.owner, verb: step.verb, object: step.object, error: refusal?.message })), tookMs: plan.tookMs }, 'applied a plan');
      },
      passed: (pass) => metrics.passed(pass),
      turned: ({ apiVersion, kind, metadata }, { status, reason, message }) =>
        events.record({ about: { apiVersion, kind, name: metadata.name, uid: metadata.uid }, type: status === 'True' ? 'Normal' : 'Warning', reason, message }),
      failed,
    },
  });
  await loop.start();
  await alerting.start();
  const stopPruner = startPruner({ client, clock, hostName, failed });
  stops.push(stopPruner);
  // What the loop did last is still reported, and what is reported still alerted.
  stops.push(() => alerting.stop());
  stops.push(() => reporter.stop());
  stops.push(() => history.stop());
  stops.push(() => loop.stop());
}

/** Why it did not start, and what would mend it. */
function startProblem(error: unknown, { listen, dataDirectory }: ServeConfig): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  const message = error instanceof Error ? error.message : String(error);
  if (error instanceof StoreInUse) return `another bridgekeeper runs on ${dataDirectory}; stop it, or choose another --data-dir`;
  if (code === 'EADDRINUSE') return `${listen.host}:${listen.port} is in use; stop what listens there, or choose another --listen`;
  if (code === 'EADDRNOTAVAIL') return `this machine has no address ${listen.host}; choose another --listen`;
  if (code === 'EACCES' || code === 'EPERM') return `${message}; run it as root, or choose a --data-dir that you may write (now: ${dataDirectory})`;
  return message;
}

