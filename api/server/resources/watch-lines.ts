import { internalError, ApiError } from '../../machinery/api-error.ts';
import type { Clock } from '../../machinery/clock.ts';
import type { KubeObject } from '../../machinery/object.ts';
import type { ResourceType } from '../../registry/contract.ts';
import { partialMetadata } from '../answer/partial-metadata.ts';
import type { IncludeObject, Table } from '../answer/table/table.ts';
import { objectTable } from '../answer/table/table.ts';
import type { Representation } from '../request/accept.ts';

/** Writes the lines of one watch (metav1.WatchEvent). */
export interface WatchLines {
  event(type: EventType, object: KubeObject, bytes: Buffer): Buffer;
  bookmark(revision: number, initial: boolean): Buffer;
  error(error: unknown): Buffer;
}

type EventType = 'ADDED' | 'MODIFIED' | 'DELETED';

export interface WatchLinesOptions {
  readonly type: ResourceType;
  readonly as: Representation['as'];
  readonly includeObject: IncludeObject;
  readonly clock: Clock;
}

export function watchLines(options: WatchLinesOptions): WatchLines {
  switch (options.as) {
    case 'Table':
      return tableLines(options);
    case 'PartialObjectMetadata':
      return { ...plainLines(options.type), event: (type, object) => line(type, partialMetadata(object)) };
    case 'PartialObjectMetadataList':
    case 'itself':
      return plainLines(options.type);
  }
}

/** The same stored bytes go to every watcher of a kind, so each line is put together once. */
const sharedLines = new WeakMap<Buffer, { readonly type: EventType; readonly line: Buffer }>();

function plainLines(type: ResourceType): WatchLines {
  return {
    event(eventType, _object, bytes) {
      const shared = sharedLines.get(bytes);
      if (shared?.type === eventType) return shared.line;
      const made = Buffer.concat([Buffer.from(`{"type":"${eventType}","object":`), withoutNewline(bytes), Buffer.from('}\n')]);
      sharedLines.set(bytes, { type: eventType, line: made });
      return made;
    },
    bookmark: (revision, initial) => line('BOOKMARK', bookmarkObject(type, revision, initial)),
    error: (error) => line('ERROR', statusOf(error)),
  };
}

/** Only the first event carries the column definitions. */
function tableLines({ type, includeObject, clock }: WatchLinesOptions): WatchLines {
  let isFirst = true;
  const table = (object: KubeObject): Table => {
    const made = objectTable(type, object, { includeObject, nowMs: clock.now() });
    const shown = isFirst ? made : { ...made, columnDefinitions: null };
    isFirst = false;
    return shown;
  };
  return {
    event: (eventType, object) => line(eventType, table(object)),
    bookmark(revision, initial) {
      const object = { ...bookmarkObject(type, revision, initial) };
      const row = { cells: [], object: { kind: 'PartialObjectMetadata', apiVersion: 'meta.k8s.io/v1', metadata: object.metadata } };
      return line('BOOKMARK', {
        kind: 'Table',
        apiVersion: 'meta.k8s.io/v1',
        metadata: { resourceVersion: String(revision) },
        columnDefinitions: null,
        rows: [row],
      });
    },
    error: (error) => line('ERROR', statusOf(error)),
  };
}

interface BookmarkObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly annotations?: Readonly<Record<string, string>>; readonly resourceVersion: string };
}

function bookmarkObject({ group, version, kind }: ResourceType, revision: number, initial: boolean): BookmarkObject {
  return {
    apiVersion: group === '' ? version : `${group}/${version}`,
    kind,
    metadata: {
      ...(initial ? { annotations: { 'k8s.io/initial-events-end': 'true' } } : {}),
      resourceVersion: String(revision),
    },
  };
}

function statusOf(error: unknown): unknown {
  return (error instanceof ApiError ? error : internalError('the watch failed', error)).status;
}

function line(type: EventType | 'BOOKMARK' | 'ERROR', object: unknown): Buffer {
  return Buffer.from(`{"type":"${type}","object":${JSON.stringify(object)}}\n`);
}

function withoutNewline(bytes: Buffer): Buffer {
  return bytes.at(-1) === 0x0a ? bytes.subarray(0, -1) : bytes;
}
