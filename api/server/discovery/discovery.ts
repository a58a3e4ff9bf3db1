import type { ResourceFacts } from './resource-facts.ts';
import { STATUS_VERBS, storageVersionHash } from './resource-facts.ts';

/** `GET /api`: the versions of the core group. */
export function coreVersions(serverAddress: string): unknown {
  return {
    kind: 'APIVersions',
    versions: ['v1'],
    serverAddressByClientCIDRs: [{ clientCIDR: '0.0.0.0/0', serverAddress }],
  };
}

/** `GET /apis`. */
export function groupList(facts: readonly ResourceFacts[]): unknown {
  return { kind: 'APIGroupList', apiVersion: 'v1', groups: groupsOf(facts).map((group) => groupEntry(group, facts)) };
}

/** `GET /apis/GROUP`; undefined when it has nothing. */
export function groupDocument(group: string, facts: readonly ResourceFacts[]): unknown {
  return groupsOf(facts).includes(group) ? { kind: 'APIGroup', apiVersion: 'v1', ...groupEntry(group, facts) } : undefined;
}

/** `GET /apis/GROUP/VERSION` and `GET /api/v1`; undefined when it has nothing. */
export function resourceList(group: string, version: string, facts: readonly ResourceFacts[]): unknown {
  const resources = facts.filter((each) => each.group === group && each.version === version);
  if (resources.length === 0) return undefined;
  const groupVersion = group === '' ? version : `${group}/${version}`;
  return { kind: 'APIResourceList', apiVersion: 'v1', groupVersion, resources: resources.flatMap(resourceEntries) };
}

/** The aggregated form: all groups but the core one, or that alone (`GET /api`). */
export function aggregated(facts: readonly ResourceFacts[], isCore: boolean): unknown {
  const groups = isCore ? [''] : groupsOf(facts);
  return {
    kind: 'APIGroupDiscoveryList',
    apiVersion: 'apidiscovery.k8s.io/v2',
    metadata: {},
    items: groups.map((group) => ({
      metadata: group === '' ? {} : { name: group },
      versions: versionsOf(group, facts).map((version) => ({
        version,
        resources: facts.filter((each) => each.group === group && each.version === version).sort(byPlural).map(aggregatedEntry),
        freshness: 'Current',
      })),
    })),
  };
}

export function groupsOf(facts: readonly ResourceFacts[]): string[] {
  return [...new Set(facts.map(({ group }) => group))].filter((group) => group !== '');
}

export function versionsOf(group: string, facts: readonly ResourceFacts[]): string[] {
  return [...new Set(facts.filter((each) => each.group === group).map(({ version }) => version))];
}

function groupEntry(group: string, facts: readonly ResourceFacts[]): object {
  const versions = versionsOf(group, facts).map((version) => ({ groupVersion: `${group}/${version}`, version }));
  return { name: group, versions, preferredVersion: versions[0] };
}

function resourceEntries(facts: ResourceFacts): unknown[] {
  const { plural, singular, namespaced, kind, verbs, shortNames, categories, hasStatus } = facts;
  const main = {
    name: plural,
    singularName: singular,
    namespaced,
    kind,
    verbs,
    ...(shortNames.length > 0 ? { shortNames } : {}),
    ...(categories.length > 0 ? { categories } : {}),
    ...(facts.isStored ? { storageVersionHash: storageVersionHash(facts) } : {}),
  };
  return hasStatus ? [main, { name: `${plural}/status`, singularName: '', namespaced, kind, verbs: STATUS_VERBS }] : [main];
}

function aggregatedEntry(facts: ResourceFacts): unknown {
  const { plural, singular, namespaced, verbs, shortNames, categories, hasStatus } = facts;
  const responseKind = responseKindOf(facts);
  return {
    resource: plural,
    responseKind,
    scope: namespaced ? 'Namespaced' : 'Cluster',
    singularResource: singular,
    verbs,
    ...(shortNames.length > 0 ? { shortNames } : {}),
    ...(categories.length > 0 ? { categories } : {}),
    ...(hasStatus ? { subresources: [{ subresource: 'status', responseKind, verbs: STATUS_VERBS }] } : {}),
  };
}

/** Kubernetes' own kinds come without group and version here: the client takes those of the list around it. */
function responseKindOf({ group, version, kind }: ResourceFacts): unknown {
  const isOwn = group === '' || group.endsWith('.k8s.io');
  return isOwn ? { group: '', version: '', kind } : { group, version, kind };
}

function byPlural(left: ResourceFacts, right: ResourceFacts): number {
  return left.plural < right.plural ? -1 : 1;
}
