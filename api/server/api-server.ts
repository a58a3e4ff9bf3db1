import type { IncomingMessage } from 'node:http';
import type { Logger } from 'pino';
import { Registry as MetricsRegistry } from 'prom-client';
import type { Clock } from '../machinery/clock.ts';
import { internalError } from '../machinery/api-error.ts';
import type { Registry } from '../registry/contract.ts';
import { createApp } from './app.ts';
import { withCustomResourceDefinitions } from './builtin/custom-resource-definitions.ts';
import { selfSubjectReviews } from './builtin/self-subject-reviews.ts';
import { discoveryRoutes } from './discovery/discovery-routes.ts';
import type { ResourceFacts } from './discovery/resource-facts.ts';
import { factsOfType, factsOfVirtual } from './discovery/resource-facts.ts';
import type { Exchange } from './exchange.ts';
import { createGate } from './gate.ts';
import type { Authenticator } from './identity/authenticator.ts';
import { certificateAuthenticator } from './identity/certificate-authenticator.ts';
import type { Authorizer } from './identity/authorizer.ts';
import { roleAuthorizer } from './identity/authorizer.ts';
import { failedLogins } from './identity/failed-logins.ts';
import { createListener, listen } from './listener.ts';
import { openApiRoutes } from './openapi/openapi-routes.ts';
import { auditLog } from './operations/audit-log.ts';
import type { ReadyCheck } from './operations/health-routes.ts';
import type { InFlightLimits } from './operations/in-flight.ts';
import { inFlight } from './operations/in-flight.ts';
import { requestMetrics } from './operations/request-metrics.ts';
import { versionInfo } from './operations/version.ts';
import { reachableUrl } from './reachable-url.ts';
import { isOurFault, requestHandler } from './request-handler.ts';
import { resourceIndex } from './resources/resource-index.ts';
import { resourceRoutes } from './resources/resource-routes.ts';
import type { ResourceServer } from './resources/resource-server.ts';
import { runningWatches } from './resources/running-watches.ts';
import type { ServerCertificate } from './tls/server-certificate.ts';

export interface ApiServerOptions {
  readonly registry: Registry;
  readonly clock: Clock;
  readonly log: Logger;
  readonly authenticator: Authenticator;
  readonly authorizer?: Authorizer;
  /** Serial numbers of client certificates that are not trusted though we signed them. Asked at each request. */
  readonly revokedCertificates?: () => ReadonlySet<string>;
  /** The CRDs of our group, served read-only beside their objects. */
  readonly crds: readonly object[];
  /** The OpenAPI v3 document of our group, as JSON. */
  readonly openApiDocument: string;
  readonly listen: { readonly host: string; readonly port: number };
  /** Asked at the start and again from time to time: so a renewed certificate is served without a restart. */
  readonly certificate: () => Promise<ServerCertificate>;
  readonly metricsRegistry?: MetricsRegistry;
  /** What is counted elsewhere, as text that follows the registry's own. */
  readonly moreMetrics?: () => Promise<string>;
  readonly readyChecks?: readonly ReadyCheck[];
  readonly inFlightLimits?: InFlightLimits;
  readonly failedLoginsPerMinute?: number;
  readonly productVersion: string;
}

export interface ApiServer {
  /** Resolves when requests are answered. `url` is how a client on this machine reaches us, the chosen port included. */
  start(): Promise<{ readonly url: string }>;
  /** Lets every watcher come back and show again who it is: for when somebody may no longer come in. */
  endWatches(): void;
  /** Ends watches, lets the other requests finish for a few seconds, then closes what is left. May be called twice. */
  stop(): Promise<void>;
}

/** kube-apiserver's --max-requests-inflight and --max-mutating-requests-inflight. */
const IN_FLIGHT: InFlightLimits = { reading: 400, writing: 200 };
const FAILED_LOGINS_PER_MINUTE = 30;
const CERTIFICATE_CHECK_MS = 12 * 3_600_000;
const STOP_GRACE_MS = 5_000;

/** The HTTPS server that speaks the Kubernetes wire protocol over a registry. */
export function createApiServer(options: ApiServerOptions): ApiServer {
  const { clock, log, listen: address } = options;
  const state = { isStopping: false };
  const resources = resourceServer(options);
  const handler = createHandler(options, resources, () => state.isStopping);
  let running: { readonly close: () => Promise<void> } | undefined;

  return {
    async start() {
      let served = await options.certificate();
      const server = createListener(served, handler);
      const port = await listen(server, address.host, address.port);
      const stopRenewing = repeat(clock, CERTIFICATE_CHECK_MS, async () => {
        try {
          const found = await options.certificate();
          if (found.certificate === served.certificate) return;
          server.setSecureContext({ key: found.key, cert: found.certificate, ca: found.authority });
          served = found;
          log.info('serving with a renewed certificate');
        } catch (error) {
          log.error({ err: error }, 'the server certificate could not be renewed');
        }
      });
      running = {
        close: () =>
          new Promise((resolve) => {
            stopRenewing();
            resources.watches.endAll();
            const cancelGrace = clock.after(STOP_GRACE_MS, () => server.closeAllConnections());
            server.close(() => {
              cancelGrace();
              resolve();
            });
            server.closeIdleConnections();
          }),
      };
      return { url: reachableUrl(address.host, port) };
    },
    endWatches: () => resources.watches.endAll(),
    async stop() {
      state.isStopping = true;
      const stopping = running;
      running = undefined;
      await stopping?.close();
    },
  };
}

function resourceServer({ registry, crds, clock }: ApiServerOptions): ResourceServer {
  const startedAt = `${new Date(clock.now()).toISOString().slice(0, 19)}Z`;
  const served = withCustomResourceDefinitions(registry, crds, startedAt);
  return { registry: served, index: resourceIndex(served.types), clock, watches: runningWatches() };
}

function createHandler(options: ApiServerOptions, resources: ResourceServer, isStopping: () => boolean): ReturnType<typeof requestHandler> {
  const { clock, log, authenticator, authorizer = roleAuthorizer } = options;
  const room = inFlight(options.inFlightLimits ?? IN_FLIGHT);
  const metricsRegistry = options.metricsRegistry ?? new MetricsRegistry();
  const virtualResources = selfSubjectReviews(authorizer);
  const facts: ResourceFacts[] = [...resources.index.types.map(factsOfType), ...virtualResources.map(factsOfVirtual)];
  const exchanges = new WeakMap<IncomingMessage, Exchange>();
  const logFault = (exchange: Pick<Exchange, 'request'>, error: unknown): void => {
    if (isOurFault(error)) log.error({ err: error, method: exchange.request.method }, 'a request failed');
  };
  const app = createApp({
    exchangeOf: (request) => {
      const exchange = exchanges.get(request);
      if (exchange === undefined) throw internalError('a request came past the gate');
      return exchange;
    },
    discovery: discoveryRoutes(facts),
    openApi: openApiRoutes(options.openApiDocument),
    metrics: async () => (await metricsRegistry.metrics()) + ((await options.moreMetrics?.()) ?? ''),
    version: versionInfo(options.productVersion),
    liveChecks: [PING],
    readyChecks: [PING, ...(options.readyChecks ?? []), shutdownCheck(isStopping)],
    onError: logFault,
  });
  return requestHandler({
    gate: createGate({
      authenticator: certificateAuthenticator(authenticator, clock, options.revokedCertificates ?? noneRevoked),
      authorizer,
      inFlight: room,
      failedLogins: failedLogins(clock, options.failedLoginsPerMinute ?? FAILED_LOGINS_PER_MINUTE),
    }),
    clock,
    answerResource: resourceRoutes(resources, virtualResources),
    route(exchange) {
      exchanges.set(exchange.request, exchange);
      app(exchange.request, exchange.response);
    },
    metrics: requestMetrics({
      registry: metricsRegistry,
      isServed: (group, version, plural) => facts.some((each) => each.plural === plural && each.group === group && each.version === version),
      inFlight: () => room,
      watches: () => resources.watches.count,
    }),
    audit: auditLog(log),
    onError: logFault,
  });
}

const NONE: ReadonlySet<string> = new Set();
const noneRevoked = (): ReadonlySet<string> => NONE;

const PING: ReadyCheck = { name: 'ping', check: () => undefined };

function shutdownCheck(isStopping: () => boolean): ReadyCheck {
  return {
    name: 'shutdown',
    check() {
      if (isStopping()) throw new Error('the server is stopping');
    },
  };
}

/** Runs `work` every `periodMs`, counted from the end of the last run. Returns the way to stop. */
function repeat(clock: Clock, periodMs: number, work: () => Promise<void>): () => void {
  let cancel = (): void => {};
  let isStopped = false;
  const next = (): void => {
    if (isStopped) return;
    cancel = clock.after(periodMs, () => void work().then(next));
  };
  next();
  return () => {
    isStopped = true;
    cancel();
  };
}
