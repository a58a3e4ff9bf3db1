import { ApiError, badRequest } from '../../machinery/api-error.ts';
import type { JsonRecord } from '../../machinery/json.ts';
import { equalJson, fieldOf, isRecord } from '../../machinery/json.ts';
import { strategicProblem } from './strategic-problems.ts';
import type { ObjectAddress, Registry, WriteAnswer, WriteOptions } from '../../registry/contract.ts';

/** How often a patch is computed anew because the object changed meanwhile (kube-apiserver's `maxRetryWhenPatchConflicts`). */
const ATTEMPTS = 5;

/**
 * A strategic merge patch of a built-in kind, turned into a merge patch against what is stored. The kinds that we serve have two
 * lists that merge: `metadata.finalizers` (a set) and `metadata.ownerReferences` (by uid); all other lists are replaced.
 */
export async function strategicMerge(registry: Registry, at: ObjectAddress, patch: unknown, options: WriteOptions): Promise<WriteAnswer> {
  if (!isRecord(patch)) throw badRequest('json: cannot unmarshal array into Go value of type map[string]interface {}');
  const problem = strategicProblem(at.type.kind, patch);
  if (problem !== undefined) throw problem;
  for (let attempt = 1; ; attempt += 1) {
    const { object } = registry.get(at);
    const merge = mergePatchFor(object, patch);
    const pinned = pinTo(merge, object.metadata.resourceVersion, namesRevision(patch));
    try {
      return await registry.patch(at, { type: 'merge', body: pinned }, options);
    } catch (error) {
      const isStale = error instanceof ApiError && error.reason === 'Conflict';
      if (!isStale || namesRevision(patch) || attempt === ATTEMPTS) throw error;
    }
  }
}

function namesRevision(patch: JsonRecord): boolean {
  return fieldOf(patch.metadata, 'resourceVersion') !== undefined;
}

/** Lists were merged with what is stored now, so the write must find the same. */
function pinTo(merge: JsonRecord, resourceVersion: string, isPinned: boolean): JsonRecord {
  if (isPinned) return merge;
  const metadata = isRecord(merge.metadata) ? merge.metadata : {};
  return { ...merge, metadata: { ...metadata, resourceVersion } };
}

/** The merge patch (RFC 7396) that makes of `stored` what the strategic one would. */
export function mergePatchFor(stored: unknown, patch: JsonRecord): JsonRecord {
  const directive = patch.$patch;
  if (directive === 'delete') return nulls(stored);
  const result: JsonRecord = directive === 'replace' ? nulls(stored) : {};
  for (const [name, value] of Object.entries(patch)) {
    if (!name.startsWith('$')) result[name] = memberPatch(name, fieldOf(stored, name), value);
    else if (name.startsWith(DELETE_LIST)) deleteItems(result, stored, name.slice(DELETE_LIST.length), value);
    else if (name === '$retainKeys') dropOthers(result, stored, value);
  }
  return result;
}

const DELETE_LIST = '$deleteFromPrimitiveList/';

function memberPatch(name: string, stored: unknown, value: unknown): unknown {
  if (isRecord(value)) return mergePatchFor(stored, value);
  if (!isList(value)) return value;
  const before = isList(stored) ? stored : [];
  if (name === 'finalizers') return [...new Set([...before, ...value])];
  return name === 'ownerReferences' ? mergeByUid(before, value) : value;
}

function mergeByUid(before: readonly unknown[], items: readonly unknown[]): unknown[] {
  const replaces = items.some((item) => equalJson(item, { $patch: 'replace' }));
  const result = replaces ? [] : [...before];
  for (const item of items) {
    if (!isRecord(item) || item.uid === undefined) continue;
    const index = result.findIndex((known) => fieldOf(known, 'uid') === item.uid);
    if (item.$patch === 'delete') result.splice(index, index < 0 ? 0 : 1);
    else if (index < 0) result.push(item);
    else result[index] = { ...(isRecord(result[index]) ? result[index] : {}), ...item };
  }
  return result;
}

/** The items go after any that the same patch adds. */
function deleteItems(result: JsonRecord, stored: unknown, name: string, unwanted: unknown): void {
  const before = result[name] ?? fieldOf(stored, name);
  if (!Array.isArray(before) || !Array.isArray(unwanted)) return;
  result[name] = before.filter((item) => !unwanted.some((other) => equalJson(item, other)));
}

function dropOthers(result: JsonRecord, stored: unknown, kept: unknown): void {
  if (!isRecord(stored) || !Array.isArray(kept)) return;
  for (const name of Object.keys(stored)) if (!kept.includes(name)) result[name] = null;
}

function nulls(stored: unknown): JsonRecord {
  return isRecord(stored) ? Object.fromEntries(Object.keys(stored).map((name) => [name, null])) : {};
}

function isList(value: unknown): value is readonly unknown[] {
  return Array.isArray(value);
}
