import { isRecord } from '../machinery/json.ts';
import { compileValueCheck } from './compile-value-check.ts';
import type { CustomResourceDefinition, JsonSchemaProps } from './custom-resource-definition.ts';
import { applyDefaults } from './default.ts';
import { formatCheck } from './format.ts';
import { checkUniqueness } from './list-uniqueness.ts';
import { columnProblems } from './printer-column.ts';
import { parseStructural } from './parse-structural.ts';
import { prune } from './prune.ts';
import { compileRegularExpression } from './regular-expression.ts';
import { NO_OLD_VALUE } from './value-check.ts';
import { Violations } from './violation.ts';

const KNOWN_KEYWORDS: ReadonlySet<string> = new Set([
  'description', 'type', 'format', 'nullable', 'default', 'enum', 'pattern', 'minLength', 'maxLength', 'minimum', 'maximum',
  'exclusiveMinimum', 'exclusiveMaximum', 'multipleOf', 'minItems', 'maxItems', 'minProperties', 'maxProperties', 'required',
  'properties', 'additionalProperties', 'items', 'allOf', 'anyOf', 'oneOf', 'not', 'x-kubernetes-preserve-unknown-fields',
  'x-kubernetes-embedded-resource', 'x-kubernetes-int-or-string', 'x-kubernetes-list-type', 'x-kubernetes-list-map-keys',
  'x-kubernetes-map-type', 'x-kubernetes-validations',
]); // prettier-ignore
const ROOT_KEYWORDS: ReadonlySet<string> = new Set(['description', 'type', 'required', 'properties', 'x-kubernetes-validations']);
const SCALARS: ReadonlySet<string | undefined> = new Set(['string', 'integer', 'number', 'boolean']);
const REASONS: ReadonlySet<string> = new Set(['FieldValueInvalid', 'FieldValueForbidden', 'FieldValueRequired', 'FieldValueDuplicate']);

/**
 * What Kubernetes would refuse in a CRD, or could not bound: the rules of structural schemas (KEP-1693), list and map types, defaults,
 * columns, names. Rules are compiled elsewhere. Empty when there is nothing.
 */
export function structuralProblems(crd: CustomResourceDefinition): string[] {
  const { group, names, versions } = crd.spec;
  const problems: string[] = [];
  if (crd.metadata.name !== `${names.plural}.${group}`) problems.push(`metadata.name must be ${names.plural}.${group}`);
  for (const name of [names.plural, names.singular, ...(names.shortNames ?? []), ...(names.categories ?? [])]) {
    if (!/^[a-z]([-a-z0-9]*[a-z0-9])?$/.test(name)) problems.push(`name ${name} is no DNS label`);
  }
  for (const version of versions) {
    const schema = version.schema.openAPIV3Schema;
    if (schema.type !== 'object') problems.push('the root must be an object');
    for (const key of Object.keys(schema)) {
      if (!ROOT_KEYWORDS.has(key)) problems.push(`(root): ${key} is not allowed beside a status subresource`);
    }
    problems.push(...metadataProblems(schema), ...nodeProblems(schema, ''), ...columnProblems(version));
  }
  return problems;
}

function metadataProblems(root: JsonSchemaProps): string[] {
  const metadata = root.properties?.['metadata'];
  const others = Object.keys(metadata?.properties ?? {}).filter((name) => name !== 'name' && name !== 'generateName');
  return others.map((name) => `metadata.${name}: only name and generateName may be restricted`);
}

function nodeProblems(schema: JsonSchemaProps, path: string): string[] {
  const at = path === '' ? '(root)' : path;
  return [
    ...Object.keys(schema).filter((key) => !KNOWN_KEYWORDS.has(key)).map((key) => `${at}: ${key} is forbidden`),
    ...shapeProblems(schema, at),
    ...textProblems(schema, at),
    ...boundProblems(schema, at, path),
    ...listProblems(schema, at),
    ...defaultProblems(schema, at),
    ...ruleProblems(schema, at),
    ...alternativeProblems(schema, schema, at),
    ...Object.entries(schema.properties ?? {}).flatMap(([name, member]) => nodeProblems(member, path === '' ? name : `${path}.${name}`)),
    ...(typeof schema.additionalProperties === 'object' ? nodeProblems(schema.additionalProperties, `${path}[*]`) : []),
    ...(schema.items === undefined ? [] : nodeProblems(schema.items, `${path}[]`)),
  ];
}

function shapeProblems(schema: JsonSchemaProps, at: string): string[] {
  const problems: string[] = [];
  const open = schema['x-kubernetes-int-or-string'] === true || schema['x-kubernetes-preserve-unknown-fields'] === true;
  if (schema.type === undefined && !open) problems.push(`${at}: a type is missing`);
  if (schema['x-kubernetes-int-or-string'] === true && schema.type !== undefined) problems.push(`${at}: int-or-string has no type`);
  if (schema.type === 'array' && schema.items === undefined) problems.push(`${at}: items are missing`);
  if (schema.properties !== undefined && schema.additionalProperties !== undefined) {
    problems.push(`${at}: properties and additionalProperties exclude each other`);
  }
  if (schema.additionalProperties === false) problems.push(`${at}: additionalProperties must not be false`);
  for (const name of schema.required ?? []) {
    if (schema.properties?.[name] === undefined) problems.push(`${at}: required ${name} is no property`);
  }
  return problems;
}

function textProblems({ description, type, format, pattern }: JsonSchemaProps, at: string): string[] {
  const problems = pattern === undefined ? [] : patternProblems(pattern, at);
  // Kubernetes 1.34.0 warns of every format but those of strings.
  if (format !== undefined && (type !== 'string' || formatCheck(format) === undefined)) {
    problems.push(`${at}: format ${format} makes Kubernetes warn`);
  }
  if (description === undefined && at !== 'metadata' && at !== 'metadata.name' && !at.endsWith('[]')) problems.push(`${at}: a description is missing`);
  return problems;
}

function patternProblems(pattern: string, at: string): string[] {
  try {
    compileRegularExpression(pattern);
    return [];
  } catch (error) {
    return [`${at}: pattern does not compile: ${error instanceof Error ? error.message : String(error)}`];
  }
}

/** Without bounds the cost of a rule has none, and an object may fill the store. */
function boundProblems(schema: JsonSchemaProps, at: string, path: string): string[] {
  if (['', 'apiVersion', 'kind', 'metadata', 'metadata.name'].includes(path)) return [];
  const bounded = schema.enum !== undefined || schema.format === 'date-time' || schema.maxLength !== undefined;
  if ((schema.type === 'string' || schema['x-kubernetes-int-or-string'] === true) && !bounded) return [`${at}: maxLength is missing`];
  if (schema.type === 'array' && schema.maxItems === undefined) return [`${at}: maxItems is missing`];
  if (schema.additionalProperties !== undefined && schema.maxProperties === undefined) return [`${at}: maxProperties is missing`];
  return [];
}

function listProblems(schema: JsonSchemaProps, at: string): string[] {
  const listType = schema['x-kubernetes-list-type'];
  const keys = schema['x-kubernetes-list-map-keys'] ?? [];
  const problems: string[] = [];
  if (schema.type === 'array' && listType === undefined) problems.push(`${at}: x-kubernetes-list-type is missing`);
  if (listType !== undefined && schema.type !== 'array') problems.push(`${at}: x-kubernetes-list-type needs an array`);
  if (schema['x-kubernetes-map-type'] !== undefined && schema.type !== 'object') problems.push(`${at}: x-kubernetes-map-type needs an object`);
  if ((listType === 'map') !== keys.length > 0) problems.push(`${at}: list-type map and list-map-keys go together`);
  if (listType === 'map') problems.push(...keys.flatMap((key) => mapKeyProblems(schema.items, key, at)));
  if (listType === 'set' && !isAtomic(schema.items)) problems.push(`${at}: items of a set must be scalars or atomic`);
  return problems;
}

function mapKeyProblems(items: JsonSchemaProps | undefined, key: string, at: string): string[] {
  const property = items?.properties?.[key];
  if (items?.type !== 'object' || property === undefined) return [`${at}: ${key} is no property of the items`];
  if (!SCALARS.has(property.type)) return [`${at}: key ${key} is no scalar`];
  const given = items.required?.includes(key) === true || property.default !== undefined;
  return given ? [] : [`${at}: key ${key} must be required or have a default`];
}

function isAtomic(items: JsonSchemaProps | undefined): boolean {
  if (items?.type === 'object') return items['x-kubernetes-map-type'] === 'atomic';
  return items?.type !== 'array' || (items['x-kubernetes-list-type'] ?? 'atomic') === 'atomic';
}

/** A default must be valid, name no unknown field, and already hold the defaults below it or get them. */
function defaultProblems(schema: JsonSchemaProps, at: string): string[] {
  if (schema.default === undefined) return [];
  const structural = parseStructural({ type: 'object', properties: { value: schema } });
  const holder = { value: structuredClone(schema.default) };
  const unknown = prune(holder, structural);
  applyDefaults(holder, structural);
  const violations = new Violations();
  compileValueCheck(structural)(holder, [], NO_OLD_VALUE, violations);
  const wrong = [...violations.causes, ...checkUniqueness(holder, structural)].map(({ message }) => `${at}: default: ${message}`);
  return [...unknown.map((field) => `${at}: default has an unknown field ${field}`), ...wrong];
}

function ruleProblems(schema: JsonSchemaProps, at: string): string[] {
  return (schema['x-kubernetes-validations'] ?? []).flatMap(({ rule, message, reason, fieldPath }) => {
    const problems: string[] = [];
    if (message === undefined || message.trim() === '') problems.push(`${at}: a rule without message: ${rule}`);
    if (message?.trim().includes('\n') === true || fieldPath?.includes('\n') === true) problems.push(`${at}: line break in message or fieldPath`);
    if (reason !== undefined && !REASONS.has(reason)) problems.push(`${at}: unknown reason ${reason}`);
    return problems;
  });
}

/** Alternatives may only judge what the structure itself defines. */
function alternativeProblems(schema: JsonSchemaProps, structure: JsonSchemaProps, at: string): string[] {
  const alternatives = [...(schema.allOf ?? []), ...(schema.anyOf ?? []), ...(schema.oneOf ?? []), ...(schema.not === undefined ? [] : [schema.not])];
  return alternatives.flatMap((each) => alternativeNodeProblems(each, structure, at));
}

function alternativeNodeProblems(each: JsonSchemaProps, structure: JsonSchemaProps, at: string): string[] {
  const forbidden = ['description', 'default', 'nullable', 'additionalProperties'].filter((key) => key in each);
  const extensions = Object.keys(each).filter((key) => key.startsWith('x-kubernetes-'));
  const typed = each.type !== undefined && structure['x-kubernetes-int-or-string'] !== true ? ['type'] : [];
  return [
    ...[...forbidden, ...extensions, ...typed].map((key) => `${at}: ${key} is forbidden in alternatives`),
    ...Object.entries(each.properties ?? {}).flatMap(([name, member]) => {
      const property = isRecord(structure.properties) ? structure.properties[name] : undefined;
      return property === undefined ? [`${at}: alternative names unknown ${name}`] : alternativeNodeProblems(member, property, `${at}.${name}`);
    }),
    ...alternativeProblems(each, structure, at),
  ];
}
