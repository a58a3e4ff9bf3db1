import { Agent, get } from 'node:https';
import type { ClientRequest } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fieldOf, isRecord } from '../../../../api/machinery/json.ts';
import type { HttpsClient } from '../../../contract/https-client.ts';
import { httpsClient } from '../../../contract/https-client.ts';
import type { ServedApi } from '../../../contract/serve.ts';
import { serveApi } from '../../../contract/serve.ts';

const CONFIG_MAPS = '/api/v1/namespaces/default/configmaps';
const WATCHERS = 1_000;
const CHANGES = 5;

describe('many clients at once', () => {
  let api: ServedApi;
  let client: HttpsClient;

  beforeAll(async () => {
    api = await serveApi();
    client = httpsClient(api.url, api.kubeconfig);
  });

  afterAll(async () => {
    client.close();
    await api.stop();
  });

  async function write(method: string, path: string, body: unknown): Promise<void> {
    const type = method === 'PATCH' ? 'application/merge-patch+json' : 'application/json';
    const answer = await client.send({ method, path, headers: { 'content-type': type }, body: JSON.stringify(body) });
    expect(answer.status, answer.body).toBeLessThan(300);
  }

  function create(name: string, labels: Readonly<Record<string, string>> = {}): Promise<void> {
    return write('POST', CONFIG_MAPS, { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, labels }, data: { n: '0' } });
  }

  async function list(query: string): Promise<{ readonly status: number; readonly value: unknown }> {
    const { status, body } = await client.send({ path: `${CONFIG_MAPS}?${query}` });
    return { status, value: JSON.parse(body) };
  }

  const metaOf = (value: unknown, name: string): string => String(fieldOf(fieldOf(value, 'metadata'), name) ?? '');
  const namesIn = (value: unknown): string[] => {
    const items = fieldOf(value, 'items');
    return Array.isArray(items) ? items.map((item) => metaOf(item, 'name')) : [];
  };

  it(`each of ${WATCHERS} watchers sees every change, in order`, { timeout: 60_000 }, async () => {
    await create('watched');
    const revision = metaOf((await list('limit=1')).value, 'resourceVersion');
    const agent = new Agent({ ca: client.authority, keepAlive: false, maxSockets: Infinity });
    const received: number[] = Array.from({ length: WATCHERS }, () => 0);
    const inOrder: boolean[] = Array.from({ length: WATCHERS }, () => true);
    const watching: ClientRequest[] = [];
    const open = (index: number): Promise<void> =>
      new Promise((resolve, reject) => {
        const path = `${CONFIG_MAPS}?watch=true&resourceVersion=${revision}&fieldSelector=metadata.name%3Dwatched`;
        const outgoing = get(new URL(path, api.url), { agent, headers: { authorization: `Bearer ${client.token}` } }, (answer) => {
          let rest = '';
          answer.on('error', () => undefined);
          answer.on('data', (chunk: Buffer) => {
            const lines = (rest + chunk.toString()).split('\n');
            rest = lines.pop() ?? '';
            for (const line of lines) {
              const seen = (received[index] ?? 0) + 1;
              received[index] = seen;
              if (fieldOf(fieldOf(fieldOf(JSON.parse(line), 'object'), 'data'), 'n') !== String(seen)) inOrder[index] = false;
            }
          });
          resolve();
        });
        outgoing.on('error', reject);
        watching.push(outgoing);
      });
    // A few handshakes at a time: it is the watches that count.
    for (let index = 0; index < WATCHERS; index += 50) {
      await Promise.all(Array.from({ length: 50 }, (_, offset) => open(index + offset)));
    }
    for (let change = 1; change <= CHANGES; change += 1) await write('PATCH', `${CONFIG_MAPS}/watched`, { data: { n: String(change) } });
    await expect.poll(() => received.filter((count) => count === CHANGES).length, { timeout: 30_000 }).toBe(WATCHERS);
    expect(inOrder).not.toContain(false);
    for (const outgoing of watching) {
      outgoing.on('error', () => undefined);
      outgoing.destroy();
    }
    agent.destroy();
    await expect.poll(async () => (await client.send({ path: '/metrics' })).body, { timeout: 20_000 }).toMatch(/^apiserver_longrunning_requests 0$/m);
  });

  it('see a list in pages as it was when it began, whatever is written meanwhile', async () => {
    for (let index = 0; index < 6; index += 1) await create(`page-${index}`, { app: 'page' });
    const first = (await list('labelSelector=app%3Dpage&limit=2')).value;
    await write('PATCH', `${CONFIG_MAPS}/page-4`, { data: { n: 'later' } });
    await write('DELETE', `${CONFIG_MAPS}/page-3`, {});
    await create('page-25', { app: 'page' });
    const second = (await list(`labelSelector=app%3Dpage&limit=2&continue=${metaOf(first, 'continue')}`)).value;
    const third = (await list(`labelSelector=app%3Dpage&limit=2&continue=${metaOf(second, 'continue')}`)).value;
    expect([first, second, third].flatMap(namesIn)).toEqual(['page-0', 'page-1', 'page-2', 'page-3', 'page-4', 'page-5']);
    expect(new Set([first, second, third].map((page) => metaOf(page, 'resourceVersion'))).size).toBe(1);
    // Other names follow, which the selector does not choose.
    const fourth = (await list(`labelSelector=app%3Dpage&limit=2&continue=${metaOf(third, 'continue')}`)).value;
    expect([namesIn(fourth), metaOf(fourth, 'continue')]).toEqual([[], '']);
    expect(JSON.stringify(third)).not.toContain('later');
  });

  it('are told when the snapshot of their pages is gone, and may go on without one', async () => {
    const first = (await list('labelSelector=app%3Dpage&limit=2')).value;
    const revision = metaOf(first, 'resourceVersion');
    await create('page-9', { app: 'page' });
    await create('unpaged');
    await api.store.compact(api.store.revision);
    const gone = await list(`labelSelector=app%3Dpage&limit=2&continue=${metaOf(first, 'continue')}`);
    expect(gone).toMatchObject({ status: 410, value: { kind: 'Status', reason: 'Expired', code: 410 } });
    const inconsistent = metaOf(gone.value, 'continue');
    expect(inconsistent).not.toBe('');
    const rest = await list(`labelSelector=app%3Dpage&continue=${inconsistent}`);
    expect(namesIn(rest.value)).toEqual(['page-2', 'page-25', 'page-4', 'page-5', 'page-9']);
    expect(await list(`resourceVersion=${revision}&resourceVersionMatch=Exact`)).toMatchObject({ status: 410, value: { reason: 'Expired' } });
    const events = (await client.send({ path: `${CONFIG_MAPS}?watch=true&resourceVersion=${revision}&timeoutSeconds=5` })).body;
    expect(JSON.parse(events)).toMatchObject({ type: 'ERROR', object: { code: 410, reason: 'Expired' } });
  });

  it.each([
    ['', 'newest'],
    ['resourceVersion=0', 'newest'],
    ['resourceVersion=R', 'newest'],
    ['resourceVersion=R&resourceVersionMatch=NotOlderThan', 'newest'],
    ['resourceVersion=R&resourceVersionMatch=Exact', 'as it was'],
    ['resourceVersion=R&limit=100', 'as it was'],
    ['resourceVersion=R&limit=100&resourceVersionMatch=NotOlderThan', 'newest'],
  ])('that list with %j get what is %s', async (query, expected) => {
    const revision = metaOf((await list('limit=1')).value, 'resourceVersion');
    const name = `matrix-${Math.random().toString(36).slice(2)}`;
    await create(name);
    const { value } = await list(query.replace('=R', `=${revision}`));
    expect(namesIn(value).includes(name)).toBe(expected === 'newest');
    expect(isRecord(value)).toBe(true);
  });
});
