import { isRecord, type JsonRecord } from '../machinery/json.ts';
import { compareElements, parseElement, type PathElement } from './path-element.ts';

/** What a set says of one step of a path. */
export interface FieldNode {
  /** Whether the path that ends here is in the set; paths below may be in it either way. */
  readonly isMember: boolean;
  readonly below: FieldSet;
}

/**
 * A set of paths into an object, as server-side apply keeps it for each manager (structured-merge-diff `fieldpath.Set`). Sets are
 * values: nothing changes one.
 */
export class FieldSet {
  static readonly EMPTY = new FieldSet(new Map());
  readonly #nodes: ReadonlyMap<PathElement, FieldNode>;

  private constructor(nodes: ReadonlyMap<PathElement, FieldNode>) {
    this.#nodes = nodes;
  }

  static of(paths: Iterable<readonly PathElement[]>): FieldSet {
    let set = FieldSet.EMPTY;
    for (const path of paths) set = set.union(FieldSet.#ofPath(path));
    return set;
  }

  /** The empty path is the whole object, which nobody owns. */
  static #ofPath([first, ...rest]: readonly PathElement[]): FieldSet {
    if (first === undefined) return FieldSet.EMPTY;
    return new FieldSet(new Map([[first, rest.length === 0 ? LEAF : { isMember: false, below: FieldSet.#ofPath(rest) }]]));
  }

  /** The set of what lies below these steps; leaves out what holds no path. */
  static ofNodes(nodes: Iterable<readonly [PathElement, FieldNode]>): FieldSet {
    const kept = new Map<PathElement, FieldNode>();
    for (const [element, node] of nodes) if (node.isMember || !node.below.isEmpty) kept.set(element, node);
    return kept.size === 0 ? FieldSet.EMPTY : new FieldSet(kept);
  }

  /** Reads fieldsV1. Undefined when a key is no path element. */
  static parse(fieldsV1: unknown): FieldSet | undefined {
    if (!isRecord(fieldsV1)) return undefined;
    const nodes: [PathElement, FieldNode][] = [];
    for (const [key, value] of Object.entries(fieldsV1)) {
      if (key === '.') continue;
      const element = parseElement(key);
      const below = FieldSet.parse(value);
      if (element === undefined || below === undefined || !isRecord(value)) return undefined;
      nodes.push([element, { isMember: Object.hasOwn(value, '.') || below.isEmpty, below }]);
    }
    return FieldSet.ofNodes(nodes);
  }

  /** As fieldsV1 writes it, the order of its members aside: a path that others go on from carries a `.`. */
  toFieldsV1(): JsonRecord {
    const fields: JsonRecord = {};
    for (const [element, { isMember, below }] of this.#nodes) {
      fields[element] = isMember && !below.isEmpty ? { '.': {}, ...below.toFieldsV1() } : below.toFieldsV1();
    }
    return fields;
  }

  get isEmpty(): boolean {
    return this.#nodes.size === 0;
  }

  /** Whether the path of this one element is in the set. */
  hasMember(element: PathElement): boolean {
    return this.#nodes.get(element)?.isMember === true;
  }

  has(path: readonly PathElement[]): boolean {
    const [first, ...rest] = path;
    if (first === undefined) return false;
    return rest.length === 0 ? this.hasMember(first) : this.below(first).has(rest);
  }

  /** The paths that start with the element, without it. */
  below(element: PathElement): FieldSet {
    return this.#nodes.get(element)?.below ?? FieldSet.EMPTY;
  }

  elements(): Iterable<PathElement> {
    return this.#nodes.keys();
  }

  union(other: FieldSet): FieldSet {
    if (other.isEmpty) return this;
    if (this.isEmpty) return other;
    const nodes = new Map(this.#nodes);
    for (const [element, node] of other.#nodes) {
      const mine = nodes.get(element);
      nodes.set(element, mine === undefined ? node : { isMember: mine.isMember || node.isMember, below: mine.below.union(node.below) });
    }
    return new FieldSet(nodes);
  }

  intersection(other: FieldSet): FieldSet {
    if (other.isEmpty) return other;
    return this.#mapped((element, node) => {
      const theirs = other.#nodes.get(element);
      return theirs === undefined ? NOTHING : { isMember: node.isMember && theirs.isMember, below: node.below.intersection(theirs.below) };
    });
  }

  /** Without the very paths of `other`; what lies below them stays. The same set where it has none of them. */
  difference(other: FieldSet): FieldSet {
    if (other.isEmpty) return this;
    return this.#mapped((element, node) => {
      const theirs = other.#nodes.get(element);
      if (theirs === undefined) return node;
      const below = node.below.difference(theirs.below);
      const isMember = node.isMember && !theirs.isMember;
      return below === node.below && isMember === node.isMember ? node : { isMember, below };
    });
  }

  /** Only what lies at or below the member of the root. */
  only(element: PathElement): FieldSet {
    return this.#mapped((each, node) => (each === element ? node : NOTHING));
  }

  /** Without what lies at or below the member of the root. */
  without(element: PathElement): FieldSet {
    if (!this.#nodes.has(element)) return this;
    return this.#mapped((each, node) => (each === element ? NOTHING : node));
  }

  /** The same with every path whose element `isMember` answers true for, as far as one leads through it. */
  withMembers(isMember: (path: readonly PathElement[]) => boolean, at: readonly PathElement[] = []): FieldSet {
    return this.#mapped((element, node) => {
      const path = [...at, element];
      return { isMember: node.isMember || (!node.below.isEmpty && isMember(path)), below: node.below.withMembers(isMember, path) };
    });
  }

  /** All paths, in the order in which conflicts are told: those that end here first. */
  *paths(prefix: readonly PathElement[] = []): Generator<readonly PathElement[]> {
    const nodes = this.#sorted();
    for (const [element, { isMember }] of nodes) if (isMember) yield [...prefix, element];
    for (const [element, { below }] of nodes) yield* below.paths([...prefix, element]);
  }

  equals(other: FieldSet): boolean {
    if (this.#nodes.size !== other.#nodes.size) return false;
    for (const [element, node] of this.#nodes) {
      const theirs = other.#nodes.get(element);
      if (theirs === undefined || theirs.isMember !== node.isMember || !node.below.equals(theirs.below)) return false;
    }
    return true;
  }

  #mapped(change: (element: PathElement, node: FieldNode) => FieldNode): FieldSet {
    const kept = new Map<PathElement, FieldNode>();
    let isSame = true;
    for (const [element, node] of this.#nodes) {
      const next = change(element, node);
      isSame &&= next === node;
      if (next.isMember || !next.below.isEmpty) kept.set(element, next);
    }
    if (isSame) return this;
    return kept.size === 0 ? FieldSet.EMPTY : new FieldSet(kept);
  }

  #sorted(): [PathElement, FieldNode][] {
    return [...this.#nodes].sort(([left], [right]) => compareElements(left, right));
  }
}

const NOTHING: FieldNode = { isMember: false, below: FieldSet.EMPTY };

/** A path that ends here, and none goes on. */
export const LEAF: FieldNode = { isMember: true, below: FieldSet.EMPTY };
