import { isRecord, type JsonRecord } from '../machinery/json.ts';
import { compareElements, parseElement, type PathElement } from './path-element.ts';

interface Node {
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
  readonly #nodes: ReadonlyMap<PathElement, Node>;

  private constructor(nodes: ReadonlyMap<PathElement, Node>) {
    this.#nodes = nodes;
  }

  static of(paths: Iterable<readonly PathElement[]>): FieldSet {
    const builder = new FieldSetBuilder();
    for (const path of paths) builder.add(path);
    return builder.build();
  }

  /** For the builder and the operations below: leaves out what holds no path. */
  static ofNodes(nodes: Iterable<readonly [PathElement, Node]>): FieldSet {
    const kept = new Map<PathElement, Node>();
    for (const [element, node] of nodes) if (node.isMember || !node.below.isEmpty) kept.set(element, node);
    return kept.size === 0 ? FieldSet.EMPTY : new FieldSet(kept);
  }

  /** Reads fieldsV1. Undefined when a key is no path element. */
  static parse(fieldsV1: unknown): FieldSet | undefined {
    if (!isRecord(fieldsV1)) return undefined;
    const nodes: [PathElement, Node][] = [];
    for (const [key, value] of Object.entries(fieldsV1)) {
      if (key === '.') continue;
      const element = parseElement(key);
      const below = FieldSet.parse(value);
      if (element === undefined || below === undefined || !isRecord(value)) return undefined;
      nodes.push([element, { isMember: Object.hasOwn(value, '.') || below.isEmpty, below }]);
    }
    return FieldSet.ofNodes(nodes);
  }

  /** As fieldsV1 writes it: a path that others go on from carries a `.`. */
  toFieldsV1(): JsonRecord {
    const fields: JsonRecord = {};
    for (const [element, { isMember, below }] of this.#sorted()) {
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
    return this.#mapped((element, { isMember, below }) => ({
      isMember: isMember && other.hasMember(element),
      below: below.intersection(other.below(element)),
    }));
  }

  /** Without the very paths of `other`; what lies below them stays. */
  difference(other: FieldSet): FieldSet {
    if (other.isEmpty) return this;
    return this.#mapped((element, { isMember, below }) => ({
      isMember: isMember && !other.hasMember(element),
      below: below.difference(other.below(element)),
    }));
  }

  /** Only what lies at or below the member of the root. */
  only(element: PathElement): FieldSet {
    return this.#mapped((each, node) => (each === element ? node : NOTHING));
  }

  /** Without what lies at or below the member of the root. */
  without(element: PathElement): FieldSet {
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

  #mapped(change: (element: PathElement, node: Node) => Node): FieldSet {
    return FieldSet.ofNodes([...this.#nodes].map(([element, node]) => [element, change(element, node)] as const));
  }

  #sorted(): [PathElement, Node][] {
    return [...this.#nodes].sort(([left], [right]) => compareElements(left, right));
  }
}

const NOTHING: Node = { isMember: false, below: FieldSet.EMPTY };

/** Collects paths, then makes the set of them. */
export class FieldSetBuilder {
  readonly #below = new Map<PathElement, FieldSetBuilder>();
  #isMember = false;

  /** The empty path is the whole object, which nobody owns. */
  add(path: readonly PathElement[]): void {
    if (path.length === 0) return;
    this.#at(path, 0).#isMember = true;
  }

  build(): FieldSet {
    return FieldSet.ofNodes([...this.#below].map(([element, each]) => [element, { isMember: each.#isMember, below: each.build() }] as const));
  }

  #at(path: readonly PathElement[], index: number): FieldSetBuilder {
    const element = path[index];
    if (element === undefined) return this;
    const next = this.#below.get(element) ?? new FieldSetBuilder();
    this.#below.set(element, next);
    return next.#at(path, index + 1);
  }
}
