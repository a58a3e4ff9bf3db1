import { isObject, shown, type Json } from '../api/json.ts';
import { parsePath, parseTemplate, type Operator, type Piece, type Step } from './parse.ts';

/** Compiles a template; what comes back fills it in for a value. A field that is not there gives nothing. Throws UsageError. */
export function compileTemplate(template: string): (value: Json) => string {
  const pieces = parseTemplate(template);
  return (value) => fill(pieces, value);
}

/** Compiles a path, with or without braces around it; what comes back answers the values there. Throws UsageError. */
export function compilePath(text: string): (value: Json) => Json[] {
  const path = parsePath(text.trim().replace(/^\{(.*)\}$/s, '$1'));
  return (value) => valuesAt(path, [value]);
}

function fill(pieces: readonly Piece[], value: Json): string {
  return pieces
    .map((piece) => {
      if (piece.piece === 'text') return piece.text;
      const values = valuesAt(piece.path, [value]);
      if (piece.piece === 'range') return values.map((entry) => fill(piece.body, entry)).join('');
      return values.map(shown).join(' ');
    })
    .join('');
}

function valuesAt(path: readonly Step[], from: readonly Json[]): Json[] {
  let here: Json[] = [...from];
  for (const step of path) here = here.flatMap((value) => take(step, value));
  return here;
}

function take(step: Step, value: Json): Json[] {
  switch (step.step) {
    case 'field':
      return field(value, step.name);
    case 'index':
      return Array.isArray(value) ? present(value.at(step.index)) : [];
    case 'slice':
      return Array.isArray(value) ? value.slice(step.from, step.to) : [];
    case 'every':
      return children(value);
    case 'anywhere':
      return [...field(value, step.name), ...children(value).flatMap((child) => take(step, child))];
    case 'filter':
      return children(value).filter((entry) => matches(entry, step));
  }
}

function matches(entry: Json, filter: Extract<Step, { step: 'filter' }>): boolean {
  const found = valuesAt(filter.path, [entry]);
  const { operator } = filter;
  if (operator === undefined) return found.length > 0;
  return found.some((value) => compares(value, operator, filter.value));
}

function compares(left: Json, operator: Operator, right: Json): boolean {
  if (operator === '==') return left === right;
  if (operator === '!=') return left !== right;
  const isComparable = (typeof left === 'number' && typeof right === 'number') || (typeof left === 'string' && typeof right === 'string');
  if (!isComparable) return false;
  if (operator === '<') return left < right;
  if (operator === '<=') return left <= right;
  return operator === '>' ? left > right : left >= right;
}

function field(value: Json, name: string): Json[] {
  return isObject(value) && Object.hasOwn(value, name) ? present(value[name]) : [];
}

function children(value: Json): Json[] {
  if (Array.isArray(value)) return value;
  return isObject(value) ? Object.values(value).filter((child) => child !== undefined) : [];
}

function present(value: Json | undefined): Json[] {
  return value === undefined ? [] : [value];
}
