import type { KubeObject } from '../../api/machinery/object.ts';
import { FIELD_MANAGER } from '../client/resource-client.ts';

/** The field manager that wrote the spec last, as far as managedFields tells; our own writes are not the spec's. */
export function requestedBy({ metadata: { managedFields = [] } }: KubeObject): string | undefined {
  let newest: { readonly manager: string; readonly time: string } | undefined;
  for (const { manager, time = '', subresource, fieldsV1 = {} } of managedFields) {
    if (manager === undefined || manager === FIELD_MANAGER || subresource !== undefined || !('f:spec' in fieldsV1)) continue;
    if (newest === undefined || time >= newest.time) newest = { manager, time };
  }
  return newest?.manager;
}
