import { X509Certificate } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { parse } from 'yaml';
import { systemClock } from '../../../../api/machinery/clock.ts';
import { fieldOf } from '../../../../api/machinery/json.ts';
import { createAuthority, createClientCertificate, type KeyPair } from '../../../../api/server/tls/certificate-authority.ts';
import { tokenIn } from '../../../../api/server/tls/kubeconfig.ts';
import { httpsClient, type HttpsClient } from '../../../contract/https-client.ts';
import { kubectlFor } from '../../../contract/kubectl.ts';
import { bridgekeeper, startDaemon, type RunningDaemon } from './run-bridgekeeper.ts';

const PORTGROUPS = '/apis/bridgekeeper.dev/v1alpha1/portgroups';
const REVIEW = '/apis/authentication.k8s.io/v1/selfsubjectreviews';
const DAY_MS = 86_400_000;

let folder: string;
let data: string;
let daemon: RunningDaemon;
let client: HttpsClient;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'bridgekeeper-access-'));
  data = join(folder, 'data');
  daemon = await startDaemon(data);
  client = httpsClient(daemon.url, daemon.kubeconfig);
});

afterAll(async () => {
  client.close();
  await daemon.stop();
  rmSync(folder, { recursive: true });
});

async function ok(...args: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await bridgekeeper(...args, '--data-dir', data);
  expect(stderr).toBe('');
  expect(code).toBe(0);
  return stdout;
}

interface Shown {
  readonly certificate?: KeyPair;
  readonly token?: string;
}

/** A request on a connection of its own. */
function sendAs({ certificate, token }: Shown, path: string, body?: string): Promise<{ readonly status: number; readonly body: string }> {
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(daemon.url);
    const outgoing = request(
      {
        hostname,
        port,
        path,
        agent: false,
        ca: client.authority,
        method: body === undefined ? 'GET' : 'POST',
        headers: { ...(token === undefined ? {} : { authorization: `Bearer ${token}` }), ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
        ...(certificate === undefined ? {} : { cert: certificate.certificate, key: certificate.key }),
      },
      (incoming) => {
        let text = '';
        incoming.on('data', (chunk: Buffer) => (text += chunk.toString()));
        incoming.on('error', reject);
        incoming.on('end', () => resolve({ status: incoming.statusCode ?? 0, body: text }));
      },
    );
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}

async function whoAmI(shown: Shown): Promise<unknown> {
  const { body } = await sendAs(shown, REVIEW, '{"apiVersion":"authentication.k8s.io/v1","kind":"SelfSubjectReview"}');
  return fieldOf(fieldOf(JSON.parse(body), 'status'), 'userInfo');
}

/** Asks seldom: what fails counts as a failed login. */
function answersSoon(token: string, status: number): Promise<void> {
  return vi.waitFor(async () => expect((await sendAs({ token }, PORTGROUPS)).status).toBe(status), { timeout: 10_000, interval: 700 });
}

describe('tokens', () => {
  it('are made, listed and taken away without a restart, and are kept only as digests', { timeout: 60_000 }, async () => {
    const token = (await ok('token', 'create', '--user', 'vic', '--role', 'view')).trim();
    expect(readFileSync(join(data, 'tokens.json'), 'utf8')).not.toContain(token);
    expect(statSync(join(data, 'tokens.json')).mode & 0o777).toBe(0o600);
    await answersSoon(token, 200);
    expect((await sendAs({ token }, PORTGROUPS, '{}')).status).toBe(403);
    const second = (await ok('token', 'create', '--user', 'vic', '--role', 'edit')).trim();
    const listed = await ok('token', 'list');
    expect(listed).toMatch(/^ID +ROLE +USER\n[0-9a-f]{12} +admin +admin\n[0-9a-f]{12} +view +vic\n[0-9a-f]{12} +edit +vic\n$/);
    await answersSoon(second, 200);
    const id = listed.split('\n').find((line) => line.includes('view'))?.slice(0, 12) ?? '';
    expect(await ok('token', 'delete', '--id', id)).toBe('1 deleted\n');
    await answersSoon(token, 401);
    expect((await sendAs({ token: second }, PORTGROUPS)).status).toBe(200);
    await ok('token', 'delete', '--user', 'vic');
    await answersSoon(second, 401);
    expect((await client.send({ path: PORTGROUPS })).status).toBe(200);
  });

  it.each([
    [['token'], 2, 'takes: create, list, delete'],
    [['token', 'create', '--user', 'a b', '--role', 'view'], 2, '--user takes'],
    [['token', 'create', '--user', 'a', '--role', 'king'], 2, '--role takes one of admin, edit, view, controller'],
    [['token', 'create', '--user', 'a', '--role', 'view', '--days', '3'], 2, 'takes no --days'],
    [['token', 'delete', '--user', 'nobody'], 1, 'no token of nobody'],
    [['certificate', 'create', '--user', 'a', '--role', 'view'], 2, '--kubeconfig'],
    [['certificate', 'create', '--user', 'a', '--role', 'view', '--kubeconfig', '/nowhere', '--days', '0'], 2, '--days'],
    [['certificate', 'revoke'], 2, 'takes --id ID, --user NAME or --serial NUMBER'],
    [['certificate', 'revoke', '--user', 'a', '--id', 'b'], 2, 'takes --id ID, --user NAME or --serial NUMBER'],
    [['certificate', 'revoke', '--serial', 'xyz'], 2, '--serial takes a serial number in hex'],
    [['certificate', 'revoke', '--user', 'nobody'], 1, 'no valid certificate of nobody; see: bridgekeeper certificate list'],
    [['certificate', 'renew'], 2, 'takes: create, list, revoke'],
    [['toke'], 2, 'there is no command toke'],
  ])('%j ends with %i', async (args, code, message) => {
    expect(await bridgekeeper(...args, '--data-dir', data)).toMatchObject({ code, stderr: expect.stringContaining(message) });
  });

  it('are all kept when many are made at once', { timeout: 60_000 }, async () => {
    const users = ['a', 'b', 'c', 'd', 'e', 'f'].map((letter) => `at-once-${letter}`);
    await Promise.all(users.map((user) => ok('token', 'create', '--user', user, '--role', 'view')));
    const listed = await ok('token', 'list');
    for (const user of users) expect(listed).toContain(user);
    await Promise.all(users.map((user) => ok('token', 'delete', '--user', user)));
    expect(await ok('token', 'list')).not.toContain('at-once');
  });

  it('come as a kubeconfig that kubectl takes, and never in the place of another file', { timeout: 60_000 }, async () => {
    const file = join(folder, 'eve.kubeconfig');
    await ok('token', 'create', '--user', 'eve', '--role', 'edit', '--kubeconfig', file);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const kubectl = kubectlFor(file, folder);
    await answersSoon(tokenIn(readFileSync(file, 'utf8')) ?? '', 200);
    expect((await kubectl(['get', 'portgroups'])).code).toBe(0);
    expect((await kubectl(['auth', 'whoami', '-o', 'jsonpath={.status.userInfo.username}'])).stdout).toBe('eve');
    expect(await bridgekeeper('token', 'create', '--user', 'x', '--role', 'view', '--kubeconfig', file, '--data-dir', data)).toMatchObject({ code: 1 });
    expect(await ok('token', 'list')).not.toContain('x\n');
  });
});

describe('client certificates', () => {
  it('let kubectl in with the role that they carry', { timeout: 60_000 }, async () => {
    const file = join(folder, 'carl.kubeconfig');
    await ok('certificate', 'create', '--user', 'carl', '--role', 'controller', '--kubeconfig', file, '--days', '3');
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const config: unknown = parse(readFileSync(file, 'utf8'));
    expect(JSON.stringify(config)).not.toContain('"token"');
    const kubectl = kubectlFor(file, folder);
    const who = await kubectl(['auth', 'whoami', '-o', 'json']);
    expect(who.stderr).toBe('');
    expect(JSON.parse(who.stdout)).toMatchObject({ status: { userInfo: { username: 'carl', groups: ['bridgekeeper:controller', 'system:authenticated'] } } });
    expect(await kubectl(['create', 'configmap', 'x'])).toMatchObject({ code: 1, stderr: expect.stringContaining('User "carl" cannot create resource "configmaps"') });
  });

  async function ourAuthority(): Promise<KeyPair> {
    return { certificate: readFileSync(join(data, 'pki/ca.crt'), 'utf8'), key: readFileSync(join(data, 'pki/ca.key'), 'utf8') };
  }

  function signed(authority: KeyPair, organizations: readonly string[], nowMs = systemClock.now(), commonName = 'mallory'): Promise<KeyPair> {
    return createClientCertificate(authority, { commonName, organizations }, 1, nowMs);
  }

  it('are worth nothing when another CA signed them, even one of the same name, when they ran out, or when made for a server', async () => {
    const foreign = await createAuthority('bridgekeeper-ca', systemClock.now());
    const wrong = {
      foreign: await signed(foreign, ['bridgekeeper:admin']),
      expired: await signed(await ourAuthority(), ['bridgekeeper:admin'], systemClock.now() - 3 * DAY_MS),
      notYet: await signed(await ourAuthority(), ['bridgekeeper:admin'], systemClock.now() + 3 * DAY_MS),
      server: { certificate: readFileSync(join(data, 'pki/server.crt'), 'utf8'), key: readFileSync(join(data, 'pki/server.key'), 'utf8') },
      nameless: await signed(await ourAuthority(), ['bridgekeeper:admin'], systemClock.now(), ''),
    };
    for (const [what, certificate] of Object.entries(wrong)) {
      const answer = await sendAs({ certificate }, PORTGROUPS);
      expect(answer.status, what).toBe(401);
      expect(JSON.parse(answer.body), what).toMatchObject({ kind: 'Status', reason: 'Unauthorized' });
      expect((await sendAs({ certificate, token: client.token }, PORTGROUPS)).status, what).toBe(200);
    }
  });

  it('are listed, and revoked without a restart, also for who has a connection and a watch', { timeout: 60_000 }, async () => {
    const file = join(folder, 'gus.kubeconfig');
    await ok('certificate', 'create', '--user', 'gus', '--role', 'view', '--kubeconfig', file, '--days', '1');
    expect(await ok('certificate', 'list')).toMatch(/^ID +ROLE +STATE +EXPIRES +USER\n(.*\n)*[0-9a-f]{12} +view +valid +\d{4}-.*Z +gus\n/);
    const kubectl = kubectlFor(file, folder);
    expect((await kubectl(['get', 'pg'])).code).toBe(0);
    const watching = kubectl(['get', '--raw', `${PORTGROUPS}?watch=1`]);
    expect(await ok('certificate', 'revoke', '--user', 'gus')).toBe('1 revoked\n');
    expect((await watching).code).toBe(0);
    await vi.waitFor(async () => expect((await kubectl(['get', 'pg'])).stderr).toContain('You must be logged in to the server'), { timeout: 10_000, interval: 700 });
    expect(await ok('certificate', 'list')).toMatch(/view +revoked .* gus\n/);
    expect(await bridgekeeper('certificate', 'revoke', '--user', 'gus', '--data-dir', data)).toMatchObject({ code: 1 });
    expect(statSync(join(data, 'certificates.json')).mode & 0o777).toBe(0o600);
  });

  it('that are not listed are revoked by their serial number', { timeout: 60_000 }, async () => {
    const certificate = await signed(await ourAuthority(), ['bridgekeeper:view']);
    expect((await sendAs({ certificate }, PORTGROUPS)).status).toBe(200);
    const { serialNumber } = new X509Certificate(certificate.certificate);
    expect(await ok('certificate', 'revoke', '--serial', serialNumber)).toBe('1 revoked\n');
    await vi.waitFor(async () => expect((await sendAs({ certificate }, PORTGROUPS)).status).toBe(401), { timeout: 10_000, interval: 700 });
    expect((await sendAs({ certificate, token: client.token }, PORTGROUPS)).status).toBe(200);
  });

  it('without a role of ours may look at health only', async () => {
    const certificate = await signed(await ourAuthority(), ['bridgekeeper:king', 'people']);
    expect((await sendAs({ certificate }, '/readyz')).status).toBe(200);
    expect((await sendAs({ certificate }, PORTGROUPS)).status).toBe(403);
  });

  it('go before a token, and can not smuggle a role in by a line feed in a name', async () => {
    const certificate = await signed(await ourAuthority(), ['people\nO=bridgekeeper:admin', 'bridgekeeper:view'], systemClock.now(), 'mal\nO=bridgekeeper:admin');
    expect(await whoAmI({ certificate, token: client.token })).toMatchObject({ username: 'mal\nO=bridgekeeper:admin' });
    expect((await sendAs({ certificate }, PORTGROUPS)).status).toBe(200);
    expect((await sendAs({ certificate }, '/metrics')).status).toBe(403);
  });
});
