import { badRequest, continueExpired, expired, notFound, resourceVersionTooLarge } from '../machinery/api-error.ts';
import { RevisionCompacted, type Store, type StorePage } from '../store/store.ts';
import type { StoredEntry } from '../store/stored-entry.ts';
import { decodeContinue, encodeContinue } from './continue-token.ts';
import type { ListOptions, ListResult, ObjectAddress, StoredObject } from './contract.ts';
import { storeName, type Kind } from './kind.ts';
import { selectionOf, type Selection } from './object-selection.ts';
import { viewOf } from './stored-view.ts';

/** How many objects are looked at in one go where a selector leaves some out. */
const SCAN_CHUNK = 500;

/** Where a list stands: the snapshot that it shows, and the last name already sent. */
interface Position {
  readonly revision: number;
  readonly after: string | undefined;
}

/** Throws a 404 `ApiError`. */
export function readObject(store: Store, kind: Kind, at: ObjectAddress): StoredObject {
  const entry = store.get(kind.storedAs, storeName(kind.type, at.namespace, at.name));
  if (entry === undefined) throw notFound(kind.type, at.name);
  return viewOf(kind, entry);
}

/**
 * A page of objects in order of their names, at one revision throughout all pages. Throws an `ApiError`: 400 for options that
 * can't be read, 410 when the snapshot is gone, 504 for a revision still to come.
 */
export function listObjects(store: Store, kind: Kind, options: ListOptions): ListResult {
  const selection = selectionOf(kind, options);
  const position = startOf(store, options);
  const limit = options.limit !== undefined && options.limit > 0 ? options.limit : undefined;
  try {
    return selection.matches === undefined
      ? plainPage(store, kind, selection, position, limit)
      : filteredPage(store, kind, selection, position, limit);
  } catch (error) {
    if (error instanceof RevisionCompacted) throw tooOld(position);
    throw error;
  }
}

/** Kubernetes: "resourceVersion unset" is the newest, 0 is any, other numbers are at least or exactly that. */
function startOf(store: Store, options: ListOptions): Position {
  const requested = parseResourceVersion(options.resourceVersion);
  if (options.continueToken !== undefined && options.continueToken !== '') {
    if (requested !== undefined && requested !== 0) {
      throw badRequest('specifying resource version is not allowed when using continue');
    }
    const token = decodeContinue(options.continueToken);
    return { revision: token.revision < 0 ? store.revision : token.revision, after: token.after };
  }
  if (requested === undefined || requested === 0) return { revision: store.revision, after: undefined };
  if (requested > store.revision) throw resourceVersionTooLarge(requested, store.revision);
  const isExact = options.resourceVersionMatch === 'Exact' || (options.resourceVersionMatch === undefined && (options.limit ?? 0) > 0);
  return { revision: isExact ? requested : store.revision, after: undefined };
}

/** Undefined when none is given. Throws a 400 `ApiError` for what is no unsigned number. */
export function parseResourceVersion(text: string | undefined): number | undefined {
  if (text === undefined || text === '') return undefined;
  if (!/^\d+$/.test(text)) throw invalidResourceVersion(text, 'invalid syntax');
  const revision = Number(text);
  if (!Number.isSafeInteger(revision)) throw invalidResourceVersion(text, 'value out of range');
  return revision;
}

function invalidResourceVersion(text: string, problem: string): Error {
  const quoted = JSON.stringify(text);
  return badRequest(`invalid resource version: resourceVersion: Invalid value: ${quoted}: strconv.ParseUint: parsing ${quoted}: ${problem}`);
}

function plainPage(store: Store, kind: Kind, selection: Selection, position: Position, limit: number | undefined): ListResult {
  const page = readPage(store, kind, selection, position, limit);
  const last = page.entries.at(-1);
  return {
    items: page.entries.map((entry) => viewOf(kind, entry)),
    resourceVersion: String(page.revision),
    ...(page.remaining === 0 || last === undefined
      ? {}
      : { continueToken: encodeContinue({ after: tokenName(selection, last), revision: page.revision }), remainingItemCount: page.remaining }),
  };
}

/** How many remain is not told here, as in Kubernetes: it would take looking at all of them. */
function filteredPage(store: Store, kind: Kind, selection: Selection, start: Position, limit = Infinity): ListResult {
  const items: StoredObject[] = [];
  let position = start;
  for (;;) {
    const page = readPage(store, kind, selection, position, SCAN_CHUNK);
    for (const [index, entry] of page.entries.entries()) {
      const view = viewOf(kind, entry);
      if (selection.matches?.(view.object) === true) items.push(view);
      const isLast = page.remaining === 0 && index === page.entries.length - 1;
      if (items.length === limit && !isLast) return { items, ...goingOn(selection, entry, start.revision) };
    }
    const last = page.entries.at(-1);
    if (page.remaining === 0 || last === undefined) return { items, resourceVersion: String(start.revision) };
    position = { revision: start.revision, after: tokenName(selection, last) };
  }
}

function goingOn(selection: Selection, last: StoredEntry, revision: number): Pick<ListResult, 'resourceVersion' | 'continueToken'> {
  return { resourceVersion: String(revision), continueToken: encodeContinue({ after: tokenName(selection, last), revision }) };
}

function readPage(store: Store, kind: Kind, selection: Selection, position: Position, limit: number | undefined): StorePage {
  return store.list(kind.storedAs, {
    prefix: selection.prefix,
    revision: position.revision,
    ...(position.after === undefined ? {} : { after: `${selection.prefix}${position.after}` }),
    ...(limit === undefined ? {} : { limit }),
  });
}

/** Names in tokens are relative to the list's own prefix, so that a token can't reach into another namespace. */
function tokenName(selection: Selection, entry: StoredEntry): string {
  return entry.name.slice(selection.prefix.length);
}

function tooOld(position: Position): Error {
  if (position.after === undefined) return expired('The resourceVersion for the provided list is too old.');
  return continueExpired(encodeContinue({ after: position.after, revision: -1 }));
}
