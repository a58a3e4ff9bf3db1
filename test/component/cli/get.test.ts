import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { bridgectl } from './bridgectl.ts';
import { FakeApi } from './fake-api.ts';

let api: FakeApi;

beforeEach(async () => {
  api = new FakeApi();
  await api.start();
  api.put({ kind: 'Bridge', metadata: { name: 'lunabr', labels: { tier: 'core' } }, spec: { mtu: 9000 } });
  api.put({ kind: 'Portgroup', metadata: { name: 'vlan-10' }, spec: { tag: 10 } });
  api.put({ kind: 'Portgroup', metadata: { name: 'vlan-9' }, spec: { tag: 9 } });
});

afterEach(() => api.stop());

function call(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  return bridgectl(args, { server: api.url });
}

describe('get', () => {
  it('shows the table of the server, with -o wide all of its columns', async () => {
    expect((await call('get', 'bridges')).out).toBe('NAME     READY\nlunabr   Unknown\n');
    expect((await call('get', 'bridges', '-o', 'wide')).out).toBe('NAME     READY     MESSAGE\nlunabr   Unknown   -\n');
  });

  it.each(['bridge', 'bridges', 'br', 'Bridge', 'BRIDGES', 'bridges.bridgekeeper.dev', 'bridge.v1alpha1.bridgekeeper.dev'])('knows a kind as %s', async (kind) => {
    expect((await call('get', kind, '-o', 'name')).out).toBe('bridge.bridgekeeper.dev/lunabr\n');
  });

  it('shows several kinds one after the other, each name with its kind', async () => {
    expect((await call('get', 'all', '--no-headers')).out.replace(/ +/g, ' ')).toBe(
      'bridge/lunabr Unknown\n\nportgroup/vlan-10 Unknown\nportgroup/vlan-9 Unknown\n',
    );
  });

  it('shows the names asked for, reports the others, and ends with 1', async () => {
    const { code, out, err } = await call('get', 'pg', 'vlan-9', 'nope', '--no-headers');
    expect({ code, out, err }).toEqual({ code: 1, out: 'vlan-9   Unknown\n', err: 'error: portgroups.bridgekeeper.dev "nope" not found\n' });
    expect((await call('get', 'pg', 'nope', '--ignore-not-found')).code).toBe(0);
  });

  it('sorts by a field, numbers by size', async () => {
    expect((await call('get', 'pg', '-o', 'name', '--sort-by=.metadata.name')).out).toBe('portgroup.bridgekeeper.dev/vlan-9\nportgroup.bridgekeeper.dev/vlan-10\n');
  });

  it('prints one object alone and several as a List, without managedFields', async () => {
    api.put({ kind: 'Bridge', metadata: { name: 'lunabr', managedFields: [{ manager: 'x' }] } });
    const one = JSON.parse((await call('get', 'br/lunabr', '-o', 'json')).out) as { kind: string; metadata: object };
    expect(one.kind).toBe('Bridge');
    expect(one.metadata).not.toHaveProperty('managedFields');
    expect((await call('get', 'br/lunabr', '-o', 'json', '--show-managed-fields')).out).toContain('managedFields');
    const list = JSON.parse((await call('get', 'pg', '-o=json')).out) as { kind: string; items: { apiVersion: string; kind: string }[] };
    expect(list.kind).toBe('List');
    expect(list.items.map(({ kind, apiVersion }) => `${apiVersion} ${kind}`)).toEqual(Array(2).fill('bridgekeeper.dev/v1alpha1 Portgroup'));
  });

  it('fills a jsonpath template', async () => {
    expect((await call('get', 'pg', '-o', 'jsonpath={range .items[*]}{.metadata.name}={.spec.tag};{end}')).out).toBe('vlan-10=10;vlan-9=9;');
  });

  it('names the nearest kind, and asks the server anew before it says there is none', async () => {
    const home = mkdtempSync(path.join(tmpdir(), 'bridgectl-home-'));
    try {
      const environment = { HOME: home };
      await bridgectl(['get', 'br'], { server: api.url, environment });
      await bridgectl(['get', 'br'], { server: api.url, environment });
      const asked = (): number => api.requests.filter((request) => request.path === '/apis').length;
      expect(asked()).toBe(1);
      const { code, err } = await bridgectl(['get', 'brigde'], { server: api.url, environment });
      expect({ code, err }).toEqual({ code: 1, err: 'error: the server has no kind "brigde". Did you mean bridge? bridgectl api-resources lists what it has.\n' });
      expect(asked()).toBe(2);
      const cache = path.join(home, '.cache', 'bridgectl', 'discovery');
      expect(readdirSync(cache).map((file) => (statSync(path.join(cache, file)).mode & 0o777).toString(8))).toEqual(['600']);
    } finally {
      rmSync(home, { recursive: true });
    }
  });

  it('says on standard error that there is nothing', async () => {
    api.remove('Bridge', 'lunabr');
    expect(await call('get', 'br')).toEqual({ code: 0, out: '', err: 'There are no bridges.\n' });
  });

  it('gathers all pages of a list', async () => {
    const page = (name: string, next: string): object => ({
      body: { kind: 'BridgeList', metadata: { continue: next, resourceVersion: '1' }, items: [{ metadata: { name } }] },
    });
    api.answerNext(({ path: asked, query }) => asked.endsWith('/bridges') && !query.get('continue'), page('one', 'token'));
    api.answerNext(({ query }) => query.get('continue') === 'token', page('two', ''));
    const { out } = await call('get', 'br', '-o', 'jsonpath={.items[*].metadata.name}');
    expect(out).toBe('one two');
  });

  it('lets no text from the server steer the terminal', async () => {
    const conditions = [{ type: 'Ready', status: 'True', reason: 'x', message: 'red \u001b[31m\nsecond line' }];
    api.put({ kind: 'Bridge', metadata: { name: 'lunabr' }, status: { conditions } });
    expect((await call('get', 'br', '-o', 'wide')).out).toContain('red \\x1b[31m...\n');
    expect((await call('describe', 'br/lunabr')).out).not.toContain('\u001b');
  });

  it('uses colour on a terminal only, and not where NO_COLOR is set', async () => {
    const run = async (environment: Record<string, string>): Promise<string> => (await bridgectl(['get', 'br'], { server: api.url, isTerminal: true, environment })).out;
    expect(await run({})).toContain('\u001b[33mUnknown\u001b[0m');
    expect(await run({ NO_COLOR: '1' })).toBe('NAME     READY\nlunabr   Unknown\n');
  });
});

describe('describe', () => {
  it('shows spec, status, conditions and what has no events', async () => {
    const conditions = [{ type: 'Ready', status: 'False', reason: 'NoLink', message: 'eth0 has no link', lastTransitionTime: '2026-01-01T00:00:00Z' }];
    api.put({ kind: 'Bridge', metadata: { name: 'lunabr' }, status: { observedGeneration: 1, ports: 3, conditions } });
    const { out } = await call('describe', 'bridge', 'lunabr');
    expect(out).toMatch(/^Name: +lunabr\nKind: +Bridge \(bridgekeeper\.dev\/v1alpha1\)\nLabels: +tier=core\nAnnotations: +<none>\n/);
    expect(out).toContain('Generation:   1 (status is of 1)\nSpec:\n  mtu: 9000\nStatus:\n  ports: 3\nConditions:\n');
    expect(out).toMatch(/ {2}Ready +False +\w+ +NoLink +eth0 has no link\n/);
    expect(out).toMatch(/Events: +<none>\n$/);
  });
});

describe('the command line', () => {
  it.each([
    [['gett'], 'there is no command "gett". Did you mean get?'],
    [['get', 'br', '--wacth'], 'there is no option --wacth. Did you mean --watch?'],
    [['get'], 'which kind?'],
    [['get', 'br', '-o', 'yml'], 'must be one of wide, yaml, json, name, jsonpath. Did you mean yaml?'],
    [['delete', 'br'], 'which ones? Give names, -l LABELS or --all.'],
    [['wait', 'br', '--all'], 'for what?'],
    [['wait', 'br', '--all', '--for=condition=Ready', '--timeout=soon'], '--timeout soon is no duration'],
    [['get', 'br', '-n'], '-n needs a value'],
    [['get', 'br', '-l', '--watch'], '-l needs a value'],
    [['apply', '-f', 'x', '--dry-run=client'], 'must be one of server, none'],
  ])('%j is refused with exit code 2', async (args, message) => {
    const { code, err, out } = await call(...args);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain(message);
    expect(err.trim().split('\n')).toHaveLength(1);
  });

  it('takes options before the command', async () => {
    expect((await call('--namespace', 'x', 'get', 'br', '-o', 'name')).code).toBe(0);
  });

  it('has help with examples for each command', async () => {
    const { out } = await call('--help');
    const commands = [...out.matchAll(/^ {2}([a-z-]+) {2,}/gm)].map(([, name]) => name ?? '');
    expect(commands.length).toBeGreaterThanOrEqual(10);
    for (const command of commands) expect((await call(command, '--help')).out).toMatch(/Examples:\n {2}# .+\n {2}(source <\()?bridgectl /);
  });
});
