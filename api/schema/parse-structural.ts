import type { JsonSchemaProps } from './custom-resource-definition.ts';
import type { SchemaType, StructuralSchema, ValueSchema, ValueValidation } from './structural.ts';

/** A CRD's schema that can't be used. The message names the place: `spec.uplinks[].name: …`. */
export class SchemaError extends Error {
  override readonly name = 'SchemaError';
}

const TYPES: ReadonlySet<string> = new Set<SchemaType>(['object', 'array', 'string', 'integer', 'number', 'boolean']);
const NO_PROPERTIES: ReadonlyMap<string, StructuralSchema> = new Map();

/**
 * Reads a CRD's schema. Throws `SchemaError` where a value has no known shape; `structuralProblems` finds everything else that
 * Kubernetes would refuse.
 */
export function parseStructural(props: JsonSchemaProps, path = ''): StructuralSchema {
  const type = parseType(props, path);
  return {
    ...valueValidation(props),
    ...(type === undefined ? {} : { type }),
    ...(props.description === undefined ? {} : { description: props.description }),
    nullable: props.nullable === true,
    ...(props.default === undefined ? {} : { default: props.default }),
    properties: parseProperties(props, path),
    ...parseAdditional(props, path),
    ...(props.items === undefined ? {} : { items: parseStructural(props.items, `${path}[]`) }),
    intOrString: props['x-kubernetes-int-or-string'] === true,
    embeddedResource: props['x-kubernetes-embedded-resource'] === true,
    preserveUnknownFields: props['x-kubernetes-preserve-unknown-fields'] === true,
    listType: parseListType(props, path),
    listMapKeys: props['x-kubernetes-list-map-keys'] ?? [],
    mapType: props['x-kubernetes-map-type'] === 'atomic' ? 'atomic' : 'granular',
    rules: props['x-kubernetes-validations'] ?? [],
  };
}

function parseType(props: JsonSchemaProps, path: string): SchemaType | undefined {
  if (props.type === undefined) {
    if (props['x-kubernetes-int-or-string'] === true || props['x-kubernetes-preserve-unknown-fields'] === true) return undefined;
    throw new SchemaError(`${path || '(root)'}: a type is missing`);
  }
  if (!isSchemaType(props.type)) throw new SchemaError(`${path || '(root)'}: unknown type ${JSON.stringify(props.type)}`);
  return props.type;
}

function isSchemaType(type: string): type is SchemaType {
  return TYPES.has(type);
}

function parseProperties(props: JsonSchemaProps, path: string): ReadonlyMap<string, StructuralSchema> {
  if (props.properties === undefined) return NO_PROPERTIES;
  return new Map(Object.entries(props.properties).map(([name, schema]) => [name, parseStructural(schema, path === '' ? name : `${path}.${name}`)]));
}

function parseAdditional(props: JsonSchemaProps, path: string): Pick<StructuralSchema, 'additionalProperties'> {
  const { additionalProperties } = props;
  if (additionalProperties === undefined || additionalProperties === false) return {};
  if (additionalProperties === true) return { additionalProperties };
  return { additionalProperties: parseStructural(additionalProperties, `${path}[*]`) };
}

function parseListType(props: JsonSchemaProps, path: string): StructuralSchema['listType'] {
  const listType = props['x-kubernetes-list-type'] ?? 'atomic';
  if (listType === 'atomic' || listType === 'set' || listType === 'map') return listType;
  throw new SchemaError(`${path}: unknown x-kubernetes-list-type ${JSON.stringify(listType)}`);
}

const VALIDATIONS = [
  'format',
  'enum',
  'pattern',
  'minLength',
  'maxLength',
  'minimum',
  'maximum',
  'exclusiveMinimum',
  'exclusiveMaximum',
  'multipleOf',
  'minItems',
  'maxItems',
  'uniqueItems',
  'minProperties',
  'maxProperties',
  'required',
] as const satisfies readonly (keyof JsonSchemaProps & keyof ValueValidation)[];

function valueValidation(props: JsonSchemaProps): ValueValidation {
  const scalars: ValueValidation = Object.fromEntries(
    VALIDATIONS.filter((name) => props[name] !== undefined).map((name) => [name, props[name]]),
  );
  return {
    ...scalars,
    ...(props.allOf === undefined ? {} : { allOf: props.allOf.map(valueSchema) }),
    ...(props.anyOf === undefined ? {} : { anyOf: props.anyOf.map(valueSchema) }),
    ...(props.oneOf === undefined ? {} : { oneOf: props.oneOf.map(valueSchema) }),
    ...(props.not === undefined ? {} : { not: valueSchema(props.not) }),
  };
}

function valueSchema(props: JsonSchemaProps): ValueSchema {
  const { additionalProperties } = props;
  return {
    ...valueValidation(props),
    // A type is forbidden here but for the two alternatives of int-or-string.
    ...(props.type !== undefined && isSchemaType(props.type) ? { type: props.type } : {}),
    ...(props.properties === undefined
      ? {}
      : { properties: new Map(Object.entries(props.properties).map(([name, schema]) => [name, valueSchema(schema)])) }),
    ...(props.items === undefined ? {} : { items: valueSchema(props.items) }),
    ...(typeof additionalProperties === 'object' ? { additionalProperties: valueSchema(additionalProperties) } : {}),
  };
}
