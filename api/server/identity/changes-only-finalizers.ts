import { equalJson } from '../../machinery/json.ts';
import type { KubeObject } from '../../machinery/object.ts';

/** Whether nothing differs but `metadata.finalizers`, and what the server itself writes down about the change. */
export function changesOnlyFinalizers(next: KubeObject, old: KubeObject): boolean {
  return equalJson(without(next), without(old));
}

function without({ metadata, ...rest }: KubeObject): unknown {
  const { finalizers: _finalizers, managedFields: _managedFields, resourceVersion: _resourceVersion, ...others } = metadata;
  return { ...rest, metadata: others };
}
