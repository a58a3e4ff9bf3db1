import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';

const MODELS = join(dirname(createRequire(import.meta.url).resolve('@kubernetes/client-node')), 'gen', 'models');

const META = 'io.k8s.apimachinery.pkg.apis.meta.v1';
const CORE = 'io.k8s.api.core.v1';

/** Models that belong to another package than the kind that uses them. */
const SHARED = new Map([
  ...['DeleteOptions', 'FieldsV1', 'ListMeta', 'ManagedFieldsEntry', 'MicroTime', 'ObjectMeta', 'OwnerReference', 'Patch', 'Preconditions', 'ShardInfo', 'Status', 'StatusCause', 'StatusDetails', 'Time']
    .map((name) => [`V1${name}`, `${META}.${name}`]),
  ['V1ObjectReference', `${CORE}.ObjectReference`],
  ['V1EventSource', `${CORE}.EventSource`],
]);

/** What the TypeScript types don't say: how lists and maps merge, and whether a model is a kind. */
const EXTENSIONS = {
  'V1ObjectMeta.finalizers': { 'x-kubernetes-list-type': 'set', 'x-kubernetes-patch-strategy': 'merge' },
  'V1ObjectMeta.managedFields': { 'x-kubernetes-list-type': 'atomic' },
  'V1ObjectMeta.ownerReferences': {
    'x-kubernetes-list-map-keys': ['uid'],
    'x-kubernetes-list-type': 'map',
    'x-kubernetes-patch-merge-key': 'uid',
    'x-kubernetes-patch-strategy': 'merge',
  },
  'V1NamespaceStatus.conditions': {
    'x-kubernetes-list-map-keys': ['type'],
    'x-kubernetes-list-type': 'map',
    'x-kubernetes-patch-merge-key': 'type',
    'x-kubernetes-patch-strategy': 'merge',
  },
  'V1NamespaceSpec.finalizers': { 'x-kubernetes-list-type': 'atomic' },
  'V1DeleteOptions.dryRun': { 'x-kubernetes-list-type': 'atomic' },
  'V1StatusDetails.causes': { 'x-kubernetes-list-type': 'atomic' },
  V1OwnerReference: { 'x-kubernetes-map-type': 'atomic' },
  V1ObjectReference: { 'x-kubernetes-map-type': 'atomic' },
  V1Status: { 'x-kubernetes-group-version-kind': [{ group: '', kind: 'Status', version: 'v1' }] },
};

const CONVENTIONS = 'More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md';

/** What the library's generator loses of a field that refers to another model, where `kubectl explain` shows it often. */
const DESCRIPTIONS = {
  V1ObjectMeta: `Standard object's metadata. ${CONVENTIONS}#metadata`,
  V1ListMeta: `Standard list metadata. ${CONVENTIONS}#types-kinds`,
};

/** Models that the client library turns into types of its own. */
const SCALARS = {
  [`${META}.Time`]: {
    description:
      'Time is a wrapper around time.Time which supports correct marshaling to YAML and JSON.  Wrappers are provided for many of the factory methods that the time package offers.',
    type: 'string',
    format: 'date-time',
  },
  [`${META}.MicroTime`]: { description: 'MicroTime is version of Time with microsecond level precision.', type: 'string', format: 'date-time' },
  [`${META}.Patch`]: { description: 'Patch is provided to give a concrete name and type to the Kubernetes PATCH request body.', type: 'object' },
  [`${META}.FieldsV1`]: {
    description: 'FieldsV1 stores a set of fields in a data structure like a Trie, in JSON format.',
    type: 'object',
  },
};

/**
 * The schemas of Kubernetes' own types in OpenAPI v3, by name, with all that they refer to. They are read from the models of
 * @kubernetes/client-node, which are generated from Kubernetes' document: so `kubectl explain` shows the same words here.
 *
 * @param models class names of that library, such as V1ObjectMeta
 * @param prefix of their names in the document: `io.k8s.api.core.v1`
 */
export async function kubernetesSchemas(models, prefix) {
  const schemas = {};
  const add = async (model) => {
    const name = schemaName(model, prefix);
    if (Object.hasOwn(schemas, name)) return;
    schemas[name] = SCALARS[name] ?? {};
    if (Object.hasOwn(SCALARS, name)) return;
    const { schema, uses } = await schemaOf(model, prefix);
    schemas[name] = schema;
    for (const used of uses) await add(used);
  };
  for (const model of models) await add(model);
  return schemas;
}

/** `CoreV1EventSeries` → `io.k8s.api.core.v1.EventSeries`. */
export function schemaName(model, prefix) {
  return SHARED.get(model) ?? `${prefix}.${model.replace(/^[A-Za-z]*?V1/, '')}`;
}

async function schemaOf(model, prefix) {
  const module = await import(pathToFileURL(join(MODELS, `${model}.js`)));
  const text = readFileSync(join(MODELS, `${model}.d.ts`), 'utf8');
  const uses = [];
  const refer = (used) => {
    uses.push(used);
    return { $ref: `#/components/schemas/${schemaName(used, prefix)}` };
  };
  const members = module[model].attributeTypeMap.map(({ baseName, type, format }) => {
    const isReference = /^(Date|[A-Za-z]*V1\w+)$/.test(type) || `${model}.${baseName}` === 'V1ManagedFieldsEntry.fieldsV1';
    const shape = `${model}.${baseName}` === 'V1ManagedFieldsEntry.fieldsV1' ? refer('V1FieldsV1') : shapeOf(type, format, refer);
    const described = { ...(Object.hasOwn(DESCRIPTIONS, type) ? { description: DESCRIPTIONS[type] } : descriptionOf(text, baseName)), ...(isReference ? { allOf: [shape] } : shape) };
    return [baseName, { ...described, ...EXTENSIONS[`${model}.${baseName}`] }];
  });
  const required = members.map(([name]) => name).filter((name) => new RegExp(`^    '${name.replace('$', '\\$')}': `, 'm').test(text));
  return {
    uses,
    schema: {
      ...description(/\n\/\*\*\n((?:\*.*\n)+)\*\/\nexport declare class/.exec(text)?.[1]),
      type: 'object',
      ...(required.length > 0 ? { required } : {}),
      properties: Object.fromEntries(members),
      ...EXTENSIONS[model],
    },
  };
}

function shapeOf(type, format, refer) {
  const list = /^Array<(.+)>$/.exec(type);
  if (list) return { type: 'array', items: shapeOf(list[1], format, refer) };
  const map = /^\{ \[key: string\]: (.+); \}$/.exec(type);
  if (map) return { type: 'object', additionalProperties: shapeOf(map[1], format, refer) };
  const withFormat = format === '' ? {} : { format };
  switch (type) {
    case 'string':
      return { type: 'string', ...withFormat };
    case 'boolean':
      return { type: 'boolean' };
    case 'number':
      return { type: format.startsWith('int') ? 'integer' : 'number', ...withFormat };
    case 'Date':
      return refer('V1Time');
    case 'any':
      return {};
    default:
      return refer(type);
  }
}

function descriptionOf(text, name) {
  const comment = new RegExp(`    /\\*\\*\\n((?:    \\*.*\\n)+)    \\*/\\n    '${name.replace('$', '\\$')}'\\??: `).exec(text);
  return description(comment?.[1]);
}

/** The library's generator made one space of each line feed, and escaped quotes. */
function description(comment) {
  if (comment === undefined) return {};
  const text = comment
    .split('\n')
    .map((line) => line.replace(/^\s*\* ?/, ''))
    .join('\n')
    .trim()
    .replace(/\\(['"])/g, '$1')
    .replace(/ {2}(?!Order is NOT)/g, '\n\n');
  return { description: text };
}
