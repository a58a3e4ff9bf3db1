import { badRequest, notTransformable } from '../../machinery/api-error.ts';
import type { Clock } from '../../machinery/clock.ts';
import type { KubeObject } from '../../machinery/object.ts';
import type { ResourceType, StoredObject } from '../../registry/contract.ts';
import { partialMetadata } from '../answer/partial-metadata.ts';
import { sendJsonBytes, sendValue } from '../answer/send.ts';
import type { IncludeObject } from '../answer/table/table.ts';
import { objectTable } from '../answer/table/table.ts';
import type { ResourceExchange } from '../exchange.ts';
import { representation } from '../request/accept.ts';
import type { Representation } from '../request/accept.ts';

/** One object as the client wants to see it; its stored bytes where it wants it as it is. */
export function sendStored(exchange: ResourceExchange, type: ResourceType, stored: StoredObject, code: number, clock: Clock): Promise<void> {
  const { encoding, as } = representation(exchange.request.headers.accept);
  if (as === 'itself') return sendJsonBytes(exchange, code, stored.bytes, encoding);
  const { value } = transformed({ exchange, type, object: stored.object, as, clock });
  return sendValue(exchange, code, value, encoding);
}

interface Transformation {
  readonly exchange: ResourceExchange;
  readonly type: ResourceType;
  readonly object: KubeObject;
  readonly as: Representation['as'];
  readonly clock: Clock;
}

export function transformed({ exchange, type, object, as, clock }: Transformation): { readonly value: unknown } {
  switch (as) {
    case 'Table':
      return { value: objectTable(type, object, { includeObject: includeObject(exchange.query), nowMs: clock.now() }) };
    case 'PartialObjectMetadata':
      return { value: partialMetadata(object) };
    case 'PartialObjectMetadataList':
      throw notTransformable('you requested PartialObjectMetadataList, but the requested object is not a list (*unstructured.Unstructured)');
    case 'itself':
      return { value: object };
  }
}

/** The query parameter `includeObject` of a Table request. */
export function includeObject(query: URLSearchParams): IncludeObject {
  const asked = query.get('includeObject') ?? '';
  if (asked === 'None' || asked === 'Object' || asked === 'Metadata') return asked;
  if (asked === '') return 'Metadata';
  throw badRequest(`unrecognized includeObject value: ${JSON.stringify(asked)}`);
}
