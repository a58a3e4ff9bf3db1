import { isRecord } from '../../machinery/json.ts';
import { equalJson } from '../../machinery/json.ts';
import { CelRecord } from './record.ts';

/** Equality of CEL values of any type; numbers are compared across types. */
export function equalInCel(left: unknown, right: unknown): boolean {
  if (left === right) return true;
  if (typeof left === 'bigint' || typeof left === 'number') {
    return (typeof right === 'bigint' || typeof right === 'number') && left == right; // eslint-disable-line eqeqeq
  }
  if (Array.isArray(left)) {
    return Array.isArray(right) && left.length === right.length && left.every((item, index) => equalInCel(item, right[index]));
  }
  if (left instanceof CelRecord) return right instanceof CelRecord && equalJson(CelRecord.jsonOf(left), CelRecord.jsonOf(right));
  if (left instanceof Date) return right instanceof Date && left.getTime() === right.getTime();
  if (left instanceof Map) {
    return right instanceof Map && left.size === right.size && [...left].every(([key, value]) => right.has(key) && equalInCel(value, right.get(key)));
  }
  if (isRecord(left) && isRecord(right)) {
    const keys = Object.keys(left);
    return keys.length === Object.keys(right).length && keys.every((key) => Object.hasOwn(right, key) && equalInCel(left[key], right[key]));
  }
  return false;
}
