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

function visit(value: unknown, schema: StructuralSchema, field: string, causes: Cause[]): void {
  if (Array.isArray(value)) return visitList(value, schema, field, causes);
  if (!isRecord(value)) return;
  const concern = concernOf(schema);
  for (const [name, member] of concern.members) {
    if (Object.hasOwn(value, name)) visit(value[name], member, field === '' ? name : `${field}.${name}`, causes);
  }
  if (concern.others === undefined) return;
  for (const name of Object.keys(value)) {
    if (!schema.properties.has(name)) visit(value[name], concern.others, `${field}[${name}]`, causes);
  }
}

function visitList(list: readonly unknown[], schema: StructuralSchema, field: string, causes: Cause[]): void {
  if (schema.listType === 'set') {
    for (const index of repeated(list.map(setKey))) causes.push(duplicate(`${field}[${index}]`, inOrder(list[index])));
  } else if (schema.listType === 'map') {
    const stranger = list.findIndex((item) => item !== null && !isRecord(item));
    if (stranger >= 0) {
      causes.push(invalidValue(`${field}[${stranger}]`, list[stranger], 'must be an object for an array of list-type map'));
    } else {
      const keys = list.map((item) => listItemKey(item, schema.listMapKeys));
      for (const index of repeated(keys)) causes.push(duplicate(`${field}[${index}]`, inOrder(keysOf(list[index], schema.listMapKeys))));
    }
  }
  const { items } = concernOf(schema);
  if (items === undefined) return;
  for (const [index, item] of list.entries()) visit(item, items, `${field}[${index}]`, causes);
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

/** With members in the order in which Go writes them. */
function inOrder(value: unknown): unknown {
  return typeof value === 'object' && value !== null ? (JSON.parse(canonicalJson(value)) as unknown) : value;
}

function keysOf(item: unknown, keys: readonly string[]): Record<string, unknown> {
  if (!isRecord(item)) return {};
  return Object.fromEntries(keys.filter((key) => Object.hasOwn(item, key)).map((key) => [key, item[key]]));
}

/** The parts of a schema below which there is a set or a map list; the rest need not be looked at. */
interface Concern {
  readonly members: readonly (readonly [string, StructuralSchema])[];
  readonly others: StructuralSchema | undefined;
  readonly items: StructuralSchema | undefined;
}

const concerns = new WeakMap<StructuralSchema, Concern>();

function concernOf(schema: StructuralSchema): Concern {
  const known = concerns.get(schema);
  if (known !== undefined) return known;
  const { additionalProperties: others, items } = schema;
  const concern: Concern = {
    members: [...schema.properties].filter(([, member]) => isConcerned(member)),
    others: typeof others === 'object' && isConcerned(others) ? others : undefined,
    items: items !== undefined && isConcerned(items) ? items : undefined,
  };
  concerns.set(schema, concern);
  return concern;
}

function isConcerned(schema: StructuralSchema): boolean {
  if (schema.listType !== 'atomic') return true;
  const { members, others, items } = concernOf(schema);
  return members.length > 0 || others !== undefined || items !== undefined;
}
