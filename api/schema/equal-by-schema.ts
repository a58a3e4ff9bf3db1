import { equalJson, isRecord } from '../machinery/json.ts';
import { listItemKey } from './list-item-key.ts';
import type { StructuralSchema } from './structural.ts';

/** Equality as CEL rules see it: the order of sets and of map lists does not count (Kubernetes, "CRD validation rules"). */
export function equalBySchema(left: unknown, right: unknown, schema: StructuralSchema | undefined): boolean {
  if (schema === undefined) return equalJson(left, right);
  if (Array.isArray(left)) return Array.isArray(right) && equalLists(left, right, schema);
  if (!isRecord(left) || !isRecord(right)) return equalJson(left, right);
  const names = Object.keys(left);
  if (names.length !== Object.keys(right).length) return false;
  return names.every((name) => {
    const member = schema.properties.get(name) ?? schema.additionalProperties;
    return Object.hasOwn(right, name) && equalBySchema(left[name], right[name], member === true ? undefined : member);
  });
}

function equalLists(left: readonly unknown[], right: readonly unknown[], schema: StructuralSchema): boolean {
  if (left.length !== right.length) return false;
  if (schema.listType === 'map') {
    const byKey = new Map(right.map((item) => [listItemKey(item, schema.listMapKeys), item]));
    return left.every((item) => equalBySchema(item, byKey.get(listItemKey(item, schema.listMapKeys)), schema.items));
  }
  if (schema.listType === 'set') return left.every((item) => right.some((other) => equalBySchema(item, other, schema.items)));
  return left.every((item, index) => equalBySchema(item, right[index], schema.items));
}
