import type { KubeObject, ManagedFieldsEntry, ObjectMeta, OwnerReference } from '../../machinery/object.ts';
import type { ListResult } from '../../registry/contract.ts';

const META_V1 = 'meta.k8s.io/v1';

export interface PartialObjectMetadata {
  readonly kind: 'PartialObjectMetadata';
  readonly apiVersion: typeof META_V1;
  readonly metadata: Partial<ObjectMeta>;
}

/** An object without spec and status. The members stand in the order of Kubernetes' Go types, as clients see them there. */
export function partialMetadata(object: KubeObject): PartialObjectMetadata {
  return { kind: 'PartialObjectMetadata', apiVersion: META_V1, metadata: orderedMetadata(object.metadata) };
}

export function partialMetadataList(list: ListResult): unknown {
  return {
    kind: 'PartialObjectMetadataList',
    apiVersion: META_V1,
    metadata: listMetadata(list),
    items: list.items.map(({ object }) => partialMetadata(object)),
  };
}

/** The metadata of a list in the order of Go's metav1.ListMeta. */
export function listMetadata(list: ListResult): unknown {
  return {
    resourceVersion: list.resourceVersion,
    ...(list.continueToken === undefined ? {} : { continue: list.continueToken }),
    ...(list.remainingItemCount === undefined ? {} : { remainingItemCount: list.remainingItemCount }),
  };
}

function orderedMetadata(metadata: Partial<ObjectMeta>): Partial<ObjectMeta> {
  const { name, generateName, namespace, uid, resourceVersion, generation, creationTimestamp } = metadata;
  const { deletionTimestamp, deletionGracePeriodSeconds, labels, annotations, ownerReferences, finalizers, managedFields } = metadata;
  return withoutUndefined({
    name,
    generateName,
    namespace,
    uid,
    resourceVersion,
    generation,
    creationTimestamp,
    deletionTimestamp,
    deletionGracePeriodSeconds,
    labels,
    annotations,
    ownerReferences: ownerReferences?.map(orderedOwner),
    finalizers,
    managedFields: managedFields?.map(orderedEntry),
  });
}

function orderedOwner({ apiVersion, kind, name, uid, controller, blockOwnerDeletion }: OwnerReference): OwnerReference {
  return { apiVersion, kind, name, uid, ...withoutUndefined({ controller, blockOwnerDeletion }) };
}

function orderedEntry(entry: ManagedFieldsEntry): ManagedFieldsEntry {
  const { manager, operation, apiVersion, time, fieldsType, fieldsV1, subresource } = entry;
  return withoutUndefined({ manager, operation, apiVersion, time, fieldsType, fieldsV1, subresource });
}

/** JSON has no undefined, so leaving it to JSON.stringify would do; YAML would not. */
function withoutUndefined<Type extends object>(value: Type): Type {
  for (const [name, member] of Object.entries(value)) {
    if (member === undefined) Reflect.deleteProperty(value, name);
  }
  return value;
}
