import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import type { Logger } from 'pino';
import { collectDefaultMetrics, Registry as MetricsRegistry } from 'prom-client';
import packageJson from '../package.json' with { type: 'json' };
import { ADMINISTRATION_USAGE, runCommand } from '../api/administration/commands.ts';
import { keepSealingCodec } from '../api/administration/encryption-keys.ts';
import { CommandUsageError, Refusal } from '../api/administration/refusal.ts';
import { customResourceDefinitions } from '../api/generated/crds.ts';
import { openApiDocument } from '../api/generated/openapi.ts';
import { systemClock } from '../api/machinery/clock.ts';
import { createRegistry } from '../api/registry/registry.ts';
import { createApiServer } from '../api/server/api-server.ts';
import { prepareDataDir } from '../api/server/data-dir.ts';
import { tokenAuthenticator } from '../api/server/identity/authenticator.ts';
import { SqliteStore } from '../api/store/sqlite-store.ts';
import type { Store } from '../api/store/store.ts';
import { StoreInUse } from '../api/store/store-lock.ts';
import { InProcessClient } from './client/in-process-client.ts';
import { FIELD_MANAGER } from './client/resource-client.ts';
import { serveConfig, USAGE, UsageError, type ServeConfig } from './config.ts';
import { doubtsOf } from './desired/doubts.ts';
import { doctor, DOCTOR_USAGE } from './doctor.ts';
import { hostFinalizer } from './desired/host-finalizer.ts';
import type { Stop } from './keep-host.ts';
import { openLog } from './log.ts';
import { startLoopThread, type LoopThread } from './start-loop-thread.ts';
import { systemExec } from './systems/exec.ts';
import { tellReady } from './tell-systemd.ts';

const ACCESS_CHECK_MS = 2_000;

process.exitCode = await main(process.argv.slice(2));

async function main([command, ...args]: readonly string[]): Promise<number> {
  if (command === '--version' || command === 'version') return print(`bridgekeeper ${packageJson.version}\n`);
  if (command === undefined || command === '--help' || command === 'help' || args.includes('--help')) return print(`${USAGE}${DOCTOR_USAGE}${ADMINISTRATION_USAGE}`);
  try {
    if (command === 'serve') return await serve(serveConfig(args));
    if (command === 'doctor') return await doctor(args, print);
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
  const log = openLog(config.logLevel);
  const stops: Stop[] = [];
  const ended = new Promise<string>((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => resolve(signal));
  });
  try {
    const { died } = await begin(config, log, stops);
    log.info({ signal: await Promise.race([ended, died]) }, 'stopping');
    return 0;
  } catch (error) {
    log.fatal({ err: error }, 'bridgekeeper can not serve');
    process.stderr.write(`bridgekeeper: ${startProblem(error, config)}\n`);
    return 1;
  } finally {
    for (const stop of stops.reverse()) await stop();
  }
}

/**
 * Starts store and API server in this thread and, unless told otherwise, the loop in another; each adds how it is ended to `stops`.
 * Where the loop's thread dies, `died` rejects.
 */
async function begin(config: ServeConfig, log: Logger, stops: Stop[]): Promise<{ readonly died: Promise<never> }> {
  const { dataDirectory, listen, hostName } = config;
  const failed = (error: unknown): void => log.error({ err: error }, 'something failed; going on');
  const clock = systemClock;
  await mkdir(dataDirectory, { recursive: true, mode: 0o700 });
  const dataDir = await prepareDataDir({ path: dataDirectory, listenHost: listen.host, hostName, clock });
  const store = new SqliteStore({ path: path.join(dataDirectory, 'store.sqlite'), codec: await keepSealingCodec(dataDirectory, clock.now()) });
  stops.push(() => store.close());
  // Nobody would take it away again where no loop runs.
  const firstFinalizer = config.apiOnly ? undefined : { ...hostFinalizer(hostName), manager: FIELD_MANAGER };
  const registry = createRegistry({ store, clock, crds: customResourceDefinitions, doubts: doubtsOf, firstFinalizer, failed });
  stops.push(() => registry.stop());
  await registry.ready;
  const metricsRegistry = new MetricsRegistry();
  collectDefaultMetrics({ register: metricsRegistry });
  const threads: { loop?: LoopThread } = {};
  const server = createApiServer({
    registry,
    clock,
    log,
    authenticator: tokenAuthenticator(() => dataDir.tokens()),
    revokedCertificates: () => dataDir.revokedCertificates(),
    crds: customResourceDefinitions,
    openApiDocument,
    listen,
    certificate: () => dataDir.certificate(),
    metricsRegistry,
    moreMetrics: async () => (await threads.loop?.metrics()) ?? '',
    readyChecks: [{ name: 'store', check: () => checkStore(store) }],
    productVersion: packageJson.version,
  });
  const { url } = await server.start();
  stops.push(() => server.stop());
  await dataDir.writeAdminKubeconfig(url);
  stops.push(
    followAccess(async () => {
      if (await dataDir.reloadAccess()) server.endWatches();
    }, failed),
  );
  log.info({ url, dataDirectory }, 'serving the API');
  // What keeps the loop from starting is told by the API: it is ready without.
  await tellReady(systemExec, process.env['NOTIFY_SOCKET'], `serving the API at ${url}`).catch(failed);
  if (config.apiOnly) return { died: new Promise(() => undefined) };
  const loop = await startLoopThread(config, new InProcessClient(registry));
  threads.loop = loop;
  stops.push(() => loop.stop());
  log.info({ hostName }, 'keeping the host');
  return loop;
}

/** Throws when the disk has failed: reads are still answered, but only a restart can make it write again. */
function checkStore({ failure }: Store): void {
  if (failure !== undefined) throw failure;
}

/** Tokens and certificates that were made, deleted or revoked take effect without a restart, for watches under way too. */
function followAccess(reload: () => Promise<void>, failed: (error: unknown) => void): Stop {
  let cancel = (): void => undefined;
  const next = (): void => {
    cancel = systemClock.after(ACCESS_CHECK_MS, () => void reload().catch(failed).then(next));
  };
  next();
  return () => cancel();
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

