import { sendStored } from './send-stored.ts';
import type { ResourceExchange } from '../exchange.ts';
import type { ResourceServer } from './resource-server.ts';
import { addressOf } from './write.ts';

/**
 * The most frequent request, the GET of one object, answered on the shortest way: before the router, from the stored bytes.
 * Undefined when the request is another.
 */
export function answerSingleGet(server: ResourceServer, exchange: ResourceExchange): Promise<void> | undefined {
  const { verb, group, version, resource, namespace, subresource } = exchange.info;
  if (verb !== 'get' || subresource !== '') return undefined;
  const type = server.index.find(group, version, resource);
  if (type === undefined || type.namespaced !== (namespace !== '')) return undefined;
  return sendStored(exchange, type, server.registry.get(addressOf(type, exchange)), 200, server.clock);
}
