import { get } from 'node:https';
import type { IncomingMessage } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fieldOf } from '../../../../api/machinery/json.ts';
import type { HttpsClient } from '../../../contract/https-client.ts';
import { httpsClient } from '../../../contract/https-client.ts';
import type { ServedApi } from '../../../contract/serve.ts';
import { serveApi } from '../../../contract/serve.ts';

const CONFIG_MAPS = '/api/v1/namespaces/default/configmaps';
const JSON_BODY = { 'content-type': 'application/json' };

interface Watching {
  readonly answer: IncomingMessage;
  /** Every event so far. */
  readonly events: unknown[];
  readonly closed: Promise<void>;
  close(): void;
}

describe('a watch', () => {
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

  function watch(query: string, headers: Readonly<Record<string, string>> = {}): Promise<Watching> {
    return new Promise((resolve, reject) => {
      const authorization = `Bearer ${client.token}`;
      const outgoing = get(new URL(`${CONFIG_MAPS}?watch=true&${query}`, api.url), { ca: client.authority, agent: false, headers: { authorization, ...headers } }, (answer) => {
        const events: unknown[] = [];
        let rest = '';
        answer.on('data', (chunk: Buffer) => {
          const lines = (rest + chunk.toString()).split('\n');
          rest = lines.pop() ?? '';
          for (const line of lines) events.push(JSON.parse(line));
        });
        const closed = new Promise<void>((over) => void answer.once('close', over));
        answer.on('error', () => undefined);
        resolve({ answer, events, closed, close: () => outgoing.destroy() });
      });
      outgoing.on('error', reject);
    });
  }

  async function create(name: string, data: Readonly<Record<string, string>> = {}): Promise<void> {
    const body = JSON.stringify({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, labels: { app: name } }, data });
    const answer = await client.send({ method: 'POST', path: CONFIG_MAPS, headers: JSON_BODY, body });
    expect(answer.status, answer.body).toBe(201);
  }

  async function revision(): Promise<string> {
    const { body } = await client.send({ path: `${CONFIG_MAPS}?limit=1` });
    return String(fieldOf(fieldOf(JSON.parse(body), 'metadata'), 'resourceVersion'));
  }

  const seen = ({ events }: Watching): unknown[] => events.map((event) => [fieldOf(event, 'type'), fieldOf(fieldOf(fieldOf(event, 'object'), 'metadata'), 'name')]);

  it('sends what happens after its revision, and answers before anything does', async () => {
    const watching = await watch(`resourceVersion=${await revision()}`);
    expect(watching.answer.headers).toMatchObject({ 'content-type': 'application/json', 'transfer-encoding': 'chunked' });
    await create('live');
    await client.send({ method: 'DELETE', path: `${CONFIG_MAPS}/live` });
    await expect.poll(() => seen(watching)).toEqual([
      ['ADDED', 'live'],
      ['DELETED', 'live'],
    ]);
    watching.close();
  });

  it('goes on from where another ended', async () => {
    const from = await revision();
    await create('gap');
    const watching = await watch(`resourceVersion=${from}&timeoutSeconds=1`);
    await watching.closed;
    expect(seen(watching)).toEqual([['ADDED', 'gap']]);
  });

  it('begins with what exists where asked, and marks the end of it', async () => {
    await create('initial');
    const watching = await watch('sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true&labelSelector=app%3Dinitial&timeoutSeconds=1');
    await watching.closed;
    expect(seen(watching)).toEqual([
      ['ADDED', 'initial'],
      ['BOOKMARK', undefined],
    ]);
    expect(fieldOf(fieldOf(watching.events[1], 'object'), 'metadata')).toMatchObject({ annotations: { 'k8s.io/initial-events-end': 'true' } });
  });

  it('of tables names the columns once', async () => {
    const watching = await watch(`resourceVersion=${await revision()}`, { accept: 'application/json;as=Table;v=v1;g=meta.k8s.io' });
    await create('table-a', { a: '1', b: '2' });
    await create('table-b');
    await expect.poll(() => watching.events.length).toBe(2);
    const [first, second] = watching.events.map((event) => fieldOf(event, 'object'));
    expect(first).toMatchObject({ kind: 'Table', columnDefinitions: [{ name: 'Name' }, { name: 'Data' }, { name: 'Age' }], rows: [{ cells: ['table-a', 2, expect.anything()] }] });
    expect(second).toMatchObject({ columnDefinitions: null, rows: [{ cells: ['table-b', 0, expect.anything()] }] });
    watching.close();
  });

  it('sends the metadata alone where asked', async () => {
    const watching = await watch(`resourceVersion=${await revision()}`, { accept: 'application/json;as=PartialObjectMetadata;v=v1;g=meta.k8s.io' });
    await create('partial', { secret: 'not shown' });
    await expect.poll(() => watching.events.length).toBe(1);
    expect(fieldOf(watching.events[0], 'object')).toMatchObject({ kind: 'PartialObjectMetadata', metadata: { name: 'partial' } });
    expect(JSON.stringify(watching.events)).not.toContain('not shown');
    watching.close();
  });

  it('is forgotten when its client goes', async () => {
    const gauge = async (): Promise<string | undefined> => /^apiserver_longrunning_requests (\d+)$/m.exec((await client.send({ path: '/metrics' })).body)?.[1];
    await expect.poll(gauge).toBe('0');
    const watching = await watch('');
    await expect.poll(gauge).toBe('1');
    watching.close();
    await expect.poll(gauge).toBe('0');
  });

  it('whose reader does not keep up is cut off, and nobody else waits', async () => {
    const slow = await watch(`resourceVersion=${await revision()}`);
    slow.answer.pause();
    const quick = await watch(`resourceVersion=${await revision()}`);
    const large = 'x'.repeat(900_000);
    for (let index = 0; index < 24; index += 1) await create(`large-${index}`, { large });
    await expect.poll(() => quick.events.length, { timeout: 10_000 }).toBe(24);
    slow.answer.resume();
    await slow.closed;
    expect(slow.events.length).toBeLessThan(24);
    expect(slow.answer.complete).toBe(false);
    quick.close();
  });

  it('ends in good order when the server stops', async () => {
    const other = await serveApi();
    const otherClient = httpsClient(other.url, other.kubeconfig);
    const waiting = otherClient.send({ path: `${CONFIG_MAPS}?watch=true` });
    await expect.poll(async () => (await otherClient.send({ path: '/metrics' })).body).toMatch(/^apiserver_longrunning_requests 1$/m);
    await other.stop();
    expect((await waiting).status).toBe(200);
    otherClient.close();
  });
});
