import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

type Labels = Record<string, string>;
interface Meta {
  name: string;
  uid: string;
  resourceVersion: string;
  generation: number;
  creationTimestamp: string;
  labels?: Labels;
  finalizers?: string[];
  deletionTimestamp?: string;
  [field: string]: unknown;
}
export interface FakeObject {
  apiVersion: string;
  kind: string;
  metadata: Meta;
  spec?: unknown;
  status?: unknown;
  [field: string]: unknown;
}

export interface SeenRequest {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

interface Change {
  readonly revision: number;
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED';
  readonly object: FakeObject;
}

const KINDS = [
  { plural: 'bridges', singular: 'bridge', kind: 'Bridge', shortNames: ['br'] },
  { plural: 'portgroups', singular: 'portgroup', kind: 'Portgroup', shortNames: ['pg'] },
  { plural: 'changes', singular: 'change', kind: 'Change', shortNames: ['chg'] },
];
const VERBS = ['delete', 'deletecollection', 'get', 'list', 'patch', 'create', 'update', 'watch'];

/**
 * A small API server for faults that the real one does not make on demand: it can drop connections, forget its history, answer
 * anything to one request, and go away. What a real server answers is recorded in the wire reference; this keeps to its shapes.
 */
export class FakeApi {
  readonly requests: SeenRequest[] = [];
  readonly #objects = new Map<string, FakeObject>();
  readonly #changes: Change[] = [];
  readonly #watchers = new Set<{ response: ServerResponse; plural: string; asTable: boolean; fieldSelector: string | null }>();
  readonly #answers: { matches: (request: SeenRequest) => boolean; answer: FakeAnswer }[] = [];
  #revision = 10;
  #oldest = 0;
  #port = 0;
  #server: Server | undefined;

  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  get watcherCount(): number {
    return this.#watchers.size;
  }

  async start(): Promise<void> {
    const server = createServer((request, response) => void this.#serve(request, response));
    this.#server = server;
    await new Promise<void>((resolve) => server.listen(this.#port, '127.0.0.1', resolve));
    this.#port = (server.address() as AddressInfo).port;
  }

  /** As kill -9 would: every connection breaks. */
  async stop(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    this.#watchers.clear();
    server?.closeAllConnections();
    await new Promise<void>((resolve) => (server ? server.close(() => resolve()) : resolve()));
  }

  dropWatches(): void {
    for (const { response } of this.#watchers) response.destroy();
    this.#watchers.clear();
  }

  /** No watch may start before now any more. */
  forgetHistory(): void {
    this.#oldest = this.#revision;
  }

  /** Answers the next request that matches with this instead. */
  answerNext(matches: (request: SeenRequest) => boolean, answer: FakeAnswer): void {
    this.#answers.push({ matches, answer });
  }

  put(object: { kind: string; metadata: { name: string } & Partial<Meta>; spec?: unknown; status?: unknown }): FakeObject {
    const plural = pluralOf(object.kind);
    const key = `${plural}/${object.metadata.name}`;
    const before = this.#objects.get(key);
    const revision = ++this.#revision;
    const stored: FakeObject = {
      apiVersion: 'bridgekeeper.dev/v1alpha1',
      ...before,
      ...object,
      metadata: {
        uid: `uid-${revision}`,
        creationTimestamp: '2026-01-01T00:00:00Z',
        ...before?.metadata,
        ...object.metadata,
        resourceVersion: String(revision),
        generation: object.metadata.generation ?? (before?.metadata.generation ?? 0) + (object.spec === undefined || same(object.spec, before?.spec) ? 0 : 1),
      },
    };
    this.#objects.set(key, stored);
    this.#publish({ revision, type: before ? 'MODIFIED' : 'ADDED', object: stored });
    return stored;
  }

  remove(kind: string, name: string): void {
    const key = `${pluralOf(kind)}/${name}`;
    const before = this.#objects.get(key);
    if (!before) throw new Error(`${key} is not there`);
    this.#objects.delete(key);
    const revision = ++this.#revision;
    const object = { ...before, metadata: { ...before.metadata, resourceVersion: String(revision) } };
    this.#publish({ revision, type: 'DELETED', object });
  }

  find(kind: string, name: string): FakeObject | undefined {
    return this.#objects.get(`${pluralOf(kind)}/${name}`);
  }

  #publish(change: Change): void {
    this.#changes.push(change);
    for (const watcher of this.#watchers) this.#send(watcher, change);
  }

  #send(watcher: { response: ServerResponse; plural: string; asTable: boolean; fieldSelector: string | null }, change: Change): void {
    if (pluralOf(change.object.kind) !== watcher.plural || !selects(watcher.fieldSelector, change.object)) return;
    const object = watcher.asTable ? tableOf([change.object], change.object.metadata.resourceVersion) : change.object;
    watcher.response.write(`${JSON.stringify({ type: change.type, object })}\n`);
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '', this.url);
    let body = '';
    for await (const piece of request) body += String(piece);
    const seen = { method: request.method ?? '', path: url.pathname, query: url.searchParams, headers: request.headers, body };
    this.requests.push(seen);
    const prepared = this.#answers.findIndex(({ matches }) => matches(seen));
    const [special] = prepared < 0 ? [] : this.#answers.splice(prepared, 1);
    if (special) answer(response, special.answer);
    else this.#route(seen, response);
  }

  #route(request: SeenRequest, response: ServerResponse): void {
    if (request.path === '/version') return answer(response, { body: { gitVersion: 'v1.36.0-fake' } });
    if (request.path === '/api') return answer(response, { body: { kind: 'APIGroupDiscoveryList', items: [] } });
    if (request.path === '/apis') return answer(response, { body: discovery() });
    const [, , , , plural = '', name] = request.path.split('/');
    if (!KINDS.some((kind) => kind.plural === plural)) return answer(response, { code: 404, text: '404 page not found' });
    if (request.method === 'PATCH') return this.#apply(request, response, plural, name ?? '');
    if (request.method === 'DELETE') return this.#delete(response, plural, name ?? '');
    const asTable = (request.headers.accept ?? '').includes('as=Table');
    if (request.query.get('watch')) return this.#watch(request, response, plural, asTable);
    if (name !== undefined) return this.#get(response, plural, name, asTable);
    const objects = [...this.#objects.values()].filter((object) => pluralOf(object.kind) === plural && selects(request.query.get('fieldSelector'), object));
    const list = { apiVersion: 'bridgekeeper.dev/v1alpha1', kind: 'List', metadata: { resourceVersion: String(this.#revision) }, items: objects };
    answer(response, { body: asTable ? tableOf(objects, String(this.#revision)) : list });
  }

  #get(response: ServerResponse, plural: string, name: string, asTable: boolean): void {
    const object = this.#objects.get(`${plural}/${name}`);
    if (!object) return answer(response, { code: 404, body: notFound(plural, name) });
    answer(response, { body: asTable ? tableOf([object], object.metadata.resourceVersion) : object });
  }

  #watch(request: SeenRequest, response: ServerResponse, plural: string, asTable: boolean): void {
    const from = Number(request.query.get('resourceVersion') ?? 0);
    response.writeHead(200, { 'content-type': 'application/json' });
    response.flushHeaders();
    if (from < this.#oldest) {
      const object = { kind: 'Status', status: 'Failure', reason: 'Expired', message: `too old resource version: ${from}`, code: 410 };
      response.end(`${JSON.stringify({ type: 'ERROR', object })}\n`);
      return;
    }
    const watcher = { response, plural, asTable, fieldSelector: request.query.get('fieldSelector') };
    for (const change of this.#changes) if (change.revision > from) this.#send(watcher, change);
    this.#watchers.add(watcher);
    response.on('close', () => this.#watchers.delete(watcher));
  }

  #apply(request: SeenRequest, response: ServerResponse, plural: string, name: string): void {
    const before = this.#objects.get(`${plural}/${name}`);
    const sent = JSON.parse(request.body) as FakeObject;
    if (before && same(before.spec, sent.spec)) return answer(response, { body: before });
    answer(response, { code: before ? 200 : 201, body: this.put({ ...sent, metadata: { ...sent.metadata, name } }) });
  }

  #delete(response: ServerResponse, plural: string, name: string): void {
    const object = this.#objects.get(`${plural}/${name}`);
    if (!object) return answer(response, { code: 404, body: notFound(plural, name) });
    if (object.metadata.finalizers?.length) {
      return answer(response, { body: this.put({ ...object, metadata: { ...object.metadata, deletionTimestamp: '2026-01-01T00:01:00Z' } }) });
    }
    this.remove(object.kind, name);
    answer(response, { body: { kind: 'Status', apiVersion: 'v1', status: 'Success', details: { name, kind: plural, uid: object.metadata.uid } } });
  }
}

export interface FakeAnswer {
  readonly code?: number;
  readonly body?: unknown;
  readonly text?: string;
  readonly warnings?: readonly string[];
}

function answer(response: ServerResponse, { code = 200, body, text, warnings = [] }: FakeAnswer): void {
  response.statusCode = code;
  if (warnings.length > 0) response.setHeader('Warning', warnings.map((warning) => `299 - "${warning}"`));
  response.setHeader('content-type', text === undefined ? 'application/json' : 'text/plain; charset=utf-8');
  response.end(text ?? JSON.stringify(body));
}

function notFound(plural: string, name: string): unknown {
  const message = `${plural}.bridgekeeper.dev "${name}" not found`;
  return { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', message, reason: 'NotFound', details: { name, kind: plural }, code: 404 };
}

function tableOf(objects: readonly FakeObject[], resourceVersion: string): unknown {
  return {
    kind: 'Table',
    apiVersion: 'meta.k8s.io/v1',
    metadata: { resourceVersion },
    columnDefinitions: [
      { name: 'Name', type: 'string', format: 'name', priority: 0 },
      { name: 'Ready', type: 'string', format: '', priority: 0 },
      { name: 'Message', type: 'string', format: '', priority: 1 },
    ],
    rows: objects.map((object) => {
      const ready = (object.status as { conditions?: { status: string; message: string }[] } | undefined)?.conditions?.[0];
      return { cells: [object.metadata.name, ready?.status ?? 'Unknown', ready?.message ?? null], object: { kind: 'PartialObjectMetadata', metadata: object.metadata } };
    }),
  };
}

function discovery(): unknown {
  const resources = KINDS.map(({ plural, singular, kind, shortNames }) => ({
    resource: plural,
    responseKind: { group: 'bridgekeeper.dev', version: 'v1alpha1', kind },
    scope: 'Cluster',
    singularResource: singular,
    verbs: VERBS,
    shortNames,
    categories: ['bridgekeeper'],
  }));
  return { kind: 'APIGroupDiscoveryList', items: [{ metadata: { name: 'bridgekeeper.dev' }, versions: [{ version: 'v1alpha1', resources }] }] };
}

function pluralOf(kind: string): string {
  return `${kind.toLowerCase()}s`;
}

function selects(fieldSelector: string | null, object: FakeObject): boolean {
  return fieldSelector === null || fieldSelector === `metadata.name=${object.metadata.name}`;
}

function same(left: unknown, right: unknown): boolean {
  return JSON.stringify(left) === JSON.stringify(right);
}
