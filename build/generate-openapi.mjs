import { kubernetesSchemas } from './generate-kubernetes-schemas.mjs';
import { BUILTIN_GROUPS } from './generate-builtin-groups.mjs';
import { pathsOf } from './generate-paths.mjs';

const META = 'io.k8s.apimachinery.pkg.apis.meta.v1';

/** What every document refers to, whether a kind uses it or not. */
const SHARED_MODELS = ['V1ObjectMeta', 'V1ListMeta', 'V1Status', 'V1Patch', 'V1DeleteOptions'];

const MORE_INFO = 'More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md';

/**
 * The OpenAPI v3 document of the CRDs' group and version, in the shape of kube-apiserver's
 * /openapi/v3/apis/<group>/<version> (apiextensions-apiserver, pkg/controller/openapi/builder).
 */
export async function openApiDocument(crds) {
  const schemas = await kubernetesSchemas(SHARED_MODELS, META);
  const { apiVersion, kind } = schemas[`${META}.Status`].properties;
  const typeMeta = { apiVersion, kind };
  const paths = {};
  for (const crd of crds) {
    const resource = resourceOf(crd);
    const version = crd.spec.versions.find(({ storage }) => storage);
    const { group, kind: name, listKind } = resource;
    schemas[resource.schema] = kindSchema(version.schema.openAPIV3Schema, { typeMeta, gvk: { group, version: version.name, kind: name } });
    schemas[resource.listSchema] = listSchema(resource, { typeMeta, gvk: { group, version: version.name, kind: listKind } });
    Object.assign(paths, pathsOf(resource));
  }
  const license = { name: 'Apache-2.0', url: 'https://www.apache.org/licenses/LICENSE-2.0' };
  const [{ spec }] = crds;
  return document({ title: 'Bridgekeeper', version: 'v1alpha1', license }, { group: spec.group, version: 'v1alpha1' }, paths, schemas);
}

/** The documents of the groups that Kubernetes itself has and that this server serves as well, by their path. */
export async function builtinDocuments() {
  const documents = {};
  for (const { group, version, prefix, resources } of BUILTIN_GROUPS) {
    const models = resources.flatMap(({ model, isVirtual }) => (isVirtual ? [model] : [model, `${model}List`]));
    const schemas = await kubernetesSchemas([...SHARED_MODELS, ...models], prefix);
    const paths = {};
    for (const given of resources) {
      const resource = { isBuiltin: true, group, version, listKind: `${given.kind}List`, schema: `${prefix}.${given.kind}`, listSchema: `${prefix}.${given.kind}List`, ...given };
      Object.assign(paths, pathsOf(resource));
      schemas[resource.schema]['x-kubernetes-group-version-kind'] = [{ group, kind: given.kind, version }];
      if (!given.isVirtual) schemas[resource.listSchema]['x-kubernetes-group-version-kind'] = [{ group, kind: resource.listKind, version }];
    }
    documents[group === '' ? `api/${version}` : `apis/${group}/${version}`] = document({ title: 'Kubernetes', version: 'unversioned' }, { group, version }, paths, schemas);
  }
  return documents;
}

function document(info, { group, version }, paths, schemas) {
  schemas[`${META}.DeleteOptions`]['x-kubernetes-group-version-kind'] = [{ group, kind: 'DeleteOptions', version }];
  return { openapi: '3.0.0', info, paths: sorted(paths), components: { schemas: sorted(schemas) } };
}

function resourceOf({ spec: { group, names, versions } }) {
  const version = versions.find(({ storage }) => storage).name;
  const schemaOf = (kind) => [...group.split('.').reverse(), version, kind].join('.');
  const { kind, listKind, plural } = names;
  return { group, version, kind, listKind, plural, hasStatus: true, schema: schemaOf(kind), listSchema: schemaOf(listKind) };
}

function kindSchema(schema, { typeMeta, gvk }) {
  const full = embeddedResources(schema);
  return {
    ...full,
    properties: { ...full.properties, ...typeMeta, metadata: reference('ObjectMeta', `Standard object's metadata. ${MORE_INFO}#metadata`) },
    'x-kubernetes-group-version-kind': [gvk],
  };
}

function listSchema({ kind, listKind, plural, schema }, { typeMeta, gvk }) {
  return {
    description: `${listKind} is a list of ${kind}`,
    type: 'object',
    required: ['items'],
    properties: {
      apiVersion: typeMeta.apiVersion,
      items: { description: `List of ${plural}. ${MORE_INFO}`, type: 'array', items: { $ref: `#/components/schemas/${schema}` } },
      kind: typeMeta.kind,
      metadata: reference('ListMeta', `Standard list metadata. ${MORE_INFO}#types-kinds`),
    },
    'x-kubernetes-group-version-kind': [gvk],
  };
}

/** Objects within objects have apiVersion, kind and metadata without saying so. */
function embeddedResources(node) {
  if (Array.isArray(node)) return node.map(embeddedResources);
  if (typeof node !== 'object' || node === null) return node;
  const copy = Object.fromEntries(Object.entries(node).map(([key, value]) => [key, embeddedResources(value)]));
  if (node['x-kubernetes-embedded-resource'] !== true) return copy;
  const typeMeta = {
    apiVersion: { description: `apiVersion defines the versioned schema of this representation of an object. ${MORE_INFO}#resources`, type: 'string' },
    kind: { description: `kind is a string value representing the type of this object. In CamelCase. ${MORE_INFO}#types-kinds`, type: 'string' },
  };
  const metadata = reference('ObjectMeta', `Standard object's metadata. ${MORE_INFO}#metadata`);
  const required = [...new Set([...(node.required ?? []), 'kind', 'apiVersion'])];
  return { ...copy, required, properties: { ...copy.properties, ...typeMeta, metadata } };
}

function reference(name, description) {
  return { description, allOf: [{ $ref: `#/components/schemas/${META}.${name}` }] };
}

function sorted(object) {
  return Object.fromEntries(Object.entries(object).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)));
}
