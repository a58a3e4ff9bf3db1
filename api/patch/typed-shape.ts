import { fieldOf, isRecord, type JsonRecord } from '../machinery/json.ts';
import type { StructuralSchema } from '../schema/structural.ts';
import { fieldElement, keyElement, valueElement, type PathElement } from './path-element.ts';

/** A schema, or none where anything may stand: then objects merge by member, and lists are one value. */
export type Shape = StructuralSchema | undefined;

/** How a value is owned: as one (`leaf`), by member, or by item. */
export type Grain = 'leaf' | 'map' | 'list';

/** The grain of a value by its schema. A value of another type than the schema says is a leaf: validation refuses it. */
export function grainOf(value: unknown, shape: Shape): Grain {
  if (Array.isArray(value)) return shape?.type === 'array' && shape.listType !== 'atomic' ? 'list' : 'leaf';
  if (!isRecord(value)) return 'leaf';
  const mayBeMap = shape === undefined || shape.type === undefined || shape.type === 'object';
  return mayBeMap && shape?.mapType !== 'atomic' ? 'map' : 'leaf';
}

export function memberShape(shape: Shape, name: string): Shape {
  const declared = shape?.properties.get(name);
  if (declared !== undefined) return declared;
  const { additionalProperties } = shape ?? {};
  return additionalProperties === true ? undefined : additionalProperties;
}

/** Whether the schema names this very member; the keys of a map are not named. */
export function isDeclared(shape: Shape, name: string): boolean {
  return shape?.properties.has(name) === true;
}

export interface Item {
  readonly element: PathElement;
  readonly value: unknown;
}

/** The items of a list that is a map or a set, with what tells them apart. An item without all its keys stands for itself. */
export function itemsOf(list: readonly unknown[], shape: Shape): Item[] {
  return list.map((value) => ({ element: elementOf(value, shape), value }));
}

function elementOf(item: unknown, shape: Shape): PathElement {
  if (shape?.listType !== 'map' || !isRecord(item)) return valueElement(item);
  const keys: JsonRecord = {};
  for (const name of shape.listMapKeys) {
    const value = fieldOf(item, name) ?? shape.items?.properties.get(name)?.default;
    if (value !== undefined) keys[name] = value;
  }
  return keyElement(keys);
}

export function isEmptyContainer(value: unknown): boolean {
  return value === undefined || value === null || (typeof value === 'object' && Object.keys(value).length === 0);
}

export function members(value: unknown): readonly string[] {
  return isRecord(value) ? Object.keys(value) : [];
}

export function child(path: readonly PathElement[], name: string): PathElement[] {
  return [...path, fieldElement(name)];
}
