import type { ASTNode, Context, Environment } from '@marcbachmann/cel-js';

/** Methods of cel-js that differ from Kubernetes', and those of ours that stand in for them. */
const STAND_INS: ReadonlyMap<string, string> = new Map([
  ['matches', 'matchesRe2'],
  ['lowerAscii', 'toLowerAscii'],
  ['upperAscii', 'toUpperAscii'],
]);

export interface CelExpression {
  readonly ast: ASTNode;
  /** Throws cel-js's `EvaluationError`. */
  evaluate(context: Context): unknown;
}

/** A rule that can't be compiled; the message says why and shows where. */
export class CelError extends Error {
  override readonly name = 'CelError';
}

/** Parses and type-checks. Throws `CelError`, also when the expression gives another type than `type`. */
export function compileExpression(environment: Environment, source: string, type: 'bool' | 'string'): CelExpression {
  const parsed = parse(environment, source);
  for (const node of walk(parsed.ast)) useStandIn(node);
  const { valid, type: found, error } = parsed.check();
  if (!valid) throw new CelError(error?.message ?? 'does not compile', { cause: error });
  if (found !== type && found !== 'dyn') throw new CelError(`must evaluate to ${type}, not ${found ?? 'nothing'}`);
  return { ast: parsed.ast, evaluate: (context): unknown => parsed(context) as unknown };
}

/** Whether the expression reads the variable. */
export function reads(ast: ASTNode, variable: string): boolean {
  return walk(ast).some((node) => node.op === 'id' && node.args === variable);
}

/** The node and everything below it. */
export function walk(node: ASTNode): ASTNode[] {
  return [node, ...childrenOf(node).flatMap(walk)];
}

function childrenOf(node: ASTNode): readonly ASTNode[] {
  switch (node.op) {
    case 'value':
    case 'id':
      return [];
    case '.':
    case '.?':
      return [node.args[0]];
    case 'call':
      return node.args[1];
    case 'rcall':
      return [node.args[1], ...node.args[2]];
    case 'map':
      return node.args.flat();
    case '!_':
    case '-_':
      return [node.args];
    default:
      return node.args;
  }
}

function parse(environment: Environment, source: string): ReturnType<Environment['parse']> {
  try {
    return environment.parse(source);
  } catch (error) {
    throw new CelError(error instanceof Error ? error.message : String(error), { cause: error });
  }
}

function useStandIn(node: ASTNode): void {
  if (node.op !== 'rcall') return;
  const standIn = STAND_INS.get(node.args[0]);
  if (standIn !== undefined) node.args[0] = standIn;
}
