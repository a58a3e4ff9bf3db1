import { isRecord } from '../machinery/json.ts';
import { FieldSet, LEAF, type FieldNode } from './field-set.ts';
import { fieldElement, type PathElement } from './path-element.ts';
import { grainOf, isDeclared, itemsOf, memberShape, type Shape } from './typed-shape.ts';

/** The fields that an object sets, each as fine as its schema lets it be owned. */
export function fieldsOf(value: unknown, shape: Shape): FieldSet {
  return nodeOf(value, shape).below;
}

function nodeOf(value: unknown, shape: Shape): FieldNode {
  const grain = grainOf(value, shape);
  if (grain === 'map' && isRecord(value)) return { isMember: false, below: membersOf(value, shape) };
  if (grain === 'list' && Array.isArray(value)) return { isMember: false, below: itemFields(value, shape) };
  return LEAF;
}

function membersOf(value: Readonly<Record<string, unknown>>, shape: Shape): FieldSet {
  const nodes: [PathElement, FieldNode][] = [];
  for (const name of Object.keys(value)) {
    const member = value[name];
    const node = nodeOf(member, memberShape(shape, name));
    const isEmpty = isRecord(member) && Object.keys(member).length === 0;
    const isOwn = node.isMember || isEmpty || !isDeclared(shape, name);
    nodes.push([fieldElement(name), isOwn === node.isMember ? node : { isMember: isOwn, below: node.below }]);
  }
  return FieldSet.ofNodes(nodes);
}

/** An item that stands there more than once is owned as one. */
function itemFields(list: readonly unknown[], shape: Shape): FieldSet {
  const nodes = new Map<PathElement, FieldNode>();
  for (const { element, value } of itemsOf(list, shape)) {
    nodes.set(element, nodes.has(element) ? LEAF : { isMember: true, below: nodeOf(value, shape?.items).below });
  }
  return FieldSet.ofNodes(nodes);
}
