import { GROUP, type KubeObject } from '../../api/machinery/object.ts';
import { FINALIZER } from './lifecycle.ts';
import { belongsTo, DESIRED_KINDS } from './resources.ts';

/** Our finalizer, for whatever this host carries out from the moment it is made. */
export function hostFinalizer(hostName: string): { readonly finalizer: string; appliesTo(object: KubeObject): boolean } {
  const kinds: ReadonlySet<string> = new Set(DESIRED_KINDS);
  return {
    finalizer: FINALIZER,
    appliesTo: (object) => object.apiVersion.startsWith(`${GROUP}/`) && kinds.has(object.kind) && belongsTo(object, hostName, true),
  };
}
