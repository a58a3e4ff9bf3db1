import { isRecord, type JsonRecord } from '../machinery/json.ts';

/**
 * JSON Merge Patch (RFC 7396). The target is not changed; what the patch does not touch is shared with the result.
 * Written here since the library for it stops at a member named `constructor` and calls `hasOwnProperty` on what clients send.
 */
export function applyMergePatch(target: unknown, patch: unknown): unknown {
  if (!isRecord(patch)) return patch;
  const result: JsonRecord = isRecord(target) ? { ...target } : {};
  for (const [key, value] of Object.entries(patch)) {
    // Assigned, it would be the prototype and no member.
    if (key === '__proto__') continue;
    if (value === null) delete result[key];
    else result[key] = applyMergePatch(Object.hasOwn(result, key) ? result[key] : undefined, value);
  }
  return result;
}
