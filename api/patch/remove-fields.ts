import { isRecord, type JsonRecord } from '../machinery/json.ts';
import type { FieldSet } from './field-set.ts';
import { fieldElement } from './path-element.ts';
import { grainOf, itemsOf, memberShape, type Shape } from './typed-shape.ts';

/** The object without the fields of the set, and without all that lies below them. The object itself is not changed. */
export function removeFields(value: unknown, fields: FieldSet, shape: Shape): unknown {
  if (fields.isEmpty) return value;
  const grain = grainOf(value, shape);
  if (grain === 'map' && isRecord(value)) return removeMembers(value, fields, shape);
  if (grain === 'list' && Array.isArray(value)) return removeItems(value, fields, shape);
  return value;
}

function removeMembers(value: JsonRecord, fields: FieldSet, shape: Shape): JsonRecord {
  const kept: JsonRecord = {};
  for (const [name, member] of Object.entries(value)) {
    const element = fieldElement(name);
    if (!fields.hasMember(element)) kept[name] = removeFields(member, fields.below(element), memberShape(shape, name));
  }
  return kept;
}

function removeItems(list: readonly unknown[], fields: FieldSet, shape: Shape): unknown[] {
  return itemsOf(list, shape)
    .filter(({ element }) => !fields.hasMember(element))
    .map(({ element, value }) => removeFields(value, fields.below(element), shape?.items));
}
