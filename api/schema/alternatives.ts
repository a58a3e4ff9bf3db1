import type { StructuralSchema, ValueSchema } from './structural.ts';
import { NO_OLD_VALUE, type ValueCheck } from './value-check.ts';
import { valuePathText, type ValuePath } from './value-path.ts';
import type { Violations } from './violation.ts';

type AlternativesCheck = (value: unknown, path: ValuePath, violations: Violations) => number;

interface Attempt {
  readonly matches: number;
  readonly violations: Violations;
}

/**
 * anyOf, oneOf, allOf and not. Of alternatives that all fail, the one with the most checks made is told, as kube-openapi does
 * (pkg/validation/validate/schema_props.go). Absent when the schema has none.
 */
export function compileAlternatives(
  schema: StructuralSchema | ValueSchema,
  compileValueCheck: (schema: ValueSchema) => ValueCheck,
): AlternativesCheck | undefined {
  const anyOf = (schema.anyOf ?? []).map((each) => compileValueCheck(each));
  const oneOf = (schema.oneOf ?? []).map((each) => compileValueCheck(each));
  const allOf = (schema.allOf ?? []).map((each) => compileValueCheck(each));
  const not = schema.not === undefined ? undefined : compileValueCheck(schema.not);
  if (anyOf.length + oneOf.length + allOf.length === 0 && not === undefined) return undefined;
  return (value, path, violations) => {
    let matches = 1;
    if (anyOf.length > 0) matches += checkAnyOf(anyOf, value, path, violations);
    if (oneOf.length > 0) matches += checkOneOf(oneOf, value, path, violations);
    if (allOf.length > 0) matches += checkAllOf(allOf, value, path, violations);
    if (not !== undefined && attempt(not, value, path, violations).violations.count === 0) {
      violations.unplaced(`${JSON.stringify(valuePathText(path))} must not validate the schema (not)`);
    }
    return matches;
  };
}

function checkAnyOf(checks: readonly ValueCheck[], value: unknown, path: ValuePath, violations: Violations): number {
  const failures: Attempt[] = [];
  for (const check of checks) {
    const tried = attempt(check, value, path, violations);
    if (tried.violations.count === 0) return tried.matches;
    failures.push(tried);
  }
  violations.unplaced(`${JSON.stringify(valuePathText(path))} must validate at least one schema (anyOf)`);
  return tellBest(failures, violations);
}

function checkOneOf(checks: readonly ValueCheck[], value: unknown, path: ValuePath, violations: Violations): number {
  const attempts = checks.map((check) => attempt(check, value, path, violations));
  const successes = attempts.filter((tried) => tried.violations.count === 0);
  if (successes.length === 1) return successes[0]?.matches ?? 0;
  const found = successes.length === 0 ? 'Found none valid' : `Found ${successes.length} valid alternatives`;
  violations.unplaced(`${JSON.stringify(valuePathText(path))} must validate one and only one schema (oneOf). ${found}`);
  return successes.length === 0 ? tellBest(attempts, violations) : 0;
}

function checkAllOf(checks: readonly ValueCheck[], value: unknown, path: ValuePath, violations: Violations): number {
  const attempts = checks.map((check) => attempt(check, value, path, violations));
  for (const tried of attempts) violations.merge(tried.violations);
  const failed = attempts.filter((tried) => tried.violations.count > 0).length;
  if (failed > 0) {
    const none = failed === attempts.length ? '. None validated' : '';
    violations.unplaced(`${JSON.stringify(valuePathText(path))} must validate all the schemas (allOf)${none}`);
  }
  return attempts.reduce((sum, tried) => sum + tried.matches, 0);
}

function attempt(check: ValueCheck, value: unknown, path: ValuePath, violations: Violations): Attempt {
  const own = violations.fresh();
  return { matches: check(value, path, NO_OLD_VALUE, own), violations: own };
}

function tellBest(failures: readonly Attempt[], violations: Violations): number {
  const best = failures.reduce<Attempt | undefined>((known, tried) => (known === undefined || tried.matches > known.matches ? tried : known), undefined);
  if (best !== undefined) violations.merge(best.violations);
  return best?.matches ?? 0;
}
