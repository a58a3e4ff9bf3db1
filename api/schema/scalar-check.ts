import { equalJson } from '../machinery/json.ts';
import { formatCheck, knownFormat } from './format.ts';
import { compileRegularExpression } from './regular-expression.ts';
import type { StructuralSchema, ValueSchema } from './structural.ts';
import { valuePathText, type ValuePath } from './value-path.ts';
import type { Violations } from './violation.ts';

export type ScalarCheck<Value> = (value: Value, path: ValuePath, violations: Violations) => void;

/** Length and pattern: the first that fails is told, as in kube-openapi's string validator. Absent when there is none. */
export function compileStringCheck(schema: ValueSchema | StructuralSchema): ScalarCheck<string> | undefined {
  const { maxLength, minLength, pattern } = schema;
  if (maxLength === undefined && minLength === undefined && pattern === undefined) return undefined;
  const expression = pattern === undefined ? undefined : compileRegularExpression(pattern);
  return (value, path, violations) => {
    if (maxLength !== undefined && isLonger(value, maxLength)) violations.tooLong(path, maxLength);
    else if (minLength !== undefined && !isLonger(value, minLength - 1)) {
      violations.invalid(path, value, `should be at least ${minLength} chars long`);
    } else if (expression !== undefined && !expression.test(value)) violations.invalid(path, value, `should match '${pattern}'`);
  };
}

export function compileFormatCheck(schema: ValueSchema | StructuralSchema): ScalarCheck<string> | undefined {
  const format = schema.format;
  const holds = formatCheck(format);
  if (format === undefined || holds === undefined) return undefined;
  return (value, path, violations) => {
    if (!holds(value)) violations.type(path, format, value);
  };
}

export function compileNumberCheck(schema: ValueSchema | StructuralSchema): ScalarCheck<number> | undefined {
  const { multipleOf, minimum, maximum, exclusiveMinimum = false, exclusiveMaximum = false } = schema;
  const inRange = rangeCheck(schema);
  if (inRange === undefined && multipleOf === undefined && minimum === undefined && maximum === undefined) return undefined;
  return (value, path, violations) => {
    inRange?.(value, path, violations);
    if (multipleOf !== undefined && !Number.isInteger(value / multipleOf)) {
      violations.invalid(path, value, `should be a multiple of ${multipleOf}`);
    }
    if (minimum !== undefined && (exclusiveMinimum ? value <= minimum : value < minimum)) {
      violations.invalid(path, value, `should be greater than ${exclusiveMinimum ? '' : 'or equal to '}${minimum}`);
    }
    if (maximum !== undefined && (exclusiveMaximum ? value >= maximum : value > maximum)) {
      violations.invalid(path, value, `should be less than ${exclusiveMaximum ? '' : 'or equal to '}${maximum}`);
    }
  };
}

export function compileEnumCheck(schema: ValueSchema | StructuralSchema): ScalarCheck<unknown> | undefined {
  const allowed = schema.enum;
  if (allowed === undefined || allowed.length === 0) return undefined;
  const scalars = new Set<unknown>(allowed);
  return (value, path, violations) => {
    if (scalars.has(value) || allowed.some((each) => equalJson(each, value))) return;
    violations.enum(path, value, allowed);
  };
}

const INT32 = { minimum: -(2 ** 31), maximum: 2 ** 31 - 1 };

/** What does not fit the number's own format; told without a field, as kube-apiserver does. */
function rangeCheck(schema: ValueSchema | StructuralSchema): ScalarCheck<number> | undefined {
  const format = knownFormat(schema.format, schema.type);
  if (schema.type === 'integer' && format === 'int32') {
    return (value, path, violations) => {
      if (value >= INT32.minimum && value <= INT32.maximum) return;
      violations.unplaced(`Checked value must be of type integer with format int32 in ${valuePathText(path)}`);
    };
  }
  return undefined;
}

/** Whether the text has more than `length` characters (code points). */
function isLonger(text: string, length: number): boolean {
  if (text.length <= length) return false;
  let count = 0;
  for (const _ of text) {
    if (++count > length) return true;
  }
  return false;
}
