import { fieldOf, isRecord } from '../../machinery/json.ts';
import type { ResourceFacts } from '../discovery/resource-facts.ts';
import { BUILTIN_SCHEMAS } from './builtin-schemas.ts';

const META = 'io.k8s.apimachinery.pkg.apis.meta.v1.';

const PATCH_TYPES = ['application/json-patch+json', 'application/merge-patch+json', 'application/strategic-merge-patch+json', 'application/apply-patch+yaml'];

/**
 * The OpenAPI v3 document of one version of a built-in group. kubectl reads from it what `explain` shows, and which query
 * parameters a kind understands. The schemas of metadata are those of our own group's document.
 */
export function builtinDocument(facts: readonly ResourceFacts[], ourDocument: string): string {
  const [first] = facts;
  const paths = Object.fromEntries(facts.flatMap(pathsOf));
  const schemas = { ...metaSchemas(ourDocument), ...Object.fromEntries(facts.map((each) => [schemaName(each), schemaOf(each)])) };
  return JSON.stringify({
    openapi: '3.0.0',
    info: { title: 'Kubernetes', version: first === undefined ? '' : first.version },
    paths,
    components: { schemas },
  });
}

function metaSchemas(document: string): Record<string, unknown> {
  const schemas = fieldOf(fieldOf(JSON.parse(document), 'components'), 'schemas');
  return isRecord(schemas) ? Object.fromEntries(Object.entries(schemas).filter(([name]) => name.startsWith(META))) : {};
}

/** `io.k8s.api.core.v1.Secret`: the names that Kubernetes' own documents have. */
function schemaName({ group, version, kind }: ResourceFacts): string {
  if (group === 'apiextensions.k8s.io') return `io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.${version}.${kind}`;
  return `io.k8s.api.${group === '' ? 'core' : (group.split('.')[0] ?? group)}.${version}.${kind}`;
}

function schemaOf(facts: ResourceFacts): unknown {
  const { group, version, kind } = facts;
  const known = BUILTIN_SCHEMAS.get(group === '' ? kind : `${kind}.${group}`);
  return {
    type: 'object',
    description: known?.description ?? kind,
    properties: {
      apiVersion: { type: 'string', description: 'The version of the schema that this object is written in, as group/version.' },
      kind: { type: 'string', description: 'The kind of this object, in CamelCase.' },
      metadata: { allOf: [{ $ref: `#/components/schemas/${META}ObjectMeta` }], default: {}, description: "Standard object's metadata." },
      ...known?.properties,
    },
    'x-kubernetes-group-version-kind': [{ group, kind, version }],
  };
}

function pathsOf(facts: ResourceFacts): [string, unknown][] {
  const { group, version, plural, namespaced, hasStatus } = facts;
  const prefix = group === '' ? `/api/${version}` : `/apis/${group}/${version}`;
  const collection = `${prefix}${namespaced ? '/namespaces/{namespace}' : ''}/${plural}`;
  const one = `${collection}/{name}`;
  return [
    ...(namespaced && facts.isStored ? [[`${prefix}/${plural}`, { get: operation(facts, 'list') }] satisfies [string, unknown]] : []),
    [collection, operations(facts, { get: 'list', post: 'create', delete: 'deletecollection' })],
    ...(facts.isStored
      ? [[one, operations(facts, { get: 'get', put: 'update', patch: 'patch', delete: 'delete' })] satisfies [string, unknown]]
      : []),
    ...(hasStatus ? [[`${one}/status`, operations(facts, { get: 'get', put: 'update', patch: 'patch' })] satisfies [string, unknown]] : []),
  ];
}

function operations(facts: ResourceFacts, verbs: Readonly<Record<string, string>>): Record<string, unknown> {
  const served = Object.entries(verbs).filter(([, verb]) => facts.verbs.includes(verb));
  return Object.fromEntries(served.map(([method, verb]) => [method, operation(facts, verb)]));
}

function operation(facts: ResourceFacts, verb: string): unknown {
  const { group, version, kind } = facts;
  const schema = { $ref: `#/components/schemas/${schemaName(facts)}` };
  return {
    tags: [`${group === '' ? 'core' : group}_${version}`],
    parameters: PARAMETERS_OF_VERB[verb]?.map((name) => ({ name, in: 'query', schema: { type: 'string' } })) ?? [],
    ...requestBody(verb, schema),
    responses: { 200: { description: 'OK', content: { 'application/json': { schema } } } },
    'x-kubernetes-action': verb === 'create' ? 'post' : verb === 'update' ? 'put' : verb,
    'x-kubernetes-group-version-kind': { group, kind, version },
  };
}

const WRITE_PARAMETERS = ['dryRun', 'fieldManager', 'fieldValidation', 'pretty'];

const PARAMETERS_OF_VERB: Readonly<Record<string, readonly string[]>> = {
  create: WRITE_PARAMETERS,
  update: WRITE_PARAMETERS,
  patch: [...WRITE_PARAMETERS, 'force'],
  delete: ['dryRun', 'gracePeriodSeconds', 'propagationPolicy', 'pretty'],
  deletecollection: ['dryRun', 'labelSelector', 'fieldSelector', 'propagationPolicy', 'pretty'],
  list: ['labelSelector', 'fieldSelector', 'limit', 'continue', 'resourceVersion', 'resourceVersionMatch', 'watch', 'allowWatchBookmarks', 'sendInitialEvents', 'timeoutSeconds', 'pretty'],
};

function requestBody(verb: string, schema: unknown): object {
  const media = verb === 'patch' ? PATCH_TYPES : verb === 'create' || verb === 'update' ? ['application/json'] : [];
  if (media.length === 0) return {};
  const shape = verb === 'patch' ? { $ref: `#/components/schemas/${META}Patch` } : schema;
  return { requestBody: { required: true, content: Object.fromEntries(media.map((type) => [type, { schema: shape }])) } };
}
