import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { fieldOf, isRecord, stringOf } from '../../../../api/machinery/json.ts';
import { httpsClient, type HttpsClient } from '../../../contract/https-client.ts';
import { eventually } from '../../../fixtures/eventually.ts';
import { startInformer } from './informer.ts';
import { PORTGROUPS } from './portgroup-writer.ts';
import { bridgekeeper, portOf, startDaemon, type RunningDaemon } from './run-bridgekeeper.ts';

const TIMEOUT = { timeout: 120_000 };

let folder: string;
let data: string;
let backup: string;
let daemon: RunningDaemon | undefined;
let client: HttpsClient;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'bridgekeeper-backup-'));
  data = join(folder, 'data');
  backup = join(folder, 'backup');
});

afterEach(async () => {
  client.close();
  await daemon?.stop('SIGKILL');
  rmSync(folder, { recursive: true });
});

async function serve(port = 0): Promise<number> {
  daemon = await startDaemon(data, port);
  client = httpsClient(daemon.url, daemon.kubeconfig);
  return portOf(daemon);
}

async function stop(): Promise<void> {
  client.close();
  await daemon?.stop();
  daemon = undefined;
}

async function send(method: string, path: string, body?: object): Promise<unknown> {
  const type = method === 'PATCH' ? 'application/merge-patch+json' : 'application/json';
  const answer = await client.send({ method, path, ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': type } }) });
  if (answer.status >= 300) throw new Error(`${method} ${path}: ${answer.status} ${answer.body}`);
  return JSON.parse(answer.body);
}

function create(name: string): Promise<unknown> {
  return send('POST', PORTGROUPS, { apiVersion: 'bridgekeeper.dev/v1alpha1', kind: 'Portgroup', metadata: { name }, spec: { bridgeName: 'lunabr' } });
}

interface Listed {
  readonly revision: number;
  readonly byName: ReadonlyMap<string, { readonly uid: string; readonly revision: number; readonly bridge: string }>;
}

async function listed(): Promise<Listed> {
  const list = await send('GET', PORTGROUPS);
  const items = fieldOf(list, 'items');
  if (!Array.isArray(items)) throw new Error('no list');
  const entries = items.map((item: unknown) => {
    const metadata = fieldOf(item, 'metadata');
    const object = {
      uid: stringOf(fieldOf(metadata, 'uid')) ?? '',
      revision: Number(fieldOf(metadata, 'resourceVersion')),
      bridge: stringOf(fieldOf(fieldOf(item, 'spec'), 'bridgeName')) ?? '',
    };
    return [stringOf(fieldOf(metadata, 'name')) ?? '', object] as const;
  });
  return { revision: Number(fieldOf(fieldOf(list, 'metadata'), 'resourceVersion')), byName: new Map(entries) };
}

it('brings back what was, at revisions above all that were given out, so that every watcher lists again', TIMEOUT, async () => {
  const port = await serve();
  await create('kept');
  await create('deleted-later');
  const then = await listed();
  expect(await bridgekeeper('backup', '--data-dir', data, backup)).toMatchObject({ code: 0, stderr: '' });
  await create('made-later');
  await send('PATCH', `${PORTGROUPS}/kept`, { spec: { bridgeName: 'other' } });
  await send('DELETE', `${PORTGROUPS}/deleted-later`);
  const last = await listed();
  await stop();

  expect(await bridgekeeper('restore', '--data-dir', data, backup)).toMatchObject({ code: 0, stderr: '' });
  await serve(port);
  const now = await listed();
  expect([...now.byName.keys()]).toEqual(['deleted-later', 'kept']);
  for (const [name, { uid, revision, bridge }] of now.byName) {
    expect(uid).toBe(then.byName.get(name)?.uid);
    expect(bridge).toBe('lunabr');
    expect(revision).toBeGreaterThan(last.revision);
  }
  expect(now.revision).toBeGreaterThanOrEqual(Math.max(...[...now.byName.values()].map(({ revision }) => revision)));
  for (const revision of [1, then.revision, last.revision, last.revision + 1, last.revision + 1000]) {
    const { body } = await client.send({ path: `${PORTGROUPS}?watch=1&resourceVersion=${revision}` });
    expect(body).toMatch(/"code":410/);
    expect(body).toMatch(/"reason":"Expired"/);
  }
  const made = await create('made-after');
  expect(Number(fieldOf(fieldOf(made, 'metadata'), 'resourceVersion'))).toBeGreaterThan(now.revision);
});

it('is noticed by an informer that stays over stop, restore and start', TIMEOUT, async () => {
  const port = await serve();
  await create('kept');
  await create('deleted-later');
  await bridgekeeper('backup', '--data-dir', data, backup);
  await create('made-later');
  const informer = await startInformer(join(data, 'admin.kubeconfig'));
  const { known } = informer;
  await eventually(() => known.size === 3);
  const highest = Math.max(...[...known.values()].map(Number));
  await send('DELETE', `${PORTGROUPS}/deleted-later`);
  await eventually(() => known.size === 2);
  await stop();
  await bridgekeeper('restore', '--data-dir', data, backup);
  await serve(port);
  try {
    await eventually(async () => {
      await informer.keep();
      return [...known.keys()].sort().join() === 'deleted-later,kept';
    }, 30_000);
    await eventually(() => [...known.values()].every((revision) => Number(revision) > highest));
  } finally {
    await informer.stop();
  }
});

it('has every write that was answered before, however busy the server is', TIMEOUT, async () => {
  await serve();
  const answered: string[] = [];
  let isOver = false;
  const writers = Array.from({ length: 8 }, async (_, writer) => {
    for (let count = 0; !isOver; count += 1) {
      await create(`w${writer}-${count}`);
      answered.push(`w${writer}-${count}`);
    }
  });
  await eventually(() => answered.length > 200, 30_000);
  const before = [...answered];
  const result = await bridgekeeper('backup', '--data-dir', data, backup);
  isOver = true;
  await Promise.all(writers);
  expect(result).toMatchObject({ code: 0, stderr: '' });
  expect(answered.length).toBeGreaterThan(before.length);
  await daemon?.stop('SIGKILL');
  client.close();
  expect(await bridgekeeper('restore', '--data-dir', data, backup)).toMatchObject({ code: 0 });
  await serve();
  const { byName } = await listed();
  expect(before.filter((name) => !byName.has(name))).toEqual([]);
});

it('restores onto an empty machine, with its tokens and its CA', TIMEOUT, async () => {
  await serve();
  await create('kept');
  const { token, authority } = client;
  await bridgekeeper('backup', '--data-dir', data, backup);
  await stop();
  data = join(folder, 'new-machine');
  expect(await bridgekeeper('restore', '--data-dir', data, backup)).toMatchObject({ code: 0 });
  await serve();
  expect(client).toMatchObject({ token, authority });
  expect([...(await listed()).byName.keys()]).toEqual(['kept']);
});

it('refuses to restore under a running server, what is damaged, and what is no backup, and changes nothing', TIMEOUT, async () => {
  await serve();
  await create('kept');
  await bridgekeeper('backup', '--data-dir', data, backup);
  expect(statSync(backup).mode & 0o777).toBe(0o600);
  expect(await bridgekeeper('backup', '--data-dir', data, backup)).toMatchObject({ code: 1, stderr: expect.stringContaining('exists already') });
  expect(await bridgekeeper('restore', '--data-dir', data, backup)).toMatchObject({ code: 1, stderr: expect.stringContaining('stop it first') });
  await stop();
  const whole = readFileSync(backup);
  const before = readdirSync(data).sort();
  const half = join(folder, 'half');
  writeFileSync(half, whole.subarray(0, Math.floor(whole.length / 2)));
  const text = join(folder, 'text');
  writeFileSync(text, 'no database at all');
  for (const file of [half, text, join(folder, 'nowhere')]) {
    expect(await bridgekeeper('restore', '--data-dir', data, file), file).toMatchObject({ code: 1, stderr: expect.stringMatching(/can't be read as a backup/) });
  }
  expect(await bridgekeeper('restore', '--data-dir', data)).toMatchObject({ code: 2 });
  expect(readdirSync(data).sort()).toEqual(before);
  await serve();
  expect(isRecord(await send('GET', `${PORTGROUPS}/kept`))).toBe(true);
});
