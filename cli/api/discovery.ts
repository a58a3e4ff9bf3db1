import type { ApiClient } from './api-client.ts';
import { objectsAt, textAt, textsAt, valueAt, type JsonObject } from './json.ts';
import type { ResourceType } from './resource-type.ts';

const AGGREGATED =
  'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,' +
  'application/json;g=apidiscovery.k8s.io;v=v2beta1;as=APIGroupDiscoveryList,application/json';

/** Asks the server for all its kinds: aggregated discovery in two requests, or group by group where it has only that. */
export async function discover(api: ApiClient): Promise<ResourceType[]> {
  const [core, groups] = await Promise.all([api.read('/api', AGGREGATED), api.read('/apis', AGGREGATED)]);
  return [...(await typesOf(api, core)), ...(await typesOf(api, groups))];
}

async function typesOf(api: ApiClient, document: JsonObject): Promise<ResourceType[]> {
  if (document['kind'] === 'APIGroupDiscoveryList') return aggregatedTypes(document);
  const paths = document['kind'] === 'APIVersions' ? textsAt(document, 'versions').map((version) => `/api/${version}`) : groupPaths(document);
  const lists = await Promise.all(paths.map((path) => api.read(path)));
  return lists.flatMap(listedTypes);
}

function aggregatedTypes(document: JsonObject): ResourceType[] {
  return objectsAt(document, 'items').flatMap((item) => {
    const group = textAt(item, 'metadata', 'name') ?? '';
    return objectsAt(item, 'versions').flatMap((version) =>
      objectsAt(version, 'resources').map((resource) => ({
        group,
        version: textAt(version, 'version') ?? '',
        kind: textAt(resource, 'responseKind', 'kind') ?? '',
        plural: textAt(resource, 'resource') ?? '',
        singular: singularOf(textAt(resource, 'singularResource'), textAt(resource, 'responseKind', 'kind')),
        shortNames: textsAt(resource, 'shortNames'),
        categories: textsAt(resource, 'categories'),
        namespaced: textAt(resource, 'scope') === 'Namespaced',
        verbs: textsAt(resource, 'verbs'),
      })),
    );
  });
}

function groupPaths(document: JsonObject): string[] {
  return objectsAt(document, 'groups').flatMap((group) =>
    objectsAt(group, 'versions').flatMap((version) => {
      const groupVersion = textAt(version, 'groupVersion');
      return groupVersion === undefined ? [] : [`/apis/${groupVersion}`];
    }),
  );
}

function listedTypes(document: JsonObject): ResourceType[] {
  const parts = (textAt(document, 'groupVersion') ?? '').split('/');
  const [group, version] = parts.length === 2 ? parts : ['', parts[0]];
  return objectsAt(document, 'resources')
    .filter((resource) => !(textAt(resource, 'name') ?? '').includes('/'))
    .map((resource) => ({
      group: group ?? '',
      version: version ?? '',
      kind: textAt(resource, 'kind') ?? '',
      plural: textAt(resource, 'name') ?? '',
      singular: singularOf(textAt(resource, 'singularName'), textAt(resource, 'kind')),
      shortNames: textsAt(resource, 'shortNames'),
      categories: textsAt(resource, 'categories'),
      namespaced: valueAt(resource, 'namespaced') === true,
      verbs: textsAt(resource, 'verbs'),
    }));
}

function singularOf(singular: string | undefined, kind: string | undefined): string {
  return singular || (kind ?? '').toLowerCase();
}
