import { request, type ClientRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { connect } from 'node:net';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { httpsClient, type HttpsClient } from '../../../contract/https-client.ts';
import { serveApi, type ServedApi } from '../../../contract/serve.ts';
import { eventually } from '../../../fixtures/eventually.ts';

const CONFIG_MAPS = '/api/v1/namespaces/default/configmaps';
const JSON_BODY = { 'content-type': 'application/json' };
const MIB = 1024 * 1024;

let api: ServedApi;
let client: HttpsClient;

beforeAll(async () => {
  api = await serveApi({ overrides: { inFlightLimits: { reading: 2, writing: 1 } } });
  client = httpsClient(api.url, api.kubeconfig);
});

afterAll(async () => {
  client.close();
  await api.stop();
});

function configMap(name: string, text = ''): string {
  return JSON.stringify({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name }, data: { text } });
}

function create(name: string, text?: string) {
  return client.send({ method: 'POST', path: CONFIG_MAPS, headers: JSON_BODY, body: configMap(name, text) });
}

/** A write whose body does not come. */
function slowWrite(): ClientRequest {
  const headers = { ...JSON_BODY, authorization: `Bearer ${client.token}`, 'content-length': '1000' };
  const slow = httpsRequest(new URL(CONFIG_MAPS, api.url), { method: 'POST', ca: client.authority, headers, agent: false });
  // It is cut off at the end of the test.
  slow.on('error', () => undefined);
  slow.flushHeaders();
  return slow;
}

it('tells those who are too many to come back, and lets others in as soon as there is room', async () => {
  const slow = slowWrite();
  const refused = await eventually(async () => {
    const answer = await create('crowded');
    return answer.status === 429 && answer;
  });
  expect(refused.headers['retry-after']).toBe('1');
  expect(JSON.parse(refused.body)).toMatchObject({ kind: 'Status', reason: 'TooManyRequests', code: 429, details: { retryAfterSeconds: 1 } });
  expect((await client.send({ path: CONFIG_MAPS })).status).toBe(200);
  slow.destroy();
  await eventually(async () => (await create('after')).status === 201);
});

it('does not count watches', async () => {
  const watches = Array.from({ length: 5 }, () =>
    client.send({ path: `${CONFIG_MAPS}?watch=1&timeoutSeconds=2&resourceVersion=${api.store.revision}` }),
  );
  expect((await client.send({ path: CONFIG_MAPS })).status).toBe(200);
  expect((await Promise.all(watches)).map(({ status }) => status)).toEqual([200, 200, 200, 200, 200]);
});

it('refuses a body over 3 MiB by the length that it tells', async () => {
  const refused = await create('big', 'a'.repeat(3 * MIB));
  expect(refused.status).toBe(413);
  expect(JSON.parse(refused.body)).toMatchObject({ kind: 'Status', reason: 'RequestEntityTooLarge', code: 413 });
  expect((await create('small')).status).toBe(201);
});

it('refuses a body that grows over 3 MiB without telling, before its end', async () => {
  const headers = { ...JSON_BODY, authorization: `Bearer ${client.token}` };
  const endless = httpsRequest(new URL(CONFIG_MAPS, api.url), { method: 'POST', ca: client.authority, headers, agent: false });
  const status = new Promise((resolve, reject) => {
    endless.on('response', ({ statusCode }) => resolve(statusCode));
    endless.on('error', reject);
  });
  for (let chunk = 0; chunk < 4; chunk += 1) endless.write('a'.repeat(MIB));
  expect(await status).toBe(413);
  endless.destroy();
});

it.each([
  ['POST', '/livez'],
  ['DELETE', '/version'],
  ['PUT', '/apis'],
  ['OPTIONS', '/openapi/v2'],
  ['POST', '/'],
])('refuses %s %s with a Status', async (method, path) => {
  const answer = await client.send({ method, path });
  expect(answer.status).toBe(405);
  expect(JSON.parse(answer.body)).toMatchObject({ kind: 'Status', reason: 'MethodNotAllowed', code: 405 });
});

it('speaks to nobody without TLS', async () => {
  const { hostname, port } = new URL(api.url);
  await expect(
    new Promise((resolve, reject) => {
      request({ hostname, port, path: '/livez' }, resolve).on('error', reject).end();
    }),
  ).rejects.toThrow();
  const answered = await new Promise<string>((resolve, reject) => {
    const socket = connect(Number(port), hostname, () => socket.write('GET /livez HTTP/1.1\r\nHost: x\r\n\r\n'));
    let text = '';
    socket.on('data', (chunk: Buffer) => (text += chunk.toString('latin1')));
    socket.on('error', reject);
    socket.on('close', () => resolve(text));
  });
  expect(answered).not.toContain('HTTP');
});
