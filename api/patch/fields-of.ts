import { isRecord } from '../machinery/json.ts';
import { FieldSetBuilder, type FieldSet } from './field-set.ts';
import type { PathElement } from './path-element.ts';
import { child, grainOf, isDeclared, itemsOf, memberShape, type Shape } from './typed-shape.ts';

/** The fields that an object sets, each as fine as its schema lets it be owned. */
export function fieldsOf(value: unknown, shape: Shape): FieldSet {
  const fields = new FieldSetBuilder();
  collect(value, shape, [], fields);
  return fields.build();
}

function collect(value: unknown, shape: Shape, path: readonly PathElement[], fields: FieldSetBuilder): void {
  const grain = grainOf(value, shape);
  if (grain === 'leaf') fields.add(path);
  else if (grain === 'map' && isRecord(value)) collectMembers(value, shape, path, fields);
  else if (Array.isArray(value)) collectItems(value, shape, path, fields);
}

function collectMembers(value: Readonly<Record<string, unknown>>, shape: Shape, path: readonly PathElement[], fields: FieldSetBuilder): void {
  for (const [name, member] of Object.entries(value)) {
    const at = child(path, name);
    collect(member, memberShape(shape, name), at, fields);
    const isEmpty = isRecord(member) && Object.keys(member).length === 0;
    if (isEmpty || !isDeclared(shape, name)) fields.add(at);
  }
}

/** An item that stands there more than once is owned as one. */
function collectItems(list: readonly unknown[], shape: Shape, path: readonly PathElement[], fields: FieldSetBuilder): void {
  const items = itemsOf(list, shape);
  const counts = new Map<PathElement, number>();
  for (const { element } of items) counts.set(element, (counts.get(element) ?? 0) + 1);
  for (const { element, value } of items) {
    const at = [...path, element];
    fields.add(at);
    if (counts.get(element) === 1) collect(value, shape?.items, at, fields);
  }
}
