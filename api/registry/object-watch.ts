import type { Clock } from '../machinery/clock.ts';
import { expired } from '../machinery/api-error.ts';
import { RevisionCompacted, type Store, type StoreChange } from '../store/store.ts';
import type { StoredEntry } from '../store/stored-entry.ts';
import type { StoredObject, WatchOptions, WatchSink } from './contract.ts';
import type { Kind } from './kind.ts';
import { parseResourceVersion } from './object-reader.ts';
import { selectionOf, type Selection } from './object-selection.ts';
import { unsaved, viewOf } from './stored-view.ts';

/** As often as kube-apiserver. */
const BOOKMARK_INTERVAL_MS = 60_000;

export interface WatchRequest {
  readonly store: Store;
  readonly clock: Clock;
  readonly kind: Kind;
  readonly options: WatchOptions;
  readonly sink: WatchSink;
}

/**
 * Without a resourceVersion (or 0), or with `sendInitialEvents`, what exists comes first as ADDED; then every change that the
 * selection sees. An object that enters the selection is ADDED, one that leaves it is DELETED.
 * Throws an `ApiError`: 400 for options that can't be read, 410 when the revision was compacted.
 */
export function watchObjects(request: WatchRequest): () => void {
  const { store, clock, kind, options, sink } = request;
  const selection = selectionOf(kind, options);
  const requested = parseResourceVersion(options.resourceVersion);
  const startsFromState = options.sendInitialEvents ?? (requested === undefined || requested === 0);
  const from = startsFromState || requested === undefined || requested === 0 ? store.revision : requested;
  if (from < store.compactedRevision) throw tooOld(new RevisionCompacted(from, store.compactedRevision));

  if (startsFromState) sendState(request, selection);
  if (options.sendInitialEvents === true && options.allowWatchBookmarks === true) sink.bookmark(from, true);

  let stopBookmarks = (): void => undefined;
  const stopFollowing = store.watch(kind.storedAs, from, {
    change(change) {
      const event = eventOf(kind, selection, change);
      if (event !== undefined) sink.event(event);
    },
    caughtUp() {
      if (options.allowWatchBookmarks === true) stopBookmarks = sendBookmarks(store, clock, sink);
    },
    failed(error) {
      stopBookmarks();
      sink.failed(error instanceof RevisionCompacted ? tooOld(error) : error);
    },
  });
  return () => {
    stopFollowing();
    stopBookmarks();
  };
}

function sendState({ store, kind, sink }: WatchRequest, selection: Selection): void {
  for (const entry of store.list(kind.storedAs, { prefix: selection.prefix }).entries) {
    const view = viewOf(kind, entry);
    if (selection.matches?.(view.object) ?? true) sink.event({ type: 'ADDED', ...eventBody(view) });
  }
}

function eventOf(kind: Kind, selection: Selection, change: StoreChange): Parameters<WatchSink['event']>[0] | undefined {
  if (!change.entry.name.startsWith(selection.prefix)) return undefined;
  const view = viewOf(kind, change.entry);
  const { matches } = selection;
  if (matches === undefined) return { type: EVENT_TYPES[change.type], ...eventBody(view) };
  const before = change.type === 'created' ? undefined : seen(kind, matches, change.previous());
  const isSeen = change.type !== 'deleted' && matches(view.object);
  if (isSeen) return { type: before === undefined ? 'ADDED' : 'MODIFIED', ...eventBody(view) };
  if (before === undefined) return undefined;
  return { type: 'DELETED', ...eventBody(change.type === 'deleted' ? view : leaving(before, change.revision)) };
}

const EVENT_TYPES = { created: 'ADDED', updated: 'MODIFIED', deleted: 'DELETED' } as const;

function seen(kind: Kind, matches: NonNullable<Selection['matches']>, entry: StoredEntry | undefined): StoredObject | undefined {
  const view = entry && viewOf(kind, entry);
  return view !== undefined && matches(view.object) ? view : undefined;
}

/** As Kubernetes tells it: the last state that the watch saw, with the revision of the change that took it out of sight. */
function leaving(before: StoredObject, revision: number): StoredObject {
  const metadata = { ...before.object.metadata, resourceVersion: String(revision) };
  return unsaved({ ...before.object, metadata }, revision);
}

function eventBody({ object, bytes, revision }: StoredObject): StoredObject {
  return { object, bytes, revision };
}

/** Whoever watches a quiet kind learns by these that it has missed nothing, however far other kinds have got. */
function sendBookmarks(store: Store, clock: Clock, sink: WatchSink): () => void {
  let cancel = clock.after(BOOKMARK_INTERVAL_MS, send);
  function send(): void {
    sink.bookmark(store.revision, false);
    cancel = clock.after(BOOKMARK_INTERVAL_MS, send);
  }
  return () => cancel();
}

function tooOld(error: RevisionCompacted): Error {
  return expired(error.message);
}
