import { EvaluationError, type ASTNode, type Context, type Environment } from '@marcbachmann/cel-js';
import { SchemaError } from '../parse-structural.ts';
import type { StructuralSchema, ValidationRule } from '../structural.ts';
import { CelError, compileExpression, reads, type CelExpression } from './expression.ts';
import { resolveFieldPath } from './field-path.ts';

/** A rule ready to run. */
export interface CompiledRule {
  readonly source: ValidationRule;
  readonly ast: ASTNode;
  /** Runs only where there is an old value to compare with. */
  readonly isTransition: boolean;
  /** The members from the rule's place to the one that failures are told of; empty for the place itself. */
  readonly fieldPath: readonly string[];
  run(context: Context): RuleOutcome;
  /** The text for a failure. */
  message(context: Context): string;
}

export type RuleOutcome =
  | { readonly result: 'holds' }
  | { readonly result: 'fails' }
  /** It could not be evaluated: `no such key: x`, `division by zero`. */
  | { readonly result: 'error'; readonly reason: string };

const MAX_MESSAGE_BYTES = 5 * 1024;

/**
 * Compiles a rule against an environment that declares `self` and `oldSelf`. `place` is where the rule stands, for error messages.
 * Throws `SchemaError` when the rule, its message or its field path is wrong.
 */
export function compileRule(source: ValidationRule, schema: StructuralSchema, environment: Environment, place: string): CompiledRule {
  const expression = compile(source.rule, 'bool', environment, place);
  const messageExpression = source.messageExpression === undefined ? undefined : compile(source.messageExpression, 'string', environment, place);
  const fieldPath = source.fieldPath === undefined ? [] : resolveFieldPath(source.fieldPath, schema);
  if (fieldPath === undefined) throw new SchemaError(`${place}: fieldPath ${source.fieldPath} does not refer to a valid field`);
  const fixedMessage = source.message === undefined ? `failed rule: ${source.rule.trim()}` : source.message.trim();
  return {
    source,
    ast: expression.ast,
    isTransition: reads(expression.ast, 'oldSelf'),
    fieldPath,
    run: (context) => evaluate(expression, context),
    message: (context) => (messageExpression === undefined ? fixedMessage : (evaluateMessage(messageExpression, context) ?? fixedMessage)),
  };
}

function compile(source: string, type: 'bool' | 'string', environment: Environment, place: string): CelExpression {
  try {
    return compileExpression(environment, source, type);
  } catch (error) {
    if (error instanceof CelError) throw new SchemaError(`${place}: ${error.message} (in rule: ${source})`, { cause: error });
    throw error;
  }
}

function evaluate(expression: CelExpression, context: Context): RuleOutcome {
  try {
    return { result: expression.evaluate(context) === true ? 'holds' : 'fails' };
  } catch (error) {
    if (error instanceof EvaluationError) return { result: 'error', reason: lowerFirst(error.summary) };
    throw error;
  }
}

/** Undefined where Kubernetes would fall back to `message`: the expression fails, or gives nothing, too much or several lines. */
function evaluateMessage(expression: CelExpression, context: Context): string | undefined {
  try {
    const value = expression.evaluate(context);
    const text = typeof value === 'string' ? value.trim() : '';
    return text === '' || text.includes('\n') || Buffer.byteLength(text) > MAX_MESSAGE_BYTES ? undefined : text;
  } catch (error) {
    if (error instanceof EvaluationError) return undefined;
    throw error;
  }
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
