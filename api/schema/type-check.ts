import { knownFormat } from './format.ts';
import type { StructuralSchema, ValueSchema } from './structural.ts';
import type { ValuePath } from './value-path.ts';
import type { Violations } from './violation.ts';

export type ValueKind = 'null' | 'string' | 'integer' | 'number' | 'boolean' | 'array' | 'object';

/** The largest integer that Go reads as int64 from JSON; beyond it a number is a float. */
const INT64_LIMIT = 2 ** 63;

/** The JSON type of a value, with whole numbers told apart as Go does when it reads JSON. */
export function kindOf(value: unknown): ValueKind {
  switch (typeof value) {
    case 'string':
      return 'string';
    case 'boolean':
      return 'boolean';
    case 'number':
      return Number.isInteger(value) && Math.abs(value) < INT64_LIMIT ? 'integer' : 'number';
    default:
      if (value === null || value === undefined) return 'null';
      return Array.isArray(value) ? 'array' : 'object';
  }
}

export interface TypeCheck {
  /** Whether there is anything to check. */
  readonly applies: boolean;
  /** True when the kind fits; else it is told. */
  check(kind: ValueKind, path: ValuePath, violations: Violations): boolean;
}

/**
 * kube-openapi's type validator. Its wording depends on the format: a boolean for an int32 "must be of type int32", a string "must
 * be of type integer".
 *
 * One thing differs on purpose: there a list passes for a string that has a format; here it does not.
 */
export function compileTypeCheck(schema: StructuralSchema | ValueSchema): TypeCheck {
  const intOrString = 'intOrString' in schema && schema.intOrString;
  const nullable = 'nullable' in schema && schema.nullable;
  const types: readonly string[] = intOrString ? ['integer', 'string'] : schema.type === undefined ? [] : [schema.type];
  const format = knownFormat(schema.format, intOrString ? undefined : schema.type);
  const numeric = types.includes('integer') || types.includes('number');

  function check(kind: ValueKind, path: ValuePath, violations: Violations): boolean {
    if (kind === 'null') {
      if (types.length === 0 || nullable) return true;
      violations.type(path, types.join(','), 'null');
      return false;
    }
    const fits = types.includes(kind) || (kind === 'integer' && types.includes('number'));
    if (fits) return true;
    if (format !== '' && kind !== 'string' && kind !== 'array') {
      violations.type(path, format, goFormat(kind));
      return false;
    }
    if (format !== '' && !numeric && (types.length === 0 || kind === 'string')) return true;
    violations.type(path, types.join(','), kind);
    return false;
  }
  return { applies: types.length > 0 || format !== '', check };
}

/** The format that Go's own type of a number has. */
function goFormat(kind: ValueKind): string {
  if (kind === 'integer') return 'int64';
  return kind === 'number' ? 'float64' : '';
}
