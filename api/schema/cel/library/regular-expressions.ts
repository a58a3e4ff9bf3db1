import { EvaluationError, type Environment } from '@marcbachmann/cel-js';
import { compileRegularExpression, type RegularExpression } from '../../regular-expression.ts';

const MAX_MATCHES = 10_000;

/** matches, find and findAll (k8s.io/apiserver, pkg/cel/library/regex.go), all on RE2. */
export function registerRegularExpressions(environment: Environment): void {
  environment.registerFunction('string.matchesRe2(string): bool', (text: string, pattern: string) => compile(pattern).test(text));
  environment.registerFunction('matches(string, string): bool', (text: string, pattern: string) => compile(pattern).test(text));
  environment.registerFunction('string.find(string): string', (text: string, pattern: string) => compile(pattern).find(text) ?? '');
  environment.registerFunction('string.findAll(string): list<string>', (text: string, pattern: string) =>
    compile(pattern).findAll(text, MAX_MATCHES),
  );
  environment.registerFunction('string.findAll(string, int): list<string>', (text: string, pattern: string, limit: bigint) =>
    compile(pattern).findAll(text, limit < 0n ? MAX_MATCHES : Number(limit)),
  );
}

function compile(pattern: string): RegularExpression {
  try {
    return compileRegularExpression(pattern);
  } catch (error) {
    throw new EvaluationError(`Illegal regex: ${error instanceof Error ? error.message : String(error)}`);
  }
}
