import type { ResourceType } from '../../registry/contract.ts';
import type { ResourceRequest } from '../request/request-info.ts';

/** Finds the type that a path names. */
export interface ResourceIndex {
  readonly types: readonly ResourceType[];
  find(group: string, version: string, plural: string): ResourceType | undefined;
  /** Whether anything is served under this group and version. */
  serves(group: string, version: string): boolean;
}

export function resourceIndex(types: readonly ResourceType[]): ResourceIndex {
  const byPath = new Map(types.map((type) => [keyOf(type.group, type.version, type.plural), type]));
  const versions = new Set(types.map(({ group, version }) => `${group}/${version}`));
  return {
    types,
    find: (group, version, plural) => byPath.get(keyOf(group, version, plural)),
    serves: (group, version) => versions.has(`${group}/${version}`),
  };
}

/**
 * Kubernetes' own kinds answer in a few places otherwise than custom ones (strategic merge patch, protobuf, columns). Their
 * groups are the core one and those under k8s.io (API conventions, "API group names").
 */
export function isBuiltin({ group }: Pick<ResourceType, 'group'>): boolean {
  return group === '' || group.endsWith('.k8s.io');
}

/** The namespace that an address carries: none for a cluster-scoped kind, though RequestInfo gives a Namespace its own name. */
export function namespaceFor(type: ResourceType, info: ResourceRequest): string {
  return type.namespaced ? info.namespace : '';
}

function keyOf(group: string, version: string, plural: string): string {
  return `${group}/${version}/${plural}`;
}
