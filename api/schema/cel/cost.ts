import type { ASTNode } from '@marcbachmann/cel-js';
import { SchemaError } from '../parse-structural.ts';
import type { StructuralSchema } from '../structural.ts';
import type { Estimate } from './estimate.ts';
import { escapeIdentifier } from './identifier.ts';
import { functionCost, PER_ITERATION } from './function-cost.ts';
import { maxSize } from './value-size.ts';

/** Variables by name. */
type Scope = ReadonlyMap<string, StructuralSchema | undefined>;

const STRING_FACTOR = 0.1;
const CREATE_LIST = 10;
const CREATE_MAP = 30;

/**
 * The most that a rule can cost on one value of `self`, in the units of cel-go and never below its estimate (checker/cost.go). On
 * the way it finds fields that the schema has not, also in `has()`, and functions that Kubernetes has not: both throw
 * `SchemaError`.
 */
export function estimateCost(ast: ASTNode, self: StructuralSchema): number {
  return estimate(ast, new Map([['self', self], ['oldSelf', self]])).cost; // prettier-ignore
}

function estimate(node: ASTNode, scope: Scope): Estimate {
  switch (node.op) {
    case 'value':
      return { cost: 0, size: typeof node.args === 'string' ? Buffer.byteLength(node.args) : 1 };
    case 'id':
      return withSchema(1, scope.get(node.args));
    case '.':
    case '.?':
      return select(estimate(node.args[0], scope), node.args[1]);
    case '[]':
    case '[?]':
      return index(estimate(node.args[0], scope), estimate(node.args[1], scope));
    case 'call':
      return call(node.args[0], node.args[1], scope);
    case 'rcall':
      return method(node.args[0], node.args[1], node.args[2], scope);
    case 'list':
      return { cost: CREATE_LIST + sum(node.args.map((each) => estimate(each, scope).cost)), size: node.args.length };
    case 'map':
      return { cost: CREATE_MAP + sum(node.args.flat().map((each) => estimate(each, scope).cost)), size: node.args.length };
    case '!_':
    case '-_':
      return { cost: estimate(node.args, scope).cost + 1, size: 1 };
    case '?:':
      return ternary(estimate(node.args[0], scope), estimate(node.args[1], scope), estimate(node.args[2], scope));
    default:
      return operator(node.op, estimate(node.args[0], scope), estimate(node.args[1], scope));
  }
}

function operator(name: string, left: Estimate, right: Estimate): Estimate {
  const operands = left.cost + right.cost;
  switch (name) {
    case '&&':
    case '||':
      return { cost: operands, size: 1 };
    case 'in':
      return { cost: operands + right.size, size: 1 };
    case '==':
    case '!=':
    case '<':
    case '<=':
    case '>':
    case '>=':
      return { cost: operands + Math.max(1, Math.ceil(Math.min(left.size, right.size) * STRING_FACTOR)), size: 1 };
    case '+':
      return { cost: operands + Math.max(1, Math.ceil((left.size + right.size) * STRING_FACTOR)), size: left.size + right.size };
    default:
      return { cost: operands + 1, size: 1 };
  }
}

function ternary(condition: Estimate, left: Estimate, right: Estimate): Estimate {
  const same = left.schema !== undefined && left.schema === right.schema ? { schema: left.schema } : {};
  return { cost: condition.cost + Math.max(left.cost, right.cost), size: Math.max(left.size, right.size), ...same };
}

function select(operand: Estimate, identifier: string): Estimate {
  const { schema } = operand;
  if (schema === undefined) return { cost: operand.cost + 1, size: Infinity };
  if (typeof schema.additionalProperties === 'object') return withSchema(operand.cost + 1, schema.additionalProperties);
  for (const [name, member] of schema.properties) {
    if (escapeIdentifier(name) === identifier) return withSchema(operand.cost + 1, member);
  }
  // Rules on the root always see these, whatever the schema says of them.
  if (identifier === 'apiVersion' || identifier === 'kind') return { cost: operand.cost + 1, size: Infinity };
  if (identifier === 'name' || identifier === 'generateName') return { cost: operand.cost + 1, size: Infinity };
  throw new SchemaError(`undefined field '${identifier}'`);
}

function index(operand: Estimate, key: Estimate): Estimate {
  const { schema } = operand;
  const member = schema?.items ?? (typeof schema?.additionalProperties === 'object' ? schema.additionalProperties : undefined);
  return withSchema(operand.cost + key.cost + 1, member);
}

function call(name: string, args: readonly ASTNode[], scope: Scope): Estimate {
  if (name === 'has' && args[0] !== undefined) {
    const presence = estimate(args[0], scope);
    return { cost: Math.max(1, presence.cost - 1), size: 1 };
  }
  return functionCost(name, undefined, args.map((each) => estimate(each, scope)));
}

function method(name: string, receiver: ASTNode, args: readonly ASTNode[], scope: Scope): Estimate {
  const target = estimate(receiver, scope);
  const perIteration = PER_ITERATION.get(name);
  const [variable, ...body] = args;
  if (perIteration === undefined || variable?.op !== 'id') return functionCost(name, target, args.map((each) => estimate(each, scope)));
  const inner = new Map(scope).set(variable.args, iterated(target.schema));
  const bodies = body.map((each) => estimate(each, inner));
  const cost = target.cost + 1 + target.size * (perIteration + sum(bodies.map((each) => each.cost)));
  const keepsItems = name === 'filter' && target.schema !== undefined ? { schema: target.schema } : {};
  return { cost, size: name === 'map' || name === 'filter' ? target.size : 1, ...keepsItems };
}

/** What a comprehension's variable stands for: an item of a list, a key of a map. */
function iterated(schema: StructuralSchema | undefined): StructuralSchema | undefined {
  return schema?.items;
}

function withSchema(cost: number, schema: StructuralSchema | undefined): Estimate {
  if (schema === undefined) return { cost, size: Infinity };
  return { cost, size: Math.max(1, maxSize(schema)), schema };
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0);
}
