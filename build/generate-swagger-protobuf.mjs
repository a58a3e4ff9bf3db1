/**
 * A Swagger 2.0 document as the protobuf message `openapi.v2.Document` of gnostic (openapiv2/OpenAPIv2.proto), the only form that
 * client-go reads. Each message below lists its fields by number; what the document has and the list has not is a mistake.
 */
export function swaggerProtobuf(document) {
  return message(document, {
    swagger: [1, text],
    info: [2, (info) => message(info, { title: [1, text], version: [2, text] })],
    paths: [8, (paths) => named(2, paths, pathItem)],
    definitions: [9, (definitions) => named(1, definitions, schema)],
  });
}

function pathItem(item) {
  return message(item, { get: [2, operation], put: [3, operation], post: [4, operation], delete: [5, operation], patch: [7, operation], parameters: [9, list(parametersItem)] });
}

function operation(given) {
  return message(
    given,
    {
      tags: [1, list(text)],
      description: [3, text],
      operationId: [5, text],
      produces: [6, list(text)],
      consumes: [7, list(text)],
      parameters: [8, list(parametersItem)],
      responses: [9, (responses) => named(1, responses, (response) => field(1, answer(response)))],
      schemes: [10, list(text)],
    },
    13,
  );
}

function answer(response) {
  return message(response, { description: [1, text], schema: [2, (given) => field(1, schema(given))] });
}

/** ParametersItem { parameter { body_parameter | non_body_parameter { query_… | path_… } } } */
function parametersItem(parameter) {
  if (parameter.in === 'body') return field(1, field(1, message(parameter, { name: [2, text], in: [3, text], required: [4, flag], schema: [5, schema] })));
  const shared = { required: [1, flag], in: [2, text], description: [3, text], name: [4, text] };
  if (parameter.in === 'query') return field(1, field(2, field(3, message(parameter, { ...shared, type: [6, text], uniqueItems: [20, flag] }))));
  return field(1, field(2, field(4, message(parameter, { ...shared, type: [5, text], uniqueItems: [19, flag] }))));
}

function schema(given) {
  return message(
    given,
    {
      $ref: [1, text],
      format: [2, text],
      title: [3, text],
      description: [4, text],
      default: [5, any],
      multipleOf: [6, double],
      maximum: [7, double],
      exclusiveMaximum: [8, flag],
      minimum: [9, double],
      exclusiveMinimum: [10, flag],
      maxLength: [11, integer],
      minLength: [12, integer],
      pattern: [13, text],
      maxItems: [14, integer],
      minItems: [15, integer],
      uniqueItems: [16, flag],
      maxProperties: [17, integer],
      minProperties: [18, integer],
      required: [19, list(text)],
      enum: [20, list(any)],
      additionalProperties: [21, (more) => (typeof more === 'boolean' ? field(2, more ? 1 : 0) : field(1, schema(more)))],
      type: [22, (type) => field(1, text(type))],
      items: [23, (items) => field(1, schema(items))],
      properties: [25, (properties) => named(1, properties, schema)],
    },
    31,
  );
}

/** A value of any form goes as YAML, and JSON is YAML. */
function any(value) {
  return field(2, text(JSON.stringify(value)));
}

/** A message `{ name = 1, value = 2 }` for each member. */
function named(number, members, encode) {
  return Buffer.concat(Object.entries(members).map(([name, value]) => field(number, Buffer.concat([field(1, text(name)), field(2, encode(value))]))));
}

/** `extensions`: the number of the field that takes every `x-` member. */
function message(value, fields, extensions) {
  const parts = [];
  for (const [name, member] of Object.entries(value)) {
    if (member === undefined) continue;
    if (name.startsWith('x-') && extensions !== undefined) {
      parts.push(field(extensions, Buffer.concat([field(1, text(name)), field(2, any(member))])));
      continue;
    }
    if (!Object.hasOwn(fields, name)) throw new Error(`the protobuf form of OpenAPI v2 has no field for ${name}`);
    const [number, encode] = fields[name];
    const encoded = encode(member);
    for (const each of Array.isArray(encoded) ? encoded : [encoded]) parts.push(field(number, each));
  }
  return Buffer.concat(parts);
}

function list(encode) {
  return (values) => values.map(encode);
}

const text = (value) => Buffer.from(value);
const flag = (value) => (value ? 1 : 0);
const integer = (value) => value;
const double = (value) => ({ double: value });

/** A tag and what it stands before: a length and bytes, a varint, or eight bytes (protobuf encoding, "Message Structure"). */
function field(number, content) {
  if (Buffer.isBuffer(content)) return Buffer.concat([varint((number << 3) | 2), varint(content.length), content]);
  if (typeof content === 'number') return Buffer.concat([varint(number << 3), varint(content)]);
  const bytes = Buffer.alloc(8);
  bytes.writeDoubleLE(content.double);
  return Buffer.concat([varint((number << 3) | 1), bytes]);
}

function varint(value) {
  const bytes = [];
  let rest = BigInt.asUintN(64, BigInt(value));
  do {
    const more = rest > 127n;
    bytes.push(Number(rest & 127n) | (more ? 128 : 0));
    rest >>= 7n;
  } while (rest > 0n);
  return Buffer.from(bytes);
}
