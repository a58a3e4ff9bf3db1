import { isObject, parseJson, textAt, type JsonObject } from './json.ts';
import { statusErrorFrom } from './status-error.ts';

export interface WatchEvent {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK';
  readonly object: JsonObject;
}

/** Splits a watch's text into its events: a JSON object a line. An ERROR event is thrown as StatusError. */
export async function* watchEvents(pieces: AsyncIterable<string>): AsyncGenerator<WatchEvent> {
  for await (const line of linesOf(pieces)) {
    const event = parseJson(line);
    const object = isObject(event) ? event['object'] : undefined;
    if (!isObject(object)) continue;
    const type = textAt(event, 'type');
    if (type === 'ERROR') throw statusErrorFrom(object, 500);
    if (type === 'ADDED' || type === 'MODIFIED' || type === 'DELETED' || type === 'BOOKMARK') yield { type, object };
  }
}

/** Whole lines only: what stands after the last line break when the stream ends was cut off, and is dropped. */
async function* linesOf(pieces: AsyncIterable<string>): AsyncGenerator<string> {
  let parts: string[] = [];
  for await (const piece of pieces) {
    const lines = piece.split('\n');
    const last = lines.pop() ?? '';
    for (const line of lines) {
      const whole = parts.length === 0 ? line : parts.join('') + line;
      parts = [];
      if (whole.trim() !== '') yield whole;
    }
    if (last !== '') parts.push(last);
  }
}
