import { badRequest, conflict, invalid, staleResourceVersion } from '../machinery/api-error.ts';
import { invalidValue } from '../machinery/field-error.ts';
import { equalJson } from '../machinery/json.ts';
import type { KubeObject, Manifest, ObjectMeta } from '../machinery/object.ts';
import type { ObjectAddress } from './contract.ts';
import { apiVersionOf, type Kind } from './kind.ts';
import { namespaceOf, withoutEmpty } from './new-object.ts';

/**
 * The object that an update leaves: a main write keeps the status, a status write keeps all but the status. `generation` rises
 * when anything beside metadata and status changed.
 */
export function nextObject(kind: Kind, at: ObjectAddress, candidate: Manifest, old: KubeObject): KubeObject {
  if (at.subresource === 'status') return withStatus(kind, candidate, old);
  const next: KubeObject = { ...candidate, apiVersion: apiVersionOf(kind.type), metadata: nextMetadata(candidate.metadata, old.metadata) };
  if (kind.type.hasStatus) setStatus(kind, next, old.status);
  if (kind.rules.countsGenerations && !equalJson(contentOf(next), contentOf(old))) {
    next.metadata.generation = (old.metadata.generation ?? 0) + 1;
  }
  return next;
}

function withStatus(kind: Kind, candidate: Manifest, old: KubeObject): KubeObject {
  const { managedFields } = candidate.metadata;
  const next: KubeObject = { ...old, metadata: { ...old.metadata, ...(managedFields === undefined ? {} : { managedFields }) } };
  setStatus(kind, next, candidate.status);
  return next;
}

/** What the server has set stays; what the client may set is taken from it. What it may not set is for the validation to refuse. */
function nextMetadata(metadata: Partial<ObjectMeta>, old: ObjectMeta): ObjectMeta {
  const kept: Partial<ObjectMeta> = { creationTimestamp: old.creationTimestamp, resourceVersion: old.resourceVersion };
  if (old.generation !== undefined) kept.generation = old.generation;
  if (old.deletionTimestamp !== undefined) kept.deletionTimestamp = old.deletionTimestamp;
  if (old.deletionGracePeriodSeconds !== undefined) kept.deletionGracePeriodSeconds = old.deletionGracePeriodSeconds;
  const next = { ...old, ...EMPTY, ...withoutEmpty(metadata), ...kept };
  if (old.namespace === undefined) delete next.namespace;
  else next.namespace = namespaceOf(metadata.namespace, old.namespace);
  return withoutUndefined(next);
}

/** Fields that are gone when an update does not name them. */
const EMPTY = {
  generateName: undefined,
  labels: undefined,
  annotations: undefined,
  finalizers: undefined,
  ownerReferences: undefined,
  managedFields: undefined,
};

function withoutUndefined(metadata: ObjectMeta & Record<string, unknown>): ObjectMeta {
  for (const [key, value] of Object.entries(metadata)) if (value === undefined) Reflect.deleteProperty(metadata, key);
  return metadata;
}

/** Without one, the status is what the defaults say. */
function setStatus(kind: Kind, next: KubeObject, status: unknown): void {
  delete next.status;
  if (status === undefined) kind.schema.applyStatusDefault(next);
  else next.status = status;
}

function contentOf({ metadata: _metadata, ...content }: KubeObject): Record<string, unknown> {
  return content;
}

/** Throws an `ApiError` when the body is about another object than the address. */
export function checkAddress(at: ObjectAddress, { metadata }: Manifest): void {
  const { name = '', namespace = '' } = metadata;
  if (name === '') throw badRequest(`the name of the object (${at.name} based on URL) was undeterminable: name must be provided`);
  if (name !== at.name) throw badRequest(`the name of the object (${name}) does not match the name on the URL (${at.name})`);
  if (at.type.namespaced && namespace !== '' && namespace !== at.namespace) {
    throw badRequest(`the namespace of the object (${namespace}) does not match the namespace on the request (${at.namespace ?? ''})`);
  }
}

/** Throws a 409 `ApiError` when the writer has read another state, or another object, than the stored one. */
export function checkPreconditions(kind: Kind, at: ObjectAddress, { metadata }: Manifest, old: KubeObject, isPatch: boolean): void {
  const { type } = kind;
  // A patch of the uid is a change of it, which the validation refuses.
  if (!isPatch && metadata.uid !== undefined && metadata.uid !== '' && metadata.uid !== old.metadata.uid) {
    throw conflict(type.group, type.plural, at.name, otherUid(at, metadata.uid, old.metadata.uid));
  }
  const resourceVersion = metadata.resourceVersion ?? '';
  if (resourceVersion === '' || resourceVersion === '0') {
    if (kind.rules.allowsUnconditionalUpdate) return;
    // Kubernetes names the plural here where elsewhere it names the kind.
    const cause = invalidValue('metadata.resourceVersion', 0, 'must be specified for an update');
    throw invalid({ group: type.group, kind: type.plural }, at.name, [cause]);
  }
  if (!/^\d+$/.test(resourceVersion)) {
    const cause = invalidValue('metadata.resourceVersion', resourceVersion, 'must be an unsigned integer');
    throw invalid({ group: type.group, kind: type.kind }, at.name, [cause]);
  }
  if (resourceVersion !== old.metadata.resourceVersion) throw staleResourceVersion(type, at.name);
}

function otherUid(at: ObjectAddress, asked: string, stored: string): string {
  const key = ['/registry', at.type.group, at.type.plural, at.namespace ?? '', at.name].filter((part) => part !== '').join('/');
  return `StorageError: invalid object, Code: 4, Key: ${key}, ResourceVersion: 0, AdditionalErrorMsg: Precondition failed: UID in precondition: ${asked}, UID in object meta: ${stored}`;
}
