/** A kind that the server offers, as its discovery tells. */
export interface ResourceType {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly plural: string;
  readonly singular: string;
  readonly shortNames: readonly string[];
  readonly categories: readonly string[];
  readonly namespaced: boolean;
  readonly verbs: readonly string[];
}

/** `bridgekeeper.dev/v1alpha1`, or `v1` in the core group. */
export function apiVersionOf(type: ResourceType): string {
  return type.group === '' ? type.version : `${type.group}/${type.version}`;
}

/** `bridge.bridgekeeper.dev/lunabr`: what other commands, and kubectl, accept as an argument. */
export function fullName(type: ResourceType, name: string): string {
  return type.group === '' ? `${type.singular}/${name}` : `${type.singular}.${type.group}/${name}`;
}

/** `bridge/lunabr`: the same for people. */
export function shortName(type: ResourceType, name: string): string {
  return `${type.singular}/${name}`;
}

/** The path of a kind, or of one object of it. The parts are percent-encoded. */
export function resourcePath(type: ResourceType, namespace?: string, name?: string): string {
  const parts = type.group === '' ? ['api', type.version] : ['apis', type.group, type.version];
  if (type.namespaced && namespace !== undefined) parts.push('namespaces', namespace);
  parts.push(type.plural);
  if (name !== undefined) parts.push(name);
  return parts.map((part) => `/${encodeURIComponent(part)}`).join('');
}
