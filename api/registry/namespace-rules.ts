import { ApiError, forbidden, notFound } from '../machinery/api-error.ts';
import type { KubeObject } from '../machinery/object.ts';
import type { StoreTransaction } from '../store/store.ts';
import type { Kind } from './kind.ts';

const NAMESPACES = { group: '', plural: 'namespaces' };

/** A new object needs a namespace that is there and stays. Throws an `ApiError` 404 or 403. */
export function checkNamespace(transaction: StoreTransaction, kind: Kind, object: KubeObject): void {
  const { namespace, name } = object.metadata;
  if (!kind.type.namespaced || namespace === undefined || namespace === '') return;
  const found = transaction.get(NAMESPACES.plural, namespace);
  if (found === undefined) throw notFound(NAMESPACES, namespace);
  if (found.object.metadata.deletionTimestamp !== undefined) throw terminating(kind, namespace, name);
}

function terminating(kind: Kind, namespace: string, name: string): ApiError {
  const because = `unable to create new content in namespace ${namespace} because it is being terminated`;
  const { message, details } = forbidden(kind.type, name, because).status;
  const cause = { reason: 'NamespaceTerminating', message: `namespace ${namespace} is being terminated`, field: 'metadata.namespace' };
  return new ApiError({ code: 403, reason: 'Forbidden', message: message ?? because, details: { ...details, causes: [cause] } });
}
