import { canonicalJson, isRecord } from '../machinery/json.ts';
import { duplicate, invalidValue } from '../machinery/field-error.ts';
import { listItemKey } from './list-item-key.ts';
import type { Cause } from './resource-schema.ts';
import type { StructuralSchema } from './structural.ts';

/**
 * Finds items that stand twice in a set, or twice with the same keys in a map list (apiextensions-apiserver,
 * pkg/apiserver/schema/listtype). Each is told once, at its second place.
 */
export function checkUniqueness(value: unknown, schema: StructuralSchema, field = ''): Cause[] {
  const causes: Cause[] = [];
  visit(value, schema, field, causes);
  return causes;
}

function visit(value: unknown, schema: StructuralSchema | true | undefined, field: string, causes: Cause[]): void {
  if (schema === undefined || schema === true || !concerns(schema)) return;
  if (Array.isArray(value)) visitList(value, schema, field, causes);
  else if (isRecord(value)) {
    for (const [name, member] of Object.entries(value)) {
      const property = schema.properties.get(name);
      if (property !== undefined) visit(member, property, field === '' ? name : `${field}.${name}`, causes);
      else visit(member, schema.additionalProperties, `${field}[${name}]`, causes);
    }
  }
}

function visitList(list: readonly unknown[], schema: StructuralSchema, field: string, causes: Cause[]): void {
  if (schema.listType === 'set') {
    for (const index of repeated(list.map(setKey))) causes.push(duplicate(`${field}[${index}]`, list[index]));
  } else if (schema.listType === 'map') {
    const stranger = list.findIndex((item) => item !== null && !isRecord(item));
    if (stranger >= 0) {
      causes.push(invalidValue(`${field}[${stranger}]`, list[stranger], 'must be an object for an array of list-type map'));
    } else {
      const keys = list.map((item) => listItemKey(item, schema.listMapKeys));
      for (const index of repeated(keys)) causes.push(duplicate(`${field}[${index}]`, keysOf(list[index], schema.listMapKeys)));
    }
  }
  for (const [index, item] of list.entries()) visit(item, schema.items, `${field}[${index}]`, causes);
}

/** The places where a key stands for the second time. */
function repeated(keys: readonly unknown[]): number[] {
  if (keys.length < 2) return [];
  const counts = new Map<unknown, number>();
  const places: number[] = [];
  for (const [index, key] of keys.entries()) {
    const count = (counts.get(key) ?? 0) + 1;
    counts.set(key, count);
    if (count === 2) places.push(index);
  }
  return places;
}

/** Scalars are compared as they are, objects and lists as JSON with their members in order. */
function setKey(item: unknown): unknown {
  return typeof item === 'object' && item !== null ? `json:${canonicalJson(item)}` : typeof item === 'string' ? `text:${item}` : item;
}

function keysOf(item: unknown, keys: readonly string[]): Record<string, unknown> {
  if (!isRecord(item)) return {};
  return Object.fromEntries(keys.filter((key) => Object.hasOwn(item, key)).map((key) => [key, item[key]]));
}

const concerned = new WeakMap<StructuralSchema, boolean>();

/** Whether there is a set or a map list at or below the schema. */
function concerns(schema: StructuralSchema): boolean {
  const known = concerned.get(schema);
  if (known !== undefined) return known;
  const below = [...schema.properties.values(), schema.items, schema.additionalProperties];
  const answer = schema.listType !== 'atomic' || below.some((each) => typeof each === 'object' && concerns(each));
  concerned.set(schema, answer);
  return answer;
}
