import { fieldOf } from '../machinery/json.ts';

/** A text that is the same for two items of a map list exactly if their keys are; missing keys differ from every value. */
export function listItemKey(item: unknown, keys: readonly string[]): string {
  if (keys.length === 1) return JSON.stringify(fieldOf(item, keys[0] ?? '')) ?? '';
  return keys.map((key) => JSON.stringify(fieldOf(item, key)) ?? '').join('\u0000');
}
