import { X509Certificate } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from 'node:tls';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../../../api/machinery/clock.ts';
import type { DataDir } from '../../../../api/server/data-dir.ts';
import { prepareDataDir } from '../../../../api/server/data-dir.ts';
import { tokenIn } from '../../../../api/server/tls/kubeconfig.ts';
import { serveApi } from '../../../contract/serve.ts';
import { httpsClient } from '../../../contract/https-client.ts';

const DAY_MS = 86_400_000;

describe('the data directory', () => {
  let path: string;

  beforeEach(async () => {
    path = await mkdtemp(join(tmpdir(), 'bridgekeeper-data-'));
  });

  afterEach(async () => {
    await rm(path, { recursive: true });
  });

  function prepare(options: { readonly listenHost?: string; readonly afterDays?: number } = {}): Promise<DataDir> {
    const { listenHost = '127.0.0.1', afterDays = 0 } = options;
    const clock = { ...systemClock, now: () => Date.now() + afterDays * DAY_MS };
    return prepareDataDir({ path, listenHost, hostName: 'luna.example.org', clock });
  }

  it('names loopback, the host and the listener in the certificate', async () => {
    const { certificate, authority } = await (await prepare({ listenHost: '192.0.2.7' })).certificate();
    const server = new X509Certificate(certificate);
    for (const name of ['localhost', 'luna.example.org']) expect(server.checkHost(name)).toBe(name);
    for (const address of ['127.0.0.1', '::1', '192.0.2.7']) expect(server.checkIP(address)).toBeDefined();
    expect(server.verify(new X509Certificate(authority).publicKey)).toBe(true);
    expect(new X509Certificate(authority).ca).toBe(true);
    expect(server.ca).toBe(false);
  });

  it('is the same at the next start', async () => {
    const first = await prepare();
    const before = await first.certificate();
    await first.writeAdminKubeconfig('https://127.0.0.1:1');
    const token = tokenIn(await readFile(join(path, 'admin.kubeconfig'), 'utf8'));
    const second = await prepare();
    expect(await second.certificate()).toEqual(before);
    await second.writeAdminKubeconfig('https://127.0.0.1:2');
    const kubeconfig = await readFile(join(path, 'admin.kubeconfig'), 'utf8');
    expect(tokenIn(kubeconfig)).toBe(token);
    expect(kubeconfig).toContain('server: https://127.0.0.1:2');
  });

  it('renews the server certificate before it runs out, and keeps the CA', async () => {
    const early = await (await prepare()).certificate();
    const still = await (await prepare({ afterDays: 300 })).certificate();
    expect(still).toEqual(early);
    const late = await (await prepare({ afterDays: 340 })).certificate();
    expect(late.authority).toBe(early.authority);
    expect(late.certificate).not.toBe(early.certificate);
    expect(Date.parse(new X509Certificate(late.certificate).validTo)).toBeGreaterThan(Date.now() + 600 * DAY_MS);
  });

  it('makes a new server certificate when the listener moves', async () => {
    const here = await (await prepare()).certificate();
    const there = await (await prepare({ listenHost: '192.0.2.8' })).certificate();
    expect(new X509Certificate(here.certificate).checkIP('192.0.2.8')).toBeUndefined();
    expect(new X509Certificate(there.certificate).checkIP('192.0.2.8')).toBeDefined();
  });

  it('gives a new admin token when the kubeconfig is lost or broken, and the old one is worth nothing', async () => {
    const first = await prepare();
    await first.writeAdminKubeconfig('https://127.0.0.1:1');
    const before = first.tokens();
    await rm(join(path, 'admin.kubeconfig'));
    const second = await prepare();
    expect(second.tokens()).toHaveLength(1);
    expect(second.tokens()).not.toEqual(before);
    await second.writeAdminKubeconfig('https://127.0.0.1:1');
    await writeFile(join(path, 'admin.kubeconfig'), 'users: [{{');
    expect((await prepare()).tokens()).not.toEqual(second.tokens());
  });

  it('makes a pair anew whose key does not fit', async () => {
    const before = await (await prepare()).certificate();
    await writeFile(join(path, 'pki', 'server.key'), await readFile(join(path, 'pki', 'ca.key'), 'utf8'));
    const after = await (await prepare()).certificate();
    expect(after.certificate).not.toBe(before.certificate);
    expect(after.authority).toBe(before.authority);
  });

  it('says what is wrong with a token file instead of starting without it', async () => {
    await prepare();
    await writeFile(join(path, 'tokens.json'), '{"tokens":[{"userName":"x","role":"king","sha256":""}]}');
    await expect(prepare()).rejects.toThrow('tokens[0].role must be one of admin, edit, view, controller');
  });
});

describe('TLS', () => {
  it('is spoken from version 1.2 on, with a certificate that the kubeconfig trusts', async () => {
    const api = await serveApi();
    const client = httpsClient(api.url, api.kubeconfig);
    try {
      expect((await client.send({ path: '/readyz' })).status).toBe(200);
      const { hostname, port } = new URL(api.url);
      const options = { host: hostname, port: Number(port), ca: client.authority };
      expect(await protocolOf(options)).toBe('TLSv1.3');
      await expect(protocolOf({ ...options, maxVersion: 'TLSv1.1', minVersion: 'TLSv1' })).rejects.toThrow();
      await expect(protocolOf({ host: hostname, port: Number(port) })).rejects.toThrow(/certificate/);
    } finally {
      client.close();
      await api.stop();
    }
  });
});

function protocolOf(options: Parameters<typeof connect>[1] & { host: string; port: number }): Promise<string | null> {
  return new Promise((resolve, reject) => {
    const socket = connect({ ...options }, () => {
      resolve(socket.getProtocol());
      socket.destroy();
    });
    socket.on('error', reject);
  });
}
