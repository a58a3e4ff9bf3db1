import { randomInt, randomUUID } from 'node:crypto';
import { badRequest } from '../machinery/api-error.ts';
import type { Clock } from '../machinery/clock.ts';
import { timestamp } from '../machinery/conditions.ts';
import type { KubeObject, Manifest } from '../machinery/object.ts';
import { apiVersionOf, type Kind } from './kind.ts';

/** The letters of Kubernetes' generated names: no vowels, no look-alikes. */
const LETTERS = 'bcdfghjklmnpqrstvwxz2456789';
const MAX_PREFIX = 58;

export interface NewObjectOptions {
  readonly kind: Kind;
  readonly clock: Clock;
  readonly namespace: string | undefined;
}

/** The object that a manifest creates: what the server fills in is filled in, a status that has its own endpoint left out. */
export function newObject(manifest: Manifest, { kind, clock, namespace }: NewObjectOptions): KubeObject {
  const { metadata } = manifest;
  const { generateName = '' } = metadata;
  const object: KubeObject = {
    ...manifest,
    apiVersion: apiVersionOf(kind.type),
    metadata: {
      ...withoutEmpty(metadata),
      name: metadata.name !== undefined && metadata.name !== '' ? metadata.name : generatedName(generateName),
      ...(kind.type.namespaced ? { namespace: namespaceOf(metadata.namespace, namespace) } : {}),
      uid: randomUUID(),
      resourceVersion: '',
      generation: 1,
      creationTimestamp: timestamp(clock.now()),
    },
  };
  if (!kind.rules.countsGenerations) Reflect.deleteProperty(object.metadata, 'generation');
  if (!kind.type.namespaced) delete object.metadata.namespace;
  delete object.metadata.deletionTimestamp;
  delete object.metadata.deletionGracePeriodSeconds;
  if (kind.type.hasStatus) resetStatus(kind, object);
  return object;
}

/** A new object has the status that the defaults give it, and no other. */
function resetStatus(kind: Kind, object: KubeObject): void {
  delete object.status;
  kind.schema.applyStatusDefault(object);
}

export function generatedName(prefix: string): string {
  if (prefix === '') return '';
  const letters = Array.from({ length: 5 }, () => LETTERS.charAt(randomInt(LETTERS.length)));
  return prefix.slice(0, MAX_PREFIX) + letters.join('');
}

/** Throws a 400 `ApiError` when the object names another namespace than the request. */
export function namespaceOf(inObject: string | undefined, inRequest: string | undefined): string {
  if (inObject === undefined || inObject === '' || inObject === inRequest) return inRequest ?? '';
  throw badRequest('the namespace of the provided object does not match the namespace sent on the request');
}

/** Empty maps and lists of metadata are not stored, as Go's omitempty leaves them out. */
export function withoutEmpty<T extends object>(metadata: T): T {
  const kept = Object.entries(metadata).filter(([, value]) => !isEmpty(value));
  return Object.fromEntries(kept) as T;
}

function isEmpty(value: unknown): boolean {
  if (value === undefined || value === '') return true;
  return typeof value === 'object' && value !== null && Object.keys(value).length === 0;
}
