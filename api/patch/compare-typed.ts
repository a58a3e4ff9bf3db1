import { equalJson, fieldOf } from '../machinery/json.ts';
import { FieldSetBuilder, type FieldSet } from './field-set.ts';
import type { PathElement } from './path-element.ts';
import { child, grainOf, isEmptyContainer, itemsOf, memberShape, members, type Grain, type Item, type Shape } from './typed-shape.ts';

/** The fields in which two states of an object differ. */
export interface Comparison {
  readonly added: FieldSet;
  readonly modified: FieldSet;
  readonly removed: FieldSet;
}

/** Compares two states by their schema (structured-merge-diff `typed.Compare`): a subtree that comes or goes counts with every path in it. */
export function compareTyped(before: unknown, after: unknown, shape: Shape): Comparison {
  const found: Found = { added: new FieldSetBuilder(), modified: new FieldSetBuilder(), removed: new FieldSetBuilder() };
  compareAt(before, after, shape, [], found);
  return { added: found.added.build(), modified: found.modified.build(), removed: found.removed.build() };
}

interface Found {
  readonly added: FieldSetBuilder;
  readonly modified: FieldSetBuilder;
  readonly removed: FieldSetBuilder;
}

/** `undefined` is: not there. */
function compareAt(before: unknown, after: unknown, shape: Shape, path: readonly PathElement[], found: Found): void {
  if (before === after) return;
  if (before === undefined) found.added.add(path);
  else if (after === undefined) found.removed.add(path);
  const grain = commonGrain(before, after, shape);
  if (grain === 'map') compareMembers(before, after, shape, path, found);
  else if (grain === 'list') compareItems(before, after, shape, path, found);
  else if (before !== undefined && after !== undefined && !equalJson(before, after)) compareLeaf(before, after, shape, path, found);
}

/** What is not there, or null, takes the grain of the other side; two empty ones are leaves, so that null and {} differ. */
function commonGrain(before: unknown, after: unknown, shape: Shape): Grain {
  if (isEmptyContainer(before) && isEmptyContainer(after)) return 'leaf';
  if (before === undefined || before === null) return grainOf(after, shape);
  if (after === undefined || after === null) return grainOf(before, shape);
  const grain = grainOf(after, shape);
  return grain === grainOf(before, shape) ? grain : 'leaf';
}

/** Where the kind of value itself changed, what lay below goes and what lies below now comes. */
function compareLeaf(before: unknown, after: unknown, shape: Shape, path: readonly PathElement[], found: Found): void {
  found.modified.add(path);
  if (grainOf(before, shape) === grainOf(after, shape)) return;
  if (grainOf(before, shape) === 'map') compareMembers(before, undefined, shape, path, found);
  if (grainOf(after, shape) === 'map') compareMembers(undefined, after, shape, path, found);
}

function compareMembers(before: unknown, after: unknown, shape: Shape, path: readonly PathElement[], found: Found): void {
  for (const name of new Set([...members(before), ...members(after)])) {
    compareAt(fieldOf(before, name), fieldOf(after, name), memberShape(shape, name), child(path, name), found);
  }
}

function compareItems(before: unknown, after: unknown, shape: Shape, path: readonly PathElement[], found: Found): void {
  const left = grouped(itemsIn(before, shape));
  const right = grouped(itemsIn(after, shape));
  for (const element of new Set([...left.keys(), ...right.keys()])) {
    compareGroup(left.get(element) ?? [], right.get(element) ?? [], shape?.items, [...path, element], found);
  }
}

/** Items that stand there several times are compared as one. */
function compareGroup(before: readonly unknown[], after: readonly unknown[], shape: Shape, path: readonly PathElement[], found: Found): void {
  if (before.length <= 1 && after.length <= 1) return compareAt(before[0], after[0], shape, path, found);
  if (before.length > 1 && after.length > 1) {
    if (!equalJson(before, after)) found.modified.add(path);
  } else if (before.length > 1) {
    compareAt(undefined, after[0], shape, path, found);
    found.removed.add(path);
  } else {
    compareAt(before[0], undefined, shape, path, found);
    found.added.add(path);
  }
}

function itemsIn(value: unknown, shape: Shape): Item[] {
  return Array.isArray(value) ? itemsOf(value, shape) : [];
}

function grouped(items: readonly Item[]): Map<PathElement, unknown[]> {
  const groups = new Map<PathElement, unknown[]>();
  for (const { element, value } of items) groups.set(element, [...(groups.get(element) ?? []), value]);
  return groups;
}
