import fc from 'fast-check';
import { connect } from 'node:tls';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { HttpsAnswer, HttpsClient } from '../../../contract/https-client.ts';
import { httpsClient } from '../../../contract/https-client.ts';
import type { ServedApi } from '../../../contract/serve.ts';
import { serveApi } from '../../../contract/serve.ts';

const PORTGROUPS = '/apis/bridgekeeper.dev/v1alpha1/portgroups';
const MEDIA_TYPES = [
  'application/json',
  'application/yaml',
  'application/json-patch+json',
  'application/merge-patch+json',
  'application/apply-patch+yaml',
  'application/strategic-merge-patch+json',
  'application/vnd.kubernetes.protobuf',
  'text/plain',
];

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

/** HOSTILE_REQUESTS=100000 asks for a long run; SEED makes it the same run again. */
const REQUESTS = Number(process.env['HOSTILE_REQUESTS'] ?? 1500);
const SEED = process.env['SEED'];
const WARM_UP_REQUESTS = 500;
const GROWTH_MAXIMUM_BYTES = 16 * 1024 * 1024;

function manifest(name: string): string {
  return JSON.stringify({ apiVersion: 'bridgekeeper.dev/v1alpha1', kind: 'Portgroup', metadata: { name }, spec: { bridgeName: 'b' } });
}

/** The one 5xx that a client can ask for, as in Kubernetes: a list of a revision that is still to come. */
function isRevisionToCome({ status, body }: HttpsAnswer): boolean {
  return status === 504 && (body === '' || body.includes('"reason":"ResourceVersionTooLarge"'));
}

/** What is in use, and no garbage. */
function heapBytes(): number {
  collectGarbage();
  return process.memoryUsage().heapUsed;
}

interface Items {
  readonly items: readonly { readonly metadata: { readonly name: string; readonly namespace?: string } }[];
}

function itemsOf(json: string): Items {
  const list: Items & { readonly kind: string; readonly apiVersion: string } = JSON.parse(json);
  // Lists of built-in kinds say it once for all items.
  return { items: list.items.map((item) => ({ kind: list.kind.replace(/List$/, ''), apiVersion: list.apiVersion, ...item })) };
}

/** Whatever comes, the answer says what is wrong with it; the server goes on. */
describe('hostile requests', () => {
  let api: ServedApi;
  let client: HttpsClient;

  beforeAll(async () => {
    api = await serveApi();
    client = httpsClient(api.url, api.kubeconfig);
    await send('POST', PORTGROUPS, 'application/json', manifest('target'));
  });

  afterAll(async () => {
    client.close();
    await api.stop();
  });

  function send(method: string, path: string, media: string, body: string | Buffer): Promise<HttpsAnswer> {
    return client.send({ method, path, headers: { 'content-type': media }, body });
  }

  it.each([
    ['nothing', ''],
    ['null', 'null'],
    ['a list', '[]'],
    ['a text', '"x"'],
    ['no kind', '{}'],
    ['another kind', manifest('x').replace('Portgroup', 'Bridge')],
    ['another version', manifest('x').replace('v1alpha1', 'v2')],
    ['metadata of another type', manifest('x').replace('{"name":"x"}', '[]')],
    ['a name of another type', manifest('x').replace('"x"', '{"a":1}')],
    ['labels of another type', manifest('x').replace('"name":"x"', '"name":"x","labels":{"a":1}')],
    ['no name', manifest('x').replace('"name":"x"', '')],
    ['a name with a slash', manifest('a/b')],
    ['a name of 300 letters', manifest('x'.repeat(300))],
    ['a prototype', manifest('x').replace('"spec":{', '"spec":{"__proto__":{"polluted":true},')],
    ['a constructor', manifest('x').replace('"spec":{', '"spec":{"constructor":{"prototype":{"polluted":true}},')],
    ['depth', `${'{"a":'.repeat(50_000)}1${'}'.repeat(50_000)}`],
    ['a huge number', manifest('x').replace('"b"', '1e999')],
    ['lone surrogates', manifest('x').replace('"b"', '"\\ud800"')],
  ])('with a body of %s', async (_what, body) => {
    const answer = await send('POST', `${PORTGROUPS}?fieldValidation=Strict`, 'application/json', body);
    expect(answer.status, answer.body).toBeGreaterThanOrEqual(400);
    expect(answer.status, answer.body).toBeLessThan(500);
    expect(JSON.parse(answer.body)).toMatchObject({ kind: 'Status', status: 'Failure', code: answer.status });
  });

  it.each([
    ['merge', 'application/merge-patch+json', '{"metadata":{"labels":{"constructor":{"prototype":{"polluted":true}}}}}'],
    ['merge of a constructor', 'application/merge-patch+json', '{"spec":{"constructor":{"prototype":{"polluted":true}}}}'],
    ['merge of __proto__', 'application/merge-patch+json', '{"spec":{"\\u005f_proto__":{"polluted":true}}}'],
    ['JSON', 'application/json-patch+json', '[{"op":"add","path":"/__proto__/polluted","value":true}]'],
    ['JSON through a constructor', 'application/json-patch+json', '[{"op":"add","path":"/constructor/prototype/polluted","value":true}]'],
    ['apply', 'application/apply-patch+yaml', 'apiVersion: bridgekeeper.dev/v1alpha1\nkind: Portgroup\nspec: {__proto__: {polluted: true}}'],
  ])('with a %s patch that reaches for a prototype', async (_what, media, body) => {
    const answer = await send('PATCH', `${PORTGROUPS}/target?fieldManager=x&fieldValidation=Strict`, media, body);
    expect(answer.status, answer.body).toBeGreaterThanOrEqual(400);
    expect(answer.status, answer.body).toBeLessThan(500);
    expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false);
  });

  it.each(['/apis/%', '/apis/%ff/v1/x', '/%00', '/apis/bridgekeeper.dev/v1alpha1/portgroups/%00', '/apis/bridgekeeper.dev/v1alpha1/portgroups/..%2f..', '/readyz/%2e%2e/x', `/apis/${'x'.repeat(800)}`, '/constructor', '/apis/__proto__/v1/x', '/apis/constructor/v1'])(
    'for the path %s',
    async (path) => {
      const answer = await client.send({ path });
      expect(answer.status, answer.body).toBeGreaterThanOrEqual(400);
      expect(answer.status).toBeLessThan(500);
    },
  );

  it('with a body that is too large, known before or only on the way', async () => {
    const large = Buffer.alloc(4 * 1024 * 1024, 0x20);
    const answer = await send('POST', PORTGROUPS, 'application/json', large).catch((error: unknown) => error);
    if (!(answer instanceof Error)) expect(answer).toMatchObject({ status: 413 });
    const known = await raw(`POST ${PORTGROUPS} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${client.token}\r\nContent-Length: 9999999\r\n\r\n`);
    expect(known).toMatch(/^HTTP\/1\.1 413 /);
    expect(known).toContain('"reason":"RequestEntityTooLarge"');
  });

  it('with bytes that are no UTF-8', async () => {
    const answer = await send('POST', PORTGROUPS, 'application/json', Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x3a, 0x31, 0x7d]));
    expect(answer.status).toBe(400);
  });

  it('with YAML that would take for ever', async () => {
    const answer = await send('PATCH', `${PORTGROUPS}/x?fieldManager=x`, 'application/apply-patch+yaml', '? '.repeat(4000));
    expect(answer.status).toBe(400);
  });

  it.each([
    ['no HTTP', 'hello\r\n\r\n', /^HTTP\/1\.1 400 /],
    ['a header without end', `GET / HTTP/1.1\r\nX: ${'x'.repeat(40_000)}\r\n\r\n`, /^HTTP\/1\.1 431 /],
    ['two lengths', 'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab', /^HTTP\/1\.1 400 /],
    ['a length and chunks', 'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n', /^HTTP\/1\.1 400 /],
  ])('that are %s', async (_what, text, expected) => {
    const answer = await raw(text);
    expect(answer).toMatch(expected);
    expect(answer).toContain('"kind":"Status"');
  });

  it('of any kind get an answer below 500, and leave nothing behind that does not validate', { timeout: 60_000 + REQUESTS * 20 }, async () => {
    const statuses = new Map<number, number>();
    let count = 0;
    let heapBefore = 0;
    const path = fc.oneof(
      fc.constantFrom(PORTGROUPS, `${PORTGROUPS}/target`, `${PORTGROUPS}/target/status`, '/api/v1/namespaces/default/secrets', '/apis/events.k8s.io/v1/namespaces/default/events', '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews', '/apis/apiextensions.k8s.io/v1/customresourcedefinitions/portgroups.bridgekeeper.dev'),
      fc.webPath(),
    );
    const parameter = fc.tuple(
      fc.constantFrom('labelSelector', 'fieldSelector', 'limit', 'continue', 'resourceVersion', 'resourceVersionMatch', 'fieldManager', 'fieldValidation', 'dryRun', 'force', 'pretty', 'includeObject', 'propagationPolicy', 'sendInitialEvents'),
      fc.oneof(fc.string(), fc.constantFrom('a in (b', '!', 'a=b,c', '-1', '99999999999999999999', 'Exact', 'All', 'true', '0', 'metadata.name=x')),
    );
    const json = fc.json({ maxDepth: 4 });
    const body = fc.oneof(
      fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)),
      json,
      fc.tuple(json, json).map(([spec, metadata]) => `{"apiVersion":"bridgekeeper.dev/v1alpha1","kind":"Portgroup","metadata":${metadata},"spec":${spec}}`),
      fc.array(fc.record({ op: fc.constantFrom('add', 'remove', 'replace', 'move', 'copy', 'test', 'x'), path: fc.string(), from: fc.string(), value: fc.jsonValue() })).map((operations) => JSON.stringify(operations)),
      fc.uint8Array({ maxLength: 100 }).map((bytes) => Buffer.concat([Buffer.from('k8s\0'), Buffer.from(bytes)])),
    );
    await fc.assert(
      fc.asyncProperty(fc.constantFrom('GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS'), path, fc.array(parameter, { maxLength: 3 }), fc.constantFrom(...MEDIA_TYPES), body, async (method, where, parameters, media, content) => {
        const query = new URLSearchParams(parameters).toString();
        const answer = await send(method, `${where === '' ? '/' : where}${query === '' ? '' : `?${query}`}`, media, content);
        count += 1;
        if (count === WARM_UP_REQUESTS) heapBefore = heapBytes();
        statuses.set(answer.status, (statuses.get(answer.status) ?? 0) + 1);
        if (!isRevisionToCome(answer)) expect(answer.status, answer.body).toBeLessThan(500);
      }),
      { numRuns: REQUESTS, ...(SEED === undefined ? {} : { seed: Number(SEED) }) },
    );
    const grownBytes = heapBytes() - heapBefore;
    if (REQUESTS > 1500) console.log(`${REQUESTS} requests, answers by status:`, statuses, `the heap grew by ${grownBytes} bytes`);
    expect(grownBytes).toBeLessThan(GROWTH_MAXIMUM_BYTES);
    for (const path of [PORTGROUPS, '/api/v1/secrets', '/api/v1/events', '/api/v1/namespaces']) await expectEverythingValid(path);
  });

  /** What is stored is taken again as it is. */
  async function expectEverythingValid(path: string): Promise<void> {
    const { items } = itemsOf((await client.send({ path })).body);
    for (const item of items) {
      const { name, namespace } = item.metadata;
      const at = namespace === undefined ? `${path}/${name}` : `${path.replace(/\/([a-z]+)$/, `/namespaces/${namespace}/$1`)}/${name}`;
      const answer = await send('PUT', `${at}?dryRun=All&fieldValidation=Strict`, 'application/json', JSON.stringify(item));
      expect(answer.status, answer.body).toBe(200);
    }
  }

  it('leave the server as well as it was', async () => {
    const answer = await send('POST', PORTGROUPS, 'application/json', manifest('afterwards'));
    expect(answer.status).toBe(201);
    expect((await client.send({ path: '/readyz', token: null })).body).toBe('ok');
  });

  function raw(text: string): Promise<string> {
    const { hostname, port } = new URL(api.url);
    return new Promise((resolve, reject) => {
      let received = '';
      const socket = connect({ host: hostname, port: Number(port), ca: client.authority }, () => socket.write(text));
      socket.on('data', (chunk: Buffer) => (received += chunk.toString()));
      socket.on('end', () => resolve(received));
      socket.on('error', reject);
    });
  }
});
