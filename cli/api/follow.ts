import type { Clock } from '../clock.ts';
import { ConnectionError } from '../connection/connection-error.ts';
import type { ApiClient, Selection } from './api-client.ts';
import { objectsAt, textAt, type JsonObject } from './json.ts';
import type { ResourceType } from './resource-type.ts';
import { StatusError } from './status-error.ts';
import type { WatchEvent } from './watch-events.ts';

/** `listed`: the whole state, first and again whenever the thread of events was lost. */
export type Followed = { readonly type: 'LISTED'; readonly list: JsonObject } | WatchEvent;

export interface FollowOptions {
  readonly api: ApiClient;
  readonly type: ResourceType;
  readonly selection: Selection;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  random(): number;
  /** Told once when the server is lost. */
  lost(reason: Error): void;
}

const FIRST_DELAY_MS = 200;
const SHORTEST_WATCH_MS = 1_000;
const LONGEST_DELAY_MS = 5_000;

/**
 * Lists, then watches, for as long as the caller takes: a watch that ends is opened again where it stopped, a revision that is
 * gone (410) makes it list again, a server that is away is tried again with back-off. Only what fails before the first list, and
 * what no waiting mends (401, 403, 404), is thrown.
 */
export async function* follow(options: FollowOptions): AsyncGenerator<Followed> {
  const { api, type, selection, clock, signal } = options;
  let revision: string | undefined;
  let hasListed = false;
  let failures = 0;
  while (!signal.aborted) {
    try {
      if (revision === undefined) {
        const list = await api.list(type, selection, signal);
        revision = textAt(list, 'metadata', 'resourceVersion') ?? '0';
        hasListed = true;
        failures = 0;
        yield { type: 'LISTED', list };
      }
      const openedAt = clock.now();
      for await (const event of api.watch(type, selection, revision, signal)) {
        failures = 0;
        revision = revisionOf(event.object) ?? revision;
        if (event.type !== 'BOOKMARK') yield event;
      }
      // A server that ends each watch at once must not be asked without a pause.
      if (clock.now() - openedAt < SHORTEST_WATCH_MS) failures += 1;
    } catch (error) {
      if (signal.aborted) return;
      const next = hasListed ? afterFailure(error) : 'throw';
      if (next === 'throw') throw error;
      if (next === 'list') revision = undefined;
      if (failures === 1 && error instanceof Error) options.lost(error);
      failures += 1;
    }
    if (failures > 0) await pause(clock, failures, options.random(), signal);
  }
}

function afterFailure(error: unknown): 'throw' | 'list' | 'watch' {
  if (error instanceof ConnectionError) return 'watch';
  if (!(error instanceof StatusError)) return 'throw';
  if (error.code === 401 || error.code === 403 || error.code === 404) return 'throw';
  return error.code === 429 || error.code === 503 ? 'watch' : 'list';
}

/** Of an object, or of a Table: there the row's object has it where the Table itself has not. */
function revisionOf(object: JsonObject): string | undefined {
  const own = textAt(object, 'metadata', 'resourceVersion');
  if (own) return own;
  return textAt(objectsAt(object, 'rows')[0], 'object', 'metadata', 'resourceVersion');
}

async function pause(clock: Clock, failures: number, jitter: number, signal: AbortSignal): Promise<void> {
  const delayMs = Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** (failures - 1)) * (0.75 + jitter / 2);
  try {
    await clock.sleep(delayMs, signal);
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}
