import { isObject, textAt, textsAt, valueAt, type Json, type JsonObject } from '../api/json.ts';
import { apiVersionOf, type ResourceType } from '../api/resource-type.ts';
import { nearest } from '../arguments/suggest.ts';
import type { Command } from '../command.ts';
import { CommandError, UsageError } from '../errors.ts';
import { wrap } from '../output/wrap.ts';
import type { Session } from '../session.ts';

const WIDTH = 76;

export const explain: Command = {
  usage: 'KIND[.FIELD...]',
  description: 'Explains a kind, or a field of one: what it is for, its type, and the fields in it.',
  examples: [
    ['What a Bridge has', 'bridgectl explain bridge.spec'],
    ['One field', 'bridgectl explain vlanport.spec.vlan.mode'],
    ['The whole tree', 'bridgectl explain portgroup --recursive'],
  ],
  options: { recursive: { type: 'switch', help: 'names and types of all fields, as a tree' } },
  async run(session, positionals) {
    const [word, ...others] = positionals;
    if (word === undefined || others.length > 0) throw new UsageError('what? bridgectl explain KIND, or KIND.spec.FIELD.');
    const [kindWord = '', ...path] = word.split('.');
    const [type] = await (await session.kinds()).named(kindWord);
    if (type === undefined) throw new CommandError(`the server has no kind ${kindWord}.`);
    const schemas = await schemasOf(session, type);
    const explained = follow(schemas, rootOf(schemas, type), path, kindWord);
    const lines = session.flags.on('recursive') ? treeLines(schemas, explained.schema, '  ', []) : fieldLines(schemas, explained.schema);
    print(session, type, path, explained, lines);
  },
};

interface Explained {
  readonly schema: JsonObject;
  readonly type: string;
}

/** The schemas of the kind's group (OpenAPI v3, components). */
async function schemasOf(session: Session, type: ResourceType): Promise<JsonObject> {
  const path = type.group === '' ? `/openapi/v3/api/${type.version}` : `/openapi/v3/apis/${type.group}/${type.version}`;
  const schemas = valueAt(await (await session.api()).read(path), 'components', 'schemas');
  if (isObject(schemas)) return schemas;
  throw new CommandError('the server describes no kinds (OpenAPI v3).');
}

function rootOf(schemas: JsonObject, type: ResourceType): JsonObject {
  const found = Object.values(schemas).find((schema) => isKind(schema, type));
  if (isObject(found)) return found;
  throw new CommandError(`the server does not describe ${type.kind}.`);
}

function isKind(schema: Json | undefined, { group, version, kind }: ResourceType): boolean {
  const kinds = valueAt(schema, 'x-kubernetes-group-version-kind');
  return Array.isArray(kinds) && kinds.some((each) => textAt(each, 'group') === group && textAt(each, 'version') === version && textAt(each, 'kind') === kind);
}

function follow(schemas: JsonObject, root: JsonObject, path: readonly string[], kindWord: string): Explained {
  let explained: Explained = { schema: root, type: typeOf(schemas, root) };
  let sofar = kindWord;
  for (const name of path) {
    const fields = fieldsOf(schemas, explained.schema);
    const field = fields[name];
    if (!isObject(field)) {
      const meant = nearest(name, Object.keys(fields));
      throw new CommandError(`${sofar} has no field ${name}.${meant === undefined ? ` It has: ${Object.keys(fields).join(', ') || 'none'}.` : ` Did you mean ${meant}?`}`);
    }
    sofar = `${sofar}.${name}`;
    explained = { schema: { ...resolved(schemas, field), description: field['description'] ?? resolved(schemas, field)['description'] }, type: typeOf(schemas, field) };
  }
  return explained;
}

/** A schema without the references that stand in its place. */
function resolved(schemas: JsonObject, schema: JsonObject): JsonObject {
  const [inner] = Array.isArray(schema['allOf']) ? schema['allOf'] : [];
  const reference = textAt(schema, '$ref') ?? textAt(inner, '$ref');
  const target = reference === undefined ? undefined : schemas[reference.slice(reference.lastIndexOf('/') + 1)];
  return isObject(target) ? target : schema;
}

/** The fields of an object, or of what a list or map holds. */
function fieldsOf(schemas: JsonObject, schema: JsonObject): JsonObject {
  const own = resolved(schemas, schema);
  const properties = own['properties'];
  if (isObject(properties)) return properties;
  const inner = own['items'] ?? own['additionalProperties'];
  return isObject(inner) ? fieldsOf(schemas, inner) : {};
}

function requiredIn(schemas: JsonObject, schema: JsonObject): readonly string[] {
  const own = resolved(schemas, schema);
  const inner = own['items'];
  return isObject(inner) && own['properties'] === undefined ? requiredIn(schemas, inner) : textsAt(own, 'required');
}

function typeOf(schemas: JsonObject, schema: JsonObject): string {
  const own = resolved(schemas, schema);
  const [items, values] = [own['items'], own['additionalProperties']];
  if (isObject(items)) return `[]${typeOf(schemas, items)}`;
  if (isObject(values)) return `map[string]${typeOf(schemas, values)}`;
  if (own['properties'] !== undefined) return 'Object';
  return own['x-kubernetes-int-or-string'] === true ? 'integer or string' : (textAt(own, 'type') ?? 'Object');
}

function print(session: Session, type: ResourceType, path: readonly string[], { schema, type: shown }: Explained, lines: readonly string[]): void {
  session.print(`KIND:     ${type.kind} (${apiVersionOf(type)})`);
  if (path.length > 0) session.print(`FIELD:    ${path.join('.')} <${shown}>`);
  session.print('');
  for (const line of wrap(textAt(schema, 'description') ?? 'There is no description.', WIDTH)) session.print(line);
  for (const line of limitLines(schema)) session.print(line);
  if (lines.length > 0) session.print('\nFIELDS:');
  for (const line of lines) session.print(line);
}

/** What a value must be, beside its type. */
function limitLines(schema: JsonObject): string[] {
  const value = (field: string): string | undefined => (schema[field] === undefined ? undefined : JSON.stringify(schema[field]).replaceAll('"', '').replace(/^\[(.*)\]$/s, '$1').replaceAll(',', ', '));
  const limits = [
    ['One of', value('enum')],
    ['Default', value('default')],
    ['At least', value('minimum')],
    ['At most', value('maximum')],
    ['Longest', value('maxLength')],
    ['Pattern', value('pattern')],
  ] as const;
  return limits.flatMap(([name, text]) => (text === undefined ? [] : [`${name}: ${text}`]));
}

function fieldLines(schemas: JsonObject, schema: JsonObject): string[] {
  const required = requiredIn(schemas, schema);
  return Object.entries(fieldsOf(schemas, schema)).flatMap(([name, field]) => {
    if (!isObject(field)) return [];
    const about = textAt(field, 'description') ?? textAt(resolved(schemas, field), 'description') ?? '';
    return [`  ${name} <${typeOf(schemas, field)}>${required.includes(name) ? ' required' : ''}`, ...wrap(about, WIDTH - 4).map((line) => `    ${line}`)];
  });
}

/** `above` are the schemas on the way down: one that holds itself is not opened again. */
function treeLines(schemas: JsonObject, schema: JsonObject, indent: string, above: readonly JsonObject[]): string[] {
  return Object.entries(fieldsOf(schemas, schema)).flatMap(([name, field]) => {
    if (!isObject(field) || above.includes(resolved(schemas, field))) return [];
    return [`${indent}${name} <${typeOf(schemas, field)}>`, ...treeLines(schemas, field, `${indent}  `, [...above, resolved(schemas, field)])];
  });
}
