import { numberAt, textAt, type JsonObject } from './api/json.ts';
import { humanDuration } from './arguments/duration.ts';

/** When an event was last seen, in milliseconds since the epoch; core/v1 and events.k8s.io/v1 keep it in different fields. */
export function lastSeenMs(event: JsonObject): number {
  const text =
    textAt(event, 'series', 'lastObservedTime') ??
    textAt(event, 'lastTimestamp') ??
    textAt(event, 'deprecatedLastTimestamp') ??
    textAt(event, 'eventTime') ??
    textAt(event, 'metadata', 'creationTimestamp');
  const at = text === undefined ? Number.NaN : Date.parse(text);
  return Number.isNaN(at) ? 0 : at;
}

export const EVENT_HEADS: readonly string[] = ['Last seen', 'Type', 'Reason', 'Object', 'Message'];

/** LAST SEEN, TYPE, REASON, OBJECT, MESSAGE. */
export function eventCells(event: JsonObject, nowMs: number): string[] {
  const kind = textAt(event, 'involvedObject', 'kind') ?? textAt(event, 'regarding', 'kind') ?? '';
  const name = textAt(event, 'involvedObject', 'name') ?? textAt(event, 'regarding', 'name') ?? '';
  return [
    seenText(event, nowMs),
    textAt(event, 'type') ?? '',
    textAt(event, 'reason') ?? '',
    `${kind.toLowerCase()}/${name}`,
    textAt(event, 'message') ?? textAt(event, 'note') ?? '',
  ];
}

/** `5m`, or `5m (x12)` for what was seen more than once. */
function seenText(event: JsonObject, nowMs: number): string {
  const at = lastSeenMs(event);
  const age = at === 0 ? '<unknown>' : humanDuration(nowMs - at);
  const count = numberAt(event, 'series', 'count') ?? numberAt(event, 'count') ?? 1;
  return count > 1 ? `${age} (x${count})` : age;
}
