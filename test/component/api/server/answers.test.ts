import { gunzipSync } from 'node:zlib';
import { get } from 'node:https';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { isRecord } from '../../../../api/machinery/json.ts';
import type { HttpsClient } from '../../../contract/https-client.ts';
import { httpsClient } from '../../../contract/https-client.ts';
import type { ServedApi } from '../../../contract/serve.ts';
import { serveApi } from '../../../contract/serve.ts';

const PORTGROUPS = '/apis/bridgekeeper.dev/v1alpha1/portgroups';
const TABLE = 'application/json;as=Table;v=v1;g=meta.k8s.io';
const JSON_BODY = { 'content-type': 'application/json' };

function manifest(name: string): string {
  return JSON.stringify({ apiVersion: 'bridgekeeper.dev/v1alpha1', kind: 'Portgroup', metadata: { name }, spec: { bridgeName: 'b' } });
}

describe('an answer', () => {
  let api: ServedApi;
  let client: HttpsClient;

  beforeAll(async () => {
    api = await serveApi();
    client = httpsClient(api.url, api.kubeconfig);
    for (let index = 0; index < 300; index += 1) {
      await client.send({ method: 'POST', path: PORTGROUPS, headers: JSON_BODY, body: manifest(`pg-${String(index).padStart(3, '0')}`) });
    }
  });

  afterAll(async () => {
    client.close();
    await api.stop();
  });

  it('to a GET is the stored bytes', async () => {
    const type = api.registry.types.find(({ plural }) => plural === 'portgroups');
    if (type === undefined) throw new Error('no portgroups');
    const { body, headers } = await client.send({ path: `${PORTGROUPS}/pg-001` });
    expect(body).toBe(api.registry.get({ type, name: 'pg-001' }).bytes.toString());
    expect(headers).not.toHaveProperty('etag');
    expect(headers).not.toHaveProperty('x-powered-by');
  });

  it('to HEAD has the headers alone', async () => {
    const { status, body, headers } = await client.send({ method: 'HEAD', path: `${PORTGROUPS}/pg-001` });
    expect({ status, body }).toEqual({ status: 200, body: '' });
    expect(Number(headers['content-length'])).toBeGreaterThan(100);
  });

  it.each([`${PORTGROUPS}/pg-001`, `${PORTGROUPS}?limit=2`, '/apis', PORTGROUPS.replace('/portgroups', '')])('is YAML where asked: %s', async (path) => {
    const { body, headers } = await client.send({ path, headers: { accept: 'application/yaml' } });
    expect(headers['content-type']).toBe('application/yaml');
    const json = await client.send({ path });
    expect(parse(body)).toEqual(JSON.parse(json.body));
  });

  it('is indented for people', async () => {
    expect((await client.send({ path: `${PORTGROUPS}/pg-001?pretty=true` })).body).toMatch(/^\{\n {2}"apiVersion"/);
    expect((await client.send({ path: `${PORTGROUPS}/pg-001`, headers: { 'user-agent': 'curl/8.5.0' } })).body).toMatch(/^\{\n/);
  });

  it('that is large comes compressed to who takes it', async () => {
    const plain = await client.send({ path: PORTGROUPS, headers: { 'accept-encoding': 'identity' } });
    expect(plain.headers['content-encoding']).toBeUndefined();
    const { bytes, encoding } = await raw(PORTGROUPS, 'br, gzip;q=0.5');
    expect(encoding).toBe('gzip');
    expect(bytes.length).toBeLessThan(plain.body.length / 5);
    expect(gunzipSync(bytes).toString()).toBe(plain.body);
    expect((await raw(`${PORTGROUPS}/pg-001`, 'gzip')).encoding).toBeUndefined();
    expect((await raw(PORTGROUPS, 'gzip;q=0')).encoding).toBeUndefined();
  });

  it('of type Table holds what includeObject says', async () => {
    const rows = async (query: string): Promise<unknown> => {
      const { body } = await client.send({ path: `${PORTGROUPS}?limit=1${query}`, headers: { accept: TABLE } });
      const table: unknown = JSON.parse(body);
      return isRecord(table) ? table.rows : undefined;
    };
    expect(await rows('')).toEqual([expect.objectContaining({ object: expect.objectContaining({ kind: 'PartialObjectMetadata' }) })]);
    expect(await rows('&includeObject=Object')).toEqual([expect.objectContaining({ object: expect.objectContaining({ kind: 'Portgroup' }) })]);
    expect(await rows('&includeObject=None')).toEqual([{ cells: expect.arrayContaining(['pg-000', 'b']) }]);
    expect((await client.send({ path: `${PORTGROUPS}?includeObject=All`, headers: { accept: TABLE } })).status).toBe(400);
  });

  it('of type PartialObjectMetadataList has neither spec nor status', async () => {
    const { body } = await client.send({ path: `${PORTGROUPS}?limit=1`, headers: { accept: 'application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io' } });
    const list: unknown = JSON.parse(body);
    expect(list).toMatchObject({ kind: 'PartialObjectMetadataList', items: [{ kind: 'PartialObjectMetadata', metadata: { name: 'pg-000' } }] });
    expect(body).not.toMatch(/"(spec|status)":/);
  });

  it.each([
    ['application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io', `${PORTGROUPS}/pg-001`],
    ['application/json;as=PartialObjectMetadata;v=v1;g=meta.k8s.io', PORTGROUPS],
    ['text/html', PORTGROUPS],
    ['application/yaml', `${PORTGROUPS}?watch=1`],
  ])('of type %s is refused with 406 for %s', async (accept, path) => {
    const { status, body } = await client.send({ path, headers: { accept } });
    expect(status).toBe(406);
    expect(JSON.parse(body)).toMatchObject({ kind: 'Status', reason: 'NotAcceptable' });
  });

  it('that nobody could read is not carried out', async () => {
    const answer = await client.send({ method: 'POST', path: PORTGROUPS, headers: { ...JSON_BODY, accept: 'image/png' }, body: manifest('unread') });
    expect(answer.status).toBe(406);
    expect((await client.send({ path: `${PORTGROUPS}/unread` })).status).toBe(404);
  });

  it('to a method that a resource has not is 405', async () => {
    for (const [method, path] of [
      ['POST', `${PORTGROUPS}/pg-001`],
      ['DELETE', `${PORTGROUPS}/pg-001/status`],
      ['OPTIONS', PORTGROUPS],
      ['GET', '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews'],
      ['POST', '/api/v1/secrets'],
    ] as const) {
      const { status, body } = await client.send({ method, path, headers: JSON_BODY, body: method === 'OPTIONS' || method === 'GET' ? '' : '{}' });
      expect([404, 405], `${method} ${path}`).toContain(status);
      expect(JSON.parse(body)).toMatchObject({ kind: 'Status' });
    }
  });

  it.each([
    ['PUT', PORTGROUPS, 400, 'name must be provided'],
    ['GET', `${PORTGROUPS}/..`, 400, `Name parameter invalid: "..": may not be '..'`],
    ['GET', `${PORTGROUPS}/a%25b`, 400, `Name parameter invalid: "a%b": may not contain '%'`],
    ['OPTIONS', PORTGROUPS, 405, ' is not supported on resources of kind "portgroups.bridgekeeper.dev"'],
    ['GET', `${PORTGROUPS}/pg-001?resourceVersion=x`, 400, 'invalid resource version: resourceVersion: Invalid value: "x": strconv.ParseUint: parsing "x": invalid syntax'],
    ['GET', `${PORTGROUPS}/pg-001?resourceVersion=99999`, 504, expect.stringMatching(/^Timeout: Too large resource version: 99999, current: \d+$/)],
    ['GET', '/api/v1/namespaces/default/configmaps/a/status', 404, 'the server could not find the requested resource'],
  ])('to %s %s is %i with a Status that says why', async (method, path, code, message) => {
    const answer = await client.send({ method, path, headers: JSON_BODY });
    expect({ status: answer.status, body: JSON.parse(answer.body) }).toMatchObject({ status: code, body: { kind: 'Status', code, message } });
  });

  it.each([
    ['{"metadata":{"labels":{"a":1}}}', 'patch', /^Invalid value: "\{.*\}": json: cannot unmarshal number into Go struct field ObjectMeta\.metadata\.labels of type string$/],
    ['{"kind":null}', 'patch', /^Invalid value: "\{.*\}": Object 'Kind' is missing in '\{.*\}'$/],
    ['{"metadata":{"uid":"x"}}', 'metadata.uid', /^Invalid value: "x": field is immutable$/],
    ['{"metadata":{"deletionTimestamp":"2026-01-01T00:00:00Z"}}', 'metadata.deletionTimestamp', /^Invalid value: "2026-01-01T00:00:00Z": field is immutable$/],
  ])('to the patch %s is 422 and names %s', async (body, field, message) => {
    const answer = await client.send({ method: 'PATCH', path: `${PORTGROUPS}/pg-001`, headers: { 'content-type': 'application/merge-patch+json' }, body });
    expect(answer.status).toBe(422);
    expect(JSON.parse(answer.body)).toMatchObject({ reason: 'Invalid', details: { causes: expect.arrayContaining([expect.objectContaining({ field, message: expect.stringMatching(message) })]) } });
  });

  it('may be kept by nobody, and in YAML leaves the keys of managedFields without quotes', async () => {
    const { headers, body } = await client.send({ path: `${PORTGROUPS}/pg-001`, headers: { accept: 'application/yaml' } });
    expect(headers['cache-control']).toBe('no-cache, private');
    expect(body).toMatch(/^ +\.: \{\}$/m);
  });

  it('to a watch that may take no time at all comes at once', async () => {
    const answer = await client.send({ path: `${PORTGROUPS}?watch=1&resourceVersion=99999&timeoutSeconds=-1` });
    expect(answer).toMatchObject({ status: 200, body: '' });
  });

  it('to an unknown path is a plain page, below a known built-in group a Status', async () => {
    for (const path of ['/nowhere', '/apis/nowhere.dev/v1/things', '/apis/bridgekeeper.dev/v1alpha1/things', '/apis/bridgekeeper.dev/v1alpha1/namespaces/a/portgroups', '/api/v9', '/apis//v1/x']) {
      const { status, body } = await client.send({ path });
      expect({ status, body }, path).toEqual({ status: 404, body: '404 page not found\n' });
    }
    const pods = await client.send({ path: '/api/v1/pods' });
    expect(JSON.parse(pods.body)).toMatchObject({ kind: 'Status', reason: 'NotFound', message: 'the server could not find the requested resource' });
    const scale = await client.send({ path: `${PORTGROUPS}/pg-001/scale` });
    expect(JSON.parse(scale.body)).toMatchObject({ message: 'portgroups.bridgekeeper.dev "pg-001" not found' });
  });

  it('to aggregated discovery that the client has already is 304', async () => {
    const accept = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json';
    const first = await client.send({ path: '/apis', headers: { accept } });
    const second = await client.send({ path: '/apis', headers: { accept, 'if-none-match': String(first.headers.etag) } });
    expect({ status: second.status, body: second.body }).toEqual({ status: 304, body: '' });
  });

  it('to an OpenAPI document with an old hash leads to the right one', async () => {
    const path = '/openapi/v3/apis/bridgekeeper.dev/v1alpha1';
    const moved = await client.send({ path: `${path}?hash=OLD` });
    expect(moved.status).toBe(301);
    const found = await client.send({ path: String(moved.headers.location) });
    expect(found.headers['cache-control']).toMatch(/immutable/);
    expect(JSON.parse(found.body)).toMatchObject({ openapi: '3.0.0' });
  });

  function raw(path: string, acceptEncoding: string): Promise<{ readonly bytes: Buffer; readonly encoding: string | undefined }> {
    return new Promise((resolve, reject) => {
      const headers = { authorization: `Bearer ${client.token}`, 'accept-encoding': acceptEncoding };
      get(new URL(path, api.url), { ca: client.authority, headers }, (answer) => {
        const chunks: Buffer[] = [];
        answer.on('data', (chunk: Buffer) => chunks.push(chunk));
        answer.on('end', () => resolve({ bytes: Buffer.concat(chunks), encoding: answer.headers['content-encoding'] }));
      }).on('error', reject);
    });
  }
});
