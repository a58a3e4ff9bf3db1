import type { Clock } from './clock.ts';
import type { Condition } from './object.ts';

export type ConditionUpdate = Omit<Condition, 'lastTransitionTime'>;

/**
 * The list with `update` in it, in the place where its type already stood, else at the end. `lastTransitionTime` moves only
 * when `status` does. The given list is not changed; it is returned itself when nothing would change.
 */
export function setCondition(conditions: readonly Condition[], update: ConditionUpdate, clock: Clock): readonly Condition[] {
  const index = conditions.findIndex((condition) => condition.type === update.type);
  const found = conditions[index];
  if (found !== undefined && sameCondition(found, update)) return conditions;
  const lastTransitionTime = found?.status === update.status ? found.lastTransitionTime : timestamp(clock.now());
  const next: Condition = { ...update, lastTransitionTime };
  return found === undefined ? [...conditions, next] : conditions.with(index, next);
}

export function removeCondition(conditions: readonly Condition[], type: string): readonly Condition[] {
  return conditions.some((condition) => condition.type === type) ? conditions.filter((condition) => condition.type !== type) : conditions;
}

export function findCondition(conditions: readonly Condition[], type: string): Condition | undefined {
  return conditions.find((condition) => condition.type === type);
}

/** metav1.Time: RFC 3339 in whole seconds, UTC. */
export function timestamp(epochMs: number): string {
  const second = Math.floor(epochMs / 1000);
  if (second !== lastWritten.second) lastWritten = { second, text: `${new Date(epochMs).toISOString().slice(0, 19)}Z` };
  return lastWritten.text;
}

/** Most of what a busy server stamps, it stamps within the same second. */
let lastWritten = { second: Number.NaN, text: '' };

function sameCondition(found: Condition, update: ConditionUpdate): boolean {
  return (
    found.status === update.status &&
    found.reason === update.reason &&
    found.message === update.message &&
    found.observedGeneration === update.observedGeneration
  );
}
