import type { KubeObject } from '../../machinery/object.ts';
import type { Status } from '../../machinery/status.ts';
import type { ResourceType } from '../../registry/contract.ts';
import { sendJsonBytes, sendValue } from '../answer/send.ts';
import type { ResourceExchange } from '../exchange.ts';
import { representation } from '../request/accept.ts';
import { deleteOptions } from '../request/delete-options.ts';
import { listOptions } from '../request/list-options.ts';
import { listPieces } from './list.ts';
import { namespaceFor } from './resource-index.ts';
import type { ResourceServer } from './resource-server.ts';
import { sendStored } from './send-stored.ts';
import { addressOf } from './write.ts';

/** DELETE of one object: its `Status` when it is gone, itself while finalizers hold it. */
export async function deleteOne(server: ResourceServer, exchange: ResourceExchange, type: ResourceType): Promise<void> {
  const options = await deleteOptions(exchange);
  const answer = await server.registry.delete(addressOf(type, exchange), options);
  if (!answer.gone) return sendStored(exchange, type, answer.stored, 200, server.clock);
  const { encoding } = representation(exchange.request.headers.accept);
  return sendValue(exchange, 200, deleted(type, answer.object), encoding);
}

/** DELETE of all that the selectors choose: answered with what was deleted. */
export async function deleteCollection(server: ResourceServer, exchange: ResourceExchange, type: ResourceType): Promise<void> {
  const options = await deleteOptions(exchange);
  const selected = listOptions(exchange.query, namespaceFor(type, exchange.info));
  const { resourceVersion } = server.registry.list(type, { ...selected, limit: 1 });
  const objects = await server.registry.deleteCollection(type, selected, options);
  const items = objects.map((object) => ({ object, bytes: Buffer.from(JSON.stringify(object)), revision: 0 }));
  const { encoding } = representation(exchange.request.headers.accept);
  return sendJsonBytes(exchange, 200, listPieces(type, { items, resourceVersion }), encoding);
}

function deleted({ group, plural }: ResourceType, { metadata }: KubeObject): Status {
  return {
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Success',
    details: { name: metadata.name, ...(group === '' ? {} : { group }), kind: plural, uid: metadata.uid },
  };
}
