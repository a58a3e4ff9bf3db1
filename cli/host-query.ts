import { gunzipSync, gzipSync } from 'node:zlib';
import { isObject, numberAt, objectsAt, parseJson, textAt, valueAt, type JsonObject } from './api/json.ts';
import type { ResourceType } from './api/resource-type.ts';
import type { OptionTable } from './arguments/options.ts';
import { CommandError } from './errors.ts';
import { conditionsOf } from './output/object-text.ts';
import { withProgress } from './progress.ts';
import type { Session } from './session.ts';

export const QUERY_OPTIONS: OptionTable = {
  host: { type: 'text', value: 'NAME', help: 'the Host to ask, where a server has several; its own by default' },
  timeout: { type: 'text', value: 'TIME', otherwise: '60s', help: 'how long the host may take to answer' },
};

const TIMEOUT_MS = 60_000;
/** Long enough to be read when bridgectl dies in between; it deletes the query itself as soon as it has the answer. */
const TTL_SECONDS = 120;
/** Above this many characters manifests are packed, as the answer is. */
const MAX_PLAIN_LENGTH = 262_144;
const MAX_PLAIN_ITEMS = 1_000;

export interface HostAnswer {
  readonly hostName: string;
  /** The status of the HostQuery, with its lists unpacked. */
  readonly status: JsonObject;
  /** Why it is not whole, where part of the host could not be read. */
  readonly incomplete: string | undefined;
}

/** Asks the host a question, waits for the answer, and takes the question away again. Throws CommandError where nobody answers. */
export async function askHost(session: Session, question: JsonObject, doing: string, patienceMs = TIMEOUT_MS): Promise<HostAnswer> {
  const host = session.flags.text('host');
  const [type] = await (await session.kinds()).named('hostqueries.bridgekeeper.dev');
  if (type === undefined) throw new CommandError('the server has no kind HostQuery: it is older than this bridgectl.');
  const api = await session.api();
  const created = await api.create(
    type,
    undefined,
    {
      apiVersion: 'bridgekeeper.dev/v1alpha1',
      kind: 'HostQuery',
      metadata: { generateName: `bridgectl-${(textAt(question, 'type') ?? 'query').toLowerCase()}-` },
      spec: { ...question, ...(host !== undefined && { hostName: host }), ttlSecondsAfterFinished: TTL_SECONDS },
    },
    { fieldManager: 'bridgectl' },
  );
  const name = textAt(created, 'metadata', 'name') ?? '';
  try {
    return answerIn(await withProgress(session, doing, answered(session, type, name, session.flags.durationMs('timeout') ?? patienceMs)));
  } finally {
    await api.delete(type, undefined, name, { dryRun: false });
  }
}

/** Manifests as a field of the question: as they are, or packed where they are many. */
export function objectsField(objects: readonly JsonObject[]): JsonObject {
  if (objects.length === 0) return {};
  const text = JSON.stringify(objects);
  if (objects.length <= MAX_PLAIN_ITEMS && text.length <= MAX_PLAIN_LENGTH) return { objects: [...objects] };
  return { packedObjects: gzipSync(text).toString('base64') };
}

async function answered(session: Session, type: ResourceType, name: string, timeoutMs: number): Promise<JsonObject> {
  const late = new AbortController();
  const { clock, signal } = session.surroundings;
  const timer = clock.sleep(timeoutMs, late.signal).then(() => late.abort(), () => undefined);
  try {
    for await (const followed of session.follow(type, { fieldSelector: `metadata.name=${name}` }, AbortSignal.any([signal, late.signal]))) {
      const object = followed.type === 'LISTED' ? objectsAt(followed.list, 'items')[0] : followed.object;
      if (object !== undefined && isAnswered(object)) return object;
      if (followed.type === 'DELETED') throw new CommandError('the question was deleted before it was answered.');
    }
  } finally {
    late.abort();
    await timer;
  }
  throw new CommandError(`no host answered within ${Math.round(timeoutMs / 1000)}s. Does bridgekeeper run there, without --api-only? systemctl status bridgekeeper`);
}

function isAnswered(object: JsonObject): boolean {
  return textAt(object, 'status', 'completedAt') !== undefined && numberAt(object, 'status', 'observedGeneration') === numberAt(object, 'metadata', 'generation');
}

function answerIn(object: JsonObject): HostAnswer {
  const status = valueAt(object, 'status');
  const ready = conditionsOf(object).find((condition) => condition.type === 'Ready');
  if (!isObject(status) || (ready?.status !== 'True' && status['summary'] === undefined)) throw new CommandError(`the host can't answer: ${ready?.message ?? 'it says nothing'}`);
  const packed = textAt(status, 'packed');
  const lists = packed === undefined ? {} : parseJson(gunzipSync(Buffer.from(packed, 'base64')).toString('utf8'));
  return {
    hostName: textAt(status, 'hostName') ?? '',
    status: isObject(lists) ? { ...status, ...lists } : status,
    incomplete: ready?.status === 'True' ? undefined : ready?.message,
  };
}
