import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fieldOf } from '../../../../api/machinery/json.ts';
import { newToken, parseTokenFile, printTokenFile, recordOf } from '../../../../api/server/identity/token-file.ts';
import type { HttpsClient } from '../../../contract/https-client.ts';
import { httpsClient } from '../../../contract/https-client.ts';
import type { ServedApi } from '../../../contract/serve.ts';
import { serveApi } from '../../../contract/serve.ts';

const PORTGROUPS = '/apis/bridgekeeper.dev/v1alpha1/portgroups';
const manifest = (name: string): string => JSON.stringify({ apiVersion: 'bridgekeeper.dev/v1alpha1', kind: 'Portgroup', metadata: { name }, spec: { bridgeName: 'b' } });
const JSON_BODY = { 'content-type': 'application/json' };
const MERGE_BODY = { 'content-type': 'application/merge-patch+json' };

describe('who may do what', () => {
  let api: ServedApi;
  let client: HttpsClient;
  const tokens = { edit: newToken(), view: newToken(), controller: newToken() };
  const logged: string[] = [];

  beforeAll(async () => {
    api = await serveApi({
      log: pino({ level: 'debug' }, { write: (line: string) => void logged.push(line) }),
      overrides: { failedLoginsPerMinute: 3 },
    });
    client = httpsClient(api.url, api.kubeconfig);
    const path = join(api.dataDir.path, 'tokens.json');
    const records = parseTokenFile(await readFile(path, 'utf8'));
    const more = [recordOf(tokens.edit, 'eve', 'edit'), recordOf(tokens.view, 'vic', 'view'), recordOf(tokens.controller, 'carl', 'controller')];
    await writeFile(path, printTokenFile([...records, ...more]));
    await api.dataDir.reloadAccess();
  });

  afterAll(async () => {
    client.close();
    await api.stop();
  });

  it('keeps the admin token nowhere but in the kubeconfig, which only its owner reads', async () => {
    expect(await readFile(join(api.dataDir.path, 'tokens.json'), 'utf8')).not.toContain(client.token);
    for (const file of ['admin.kubeconfig', 'tokens.json', 'pki/ca.key', 'pki/server.key']) {
      expect((await stat(join(api.dataDir.path, file))).mode & 0o777, file).toBeLessThanOrEqual(file === 'tokens.json' ? 0o644 : 0o600);
    }
  });

  it.each(['/healthz', '/livez', '/readyz', '/readyz?verbose', '/version'])('tells anybody %s', async (path) => {
    expect((await client.send({ path, token: null })).status).toBe(200);
  });

  it.each(['/', '/api', '/apis', '/metrics', '/openapi/v3', '/nowhere'])('tells nobody without credentials %s', async (path) => {
    const answer = await client.send({ path, token: null });
    expect(answer.status).toBe(403);
    expect(JSON.parse(answer.body)).toEqual({
      kind: 'Status',
      apiVersion: 'v1',
      metadata: {},
      status: 'Failure',
      message: `forbidden: User "system:anonymous" cannot get path "${path}"`,
      reason: 'Forbidden',
      details: {},
      code: 403,
    });
  });

  it('answers a wrong token 401, and many 429, while right ones still pass', async () => {
    const wrong = await client.send({ path: PORTGROUPS, token: 'nonsense' });
    expect(wrong.status).toBe(401);
    expect(JSON.parse(wrong.body)).toMatchObject({ kind: 'Status', message: 'Unauthorized', reason: 'Unauthorized', code: 401 });
    const answers = await Promise.all(Array.from({ length: 5 }, () => client.send({ path: PORTGROUPS, token: newToken() })));
    expect(answers.map(({ status }) => status).sort()).toEqual([401, 401, 429, 429, 429]);
    expect((await client.send({ path: PORTGROUPS })).status).toBe(200);
  });

  it.each([
    ['view', 'GET', PORTGROUPS, 200],
    ['view', 'GET', '/api/v1/namespaces/default/configmaps', 200],
    ['view', 'GET', '/api/v1/namespaces/default/secrets', 403],
    ['view', 'POST', PORTGROUPS, 403],
    ['view', 'DELETE', PORTGROUPS, 403],
    ['view', 'GET', '/metrics', 403],
    ['view', 'GET', '/apis', 200],
    ['edit', 'POST', PORTGROUPS, 201],
    ['edit', 'GET', '/api/v1/namespaces/default/secrets', 200],
    ['edit', 'DELETE', '/apis/coordination.k8s.io/v1/namespaces/default/leases/x', 403],
    ['controller', 'POST', PORTGROUPS, 403],
    ['controller', 'GET', PORTGROUPS, 200],
  ] as const)('as %s: %s %s is %i', async (role, method, path, status) => {
    const body = method === 'POST' ? { body: manifest(`of-${role}`), headers: JSON_BODY } : {};
    const answer = await client.send({ method, path, token: tokens[role], ...body });
    expect(answer.status, answer.body).toBe(status);
  });

  it('lets a controller write a status, but no spec', async () => {
    await client.send({ method: 'POST', path: PORTGROUPS, headers: JSON_BODY, body: manifest('kept') });
    const patch = { method: 'PATCH', headers: MERGE_BODY, token: tokens.controller, body: '{"spec":{"bridgeName":"c"},"status":{"observedGeneration":1}}' };
    expect((await client.send({ ...patch, path: `${PORTGROUPS}/kept` })).status).toBe(403);
    const written = await client.send({ ...patch, path: `${PORTGROUPS}/kept/status` });
    expect(JSON.parse(written.body)).toMatchObject({ spec: { bridgeName: 'b' }, status: { observedGeneration: 1 } });
  });

  it('lets a controller write finalizers, judged by what the write changes', async () => {
    await client.send({ method: 'POST', path: PORTGROUPS, headers: JSON_BODY, body: manifest('held') });
    const path = `${PORTGROUPS}/held`;
    const patch = (body: object, type = 'merge-patch+json', query = '') =>
      client.send({ method: 'PATCH', path: `${path}${query}`, token: tokens.controller, headers: { 'content-type': `application/${type}` }, body: JSON.stringify(body) });
    const finalizers = ['bridgekeeper.dev/host'];
    const added = await patch({ metadata: { finalizers } });
    expect(added.status, added.body).toBe(200);
    expect(JSON.parse(added.body)).toMatchObject({ metadata: { finalizers, generation: 1 }, spec: { bridgeName: 'b' } });
    const applied = { apiVersion: 'bridgekeeper.dev/v1alpha1', kind: 'Portgroup', metadata: { name: 'held' } };
    const refused = [
      await patch({ metadata: { finalizers: [] }, spec: { bridgeName: 'c' } }),
      await patch({ metadata: { labels: { a: 'b' } } }),
      await patch({ metadata: { annotations: { 'bridgekeeper.dev/paused': 'true' } } }),
      await patch([{ op: 'replace', path: '/spec/bridgeName', value: 'c' }], 'json-patch+json'),
      await patch({ ...applied, spec: { bridgeName: 'c' } }, 'apply-patch+yaml', '?fieldManager=x&force=true'),
      await patch({ spec: { bridgeName: 'c' } }, 'merge-patch+json', '?dryRun=All'),
    ];
    for (const answer of refused) {
      expect(answer.status, answer.body).toBe(403);
      expect(JSON.parse(answer.body)).toMatchObject({ kind: 'Status', reason: 'Forbidden', message: expect.stringContaining('User "carl" cannot patch resource "portgroups"') });
    }
    const now: unknown = JSON.parse((await client.send({ path })).body);
    const put = (body: unknown) => client.send({ method: 'PUT', path, token: tokens.controller, headers: JSON_BODY, body: JSON.stringify(body) });
    expect((await put({ ...Object(now), spec: { bridgeName: 'c' } })).status).toBe(403);
    expect((await put({ ...Object(now), metadata: { ...Object(fieldOf(now, 'metadata')), finalizers: [...finalizers, 'bridgekeeper.dev/other'] } })).status).toBe(200);
    expect(JSON.parse((await client.send({ path })).body)).toMatchObject({ spec: { bridgeName: 'b' }, metadata: { finalizers: [...finalizers, 'bridgekeeper.dev/other'] } });
    await client.send({ method: 'DELETE', path });
    expect((await patch({ metadata: { finalizers: null } })).status).toBe(200);
    expect((await client.send({ path })).status).toBe(404);
  });

  it('lets a controller create what it reports with, and by no patch what it may not create', async () => {
    const create = (path: string, body: object) => client.send({ method: 'POST', path, token: tokens.controller, headers: JSON_BODY, body: JSON.stringify(body) });
    const ours = { apiVersion: 'bridgekeeper.dev/v1alpha1' };
    const group = '/apis/bridgekeeper.dev/v1alpha1';
    const involvedObject = { kind: 'Host', name: 'luna' };
    const made = [
      await create(`${group}/hosts`, { ...ours, kind: 'Host', metadata: { name: 'luna' }, spec: {} }),
      await create('/api/v1/namespaces/default/events', { apiVersion: 'v1', kind: 'Event', metadata: { name: 'e', namespace: 'default' }, involvedObject }),
      await create('/apis/coordination.k8s.io/v1/namespaces/default/leases', { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', metadata: { name: 'luna' }, spec: {} }),
    ];
    for (const answer of made) expect(answer.status, answer.body).toBe(201);
    for (const kind of ['driftreports', 'changes']) expect((await create(`${group}/${kind}`, {})).status, kind).not.toBe(403);
    const applied = { ...ours, metadata: { name: 'new' }, spec: {} };
    const apply = (plural: string, kind: string) =>
      client.send({ method: 'PATCH', path: `${group}/${plural}/new?fieldManager=x`, token: tokens.controller, headers: { 'content-type': 'application/apply-patch+yaml' }, body: JSON.stringify({ ...applied, kind }) });
    expect((await apply('hosts', 'Host')).status).toBe(201);
    expect((await apply('portgroups', 'Portgroup')).status).toBe(403);
    expect((await client.send({ path: `${PORTGROUPS}/new` })).status).toBe(404);
  });

  it('says who did what, and no token, body or secret', async () => {
    await client.send({
      method: 'POST',
      path: '/api/v1/namespaces/default/secrets?fieldManager=confidential-manager',
      headers: JSON_BODY,
      body: JSON.stringify({ apiVersion: 'v1', kind: 'Secret', metadata: { name: 'audited' }, stringData: { password: 'tr0ub4dor' } }),
    });
    const records = (): unknown[] => logged.map((line): unknown => JSON.parse(line));
    await expect.poll(records).toContainEqual(expect.objectContaining({ audit: true, user: 'admin', verb: 'create', resource: 'secrets', code: 201 }));
    expect(records()).toContainEqual(expect.objectContaining({ user: 'vic', verb: 'create', resource: 'portgroups', code: 403, level: 30 }));
    expect(logged.join('\n')).not.toMatch(/tr0ub4dor|confidential-manager|Bearer/);
    for (const token of [client.token, ...Object.values(tokens)]) expect(logged.join('\n')).not.toContain(token);
  });

  it('lets an admin try what others may do, by their groups, and writes down who it was', async () => {
    const as = (headers: Record<string, string>, path: string, token = client.token) => client.send({ path, token, headers });
    const bob = { 'impersonate-user': 'bob' };
    const viewer = { ...bob, 'impersonate-group': 'bridgekeeper:view' };
    expect((await as(bob, PORTGROUPS)).body).toContain('User \\"bob\\" cannot list resource \\"portgroups\\"');
    expect((await as(bob, '/apis')).status).toBe(200);
    expect((await as(viewer, PORTGROUPS)).status).toBe(200);
    expect((await as(viewer, '/api/v1/secrets')).status).toBe(403);
    expect((await as({ 'impersonate-user': 'system:anonymous' }, '/apis')).status).toBe(403);
    expect((await as({ 'impersonate-group': 'bridgekeeper:view' }, PORTGROUPS)).status).toBe(400);
    const escalating = await as({ ...bob, 'impersonate-group': 'system:masters' }, PORTGROUPS, tokens.edit);
    expect(JSON.parse(escalating.body)).toMatchObject({ code: 403, message: 'users "bob" is forbidden: User "eve" cannot impersonate resource "users" in API group "" at the cluster scope' });
    await expect.poll(() => logged.map((line): unknown => JSON.parse(line))).toContainEqual(expect.objectContaining({ user: 'bob', impersonatedBy: 'admin', code: 403 }));
  });

  it('forgets a token that is taken out of the file', async () => {
    const path = join(api.dataDir.path, 'tokens.json');
    const records = parseTokenFile(await readFile(path, 'utf8'));
    await writeFile(path, printTokenFile(records.filter(({ userName }) => userName !== 'vic')));
    await api.dataDir.reloadAccess();
    expect((await client.send({ path: PORTGROUPS, token: tokens.view })).status).toBeGreaterThanOrEqual(401);
    expect((await client.send({ path: PORTGROUPS, token: tokens.edit })).status).toBe(200);
  });
});
