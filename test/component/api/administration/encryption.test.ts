import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { addEncryptionKey, keepSealingCodec } from '../../../../api/administration/encryption-keys.ts';
import type { KubeObject } from '../../../../api/machinery/object.ts';
import { SqliteStore } from '../../../../api/store/sqlite-store.ts';
import { httpsClient } from '../../../contract/https-client.ts';
import { bridgekeeper, startDaemon } from './run-bridgekeeper.ts';

const TIMEOUT = { timeout: 60_000 };
const SECRETS = '/api/v1/namespaces/default/secrets';
const JSON_BODY = { 'content-type': 'application/json' };

let data: string;
let keyFile: string;

beforeEach(() => {
  data = mkdtempSync(join(tmpdir(), 'bridgekeeper-sealed-'));
  keyFile = join(data, 'encryption-keys.json');
});

afterEach(() => rmSync(data, { recursive: true }));

/** The files below the data directory that hold the text, as it is or in base64. */
function filesWith(text: string): string[] {
  const needles = [text, Buffer.from(text).toString('base64').replace(/=+$/, '').slice(0, -1)];
  return readdirSync(data, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => needles.some((needle) => readFileSync(path).includes(needle)));
}

function secret(name: string, password: string): KubeObject {
  const metadata = { name, namespace: 'default', uid: name, resourceVersion: '', generation: 1, creationTimestamp: '' };
  return { apiVersion: 'v1', kind: 'Secret', metadata, data: { password: Buffer.from(password).toString('base64') } };
}

async function openStore(): Promise<SqliteStore> {
  return new SqliteStore({ path: join(data, 'store.sqlite'), codec: await keepSealingCodec(data, Date.now()) });
}

it('writes no Secret in plain text to any file, while it runs, after kill -9 and into a backup', TIMEOUT, async () => {
  let daemon = await startDaemon(data);
  let client = httpsClient(daemon.url, daemon.kubeconfig);
  const send = (method: string, path: string, body?: object) =>
    client.send({ method, path, ...(body === undefined ? {} : { headers: { 'content-type': method === 'PATCH' ? 'application/merge-patch+json' : 'application/json' }, body: JSON.stringify(body) }) });
  const manifest = (name: string, password: string): object => ({ apiVersion: 'v1', kind: 'Secret', metadata: { name }, stringData: { password } });
  try {
    expect((await send('POST', SECRETS, manifest('kept', 'first-plaintext-of-it'))).status).toBe(201);
    expect((await send('PATCH', `${SECRETS}/kept`, { stringData: { password: 'second-plaintext-of-it' } })).status).toBe(200);
    expect((await send('POST', SECRETS, manifest('gone', 'third-plaintext-of-it'))).status).toBe(201);
    expect((await send('DELETE', `${SECRETS}/gone`)).status).toBe(200);
    expect((await send('POST', '/api/v1/namespaces/default/configmaps', { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'open' }, data: { a: 'plaintext-that-is-seen' } })).status).toBe(201);
    // The search finds what is there to be found.
    expect(filesWith('plaintext-that-is-seen')).not.toEqual([]);
    for (const nth of ['first', 'second', 'third']) expect(filesWith(`${nth}-plaintext-of-it`)).toEqual([]);
    expect(await bridgekeeper('backup', '--data-dir', data, join(data, 'backup'))).toMatchObject({ code: 0 });
    client.close();
    await daemon.stop('SIGKILL');
    for (const nth of ['first', 'second', 'third']) expect(filesWith(`${nth}-plaintext-of-it`)).toEqual([]);
    expect(statSync(keyFile).mode & 0o777).toBe(0o600);

    expect(await bridgekeeper('encryption-key', 'add', '--data-dir', data)).toMatchObject({ code: 0 });
    expect(await bridgekeeper('restore', '--data-dir', data, join(data, 'backup'))).toMatchObject({ code: 0 });
    daemon = await startDaemon(data);
    client = httpsClient(daemon.url, daemon.kubeconfig);
    expect((await client.send({ path: `${SECRETS}/kept`, headers: JSON_BODY })).body).toContain(Buffer.from('second-plaintext-of-it').toString('base64'));
    expect(filesWith('second-plaintext-of-it')).toEqual([]);
  } finally {
    client.close();
    await daemon.stop('SIGKILL');
  }
});

it('seals what an earlier release left in plain text, and leaves nothing of it behind', async () => {
  const earlier = new SqliteStore({ path: join(data, 'store.sqlite') });
  for (let count = 0; count < 50; count += 1) {
    await earlier.write((transaction) => transaction.put('secrets', 'default/a', secret('a', `plaintext-number-${count}-of-it`)));
  }
  await earlier.write((transaction) => transaction.put('secrets', 'default/b', secret('b', 'plaintext-of-b')));
  await earlier.write((transaction) => transaction.delete('secrets', 'default/b', secret('b', 'plaintext-of-b')));
  await earlier.compact(earlier.revision);
  await earlier.close();
  expect(filesWith('plaintext-number-49-of-it')).not.toEqual([]);
  const store = await openStore();
  for (const text of ['plaintext-number-', 'plaintext-of-b']) expect(filesWith(text)).toEqual([]);
  expect(store.get('secrets', 'default/a')?.object).toMatchObject({ data: { password: Buffer.from('plaintext-number-49-of-it').toString('base64') } });
  await store.close();
});

it('seals everything with a new key, after which the old one is of no use', async () => {
  const before = await openStore();
  await before.write((transaction) => transaction.put('secrets', 'default/a', secret('a', 'one')));
  await before.write((transaction) => transaction.put('secrets', 'default/a', secret('a', 'two')));
  await before.close();
  const [newest] = await addEncryptionKey(data, Date.now());
  await (await openStore()).close();
  writeFileSync(keyFile, JSON.stringify({ keys: [{ id: newest?.id, secret: newest?.secret.toString('base64') }] }));
  const after = await openStore();
  const history: unknown[] = [];
  const stop = after.watch('secrets', 0, {
    change: ({ entry }) => void history.push(entry.object['data']),
    failed: (error) => {
      throw error;
    },
  });
  expect(history).toEqual(['one', 'two'].map((text) => ({ password: Buffer.from(text).toString('base64') })));
  stop();
  await after.close();
});

it('does not start without a key that it needs, and says which', async () => {
  const store = await openStore();
  await store.write((transaction) => transaction.put('secrets', 'default/a', secret('a', 'one')));
  await store.close();
  const lost = readFileSync(keyFile, 'utf8');
  rmSync(keyFile);
  await expect(openStore()).rejects.toThrow('which is not in the key file; put the file back');
  writeFileSync(keyFile, lost);
  const found = await openStore();
  expect(found.get('secrets', 'default/a')).toBeDefined();
  await found.close();
});
