import { META } from './generate-meta-schemas.mjs';
import { CREATE, DELETE, GET, LIST, PATCH, REPLACE, PRETTY, nameParameter } from './generate-parameters.mjs';

const JSON_AND_YAML = ['application/json', 'application/yaml'];
const PATCHES = ['application/apply-patch+yaml', 'application/json-patch+json', 'application/merge-patch+json'];

/**
 * The paths of one kind of cluster scope.
 *
 * @param crd the CRD
 * @param version its version
 * @param schemaOf gives the name of a kind's schema
 */
export function pathsOf(crd, version, schemaOf) {
  const { group, names } = crd.spec;
  const { kind } = names;
  const one = schemaOf(kind);
  const many = schemaOf(names.listKind);
  const tags = [`${camelCase(group)}_${version.name}`];
  const operation = (id, action, description, parts) => ({
    tags,
    description,
    operationId: `${id.verb}${pascalCase(group)}${pascalCase(version.name)}${id.what}`,
    ...parts,
    'x-kubernetes-action': action,
    'x-kubernetes-group-version-kind': { group, version: version.name, kind },
  });
  const article = /^[AEIOU]/.test(kind) ? 'an' : 'a';
  const all = `/apis/${group}/${version.name}/${names.plural}`;
  return {
    [all]: {
      get: operation({ verb: 'list', what: kind }, 'list', `list objects of kind ${kind}`, { parameters: LIST, responses: answers(many, 200) }),
      post: operation({ verb: 'create', what: kind }, 'post', `create ${article} ${kind}`, {
        parameters: CREATE,
        requestBody: body(JSON_AND_YAML, one),
        responses: answers(one, 200, 201, 202),
      }),
      delete: operation({ verb: 'delete', what: `Collection${kind}` }, 'deletecollection', `delete collection of ${kind}`, {
        parameters: LIST,
        responses: answers(META.status, 200),
      }),
      parameters: [PRETTY],
    },
    [`${all}/{name}`]: {
      get: operation({ verb: 'read', what: kind }, 'get', `read the specified ${kind}`, { parameters: GET, responses: answers(one, 200) }),
      put: operation({ verb: 'replace', what: kind }, 'put', `replace the specified ${kind}`, {
        parameters: REPLACE,
        requestBody: body(JSON_AND_YAML, one),
        responses: answers(one, 200, 201),
      }),
      delete: operation({ verb: 'delete', what: kind }, 'delete', `delete ${article} ${kind}`, {
        parameters: DELETE,
        requestBody: { content: content(JSON_AND_YAML, META.deleteOptions) },
        responses: answers(META.status, 200, 202),
      }),
      patch: operation({ verb: 'patch', what: kind }, 'patch', `partially update the specified ${kind}`, {
        parameters: PATCH,
        requestBody: body(PATCHES, META.patch),
        responses: answers(one, 200),
      }),
      parameters: [nameParameter(kind), PRETTY],
    },
    [`${all}/{name}/status`]: {
      get: operation({ verb: 'read', what: `${kind}Status` }, 'get', `read status of the specified ${kind}`, {
        parameters: GET,
        responses: answers(one, 200),
      }),
      put: operation({ verb: 'replace', what: `${kind}Status` }, 'put', `replace status of the specified ${kind}`, {
        parameters: REPLACE,
        requestBody: body(JSON_AND_YAML, one),
        responses: answers(one, 200, 201),
      }),
      patch: operation({ verb: 'patch', what: `${kind}Status` }, 'patch', `partially update status of the specified ${kind}`, {
        parameters: PATCH,
        requestBody: body(PATCHES, META.patch),
        responses: answers(one, 200),
      }),
      parameters: [nameParameter(kind), PRETTY],
    },
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
