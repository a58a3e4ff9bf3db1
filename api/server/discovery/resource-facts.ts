import { hash } from 'node:crypto';
import type { ResourceType } from '../../registry/contract.ts';
import type { VirtualResource } from '../builtin/virtual-resource.ts';
import { isBuiltin } from '../resources/resource-index.ts';

/** What discovery says of one resource, in either form. */
export interface ResourceFacts {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly plural: string;
  readonly singular: string;
  readonly namespaced: boolean;
  readonly verbs: readonly string[];
  readonly shortNames: readonly string[];
  readonly categories: readonly string[];
  readonly hasStatus: boolean;
  readonly isStored: boolean;
}

export const STATUS_VERBS = ['get', 'patch', 'update'];

/** The order in which Kubernetes lists the verbs of a custom resource; those of its own kinds come by name. */
const CUSTOM_ORDER = ['delete', 'deletecollection', 'get', 'list', 'patch', 'create', 'update', 'watch'];

export function factsOfType(type: ResourceType): ResourceFacts {
  const verbs = isBuiltin(type) ? [...type.verbs].sort() : CUSTOM_ORDER.filter((verb) => type.verbs.includes(verb));
  return { ...type, verbs, isStored: true };
}

export function factsOfVirtual(resource: VirtualResource): ResourceFacts {
  const { group, version, kind, plural, singular } = resource;
  const rest = { namespaced: false, verbs: ['create'], shortNames: [], categories: [], hasStatus: false, isStored: false };
  return { group, version, kind, plural, singular, ...rest };
}

/** Lets clients see that a resource is stored otherwise than before (k8s.io/apiserver `pkg/endpoints/discovery/storageversionhash.go`). */
export function storageVersionHash({ group, version, kind }: ResourceFacts): string {
  return hash('sha256', `${group}/${version}/${kind}`, 'buffer').subarray(0, 8).toString('base64');
}
