import { badRequest } from './api-error.ts';

export type JsonRecord = Record<string, unknown>;

/** Deeper than any schema here; deeper than this the recursive walks could exhaust the stack. */
const MAX_DEPTH = 256;

/** A JSON object: not null, not a list. */
export function isRecord(value: unknown): value is JsonRecord {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Own fields only: `toString` and the like are never found on a record that hasn't them. */
export function fieldOf(value: unknown, name: string): unknown {
  return isRecord(value) && Object.hasOwn(value, name) ? value[name] : undefined;
}

export function stringOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

/**
 * A deep copy of plain JSON. A member named `__proto__` is left out: assigned, it would change the prototype. Members that are
 * `undefined` are left out as JSON does. Half a surrogate pair becomes U+FFFD, as Go reads it: UTF-8 can't carry it. Throws a 400
 * `ApiError` when the value is nested too deep, or holds a number that no float64 is.
 */
export function copyJson<T>(value: T): T;
export function copyJson(value: unknown): unknown {
  return copyAt(value, 0);
}

function copyAt(value: unknown, depth: number): unknown {
  if (typeof value === 'string') return value.toWellFormed();
  if (typeof value === 'number' && !Number.isFinite(value)) throw badRequest('json: cannot unmarshal number into Go value of type float64');
  if (typeof value !== 'object' || value === null) return value;
  if (depth > MAX_DEPTH) throw badRequest('json: exceeded max depth');
  if (Array.isArray(value)) return value.map((item: unknown) => copyAt(item, depth + 1));
  const copy: JsonRecord = {};
  for (const key of Object.keys(value)) {
    const member: unknown = Reflect.get(value, key);
    if (member !== undefined && key !== '__proto__') copy[key.isWellFormed() ? key : key.toWellFormed()] = copyAt(member, depth + 1);
  }
  return copy;
}

/** Deep equality of plain JSON; the order of an object's members does not count. */
export function equalJson(left: unknown, right: unknown): boolean {
  if (left === right) return true;
  if (Array.isArray(left)) {
    return Array.isArray(right) && left.length === right.length && left.every((item, index) => equalJson(item, right[index]));
  }
  if (!isRecord(left) || !isRecord(right)) return false;
  const keys = Object.keys(left);
  return keys.length === Object.keys(right).length && keys.every((key) => Object.hasOwn(right, key) && equalJson(left[key], right[key]));
}

/** JSON with the members of every object in order of their names, as kube-apiserver writes custom resources. */
export function canonicalJson(value: unknown): string {
  if (typeof value === 'string') return quoted(value);
  if (Array.isArray(value)) return canonicalArray(value);
  return isRecord(value) ? canonicalObject(value) : JSON.stringify(value ?? null);
}

function canonicalArray(list: readonly unknown[]): string {
  let text = '[';
  for (let index = 0; index < list.length; index += 1) text += (index === 0 ? '' : ',') + canonicalJson(list[index]);
  return `${text}]`;
}

function canonicalObject(object: JsonRecord): string {
  let text = '{';
  for (const key of inOrder(Object.keys(object))) {
    const member = object[key];
    if (member !== undefined) text += (text.length === 1 ? '' : ',') + quoted(key) + ':' + canonicalJson(member);
  }
  return `${text}}`;
}

/** Sorts in place, and only where it must: what came out of the store is in order. */
function inOrder(keys: string[]): string[] {
  let before = '';
  for (const key of keys) {
    if (key < before) return keys.sort();
    before = key;
  }
  return keys;
}

const NEEDS_ESCAPE = /[^\x20\x21\x23-\x5b\x5d-\x7e]/;

/** Most strings here are plain ASCII: quoting those by hand halves the time of a write's encoding. */
function quoted(text: string): string {
  return NEEDS_ESCAPE.test(text) ? JSON.stringify(text) : `"${text}"`;
}
