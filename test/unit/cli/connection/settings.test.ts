import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadKubeconfig } from '../../../../cli/connection/kubeconfig.ts';
import { connectionSettings, type ConnectionFlags, type ConnectionSettings } from '../../../../cli/connection/settings.ts';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'bridgectl-config-'));
});

afterEach(() => rmSync(folder, { recursive: true }));

function config(name: string, options: { user?: object; cluster?: object; current?: string; context?: object; server?: string } = {}): string {
  const file = path.join(folder, name);
  mkdirSync(path.dirname(file), { recursive: true });
  const document = {
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': options.current ?? 'luna',
    contexts: [{ name: 'luna', context: { cluster: 'luna', user: 'admin', ...options.context } }],
    clusters: [{ name: 'luna', cluster: { server: options.server ?? `https://${name}:6443`, ...options.cluster } }],
    users: [{ name: 'admin', user: options.user ?? { token: `token-of-${name}` } }],
  };
  writeFileSync(file, JSON.stringify(document));
  return file;
}

async function settings(environment: Record<string, string>, flags: ConnectionFlags & { kubeconfig?: string } = {}): Promise<ConnectionSettings> {
  return connectionSettings(await loadKubeconfig(flags.kubeconfig, environment), flags);
}

describe('where the kubeconfig comes from', () => {
  it('is --kubeconfig before $KUBECONFIG before ~/.kube/config', async () => {
    const home = config('.kube/config', { server: 'https://home' });
    const environment = { HOME: path.dirname(path.dirname(home)), KUBECONFIG: config('b') };
    expect((await settings(environment, { kubeconfig: config('a') })).server.host).toBe('a:6443');
    expect((await settings(environment)).server.host).toBe('b:6443');
    expect((await settings({ HOME: environment.HOME })).server.host).toBe('home');
  });

  it('reads YAML as well as JSON', async () => {
    const file = path.join(folder, 'y');
    writeFileSync(file, 'current-context: c\ncontexts:\n- {name: c, context: {cluster: k}}\nclusters:\n- name: k\n  cluster: {server: "https://[::1]:6443"}\n');
    expect((await settings({ KUBECONFIG: file })).server.href).toBe('https://[::1]:6443/');
  });

  it('puts the files of $KUBECONFIG together, the first wins, missing ones are passed over', async () => {
    const second = path.join(folder, 'second');
    writeFileSync(
      second,
      JSON.stringify({
        'current-context': 'other',
        clusters: [{ name: 'luna', cluster: { server: 'https://loses' } }, { name: 'other', cluster: { server: 'https://other' } }],
        contexts: [{ name: 'other', context: { cluster: 'other' } }],
      }),
    );
    const environment = { KUBECONFIG: [path.join(folder, 'missing'), config('first'), second].join(':') };
    expect((await settings(environment)).server.host).toBe('first:6443');
    expect((await settings(environment, { context: 'other' })).server.host).toBe('other');
  });

  it('must be there when somebody named it', async () => {
    await expect(settings({ KUBECONFIG: '/nope/x' })).rejects.toThrow('cannot read the kubeconfig /nope/x (from $KUBECONFIG): no such file.');
    await expect(settings({}, { kubeconfig: '/nope/y' })).rejects.toThrow('/nope/y (from --kubeconfig)');
  });

  it('says what is wrong with a file that is none', async () => {
    const file = path.join(folder, 'bad');
    writeFileSync(file, 'clusters: [\n');
    await expect(settings({}, { kubeconfig: file })).rejects.toThrow(/bad is no kubeconfig: .*line 2, column 1$/);
    writeFileSync(file, '- a\n');
    await expect(settings({}, { kubeconfig: file })).rejects.toThrow('it must be a mapping');
  });
});

describe('what it says', () => {
  it('has the token, and knows where it stands', async () => {
    const file = config('a');
    expect((await settings({}, { kubeconfig: file })).credential).toEqual({ token: 'token-of-a', from: `the token of user "admin" in ${file}` });
    expect((await settings({}, { kubeconfig: file, token: 'mine' })).credential).toEqual({ token: 'mine', from: 'the token of --token' });
  });

  it('reads files beside itself, and tokenFile rather than token', async () => {
    writeFileSync(path.join(folder, 'ca.pem'), 'CA');
    writeFileSync(path.join(folder, 'tok'), 'fresh\n');
    const file = config('a', { cluster: { 'certificate-authority': 'ca.pem' }, user: { token: 'old', tokenFile: 'tok' } });
    const { authority, credential } = await settings({}, { kubeconfig: file });
    expect([String(authority), credential.token]).toEqual(['CA', 'fresh']);
  });

  it('prefers data to files, and decodes it', async () => {
    const data = Buffer.from('PEM').toString('base64');
    const user = { 'client-certificate-data': data, 'client-certificate': 'none.pem', 'client-key-data': data };
    const { authority, credential } = await settings({}, { kubeconfig: config('a', { cluster: { 'certificate-authority-data': data }, user }) });
    expect([String(authority), String(credential.certificate), String(credential.key)]).toEqual(['PEM', 'PEM', 'PEM']);
  });

  it.each([
    [{ user: { exec: { command: 'aws' } } }, 'uses exec, which bridgectl does not support'],
    [{ cluster: { 'proxy-url': 'http://p' } }, 'uses proxy-url, which bridgectl does not support'],
    [{ context: { user: 'nobody' } }, 'names the user "nobody"'],
    [{ context: { cluster: 'none' } }, 'names the cluster "none", which has no server there'],
    [{ current: 'lunna' }, 'there is no context "lunna"'],
    [{ user: { tokenFile: '/nope/t' } }, 'cannot read /nope/t (tokenFile of user "admin"'],
    [{ server: 'ftp://x' }, '"ftp://x" (from'],
  ])('refuses %j', async (options, message) => {
    await expect(settings({}, { kubeconfig: config('a', options) })).rejects.toThrow(message);
  });

  it('suggests the context that was meant', async () => {
    await expect(settings({}, { kubeconfig: config('a'), context: 'lunaa' })).rejects.toThrow('Did you mean luna? It has: luna.');
  });

  it.skipIf(process.getuid?.() === 0)('says how to go on when it may not be read', async () => {
    const file = config('a');
    chmodSync(file, 0);
    await expect(settings({}, { kubeconfig: file })).rejects.toThrow('permission denied. Run as a user who may read it');
  });
});
