import { notTransformable } from '../../machinery/api-error.ts';
import type { ListResult, ResourceType } from '../../registry/contract.ts';
import { listMetadata, partialMetadataList } from '../answer/partial-metadata.ts';
import { sendJsonBytes, sendValue } from '../answer/send.ts';
import { listTable } from '../answer/table/table.ts';
import type { ResourceExchange } from '../exchange.ts';
import { representation } from '../request/accept.ts';
import { listOptions } from '../request/list-options.ts';
import { isBuiltin, namespaceFor } from './resource-index.ts';
import type { ResourceServer } from './resource-server.ts';
import { includeObject } from './send-stored.ts';

/** GET of a collection. */
export async function list(server: ResourceServer, exchange: ResourceExchange, type: ResourceType): Promise<void> {
  const { encoding, as } = representation(exchange.request.headers.accept);
  const options = listOptions(exchange.query, namespaceFor(type, exchange.info));
  const result = server.registry.list(type, options);
  switch (as) {
    case 'itself':
      return sendJsonBytes(exchange, 200, listPieces(type, result), encoding);
    case 'Table': {
      const table = listTable(type, result, { includeObject: includeObject(exchange.query), nowMs: server.clock.now() });
      return sendValue(exchange, 200, table, encoding);
    }
    case 'PartialObjectMetadataList':
      return sendValue(exchange, 200, partialMetadataList(result), encoding);
    case 'PartialObjectMetadata':
      throw notTransformable(`you requested PartialObjectMetadata, but the requested object is a list (${goType(type)})`);
  }
}

function goType(type: ResourceType): string {
  return isBuiltin(type) ? `*${type.group === '' ? 'core' : type.group.split('.')[0]}.${type.listKind}` : '*unstructured.UnstructuredList';
}

const COMMA = Buffer.from(',');

/** The list as JSON, in pieces: the stored bytes of its items and what stands around them. */
export function listPieces(type: ResourceType, result: ListResult): readonly Buffer[] {
  const { head, tail } = isBuiltin(type) ? builtinFrame(type, result) : customFrame(type, result);
  const pieces: Buffer[] = [Buffer.from(head)];
  for (const item of result.items) pieces.push(item.bytes, COMMA);
  if (result.items.length > 0) pieces.pop();
  pieces.push(Buffer.from(tail));
  return pieces;
}

interface Frame {
  readonly head: string;
  readonly tail: string;
}

/** Custom resources are maps in Kubernetes, so their members come in the order of their names, `continue` always among them. */
function customFrame({ group, version, listKind }: ResourceType, result: ListResult): Frame {
  const metadata = {
    continue: result.continueToken ?? '',
    ...(result.remainingItemCount === undefined ? {} : { remainingItemCount: result.remainingItemCount }),
    resourceVersion: result.resourceVersion,
  };
  return {
    head: `{"apiVersion":${JSON.stringify(`${group}/${version}`)},"items":[`,
    tail: `],"kind":${JSON.stringify(listKind)},"metadata":${JSON.stringify(metadata)}}\n`,
  };
}

function builtinFrame({ group, version, listKind }: ResourceType, result: ListResult): Frame {
  const apiVersion = group === '' ? version : `${group}/${version}`;
  const metadata = JSON.stringify(listMetadata(result));
  return {
    head: `{"kind":${JSON.stringify(listKind)},"apiVersion":${JSON.stringify(apiVersion)},"metadata":${metadata},"items":[`,
    tail: ']}\n',
  };
}
