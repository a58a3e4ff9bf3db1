import { goQuoted } from './go-quoted.ts';
import type { StatusCause } from './status.ts';

/**
 * Causes as k8s.io/apimachinery `pkg/util/validation/field` words them. `field` is the path as clients write it:
 * `spec.vlan.tag`, `metadata.finalizers[0]`.
 */
export function invalidValue(field: string, value: unknown, detail: string): StatusCause {
  return { reason: 'FieldValueInvalid', message: withDetail(`Invalid value: ${shown(value)}`, detail), field };
}

export function wrongType(field: string, value: unknown, detail: string): StatusCause {
  return { reason: 'FieldValueTypeInvalid', message: withDetail(`Invalid value: ${shown(value)}`, detail), field };
}

export function required(field: string, detail = ''): StatusCause {
  return { reason: 'FieldValueRequired', message: withDetail('Required value', detail), field };
}

export function duplicate(field: string, value: unknown): StatusCause {
  return { reason: 'FieldValueDuplicate', message: `Duplicate value: ${shown(value)}`, field };
}

export function notSupported(field: string, value: unknown, supported: readonly string[]): StatusCause {
  const values = supported.map(goQuoted).join(', ');
  return { reason: 'FieldValueNotSupported', message: `Unsupported value: ${shown(value)}: supported values: ${values}`, field };
}

export function forbiddenField(field: string, detail: string): StatusCause {
  return { reason: 'FieldValueForbidden', message: withDetail('Forbidden', detail), field };
}

export function tooLong(field: string, maximumBytes: number): StatusCause {
  return { reason: 'FieldValueTooLong', message: `Too long: may not be more than ${maximumBytes} bytes`, field };
}

export function tooMany(field: string, found: number, maximum: number): StatusCause {
  return { reason: 'FieldValueTooMany', message: `Too many: ${found}: must have at most ${maximum} items`, field };
}

function withDetail(text: string, detail: string): string {
  return detail === '' ? text : `${text}: ${detail}`;
}

function shown(value: unknown): string {
  if (typeof value === 'string') return goQuoted(value);
  return value === undefined ? 'null' : JSON.stringify(value);
}
