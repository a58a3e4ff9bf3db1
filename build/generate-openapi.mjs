import { metaSchemas, META } from './generate-meta-schemas.mjs';
import { pathsOf } from './generate-paths.mjs';

const API_VERSION = {
  description:
    'The version of the schema that this object is written in, as group/version. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#resources',
  type: 'string',
};
const KIND = {
  description:
    'The kind of this object, in CamelCase. Cannot be changed. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#types-kinds',
  type: 'string',
};

/**
 * The OpenAPI v3 document of the CRDs' group and version, in the shape of kube-apiserver's
 * /openapi/v3/apis/<group>/<version> (apiextensions-apiserver, pkg/controller/openapi/builder).
 */
export function openApiDocument(crds) {
  const schemas = { ...metaSchemas() };
  const paths = {};
  for (const crd of crds) {
    const version = crd.spec.versions.find(({ storage }) => storage);
    const { group, names } = crd.spec;
    const of = (kind) => [...group.split('.').reverse(), version.name, kind].join('.');
    schemas[of(names.kind)] = kindSchema(version.schema.openAPIV3Schema, { group, version: version.name, kind: names.kind });
    schemas[of(names.listKind)] = listSchema(names, of(names.kind), { group, version: version.name, kind: names.listKind });
    Object.assign(paths, pathsOf(crd, version, of));
  }
  return {
    openapi: '3.0.0',
    info: { title: 'Bridgekeeper', version: 'v1alpha1', license: { name: 'Apache-2.0', url: 'https://www.apache.org/licenses/LICENSE-2.0' } },
    paths: sorted(paths),
    components: { schemas: sorted(schemas) },
  };
}

function kindSchema(schema, gvk) {
  return {
    ...embeddedResources(schema),
    properties: {
      ...embeddedResources(schema).properties,
      apiVersion: API_VERSION,
      kind: KIND,
      metadata: reference(META.objectMeta, "The object's metadata. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#metadata"),
    },
    'x-kubernetes-group-version-kind': [gvk],
  };
}

function listSchema(names, itemSchema, gvk) {
  return {
    description: `${names.listKind} is a list of ${names.kind}`,
    type: 'object',
    required: ['items'],
    properties: {
      apiVersion: API_VERSION,
      items: {
        description: `List of ${names.plural}. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md`,
        type: 'array',
        items: { $ref: `#/components/schemas/${itemSchema}` },
      },
      kind: KIND,
      metadata: reference(META.listMeta, "The list's metadata. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#types-kinds"),
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
  const metadata = reference(META.objectMeta, "The object's metadata.");
  const required = [...new Set([...(node.required ?? []), 'kind', 'apiVersion'])];
  return { ...copy, required, properties: { ...copy.properties, apiVersion: API_VERSION, kind: KIND, metadata } };
}

function reference(name, description) {
  return { description, allOf: [{ $ref: `#/components/schemas/${name}` }] };
}

function sorted(object) {
  return Object.fromEntries(Object.entries(object).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)));
}
