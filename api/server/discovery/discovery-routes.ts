import { hash } from 'node:crypto';
import { sendBody, sendPageNotFound, sendValue } from '../answer/send.ts';
import type { Exchange } from '../exchange.ts';
import { preferred, representation } from '../request/accept.ts';
import { aggregated, coreVersions, groupDocument, groupList, groupsOf, resourceList, versionsOf } from './discovery.ts';
import type { ResourceFacts } from './resource-facts.ts';

const AGGREGATED_VERSIONS = ['v2', 'v2beta1'];

/** Answers what can be known about the API without asking for an object. */
export interface DiscoveryRoutes {
  /** The paths of the groups and their versions: `/apis/coordination.k8s.io/v1`. */
  readonly paths: readonly string[];
  core(exchange: Exchange): Promise<void>;
  groups(exchange: Exchange): Promise<void>;
  group(exchange: Exchange, group: string): Promise<void>;
  resources(exchange: Exchange, group: string, version: string): Promise<void>;
}

export function discoveryRoutes(facts: readonly ResourceFacts[]): DiscoveryRoutes {
  return {
    paths: groupsOf(facts).flatMap((group) => [`/apis/${group}`, ...versionsOf(group, facts).map((version) => `/apis/${group}/${version}`)]),
    core: (exchange) => sendEither(exchange, () => coreVersions(exchange.request.headers.host ?? ''), () => aggregated(facts, true)),
    groups: (exchange) => sendEither(exchange, () => groupList(facts), () => aggregated(facts, false)),
    group: (exchange, group) => sendFound(exchange, groupDocument(group, facts)),
    resources: (exchange, group, version) => sendFound(exchange, resourceList(group, version, facts)),
  };
}

/** A current kubectl asks for all groups at once and takes the plain form from a server that has no other. */
async function sendEither(exchange: Exchange, plain: () => unknown, all: () => unknown): Promise<void> {
  const { accept } = exchange.request.headers;
  exchange.response.setHeader('Vary', 'Accept');
  const form = preferred(accept, formOf) ?? { aggregatedVersion: undefined };
  if (form.aggregatedVersion === undefined) return sendValue(exchange, 200, plain(), representation(accept).encoding);
  const body = Buffer.from(`${JSON.stringify(versioned(all(), form.aggregatedVersion))}\n`);
  const etag = `"${hash('sha512', body, 'hex').toUpperCase()}"`;
  exchange.response.setHeader('ETag', etag);
  if (exchange.request.headers['if-none-match'] === etag) {
    exchange.response.writeHead(304).end();
    return;
  }
  await sendBody(exchange, 200, `application/json;g=apidiscovery.k8s.io;v=${form.aggregatedVersion};as=APIGroupDiscoveryList`, body);
}

interface Form {
  readonly aggregatedVersion: string | undefined;
}

function formOf(type: string, parameters: ReadonlyMap<string, string>): Form | undefined {
  if (type !== 'application/json') return undefined;
  const as = parameters.get('as');
  if (as === undefined) return { aggregatedVersion: undefined };
  const version = parameters.get('v') ?? '';
  const isOffered = as === 'APIGroupDiscoveryList' && parameters.get('g') === 'apidiscovery.k8s.io' && AGGREGATED_VERSIONS.includes(version);
  return isOffered ? { aggregatedVersion: version } : undefined;
}

function versioned(document: unknown, version: string): unknown {
  return typeof document === 'object' && document !== null ? { ...document, apiVersion: `apidiscovery.k8s.io/${version}` } : document;
}

function sendFound(exchange: Exchange, document: unknown): Promise<void> {
  if (document === undefined) return sendPageNotFound(exchange);
  return sendValue(exchange, 200, document, representation(exchange.request.headers.accept).encoding);
}
