import { invalid } from '../machinery/api-error.ts';
import { invalidValue } from '../machinery/field-error.ts';
import { metadataCauses, metadataUpdateCauses } from '../machinery/metadata-validation.ts';
import type { KubeObject } from '../machinery/object.ts';
import type { StatusCause } from '../machinery/status.ts';
import type { Kind } from './kind.ts';

/** Throws a 422 `ApiError` with everything that is wrong with a new object. */
export function validateNew(kind: Kind, object: KubeObject): void {
  refuse(object, kind, [
    ...typeCauses(kind, object),
    ...metadataCauses(object.metadata, metadataRules(kind)),
    ...finalizerCauses(kind, object),
    ...kind.schema.validate(object),
    ...(kind.rules.validate?.(object, undefined) ?? []),
  ]);
}

/** The same for an update; kube-apiserver looks at the metadata three times, and tells each time what it found. */
export function validateUpdate(kind: Kind, object: KubeObject, old: KubeObject): void {
  const metadataUpdate = metadataUpdateCauses(object.metadata, old.metadata);
  refuse(object, kind, [
    ...metadataCauses(object.metadata, metadataRules(kind)),
    ...metadataUpdate,
    ...typeCauses(kind, object),
    ...metadataUpdate,
    ...finalizerCauses(kind, object),
    ...kind.schema.validate(object, old),
    ...(kind.rules.validate?.(object, old) ?? []),
  ]);
}

export function validateStatus(kind: Kind, object: KubeObject, old: KubeObject): void {
  refuse(object, kind, [...typeCauses(kind, object), ...kind.schema.validateStatus(object, old)]);
}

function typeCauses(kind: Kind, object: KubeObject): StatusCause[] {
  if (object.kind === kind.type.kind) return [];
  return [invalidValue('kind', object.kind, `must be ${kind.type.kind}`)];
}

const STANDARD_FINALIZERS = ['orphan', 'foregroundDeletion', 'kubernetes'];

/** Kubernetes' own kinds take no finalizer that others might take for theirs; of custom ones it only warns. */
function finalizerCauses({ type: { group } }: Kind, { metadata: { finalizers = [] } }: KubeObject): StatusCause[] {
  if (group !== '' && !group.endsWith('.k8s.io')) return [];
  const detail = 'name is neither a standard finalizer name nor is it fully qualified';
  return finalizers.flatMap((name, index) =>
    name.includes('/') || STANDARD_FINALIZERS.includes(name) ? [] : [invalidValue(`metadata.finalizers[${index}]`, name, detail)],
  );
}

function metadataRules(kind: Kind) {
  return { namespaced: kind.type.namespaced, nameProblems: kind.rules.nameProblems };
}

function refuse(object: KubeObject, kind: Kind, causes: readonly StatusCause[]): void {
  if (causes.length > 0) throw invalid({ group: kind.type.group, kind: object.kind }, object.metadata.name, causes);
}

