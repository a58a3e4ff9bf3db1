import { fieldOf, isRecord, type JsonRecord } from '../machinery/json.ts';
import type { PathElement } from './path-element.ts';
import { grainOf, isEmptyContainer, itemsOf, memberShape, members, type Item, type Shape } from './typed-shape.ts';

/**
 * Puts an applied configuration over the live object: members merge, items of maps and sets merge by what tells them apart, all
 * else is replaced. Nothing is removed here. Neither argument is changed; the result may share with both.
 */
export function mergeTyped(live: unknown, applied: unknown, shape: Shape): unknown {
  if (applied === undefined) return live;
  if (live === undefined || (isEmptyContainer(live) && isEmptyContainer(applied))) return applied;
  const grain = applied === null ? grainOf(live, shape) : grainOf(applied, shape);
  if (grain === 'map' && (isRecord(live) || live === null)) return mergeMembers(live, applied, shape);
  if (grain === 'list' && (Array.isArray(live) || live === null)) return mergeItems(live ?? [], applied, shape);
  return applied;
}

function mergeMembers(live: unknown, applied: unknown, shape: Shape): JsonRecord {
  const merged: JsonRecord = {};
  for (const name of new Set([...members(live), ...members(applied)])) {
    merged[name] = mergeTyped(fieldOf(live, name), fieldOf(applied, name), memberShape(shape, name));
  }
  return merged;
}

function mergeItems(live: readonly unknown[], applied: unknown, shape: Shape): unknown[] {
  const left = itemsOf(live, shape);
  const right = Array.isArray(applied) ? itemsOf(applied, shape) : [];
  const liveItem = new Map(left.map(({ element, value }) => [element, value]));
  const isApplied = new Set(right);
  return interleaved(left, right).map((item) =>
    isApplied.has(item) ? mergeTyped(liveItem.get(item.element), item.value, shape?.items) : item.value,
  );
}

/**
 * The order of a merged list: that of the applied one, and what only the live one has stays before the next item that both have
 * (structured-merge-diff `visitListItems`).
 */
function interleaved(live: readonly Item[], applied: readonly Item[]): Item[] {
  const inApplied = new Set(applied.map(({ element }) => element));
  const inLive = new Set(live.map(({ element }) => element));
  const shared = applied.filter(({ element }) => inLive.has(element)).map(({ element }) => element);
  const taken = new Set<PathElement>();
  const order: Item[] = [];
  let nextShared = shared.shift();
  let left = 0;
  let right = 0;
  while (left < live.length || right < applied.length) {
    const liveNow = live[left];
    const appliedNow = applied[right];
    if (liveNow !== undefined && appliedNow !== undefined) {
      if (liveNow.element === appliedNow.element) {
        order.push(appliedNow);
        taken.add(appliedNow.element);
        left += 1;
        right += 1;
        nextShared = shared.shift();
        continue;
      }
      if (inApplied.has(liveNow.element) && nextShared !== undefined && nextShared !== liveNow.element) {
        left += 1;
        continue;
      }
    }
    if (liveNow !== undefined) {
      if (!inApplied.has(liveNow.element)) {
        order.push(liveNow);
        left += 1;
        continue;
      }
      if (taken.has(liveNow.element)) left += 1;
    }
    if (appliedNow !== undefined) {
      order.push(appliedNow);
      taken.add(appliedNow.element);
      right += 1;
      if (nextShared === appliedNow.element) nextShared = shared.shift();
    }
  }
  return order;
}
