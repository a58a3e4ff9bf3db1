import { hash } from 'node:crypto';
import { alreadyExists, badRequest, expired, forbidden, notFound } from '../../machinery/api-error.ts';
import type { ApiError } from '../../machinery/api-error.ts';
import { parseFieldSelector } from '../../machinery/field-selector.ts';
import type { JsonRecord } from '../../machinery/json.ts';
import { canonicalJson, equalJson, fieldOf, isRecord, stringOf } from '../../machinery/json.ts';
import { parseLabelSelector, SelectorError } from '../../machinery/label-selector.ts';
import type { LabelSelector } from '../../machinery/label-selector.ts';
import type { KubeObject } from '../../machinery/object.ts';
import type { ObjectAddress, Registry, ResourceType, StoredObject, WriteAnswer } from '../../registry/contract.ts';

const TYPE: ResourceType = {
  group: 'apiextensions.k8s.io',
  version: 'v1',
  kind: 'CustomResourceDefinition',
  listKind: 'CustomResourceDefinitionList',
  plural: 'customresourcedefinitions',
  singular: 'customresourcedefinition',
  shortNames: ['crd', 'crds'],
  categories: ['api-extensions'],
  namespaced: false,
  hasStatus: true,
  columns: [],
  verbs: ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch'],
  notYetActing: [],
};

/** They never change while we run, so one revision does for all. */
const REVISION = 1;

/**
 * A registry that serves our CRDs as well, for tools that look for them before they apply (helm's `crds/`, `kubectl apply -f
 * crds/`). They are what this server was built with: writing the same again is fine, anything else is refused.
 */
export function withCustomResourceDefinitions(registry: Registry, crds: readonly object[], startedAt: string): Registry {
  const served = new Map(crds.map((crd) => asServed(crd, startedAt)).map((object) => [object.metadata.name, stored(object)]));
  const isOurs = (type: ResourceType): boolean => type === TYPE;
  const get = ({ name }: ObjectAddress): StoredObject => {
    const found = served.get(name);
    if (found === undefined) throw notFound(TYPE, name);
    return found;
  };
  return {
    types: [...registry.types, TYPE],
    get: (at) => (isOurs(at.type) ? get(at) : registry.get(at)),
    list(type, options) {
      if (!isOurs(type)) return registry.list(type, options);
      return { items: selected(served.values(), options), resourceVersion: String(REVISION) };
    },
    create(type, namespace, body, options) {
      return isOurs(type) ? Promise.reject(refuseCreate(body, served)) : registry.create(type, namespace, body, options);
    },
    async update(at, body, options) {
      if (!isOurs(at.type)) return registry.update(at, body, options);
      return unchanged(get(at), fieldOf(body, 'spec'));
    },
    async patch(at, patch, options) {
      if (!isOurs(at.type)) return registry.patch(at, patch, options);
      const before = get(at);
      if (patch.type === 'json') return Array.isArray(patch.body) && patch.body.length === 0 ? same(before) : Promise.reject(readOnly(at.name));
      return unchanged(before, merged(before.object.spec, fieldOf(patch.body, 'spec')));
    },
    async delete(at, options) {
      if (!isOurs(at.type)) return registry.delete(at, options);
      get(at);
      throw readOnly(at.name);
    },
    async deleteCollection(type, list, options) {
      if (!isOurs(type)) return registry.deleteCollection(type, list, options);
      throw readOnly('');
    },
    watch(type, options, sink) {
      if (!isOurs(type)) return registry.watch(type, options, sink);
      const from = Number(options.resourceVersion ?? '0');
      if (from > REVISION) throw expired(`too large resource version: ${from}, current: ${REVISION}`);
      if (from === 0) {
        for (const { object, bytes } of selected(served.values(), options)) sink.event({ type: 'ADDED', object, bytes, revision: REVISION });
      }
      if (options.sendInitialEvents === true) sink.bookmark(REVISION, true);
      return () => undefined;
    },
  };
}

/** As an API server shows a CRD that it has taken up. */
function asServed(crd: object, startedAt: string): KubeObject {
  const given = fieldOf(crd, 'metadata');
  const metadata = isRecord(given) ? given : {};
  const name = stringOf(metadata.name) ?? '';
  const definition = fieldOf(crd, 'spec');
  const spec = isRecord(definition) ? definition : {};
  const versions = Array.isArray(spec.versions) ? spec.versions : [];
  const condition = (type: string, reason: string, message: string): unknown => ({
    lastTransitionTime: startedAt,
    message,
    reason,
    status: 'True',
    type,
  });
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { ...metadata, name, uid: uidOf(name), resourceVersion: String(REVISION), generation: 1, creationTimestamp: startedAt },
    spec: { conversion: { strategy: 'None' }, ...spec },
    status: {
      acceptedNames: spec.names,
      conditions: [
        condition('NamesAccepted', 'NoConflicts', 'no conflicts found'),
        condition('Established', 'InitialNamesAccepted', 'the initial names have been accepted'),
      ],
      storedVersions: versions.filter((version) => fieldOf(version, 'storage') === true).map((version) => fieldOf(version, 'name')),
    },
  };
}

/** The same at every start: an RFC 9562 version 8 UUID of the name. */
function uidOf(name: string): string {
  const hex = hash('sha256', name, 'hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

function stored(object: KubeObject): StoredObject {
  return { object, bytes: Buffer.from(canonicalJson(object)), revision: REVISION };
}

interface Selectors {
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
}

function selected(all: Iterable<StoredObject>, { labelSelector = '', fieldSelector = '' }: Selectors): StoredObject[] {
  const { matchesLabels, matchesFields } = selectors(labelSelector, fieldSelector);
  return [...all]
    .filter(({ object }) => matchesLabels(object.metadata.labels) && matchesFields(object.metadata.name))
    .sort((left, right) => (left.object.metadata.name < right.object.metadata.name ? -1 : 1));
}

function selectors(labels: string, fields: string): { matchesLabels: LabelSelector; matchesFields: (name: string) => boolean } {
  try {
    const requirements = parseFieldSelector(fields);
    const unknown = requirements.find(({ path }) => path !== 'metadata.name');
    if (unknown !== undefined) throw badRequest(`"${unknown.path}" is not a known field selector: only "metadata.name", "metadata.namespace"`);
    return {
      matchesLabels: parseLabelSelector(labels),
      matchesFields: (name) => requirements.every(({ equal, value }) => equal === (value === name)),
    };
  } catch (error) {
    if (error instanceof SelectorError) throw badRequest(error.message);
    throw error;
  }
}

function refuseCreate(body: unknown, served: ReadonlyMap<string, unknown>): ApiError {
  const name = stringOf(fieldOf(fieldOf(body, 'metadata'), 'name'));
  if (name === undefined) return badRequest('metadata.name: Required value: name or generateName is required');
  return served.has(name) ? alreadyExists(TYPE, name) : readOnly(name);
}

function readOnly(name: string): ApiError {
  return forbidden(TYPE, name, 'the definitions of this server are built in and only change with its version');
}

async function unchanged(before: StoredObject, spec: unknown): Promise<WriteAnswer> {
  const withDefaults = isRecord(spec) ? { conversion: { strategy: 'None' }, ...spec } : spec;
  if (spec !== undefined && !equalJson(withDefaults, before.object.spec)) throw readOnly(before.object.metadata.name);
  return same(before);
}

function same(before: StoredObject): WriteAnswer {
  return { stored: before, created: false, warnings: [] };
}

/** RFC 7396, as far as it takes to see whether anything would change. */
function merged(before: unknown, patch: unknown): unknown {
  if (!isRecord(patch)) return patch === undefined ? before : patch;
  const result: JsonRecord = isRecord(before) ? { ...before } : {};
  for (const [name, value] of Object.entries(patch)) {
    if (value === null) delete result[name];
    else result[name] = merged(fieldOf(before, name), value);
  }
  return result;
}
