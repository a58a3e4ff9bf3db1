import type { ObjectAddress, ResourceType, WriteAnswer } from '../../registry/contract.ts';
import { addWarnings } from '../answer/warnings.ts';
import type { ResourceExchange } from '../exchange.ts';
import type { Expected } from '../request/read-object.ts';
import { readObject } from '../request/read-object.ts';
import { writeOptions } from '../request/write-options.ts';
import { isBuiltin, namespaceFor } from './resource-index.ts';
import type { ResourceServer } from './resource-server.ts';
import { sendStored } from './send-stored.ts';

/** POST to a collection. */
export async function create(server: ResourceServer, exchange: ResourceExchange, type: ResourceType): Promise<void> {
  const options = writeOptions({ exchange, optionsKind: 'CreateOptions' });
  const { body, ...asSent } = await readObject(exchange, expectedOf(type));
  const namespace = type.namespaced ? exchange.info.namespace : undefined;
  const answer = await server.registry.create(type, namespace, body, { ...options, ...asSent });
  await sendWritten(server, exchange, type, answer);
}

/** PUT of an object, or of its status. */
export async function update(server: ResourceServer, exchange: ResourceExchange, type: ResourceType): Promise<void> {
  const options = writeOptions({ exchange, optionsKind: 'UpdateOptions' });
  const { body, ...asSent } = await readObject(exchange, expectedOf(type));
  const answer = await server.registry.update(addressOf(type, exchange), body, { ...options, ...asSent });
  await sendWritten(server, exchange, type, answer);
}

export async function sendWritten(
  server: ResourceServer,
  exchange: ResourceExchange,
  type: ResourceType,
  { stored, created, warnings }: WriteAnswer,
): Promise<void> {
  addWarnings(exchange.response, warnings);
  await sendStored(exchange, type, stored, created ? 201 : 200, server.clock);
}

export function addressOf(type: ResourceType, { info }: ResourceExchange): ObjectAddress {
  const namespace = namespaceFor(type, info);
  return {
    type,
    name: info.name,
    ...(namespace === '' ? {} : { namespace }),
    ...(info.subresource === 'status' ? { subresource: 'status' as const } : {}),
  };
}

function expectedOf(type: ResourceType): Expected {
  const { group, version, kind } = type;
  return isBuiltin(type) ? { kind, builtinApiVersion: group === '' ? version : `${group}/${version}` } : { kind };
}
