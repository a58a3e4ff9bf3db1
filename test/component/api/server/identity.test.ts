import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
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
    await api.dataDir.reloadTokens();
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

  it('forgets a token that is taken out of the file', async () => {
    const path = join(api.dataDir.path, 'tokens.json');
    const records = parseTokenFile(await readFile(path, 'utf8'));
    await writeFile(path, printTokenFile(records.filter(({ userName }) => userName !== 'vic')));
    await api.dataDir.reloadTokens();
    expect((await client.send({ path: PORTGROUPS, token: tokens.view })).status).toBeGreaterThanOrEqual(401);
    expect((await client.send({ path: PORTGROUPS, token: tokens.edit })).status).toBe(200);
  });
});
