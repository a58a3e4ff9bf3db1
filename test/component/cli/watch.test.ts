import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { eventually } from '../../fixtures/eventually.ts';
import { startBridgectl, type RunningBridgectl } from './bridgectl.ts';
import { FakeApi } from './fake-api.ts';

let api: FakeApi;
let running: RunningBridgectl | undefined;

beforeEach(async () => {
  api = new FakeApi();
  await api.start();
});

afterEach(async () => {
  running?.stop();
  await running?.code;
  running = undefined;
  await api.stop();
});

async function watching(...args: string[]): Promise<RunningBridgectl> {
  const started = startBridgectl(args, { server: api.url });
  running = started;
  await eventually(() => api.watcherCount > 0);
  return started;
}

function ready(status: string, message = ''): object {
  return { conditions: [{ type: 'Ready', status, reason: 'Programmed', message, observedGeneration: 1 }] };
}

describe('get -w', () => {
  it('shows what is there and then each change, a deletion marked', async () => {
    api.put({ kind: 'Bridge', metadata: { name: 'lunabr' }, spec: {} });
    const shown = await watching('get', 'br', '-w');
    api.put({ kind: 'Bridge', metadata: { name: 'lunabr' }, status: ready('True') });
    api.remove('Bridge', 'lunabr');
    await eventually(() => shown.out.includes('deleted'));
    expect(shown.out.split('\n').map((line) => line.replace(/ +/g, ' '))).toEqual(['NAME READY', 'lunabr Unknown', 'lunabr True', 'lunabr True deleted', '']);
  });

  it('shows changes only with --watch-only', async () => {
    api.put({ kind: 'Bridge', metadata: { name: 'old' }, spec: {} });
    const shown = await watching('get', 'br', '--watch-only');
    api.put({ kind: 'Bridge', metadata: { name: 'new' }, spec: {} });
    await eventually(() => shown.out.includes('new'));
    expect(shown.out).not.toContain('old');
  });

  it('goes on where it stopped when the connection breaks', async () => {
    const shown = await watching('get', 'br', '-w');
    api.dropWatches();
    api.put({ kind: 'Bridge', metadata: { name: 'meanwhile' }, spec: {} });
    await eventually(() => shown.out.includes('meanwhile'));
    const lists = api.requests.filter(({ method, path, query }) => method === 'GET' && path.endsWith('/bridges') && !query.get('watch'));
    expect(lists).toHaveLength(1);
  });

  it('survives a restart of the server and says so once', async () => {
    const shown = await watching('get', 'br', '-w');
    await api.stop();
    await eventually(() => shown.err.includes('connection refused'), 10_000);
    await api.start();
    api.put({ kind: 'Bridge', metadata: { name: 'after' }, spec: {} });
    await eventually(() => shown.out.includes('after'), 10_000);
    expect(shown.err.match(/Trying again/g)).toHaveLength(1);
  });

  it('lists again after 410 and shows only what is new, and what went meanwhile', async () => {
    api.put({ kind: 'Bridge', metadata: { name: 'same' }, spec: {} });
    api.put({ kind: 'Bridge', metadata: { name: 'leaves' }, spec: {} });
    const shown = await watching('get', 'br', '-w');
    await api.stop();
    api.remove('Bridge', 'leaves');
    api.put({ kind: 'Bridge', metadata: { name: 'comes' }, spec: {} });
    api.forgetHistory();
    await api.start();
    await eventually(() => shown.out.includes('deleted'), 10_000);
    const lines = shown.out.split('\n').map((line) => line.replace(/ +/g, ' '));
    expect(lines).toEqual(['NAME READY', 'same Unknown', 'leaves Unknown', 'comes Unknown', 'leaves Unknown deleted', '']);
  });

  it('watches several kinds at once, each under its own heads', async () => {
    const shown = await watching('get', 'br,pg', '-w');
    await eventually(() => api.watcherCount === 2);
    api.put({ kind: 'Bridge', metadata: { name: 'b' }, spec: {} });
    await eventually(() => shown.out.includes('bridge/b'));
    api.put({ kind: 'Portgroup', metadata: { name: 'p' }, spec: {} });
    await eventually(() => shown.out.includes('portgroup/p'));
    expect(shown.out.match(/NAME/g)).toHaveLength(2);
  });

  it('prints whole objects with -o yaml, one document a change', async () => {
    const shown = await watching('get', 'br', '-w', '-o', 'yaml');
    api.put({ kind: 'Bridge', metadata: { name: 'b' }, spec: { mtu: 9000 } });
    await eventually(() => shown.out.includes('mtu: 9000'));
    expect(shown.out.startsWith('---\napiVersion: bridgekeeper.dev/v1alpha1\n')).toBe(true);
  });

  it('ends with the refusal when the login is no longer accepted', async () => {
    const shown = await watching('get', 'br', '-w');
    api.answerNext(({ query }) => query.get('watch') === '1', { code: 401, text: 'Unauthorized' });
    api.dropWatches();
    expect(await shown.code).toBe(1);
    expect(shown.err).toContain('does not accept the token of --token (401 Unauthorized)');
  });
});

describe('wait', () => {
  it('returns as soon as the condition is met, naming each', async () => {
    api.put({ kind: 'Bridge', metadata: { name: 'a' }, spec: {}, status: ready('False') });
    api.put({ kind: 'Bridge', metadata: { name: 'b' }, spec: {}, status: ready('True') });
    const waiting = await watching('wait', 'br', '--all', '--for=condition=Ready');
    api.put({ kind: 'Bridge', metadata: { name: 'a' }, status: ready('True') });
    expect(await waiting.code).toBe(0);
    expect(waiting.out).toBe('bridge.bridgekeeper.dev/b condition met\nbridge.bridgekeeper.dev/a condition met\n');
  });

  it('does not take a condition that was computed from an older spec', async () => {
    api.put({ kind: 'Bridge', metadata: { name: 'a', generation: 2 }, spec: {}, status: ready('True') });
    const waiting = startBridgectl(['wait', 'br/a', '--for=condition=Ready', '--timeout=0'], { server: api.url });
    expect(await waiting.code).toBe(1);
    expect(waiting.err).toBe('error: bridge/a: no condition Ready: Ready is True (Programmed, as of an older spec)\n');
  });

  it('says at the timeout what is still missing and why', async () => {
    api.put({ kind: 'Bridge', metadata: { name: 'a' }, spec: {}, status: ready('False', 'no uplink has link') });
    const waiting = startBridgectl(['wait', 'br', 'a', '--for=condition=Ready', '--timeout=200ms'], { server: api.url });
    expect(await waiting.code).toBe(1);
    expect(waiting.err).toBe('error: bridge/a: no condition Ready within 200ms: Ready is False (Programmed): no uplink has link\n');
  });

  it('goes on through a restart of the server', async () => {
    api.put({ kind: 'Bridge', metadata: { name: 'a' }, spec: {}, status: ready('False') });
    const waiting = await watching('wait', 'br/a', '--for=condition=Ready');
    await api.stop();
    api.put({ kind: 'Bridge', metadata: { name: 'a' }, status: ready('True') });
    await api.start();
    expect(await waiting.code).toBe(0);
  });

  it('fails at once for a name that does not exist', async () => {
    const waiting = startBridgectl(['wait', 'br/nope', '--for=condition=Ready'], { server: api.url });
    expect(await waiting.code).toBe(1);
    expect(waiting.err).toBe('error: bridge/nope: there is no such object.\n');
  });

  it('for delete is met by what is not there, and by what goes', async () => {
    api.put({ kind: 'Bridge', metadata: { name: 'a' }, spec: {} });
    const waiting = await watching('wait', 'br', 'a', 'nope', '--for=delete');
    api.remove('Bridge', 'a');
    expect(await waiting.code).toBe(0);
    expect(waiting.out).toBe('bridge.bridgekeeper.dev/nope deleted\nbridge.bridgekeeper.dev/a deleted\n');
  });

  it('for a field waits until it has the value', async () => {
    api.put({ kind: 'Bridge', metadata: { name: 'a' }, spec: {}, status: { summary: { ports: 1 } } });
    const waiting = await watching('wait', 'br/a', '--for=jsonpath={.status.summary.ports}=2');
    api.put({ kind: 'Bridge', metadata: { name: 'a' }, status: { summary: { ports: 2 } } });
    expect(await waiting.code).toBe(0);
  });

  it('passes over records that have no conditions when it waits for all', async () => {
    api.put({ kind: 'Bridge', metadata: { name: 'a' }, spec: {}, status: ready('True') });
    api.put({ kind: 'Change', metadata: { name: 'c' }, spec: {}, status: { result: 'Succeeded' } });
    api.put({ kind: 'Change', metadata: { name: 'not-yet-judged' }, spec: {} });
    const waiting = startBridgectl(['wait', 'all', '--all', '--for=condition=Ready'], { server: api.url });
    expect(await waiting.code).toBe(0);
    expect(waiting.out).toBe('bridge.bridgekeeper.dev/a condition met\n');
  });
});

describe('delete', () => {
  it('waits until finalizers let go', async () => {
    api.put({ kind: 'Bridge', metadata: { name: 'a', finalizers: ['bridgekeeper.dev/host'] }, spec: {} });
    const deleting = await watching('delete', 'br', 'a');
    expect(deleting.out).toBe('bridge.bridgekeeper.dev/a deleted\n');
    api.remove('Bridge', 'a');
    expect(await deleting.code).toBe(0);
  });

  it('takes another object of the same name for the end of the first', async () => {
    api.put({ kind: 'Bridge', metadata: { name: 'a', finalizers: ['bridgekeeper.dev/host'] }, spec: {} });
    const deleting = await watching('delete', 'br/a');
    await api.stop();
    api.remove('Bridge', 'a');
    api.put({ kind: 'Bridge', metadata: { name: 'a' }, spec: {} });
    api.forgetHistory();
    await api.start();
    expect(await deleting.code).toBe(0);
  });

  it('names what holds it when time runs out', async () => {
    const conditions = [{ type: 'Ready', status: 'False', reason: 'InUse', message: 'VlanPort vnet100 is on it' }];
    api.put({ kind: 'Bridge', metadata: { name: 'a', finalizers: ['bridgekeeper.dev/host'] }, spec: {}, status: { conditions } });
    const deleting = startBridgectl(['delete', 'br/a', '--timeout=1s'], { server: api.url });
    expect(await deleting.code).toBe(1);
    expect(deleting.err).toBe('error: bridge/a: not gone within 1s: held by bridgekeeper.dev/host; InUse: VlanPort vnet100 is on it\n');
  });

  it('does not wait with --wait=false', async () => {
    api.put({ kind: 'Bridge', metadata: { name: 'a', finalizers: ['bridgekeeper.dev/host'] }, spec: {} });
    const deleting = startBridgectl(['delete', 'br/a', '--wait=false'], { server: api.url });
    expect(await deleting.code).toBe(0);
    expect(api.find('Bridge', 'a')).toBeDefined();
  });
});
