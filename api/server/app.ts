import express from 'express';
import type { Express, Request, Response } from 'express';
import { prometheusContentType } from 'prom-client';
import { methodNotAllowed } from '../machinery/api-error.ts';
import { sendBody, sendIndented, sendPageNotFound } from './answer/send.ts';
import { sendError } from './answer/send-error.ts';
import type { DiscoveryRoutes } from './discovery/discovery-routes.ts';
import type { Exchange } from './exchange.ts';
import type { OpenApiRoutes } from './openapi/openapi-routes.ts';
import type { HealthPath, ReadyCheck } from './operations/health-routes.ts';
import { sendHealth, sendOneCheck } from './operations/health-routes.ts';

export interface AppOptions {
  /** Finds the exchange that belongs to a request which has passed the gate. */
  readonly exchangeOf: (request: Request) => Exchange;
  readonly discovery: DiscoveryRoutes;
  readonly openApi: OpenApiRoutes;
  /** In Prometheus' text format. */
  readonly metrics: () => Promise<string>;
  readonly version: unknown;
  readonly liveChecks: readonly ReadyCheck[];
  readonly readyChecks: readonly ReadyCheck[];
  readonly onError: (exchange: Exchange, error: unknown) => void;
}

type Answer = (exchange: Exchange, parameters: Readonly<Record<string, string>>) => Promise<void>;

/** Which path that is no resource is answered by whom. Whoever comes here is known and may do what is asked. */
export function createApp(options: AppOptions): Express {
  const { exchangeOf, discovery, openApi } = options;
  const app = express();
  app.disable('x-powered-by').disable('etag').enable('case sensitive routing');

  const answer = (handle: Answer) => async (request: Request, _response: Response): Promise<void> => {
    const exchange = exchangeOf(request);
    try {
      await handle(exchange, parametersOf(request));
    } catch (error) {
      options.onError(exchange, error);
      await sendError(exchange, error);
    }
  };
  const health = (path: HealthPath, checks: readonly ReadyCheck[]): void => {
    app.get(`/${path}`, answer((exchange) => sendHealth(exchange, path, checks)));
    app.get(
      `/${path}/*check`,
      answer((exchange, { check = '' }) => sendOneCheck(exchange, path, checks, check) ?? sendPageNotFound(exchange)),
    );
  };

  health('healthz', options.liveChecks);
  health('livez', options.liveChecks);
  health('readyz', options.readyChecks);
  app.get('/version', answer((exchange) => sendIndented(exchange, options.version)));
  app.get('/metrics', answer((exchange) => sendMetrics(exchange, options.metrics)));
  app.get('/', answer((exchange) => sendIndented(exchange, { paths: [...ROOT_PATHS, ...discovery.paths].sort() })));
  app.get('/api', answer((exchange) => discovery.core(exchange)));
  app.get('/api/:version', answer((exchange, { version = '' }) => discovery.resources(exchange, '', version)));
  app.get('/apis', answer((exchange) => discovery.groups(exchange)));
  app.get('/apis/:group', answer((exchange, { group = '' }) => discovery.group(exchange, group)));
  app.get('/apis/:group/:version', answer((exchange, { group = '', version = '' }) => discovery.resources(exchange, group, version)));
  app.get('/openapi/v2', answer((exchange) => openApi.version2(exchange)));
  app.get('/openapi/v3', answer((exchange) => openApi.index(exchange)));
  app.get('/openapi/v3/*path', answer((exchange, { path = '' }) => openApi.document(exchange, path)));
  app.use(answer(refuseTheRest));
  return app;
}

const ROOT_PATHS = ['/api', '/api/v1', '/apis', '/apis/', '/healthz', '/livez', '/metrics', '/openapi/v2', '/openapi/v3', '/readyz', '/version'];

/** What we serve besides resources can only be read; every other path is none of ours. */
function refuseTheRest(exchange: Exchange): Promise<void> {
  const { verb, path } = exchange.info;
  if ([...ROOT_PATHS, '/', '/version'].includes(path) && verb !== 'get' && verb !== 'head') throw methodNotAllowed({ group: '', plural: path }, verb);
  return sendPageNotFound(exchange);
}

/** A wildcard comes as a list of segments. */
function parametersOf({ params }: Request): Record<string, string> {
  const entries = Object.entries(params).map(([name, value]) => [name, Array.isArray(value) ? value.join('/') : value] as const);
  return Object.fromEntries(entries);
}

async function sendMetrics(exchange: Exchange, metrics: () => Promise<string>): Promise<void> {
  await sendBody(exchange, 200, prometheusContentType, Buffer.from(await metrics()));
}
