import { CREATE, DELETE, GET, LIST, NAMESPACE, PATCH, REPLACE, PRETTY, nameParameter } from './generate-parameters.mjs';

const META = 'io.k8s.apimachinery.pkg.apis.meta.v1';
const JSON_AND_YAML = ['application/json', 'application/yaml'];
const PATCHES = ['application/apply-patch+yaml', 'application/json-patch+json', 'application/merge-patch+json'];
const STRATEGIC = 'application/strategic-merge-patch+json';

/** The paths of one kind, as Kubernetes describes them. A virtual one can only be created. */
export function pathsOf(resource) {
  const { group, version, kind, plural, namespaced = false, hasStatus = false, isVirtual = false } = resource;
  const root = group === '' ? `/api/${version}` : `/apis/${group}/${version}`;
  const all = namespaced ? `${root}/namespaces/{namespace}/${plural}` : `${root}/${plural}`;
  const operations = operationsOf(resource);
  const shared = namespaced ? [NAMESPACE, PRETTY] : [PRETTY];
  if (isVirtual) return { [all]: { post: operations.create(), parameters: shared } };
  return {
    ...(namespaced ? { [`${root}/${plural}`]: { get: operations.list('ForAllNamespaces'), parameters: [PRETTY] } } : {}),
    [all]: { get: operations.list(), post: operations.create(), delete: operations.deleteCollection(), parameters: shared },
    [`${all}/{name}`]: {
      get: operations.read(),
      put: operations.replace(),
      delete: operations.delete(),
      patch: operations.patch(),
      parameters: [nameParameter(kind), ...shared],
    },
    ...(hasStatus
      ? {
          [`${all}/{name}/status`]: {
            get: operations.read('status'),
            put: operations.replace('status'),
            patch: operations.patch('status'),
            parameters: [nameParameter(kind), ...shared],
          },
        }
      : {}),
  };
}

/** A maker for each operation; `part` is the subresource that it is about. */
function operationsOf({ isBuiltin = false, group, version, kind, namespaced = false, schema, listSchema }) {
  const groupName = isBuiltin ? (group === '' ? 'core' : group.split('.')[0]) : group;
  const scoped = namespaced ? `Namespaced${kind}` : kind;
  const article = /^[AEIOU]/.test(kind) ? 'an' : 'a';
  const operation = (verb, what, action, description, parts) => ({
    tags: [`${camelCase(groupName)}_${version}`],
    description,
    operationId: `${verb}${pascalCase(groupName)}${pascalCase(version)}${what}`,
    ...parts,
    'x-kubernetes-action': action,
    'x-kubernetes-group-version-kind': { group, version, kind },
  });
  const about = (part) => (part === '' ? `the specified ${kind}` : `${part} of the specified ${kind}`);
  const named = (part) => `${scoped}${pascalCase(part)}`;
  return {
    list: (suffix = '') =>
      operation('list', suffix === '' ? scoped : `${kind}${suffix}`, 'list', `list objects of kind ${kind}`, { parameters: LIST, responses: answers(listSchema, 200) }),
    create: () =>
      operation('create', scoped, 'post', `create ${article} ${kind}`, {
        parameters: CREATE,
        requestBody: body(JSON_AND_YAML, schema),
        responses: answers(schema, 200, 201, 202),
      }),
    deleteCollection: () =>
      operation('delete', `Collection${scoped}`, 'deletecollection', `delete collection of ${kind}`, { parameters: LIST, responses: answers(`${META}.Status`, 200) }),
    read: (part = '') => operation('read', named(part), 'get', `read ${about(part)}`, { parameters: GET, responses: answers(schema, 200) }),
    replace: (part = '') =>
      operation('replace', named(part), 'put', `replace ${about(part)}`, {
        parameters: REPLACE,
        requestBody: body(JSON_AND_YAML, schema),
        responses: answers(schema, 200, 201),
      }),
    delete: () =>
      operation('delete', scoped, 'delete', `delete ${article} ${kind}`, {
        parameters: DELETE,
        requestBody: { content: content(JSON_AND_YAML, `${META}.DeleteOptions`) },
        responses: answers(`${META}.Status`, 200, 202),
      }),
    patch: (part = '') =>
      operation('patch', named(part), 'patch', `partially update ${about(part)}`, {
        parameters: PATCH,
        requestBody: body(isBuiltin ? [...PATCHES, STRATEGIC] : PATCHES, `${META}.Patch`),
        responses: answers(schema, 200),
      }),
  };
}

function body(mediaTypes, schema) {
  return { required: true, content: content(mediaTypes, schema) };
}

function content(mediaTypes, schema) {
  return Object.fromEntries(mediaTypes.map((type) => [type, { schema: { $ref: `#/components/schemas/${schema}` } }]));
}

function answers(schema, ...codes) {
  const names = { 200: 'OK', 201: 'Created', 202: 'Accepted' };
  const entries = codes.map((code) => [String(code), { description: names[code], content: content(JSON_AND_YAML, schema) }]);
  return Object.fromEntries([...entries, ['401', { description: 'Unauthorized' }]]);
}

function pascalCase(text) {
  return text
    .split('.')
    .map((part) => part.charAt(0).toUpperCase() + part.slice(1))
    .join('');
}

function camelCase(text) {
  const pascal = pascalCase(text);
  return pascal.charAt(0).toLowerCase() + pascal.slice(1);
}
