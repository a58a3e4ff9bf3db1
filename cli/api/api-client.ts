import { explainConnectionFailure } from '../connection/connection-error.ts';
import type { HttpAnswer, HttpClient, HttpRequest } from '../connection/http-client.ts';
import type { ConnectionSettings } from '../connection/settings.ts';
import { CommandError, LoginError } from '../errors.ts';
import { isObject, listAt, parseJson, textAt, type Json, type JsonObject } from './json.ts';
import { resourcePath, type ResourceType } from './resource-type.ts';
import { StatusError, statusErrorOf } from './status-error.ts';
import { warningTexts } from './warnings.ts';
import { watchEvents, type WatchEvent } from './watch-events.ts';

/** `table`: as the server would print it; `table-with-objects`: its rows carry the whole objects. */
export type View = 'objects' | 'table' | 'table-with-objects';

export interface Selection {
  readonly namespace?: string;
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
  readonly view?: View;
}

export interface ApplyOptions {
  readonly fieldManager: string;
  readonly force: boolean;
  readonly dryRun: boolean;
  readonly fieldValidation: 'Strict' | 'Warn' | 'Ignore';
}

export interface ApplyAnswer {
  readonly object: JsonObject;
  readonly created: boolean;
  readonly warnings: readonly string[];
}

const TABLE = 'application/json;as=Table;v=v1;g=meta.k8s.io,application/json';
const PAGE_SIZE = '500';
/** The server ends a watch after this, so that a dead connection is noticed; it is opened again at once. */
const WATCH_SECONDS = '300';

/**
 * The Kubernetes API as bridgectl uses it. A refusal is thrown as StatusError, a bad login as CommandError, a broken
 * connection as ConnectionError.
 */
export class ApiClient {
  readonly #http: HttpClient;
  readonly #settings: ConnectionSettings;
  readonly #signal: AbortSignal;
  readonly #onWarning: (text: string) => void;

  constructor(options: {
    http: HttpClient;
    settings: ConnectionSettings;
    signal: AbortSignal;
    /** Called with the text of each `Warning` header that no caller gets in its answer. */
    onWarning: (text: string) => void;
  }) {
    this.#http = options.http;
    this.#settings = options.settings;
    this.#signal = options.signal;
    this.#onWarning = options.onWarning;
  }

  /** Any document that the server has. */
  async read(path: string, accept?: string): Promise<JsonObject> {
    return this.#read({ method: 'GET', path, ...(accept !== undefined && { accept }) });
  }

  async get(type: ResourceType, namespace: string | undefined, name: string, view: View = 'objects'): Promise<JsonObject> {
    return this.#read({ method: 'GET', path: resourcePath(type, namespace, name), ...viewRequest(view) });
  }

  /** All pages of a list, as one list (or one Table). */
  async list(type: ResourceType, selection: Selection, signal = this.#signal): Promise<JsonObject> {
    const { accept, query } = viewRequest(selection.view ?? 'objects');
    const path = resourcePath(type, selection.namespace);
    let whole: JsonObject | undefined;
    let next: string | undefined;
    do {
      const page = await this.#read({
        method: 'GET',
        path,
        accept,
        query: { ...query, ...selectors(selection), limit: PAGE_SIZE, continue: next },
        signal,
      });
      whole = whole === undefined ? page : joined(whole, page);
      next = textAt(page, 'metadata', 'continue');
    } while (next);
    return whole;
  }

  /** Server-side apply. */
  async apply(type: ResourceType, namespace: string | undefined, name: string, body: JsonObject, options: ApplyOptions): Promise<ApplyAnswer> {
    const answer = await this.#send({
      method: 'PATCH',
      path: resourcePath(type, namespace, name),
      query: {
        fieldManager: options.fieldManager,
        fieldValidation: options.fieldValidation,
        force: options.force ? 'true' : undefined,
        dryRun: options.dryRun ? 'All' : undefined,
      },
      // JSON is YAML.
      contentType: 'application/apply-patch+yaml',
      body: JSON.stringify(body),
    });
    return { object: objectOf(answer), created: answer.status === 201, warnings: warningTexts(answer.warnings) };
  }

  /** Makes a new object; one with `metadata.generateName` gets its name from the server. */
  async create(type: ResourceType, namespace: string | undefined, body: JsonObject, options: { fieldManager: string }): Promise<JsonObject> {
    return this.#read({
      method: 'POST',
      path: resourcePath(type, namespace),
      query: { fieldManager: options.fieldManager, fieldValidation: 'Strict' },
      body: JSON.stringify(body),
    });
  }

  /** Changes some fields (JSON merge patch, RFC 7386). */
  async patch(type: ResourceType, namespace: string | undefined, name: string, body: JsonObject, options: { fieldManager: string; dryRun: boolean }): Promise<JsonObject> {
    return this.#read({
      method: 'PATCH',
      path: resourcePath(type, namespace, name),
      query: { fieldManager: options.fieldManager, fieldValidation: 'Strict', dryRun: options.dryRun ? 'All' : undefined },
      contentType: 'application/merge-patch+json',
      body: JSON.stringify(body),
    });
  }

  /** Writes the object as a whole, if it is still at its resourceVersion. */
  async replace(type: ResourceType, namespace: string | undefined, name: string, body: JsonObject, options: { fieldManager: string; dryRun: boolean }): Promise<JsonObject> {
    return this.#read({
      method: 'PUT',
      path: resourcePath(type, namespace, name),
      query: { fieldManager: options.fieldManager, fieldValidation: 'Strict', dryRun: options.dryRun ? 'All' : undefined },
      body: JSON.stringify(body),
    });
  }

  /** Deletes the object if it is still the one with this uid. Answers the object where finalizers hold it, else a Status. */
  async delete(type: ResourceType, namespace: string | undefined, name: string, options: { uid?: string; dryRun: boolean }): Promise<JsonObject> {
    return this.#read({
      method: 'DELETE',
      path: resourcePath(type, namespace, name),
      query: { dryRun: options.dryRun ? 'All' : undefined },
      body: JSON.stringify({
        kind: 'DeleteOptions',
        apiVersion: 'v1',
        propagationPolicy: 'Background',
        ...(options.uid !== undefined && { preconditions: { uid: options.uid } }),
      }),
    });
  }

  /** The events after `resourceVersion` until the server ends the stream. */
  async *watch(type: ResourceType, selection: Selection, resourceVersion: string, signal = this.#signal): AsyncGenerator<WatchEvent> {
    const { accept, query } = viewRequest(selection.view ?? 'objects');
    const stream = await this.#reaching(() =>
      this.#http.stream({
        method: 'GET',
        path: resourcePath(type, selection.namespace),
        accept,
        query: {
          ...query,
          ...selectors(selection),
          watch: '1',
          resourceVersion,
          allowWatchBookmarks: 'true',
          timeoutSeconds: WATCH_SECONDS,
        },
        signal,
      }),
      signal,
    );
    try {
      if (stream.status !== 200) throw this.#refusal(stream.status, await gathered(stream.pieces));
      for (const text of warningTexts(stream.warnings)) this.#onWarning(text);
      yield* watchEvents(stream.pieces);
    } catch (error) {
      if (error instanceof CommandError || error instanceof StatusError || signal.aborted) throw error;
      throw explainConnectionFailure(error, this.#settings);
    } finally {
      stream.close();
    }
  }

  async #read(request: HttpRequest): Promise<JsonObject> {
    const answer = await this.#send(request);
    for (const text of warningTexts(answer.warnings)) this.#onWarning(text);
    return objectOf(answer);
  }

  async #send(request: HttpRequest): Promise<HttpAnswer> {
    const signal = request.signal ?? this.#signal;
    const answer = await this.#reaching(() => this.#http.request({ ...request, signal }), signal);
    if (answer.status >= 200 && answer.status < 300) return answer;
    throw this.#refusal(answer.status, answer.body);
  }

  async #reaching<Answer>(call: () => Promise<Answer>, signal: AbortSignal): Promise<Answer> {
    try {
      return await call();
    } catch (error) {
      if (signal.aborted) throw error;
      throw explainConnectionFailure(error, this.#settings);
    }
  }

  #refusal(status: number, body: string): Error {
    const { server, credential } = this.#settings;
    if (status !== 401) return statusErrorOf(status, body);
    const fix = 'Take a fresh copy of the daemon\'s admin.kubeconfig, or give --token TOKEN.';
    return new LoginError(`${server.origin} does not accept ${credential.from} (401 Unauthorized). ${fix}`);
  }
}

function viewRequest(view: View): { accept: string; query: Record<string, string> } {
  if (view === 'objects') return { accept: 'application/json', query: {} };
  return { accept: TABLE, query: view === 'table-with-objects' ? { includeObject: 'Object' } : {} };
}

function selectors(selection: Selection): Record<string, string | undefined> {
  return { labelSelector: selection.labelSelector, fieldSelector: selection.fieldSelector };
}

function objectOf(answer: HttpAnswer): JsonObject {
  let value: Json;
  try {
    value = parseJson(answer.body);
  } catch (error) {
    throw new CommandError(`the server's answer is no JSON (${answer.contentType}). Is this a Kubernetes-style API server?`, { cause: error });
  }
  if (isObject(value)) return value;
  throw new CommandError('the server\'s answer is no JSON object. Is this a Kubernetes-style API server?');
}

/** Two pages as one; the newer page's metadata counts. */
function joined(before: JsonObject, page: JsonObject): JsonObject {
  const field = page['kind'] === 'Table' ? 'rows' : 'items';
  return { ...before, metadata: page['metadata'], [field]: [...listAt(before, field), ...listAt(page, field)] };
}

async function gathered(pieces: AsyncIterable<string>): Promise<string> {
  let text = '';
  for await (const piece of pieces) text += piece;
  return text;
}
