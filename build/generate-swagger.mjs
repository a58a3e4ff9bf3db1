const SCHEMAS = '#/components/schemas/';
const DEFINITIONS = '#/definitions/';
const PROTOBUF = 'application/vnd.kubernetes.protobuf';

/**
 * One Swagger 2.0 document of several OpenAPI v3 ones, for clients that know `/openapi/v2` only. What version 2 can't say is left
 * out as kube-apiserver leaves it out (apiextensions-apiserver, pkg/controller/openapi/v2/conversion.go).
 */
export function swagger(documents) {
  const paths = {};
  const definitions = {};
  for (const { paths: given, components } of documents) {
    for (const [path, item] of Object.entries(given)) paths[path] = pathItem(item);
    for (const [name, schema] of Object.entries(components.schemas)) definitions[name] = merged(definitions[name], definition(schema));
  }
  return { swagger: '2.0', info: { title: 'Kubernetes', version: 'unversioned' }, paths: sorted(paths), definitions: sorted(definitions) };
}

/** DeleteOptions stand in every document, as a kind of its group. */
function merged(known, schema) {
  const kinds = 'x-kubernetes-group-version-kind';
  const all = [...(known?.[kinds] ?? []), ...(schema[kinds] ?? [])].map((kind) => JSON.stringify(kind));
  return all.length === 0 ? schema : { ...schema, [kinds]: [...new Set(all)].map((kind) => JSON.parse(kind)) };
}

/** At the top kubectl takes a kind without properties for one that has no others, so all else goes there. */
function definition(schema) {
  if (schema['x-kubernetes-preserve-unknown-fields'] !== true) return converted(schema);
  return { type: 'object', 'x-kubernetes-group-version-kind': schema['x-kubernetes-group-version-kind'] };
}

/** kubectl's reader copes neither with untyped properties nor with lists of anything, so such parts are left open. */
function converted(schema) {
  const { allOf, nullable, type, items, properties, additionalProperties, $ref, ...others } = schema;
  const rest = Object.fromEntries(Object.entries(others).filter(([name]) => !['anyOf', 'oneOf', 'not'].includes(name)));
  const referred = $ref ?? allOf?.find((each) => typeof each.$ref === 'string')?.$ref;
  if (referred !== undefined) return { ...rest, $ref: referred.replace(SCHEMAS, DEFINITIONS) };
  const isOpen = nullable === true || rest['x-kubernetes-preserve-unknown-fields'] === true;
  const isTyped = nullable !== true && !(isOpen && type === 'object') && !(type === 'array' && (isOpen || items === undefined));
  return {
    ...rest,
    ...(type !== undefined && isTyped ? { type } : {}),
    ...(items === undefined || isOpen ? {} : { items: converted(items) }),
    ...(properties === undefined || isOpen ? {} : { properties: mapped(properties, converted) }),
    ...(additionalProperties === undefined ? {} : { additionalProperties: typeof additionalProperties === 'object' ? converted(additionalProperties) : additionalProperties }),
    ...requiredOf(rest.required, properties, isOpen),
  };
}

/** What may be null need not be there. */
function requiredOf(required, properties, isOpen) {
  if (required === undefined) return {};
  const kept = required.filter((name) => isOpen || properties?.[name]?.nullable !== true);
  return { required: kept.length > 0 ? kept : undefined };
}

function pathItem({ parameters, ...operations }) {
  return { ...mapped(operations, operation), ...(parameters === undefined ? {} : { parameters: parameters.map(parameter) }) };
}

function operation({ parameters = [], requestBody, responses, tags, description, operationId, ...extensions }) {
  const answers = Object.values(responses).find(({ content }) => content !== undefined);
  return {
    description,
    consumes: requestBody === undefined ? ['*/*'] : Object.keys(requestBody.content),
    produces: [...Object.keys(answers?.content ?? {}), PROTOBUF],
    schemes: ['https'],
    tags,
    operationId,
    parameters: [...(requestBody === undefined ? [] : [bodyParameter(requestBody)]), ...parameters.map(parameter)],
    responses: mapped(responses, response),
    ...extensions,
  };
}

function bodyParameter({ required = false, content }) {
  const [{ schema }] = Object.values(content);
  return { name: 'body', in: 'body', ...(required ? { required } : {}), schema: converted(schema) };
}

function parameter({ schema, ...rest }) {
  return { ...schema, ...rest };
}

function response({ description, content }) {
  const [first] = Object.values(content ?? {});
  return { description, ...(first === undefined ? {} : { schema: converted(first.schema) }) };
}

function mapped(object, change) {
  return Object.fromEntries(Object.entries(object).map(([name, value]) => [name, change(value)]));
}

function sorted(object) {
  return Object.fromEntries(Object.entries(object).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)));
}
