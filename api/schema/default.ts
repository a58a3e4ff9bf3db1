import { copyJson, isRecord, type JsonRecord } from '../machinery/json.ts';
import type { StructuralSchema } from './structural.ts';

/**
 * Puts in every default that applies. A null that is not `nullable` counts as missing: it is replaced by the default, or taken out
 * where there is none (apiextensions-apiserver, pkg/apiserver/schema/defaulting). Changes `object`.
 */
export function applyDefaults(object: JsonRecord, schema: StructuralSchema): void {
  defaultObject(object, schema);
}

/** The same for one member of the root: put in where it is missing, with all that is below it. */
export function applyDefaultOf(name: string, object: JsonRecord, schema: StructuralSchema): void {
  const member = schema.properties.get(name);
  if (member?.default === undefined || Object.hasOwn(object, name)) return;
  object[name] = copyJson(member.default);
  defaultValue(object[name], member);
}

function defaultValue(value: unknown, schema: StructuralSchema | true | undefined): void {
  if (schema === undefined || schema === true) return;
  if (isRecord(value)) defaultObject(value, schema);
  else if (Array.isArray(value) && schema.items !== undefined) defaultItems(value, schema.items);
}

function defaultObject(object: JsonRecord, schema: StructuralSchema): void {
  for (const name of Object.keys(object)) {
    if (object[name] === null && isMissing(memberSchema(schema, name))) delete object[name];
  }
  for (const [name, member] of defaulted(schema)) {
    if (!Object.hasOwn(object, name)) object[name] = copyJson(member.default);
  }
  for (const name of Object.keys(object)) {
    const value = object[name];
    if (typeof value === 'object' && value !== null) defaultValue(value, memberSchema(schema, name));
  }
}

function defaultItems(list: unknown[], items: StructuralSchema): void {
  for (const [index, item] of list.entries()) {
    if (item === null && !items.nullable && items.default !== undefined) list[index] = copyJson(items.default);
    defaultValue(list[index], items);
  }
}

/** Whether a null at this schema stands for nothing. */
function isMissing(schema: StructuralSchema | true | undefined): boolean {
  return schema !== undefined && schema !== true && !schema.nullable;
}

function memberSchema(schema: StructuralSchema, name: string): StructuralSchema | true | undefined {
  return schema.properties.get(name) ?? schema.additionalProperties;
}

const defaultedMembers = new WeakMap<StructuralSchema, readonly (readonly [string, StructuralSchema])[]>();

/** The members of a schema that have a default; looked up once for each schema, since this runs for every object of every write. */
function defaulted(schema: StructuralSchema): readonly (readonly [string, StructuralSchema])[] {
  const known = defaultedMembers.get(schema);
  if (known !== undefined) return known;
  const members = [...schema.properties].filter(([, member]) => member.default !== undefined);
  defaultedMembers.set(schema, members);
  return members;
}
