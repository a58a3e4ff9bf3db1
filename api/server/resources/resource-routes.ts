import { ApiError, badRequest, methodNotAllowed, noSuchResource, notFound } from '../../machinery/api-error.ts';
import { fieldOf } from '../../machinery/json.ts';
import type { ResourceType } from '../../registry/contract.ts';
import { sendPageNotFound, sendValue } from '../answer/send.ts';
import type { VirtualResource } from '../builtin/virtual-resource.ts';
import type { ResourceExchange } from '../exchange.ts';
import { representation } from '../request/accept.ts';
import { readObject } from '../request/read-object.ts';
import { checkPathName, checkRevision } from './check-get.ts';
import { deleteCollection, deleteOne } from './delete.ts';
import { list } from './list.ts';
import { patch } from './patch.ts';
import { isBuiltin } from './resource-index.ts';
import type { ResourceServer } from './resource-server.ts';
import { sendStored } from './send-stored.ts';
import { watch } from './watch.ts';
import { addressOf, create, update } from './write.ts';

/** Answers a request for a resource, stored or virtual. */
export type ResourceRoutes = (exchange: ResourceExchange) => Promise<void>;

export function resourceRoutes(server: ResourceServer, virtualResources: readonly VirtualResource[]): ResourceRoutes {
  return async (exchange) => {
    const { group, version, resource } = exchange.info;
    const virtual = virtualResources.find((each) => each.group === group && each.version === version && each.plural === resource);
    if (virtual !== undefined) return answerVirtual(virtual, exchange);
    const type = server.index.find(group, version, resource);
    if (type === undefined || isMisplaced(type, exchange)) return refusePlace(server, exchange);
    if (!hasSubresource(type, exchange)) throw isBuiltin(type) ? noSuchResource() : notFound({ group, plural: resource }, exchange.info.name);
    // What can't be answered must not be carried out.
    representation(exchange.request.headers.accept);
    return handle(server, exchange, type);
  };
}

async function handle(server: ResourceServer, exchange: ResourceExchange, type: ResourceType): Promise<void> {
  const { verb, name, subresource } = exchange.info;
  checkPathName(name);
  if (verb === 'get') {
    checkRevision(server, exchange, type);
    return sendStored(exchange, type, server.registry.get(addressOf(type, exchange)), 200, server.clock);
  }
  const isAllowed = type.verbs.includes(verb) && !(subresource !== '' && verb !== 'update' && verb !== 'patch');
  if (!isAllowed || (isCollectionVerb(verb) && name !== '')) throw methodRefused(type, exchange);
  if (!isCollectionVerb(verb) && name === '') throw isBuiltin(type) ? notOnThisResource() : badRequest('name must be provided');
  switch (verb) {
    case 'list':
      return list(server, exchange, type);
    case 'watch':
      return watch(server, exchange, type);
    case 'create':
      return create(server, exchange, type);
    case 'update':
      return update(server, exchange, type);
    case 'patch':
      return patch(server, exchange, type);
    case 'delete':
      return deleteOne(server, exchange, type);
    case 'deletecollection':
      return deleteCollection(server, exchange, type);
    case 'unknown':
      throw methodRefused(type, exchange);
  }
}

function isCollectionVerb(verb: string): boolean {
  return ['list', 'watch', 'create', 'deletecollection'].includes(verb);
}

async function answerVirtual(virtual: VirtualResource, exchange: ResourceExchange): Promise<void> {
  const { verb, name } = exchange.info;
  if (verb !== 'create' || name !== '') throw notOnThisResource();
  const { encoding } = representation(exchange.request.headers.accept);
  const { body } = await readObject(exchange, { kind: virtual.kind, builtinApiVersion: `${virtual.group}/${virtual.version}` });
  const kind = fieldOf(body, 'kind');
  if (kind !== virtual.kind) throw badRequest(`${String(kind)} cannot be handled as a ${virtual.kind}`);
  return sendValue(exchange, 201, virtual.answer(body, exchange.identity), encoding);
}

/** Namespaced objects can be read over all namespaces, all else needs one; cluster-scoped ones stand in none. */
function isMisplaced(type: ResourceType, { info }: ResourceExchange): boolean {
  if (!type.namespaced) return info.namespace !== '' && !(type.plural === 'namespaces' && info.namespace === info.name);
  return info.namespace === '' && (info.name !== '' || (info.verb !== 'list' && info.verb !== 'watch'));
}

function refusePlace(server: ResourceServer, exchange: ResourceExchange): Promise<void> {
  const { group, version } = exchange.info;
  if (isBuiltin({ group }) && server.index.serves(group, version)) throw noSuchResource();
  return sendPageNotFound(exchange);
}

function hasSubresource(type: ResourceType, { info }: ResourceExchange): boolean {
  return info.subresource === '' || (info.subresource === 'status' && type.hasStatus);
}

function methodRefused(type: ResourceType, { info }: ResourceExchange): ApiError {
  return isBuiltin(type) ? notOnThisResource() : methodNotAllowed({ group: type.group, plural: type.plural }, info.verb === 'unknown' ? '' : info.verb);
}

function notOnThisResource(): ApiError {
  return new ApiError({
    code: 405,
    reason: 'MethodNotAllowed',
    message: 'the server does not allow this method on the requested resource',
    details: {},
  });
}
