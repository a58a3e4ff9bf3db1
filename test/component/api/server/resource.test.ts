import supertest from 'supertest';
import type { Test } from 'supertest';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { httpsClient } from '../../../contract/https-client.ts';
import { serveApi, type ServedApi } from '../../../contract/serve.ts';

const PORTS = '/apis/bridgekeeper.dev/v1alpha1/vlanports';
const PORT = { apiVersion: 'bridgekeeper.dev/v1alpha1', kind: 'VlanPort', metadata: { name: 'mgmt' }, spec: { bridgeName: 'br0', vlan: { mode: 'access', tag: 100 } } };

/** What the answers here have that is looked at. */
interface Body {
  readonly metadata: { readonly generation: number; readonly resourceVersion: string };
  readonly spec: Readonly<Record<string, unknown>>;
  readonly status: { readonly ofport?: number; readonly conditions: readonly { readonly type: string; readonly status: string }[] };
  readonly reason?: string;
}

let api: ServedApi;
let authority: string;
let token: string;

beforeAll(async () => {
  api = await serveApi();
  ({ authority, token } = httpsClient(api.url, api.kubeconfig));
});

afterAll(() => api.stop());

function send(method: 'get' | 'post' | 'put' | 'patch' | 'delete', path: string): Test {
  return supertest.agent(api.url, { ca: authority })[method](path).set('Authorization', `Bearer ${token}`);
}

/** The answer's body, when its code is the expected one. */
async function answer(test: Test, code: number): Promise<Body> {
  return JSON.parse((await test.expect(code)).text) as Body;
}

describe('the life of a resource, over HTTPS', () => {
  it('is created with defaults, a uid and generation 1', async () => {
    const body = await answer(send('post', PORTS).send(PORT), 201);
    expect(body).toMatchObject({ metadata: { name: 'mgmt', generation: 1 }, spec: { adoptionPolicy: 'IfMatching', deletionPolicy: 'Delete' } });
    expect(body.status.conditions.map(({ type, status }) => `${type} ${status}`)).toEqual(['Accepted Unknown', 'Programmed Unknown', 'Ready Unknown']);
  });

  it('is refused a second time', async () => {
    const body = await answer(send('post', PORTS).send(PORT), 409);
    expect(body).toMatchObject({ kind: 'Status', reason: 'AlreadyExists' });
  });

  it('counts a new generation for a new spec, and none for a new label', async () => {
    const patch = (value: unknown): Test => send('patch', `${PORTS}/mgmt`).set('Content-Type', 'application/merge-patch+json').send(JSON.stringify(value));
    expect((await answer(patch({ spec: { vlan: { tag: 200 } } }), 200)).metadata.generation).toBe(2);
    expect((await answer(patch({ metadata: { labels: { tier: 'mgmt' } } }), 200)).metadata.generation).toBe(2);
  });

  it('keeps its status on a spec update, and its spec on a status update', async () => {
    const before = await answer(send('get', `${PORTS}/mgmt`), 200);
    const withBoth = { ...before, spec: { ...before.spec, mtu: 1400 }, status: { ...before.status, ofport: 7 } };
    const afterSpec = await answer(send('put', `${PORTS}/mgmt`).send(withBoth), 200);
    expect([afterSpec.spec['mtu'], afterSpec.status.ofport]).toEqual([1400, undefined]);
    const statusOnly = { ...withBoth, metadata: afterSpec.metadata, spec: { ...before.spec, mtu: 9000 } };
    const afterStatus = await answer(send('put', `${PORTS}/mgmt/status`).send(statusOnly), 200);
    expect([afterStatus.spec['mtu'], afterStatus.status.ofport, afterStatus.metadata.generation]).toEqual([1400, 7, 3]);
  });

  it('is not overwritten from a state that is past', async () => {
    const newest = await answer(send('get', `${PORTS}/mgmt`), 200);
    const past = { ...newest, metadata: { ...newest.metadata, resourceVersion: '1' } };
    expect((await answer(send('put', `${PORTS}/mgmt`).send(past), 409)).reason).toBe('Conflict');
  });

  it('is gone when it is deleted', async () => {
    await send('delete', `${PORTS}/mgmt`).expect(200);
    expect(await answer(send('get', `${PORTS}/mgmt`), 404)).toMatchObject({ kind: 'Status', reason: 'NotFound' });
  });

  it('is nothing for somebody without a token', async () => {
    const anonymous = supertest.agent(api.url, { ca: authority }).get(PORTS);
    expect((await answer(anonymous, 403)).reason).toBe('Forbidden');
  });
});
