import { equalJson, fieldOf } from '../machinery/json.ts';
import { FieldSet, type FieldNode } from './field-set.ts';
import { fieldElement, type PathElement } from './path-element.ts';
import { grainOf, isEmptyContainer, itemsOf, memberShape, members, type Grain, type Item, type Shape } from './typed-shape.ts';

/** The fields in which two states of an object differ. */
export interface Comparison {
  readonly added: FieldSet;
  readonly modified: FieldSet;
  readonly removed: FieldSet;
}

/** Compares two states by their schema (structured-merge-diff `typed.Compare`): a subtree that comes or goes counts with every path in it. */
export function compareTyped(before: unknown, after: unknown, shape: Shape): Comparison {
  return differenceAt(before, after, shape)?.below ?? NO_DIFFERENCE;
}

/** How one place differs, and all that lies below it. Undefined where nothing does, so that what is equal costs nothing more. */
interface Difference {
  readonly own: 'added' | 'modified' | 'removed' | 'exchanged' | undefined;
  readonly below: Comparison;
}

const NO_DIFFERENCE: Comparison = { added: FieldSet.EMPTY, modified: FieldSet.EMPTY, removed: FieldSet.EMPTY };

/** `undefined` is: not there. */
function differenceAt(before: unknown, after: unknown, shape: Shape): Difference | undefined {
  if (before === after) return undefined;
  const grain = commonGrain(before, after, shape);
  const isLeaf = grain === 'leaf';
  if (isLeaf && before !== undefined && after !== undefined) {
    return equalJson(before, after) ? undefined : { own: 'modified', below: leafDifference(before, after, shape) };
  }
  const own = before === undefined ? 'added' : after === undefined ? 'removed' : undefined;
  const below = isLeaf ? NO_DIFFERENCE : grain === 'map' ? compareMembers(before, after, shape) : compareItems(before, after, shape);
  return own === undefined && below === NO_DIFFERENCE ? undefined : { own, below };
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
function leafDifference(before: unknown, after: unknown, shape: Shape): Comparison {
  if (grainOf(before, shape) === grainOf(after, shape)) return NO_DIFFERENCE;
  if (grainOf(before, shape) === 'map') return compareMembers(before, undefined, shape);
  return grainOf(after, shape) === 'map' ? compareMembers(undefined, after, shape) : NO_DIFFERENCE;
}

function compareMembers(before: unknown, after: unknown, shape: Shape): Comparison {
  const found = new Differences();
  for (const name of members(before)) {
    const difference = differenceAt(fieldOf(before, name), fieldOf(after, name), memberShape(shape, name));
    if (difference !== undefined) found.add(fieldElement(name), difference);
  }
  for (const name of members(after)) {
    if (fieldOf(before, name) !== undefined) continue;
    const difference = differenceAt(undefined, fieldOf(after, name), memberShape(shape, name));
    if (difference !== undefined) found.add(fieldElement(name), difference);
  }
  return found.toComparison();
}

function compareItems(before: unknown, after: unknown, shape: Shape): Comparison {
  const left = grouped(itemsIn(before, shape));
  const right = grouped(itemsIn(after, shape));
  const found = new Differences();
  for (const element of new Set([...left.keys(), ...right.keys()])) {
    const difference = groupDifference(left.get(element) ?? [], right.get(element) ?? [], shape?.items);
    if (difference !== undefined) found.add(element, difference);
  }
  return found.toComparison();
}

/** Items that stand there several times are compared as one. */
function groupDifference(before: readonly unknown[], after: readonly unknown[], shape: Shape): Difference | undefined {
  if (before.length <= 1 && after.length <= 1) return differenceAt(before[0], after[0], shape);
  if (before.length > 1 && after.length > 1) return equalJson(before, after) ? undefined : { own: 'modified', below: NO_DIFFERENCE };
  if (before.length > 1) return exchanged(differenceAt(undefined, after[0], shape), 'removed');
  return exchanged(differenceAt(before[0], undefined, shape), 'added');
}

/** Several items became one, or one became several: the one counts with all that lies below it, the several as a whole. */
function exchanged(one: Difference | undefined, several: 'added' | 'removed'): Difference {
  return one === undefined ? { own: several, below: NO_DIFFERENCE } : { own: 'exchanged', below: one.below };
}

function itemsIn(value: unknown, shape: Shape): Item[] {
  return Array.isArray(value) ? itemsOf(value, shape) : [];
}

function grouped(items: readonly Item[]): Map<PathElement, unknown[]> {
  const groups = new Map<PathElement, unknown[]>();
  for (const { element, value } of items) {
    const group = groups.get(element);
    if (group === undefined) groups.set(element, [value]);
    else group.push(value);
  }
  return groups;
}

type Nodes = [PathElement, FieldNode][];

/** Collects what differs below one place. */
class Differences {
  readonly #added: Nodes = [];
  readonly #modified: Nodes = [];
  readonly #removed: Nodes = [];

  add(element: PathElement, { own, below }: Difference): void {
    keep(this.#added, element, own === 'added' || own === 'exchanged', below.added);
    keep(this.#modified, element, own === 'modified', below.modified);
    keep(this.#removed, element, own === 'removed' || own === 'exchanged', below.removed);
  }

  toComparison(): Comparison {
    if (this.#added.length === 0 && this.#modified.length === 0 && this.#removed.length === 0) return NO_DIFFERENCE;
    return { added: FieldSet.ofNodes(this.#added), modified: FieldSet.ofNodes(this.#modified), removed: FieldSet.ofNodes(this.#removed) };
  }
}

function keep(nodes: Nodes, element: PathElement, isMember: boolean, below: FieldSet): void {
  if (isMember || !below.isEmpty) nodes.push([element, { isMember, below }]);
}
