import { EvaluationError } from '@marcbachmann/cel-js';

const CLAUSE = /%(?:%|(?:\.([0-9]+))?([sdfebxXo]))/g;

/** `'%s has %d'.format([…])` of cel-go's string extensions. */
export function formatText(text: string, values: readonly unknown[]): string {
  let next = 0;
  return text.replace(CLAUSE, (clause, precision: string | undefined, verb: string | undefined) => {
    if (clause === '%%') return '%';
    if (next >= values.length) throw new EvaluationError(`index ${next} out of range`);
    return formatValue(values[next++], verb ?? 's', precision === undefined ? 6 : Number(precision));
  });
}

function formatValue(value: unknown, verb: string, precision: number): string {
  switch (verb) {
    case 'd':
      return String(value);
    case 'f':
      return Number(value).toFixed(precision);
    case 'e':
      return Number(value).toExponential(precision);
    case 'b':
      return value === true ? '1' : value === false ? '0' : toBase(value, 2);
    case 'o':
      return toBase(value, 8);
    case 'x':
      return typeof value === 'string' ? Buffer.from(value).toString('hex') : toBase(value, 16);
    case 'X':
      return formatValue(value, 'x', precision).toUpperCase();
    default:
      return asText(value);
  }
}

function toBase(value: unknown, base: number): string {
  if (typeof value === 'bigint' || typeof value === 'number') return value.toString(base);
  throw new EvaluationError(`only integers can be formatted in base ${base}`);
}

function asText(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(asText).join(', ')}]`;
  if (value instanceof Map) return `{${[...value].map(([key, member]) => `${asText(key)}: ${asText(member)}`).join(', ')}}`;
  return String(value);
}
