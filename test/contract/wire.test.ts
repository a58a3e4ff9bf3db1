import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '../../api/machinery/clock.ts';
import { fieldOf, isRecord } from '../../api/machinery/json.ts';
import { serveApi } from './serve.ts';
import type { ServedApi } from './serve.ts';
import { httpsClient } from './https-client.ts';
import type { HttpsAnswer, HttpsClient } from './https-client.ts';
import { comparable } from './wire/comparable.ts';
import { recordedKinds } from './wire/crds.ts';
import { readExchanges } from './wire/recorded-exchange.ts';
import type { RecordedExchange } from './wire/recorded-exchange.ts';

const PORTGROUPS = '/apis/bridgekeeper.dev/v1alpha1/portgroups';
const MERGE_PATCH = { 'content-type': 'application/merge-patch+json', 'user-agent': 'curl/8' };

/** What the recording did between two exchanges that it shows. */
const BETWEEN: ReadonlyMap<string, (client: HttpsClient) => Promise<void>> = new Map([
  [
    'Watch from a list\'s resourceVersion',
    async (client) => {
      await client.send({ method: 'DELETE', path: `${PORTGROUPS}/vlan-3` });
      await client.send({ method: 'PATCH', path: `${PORTGROUPS}/vlan-2`, headers: MERGE_PATCH, body: '{"metadata":{"labels":{"a":"b"}}}' });
    },
  ],
]);

/** Where the record itself says what the right answer is. */
const RIGHT_STATUS: ReadonlyMap<string, { readonly code: number; readonly reason: string }> = new Map([
  ['Server-side apply: a map key twice (the reference says 500; the right answer is 400 BadRequest with this message)', { code: 400, reason: 'BadRequest' }],
  ['Server-side apply: a field that the schema has not (likewise 400 BadRequest)', { code: 400, reason: 'BadRequest' }],
]);

/** What depends on the history or the build of a server is compared in tests of its own below. */
const ELSEWHERE = new Set(['Watch from a version that is gone', 'Readiness, verbose', 'OpenAPI v3, index']);

const recorded = readExchanges(readFileSync(join(import.meta.dirname, 'wire', 'kubernetes-1.36.md'), 'utf8'));

describe('the wire, exchange by exchange', () => {
  let api: ServedApi;
  let client: HttpsClient;
  let offset: number | undefined;
  let continueToken = '';

  beforeAll(async () => {
    // The recording took less than a second where field managers are put in order of their times.
    const nowMs = Date.now();
    api = await serveApi({ crds: recordedKinds, clock: { ...systemClock, now: () => nowMs } });
    client = httpsClient(api.url, api.kubeconfig);
  });

  afterAll(async () => {
    client.close();
    await api.stop();
  });

  async function play(exchange: RecordedExchange): Promise<HttpsAnswer> {
    await BETWEEN.get(exchange.title)?.(client);
    const answer = await client.send({
      method: exchange.method,
      path: exchange.path
        .replace(/resourceVersion=(\d+)/, (_all, revision) => `resourceVersion=${Number(revision) - (offset ?? 0)}`)
        .replace(/continue=eyJ[^&]*/, `continue=${continueToken}`),
      headers: { 'user-agent': 'curl/8', ...exchange.headers },
      body: exchange.body,
      ...(exchange.title === 'No credentials' ? { token: null } : {}),
    });
    const metadata = answer.body.startsWith('{') ? fieldOf(firstDocument(answer.body), 'metadata') : undefined;
    if (exchange.title === 'Create') offset = 8 - Number(fieldOf(metadata, 'resourceVersion'));
    continueToken = String(fieldOf(metadata, 'continue') ?? '') || continueToken;
    return answer;
  }

  for (const exchange of recorded.filter(({ title }) => !ELSEWHERE.has(title))) {
    it(`${exchange.title}: ${exchange.method} ${exchange.path}`, async () => {
      const answer = await play(exchange);
      const expected = expectedOf(exchange);
      expect(withRecordedGroups(exchange, comparable(answer.body, offset ?? 0))).toEqual(expected.body);
      expect(answer.status).toBe(expected.status);
      expect(answer.headers['content-type']?.replaceAll(' ', '')).toBe(exchange.answer.headers.get('content-type')?.join(', ').replaceAll(' ', ''));
      expect(answer.headersDistinct['warning'] ?? []).toEqual(exchange.answer.headers.get('warning') ?? []);
    });
  }

  it('tells a watch from a compacted revision that it must list again', async () => {
    await api.store.compact(api.store.revision);
    const answer = await client.send({ path: `${PORTGROUPS}?watch=1&resourceVersion=1&timeoutSeconds=1` });
    expect(answer.status).toBe(200);
    expect(JSON.parse(answer.body)).toEqual({
      type: 'ERROR',
      object: {
        kind: 'Status',
        apiVersion: 'v1',
        metadata: {},
        status: 'Failure',
        message: `too old resource version: 1 (${api.store.compactedRevision})`,
        reason: 'Expired',
        code: 410,
      },
    });
  });

  it('says what is ready, line by line', async () => {
    const answer = await client.send({ path: '/readyz?verbose', headers: { accept: '*/*' } });
    expect(answer.body).toMatch(/^(\[\+\]\S+ ok\n)+readyz check passed\n$/);
    expect(answer.headers['content-type']).toBe('text/plain; charset=utf-8');
  });

  it('indexes an OpenAPI document of each group under its hash', async () => {
    const answer = await client.send({ path: '/openapi/v3' });
    const paths = fieldOf(JSON.parse(answer.body), 'paths');
    const url = String(fieldOf(fieldOf(paths, 'apis/bridgekeeper.dev/v1alpha1'), 'serverRelativeURL'));
    expect(url).toMatch(/^\/openapi\/v3\/apis\/bridgekeeper\.dev\/v1alpha1\?hash=[0-9A-F]{128}$/);
    expect((await client.send({ path: url })).status).toBe(200);
  });
});

function expectedOf(exchange: RecordedExchange): { readonly status: number; readonly body: unknown[] } {
  const body = comparable(exchange.answer.body, 0);
  const right = RIGHT_STATUS.get(exchange.title);
  if (right === undefined) return { status: exchange.answer.status, body };
  return { status: right.code, body: body.map((document) => (isRecord(document) ? { ...document, ...right } : document)) };
}

/** Our server lists other groups too. */
function withRecordedGroups(exchange: RecordedExchange, documents: unknown[]): unknown[] {
  if (exchange.title !== 'Aggregated discovery') return documents;
  const names = ['apiextensions.k8s.io', 'bridgekeeper.dev'];
  return documents.map((document) => {
    const items = fieldOf(document, 'items');
    if (!isRecord(document) || !Array.isArray(items)) return document;
    const kept = items.filter((item) => names.includes(String(fieldOf(fieldOf(item, 'metadata'), 'name'))));
    return { ...document, items: kept.sort((left, right) => names.indexOf(nameOf(left)) - names.indexOf(nameOf(right))) };
  });
}

function nameOf(item: unknown): string {
  return String(fieldOf(fieldOf(item, 'metadata'), 'name'));
}

function firstDocument(body: string): unknown {
  try {
    const value: unknown = JSON.parse(body);
    return value;
  } catch {
    return undefined;
  }
}
