import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bridgectl } from './bridgectl.ts';
import { RealServer } from './real-server.ts';

let server: RealServer;
let folder: string;

beforeAll(async () => {
  server = new RealServer();
  await server.start();
  folder = mkdtempSync(path.join(tmpdir(), 'bridgectl-connection-'));
});

afterAll(async () => {
  rmSync(folder, { recursive: true });
  await server.destroy();
});

async function errorOf(...args: string[]): Promise<string> {
  const { code, out, err } = await bridgectl(['get', 'br', ...args]);
  expect({ code, out }).toEqual({ code: 1, out: '' });
  expect(err.trim().split('\n')).toHaveLength(1);
  return err;
}

describe('the connection', () => {
  it('is checked against the authority of the kubeconfig', async () => {
    expect(await bridgectl(['version', '--kubeconfig', server.kubeconfig])).toMatchObject({ code: 0, err: '' });
    const other = new RealServer();
    await other.start();
    const strange = path.join(folder, 'strange');
    copyFileSync(other.kubeconfig, strange);
    await other.destroy();
    const err = await errorOf('--kubeconfig', strange, '--server', server.url);
    expect(err).toMatch(/^error: cannot reach https:\/\/127\.0\.0\.1:\d+: its certificate is from an authority that the kubeconfig does not trust\. /);
    expect(err).toContain('--certificate-authority FILE');
  });

  it('says that nobody listens, and which file to check', async () => {
    const gone = new RealServer();
    await gone.start();
    const copy = path.join(folder, 'gone');
    copyFileSync(gone.kubeconfig, copy);
    const { url } = gone;
    await gone.destroy();
    expect(await errorOf('--kubeconfig', copy)).toBe(
      `error: cannot reach ${url}: connection refused. Is the daemon running? Check --kubeconfig (now: ${copy}).\n`,
    );
  });

  it('says whose token was refused', async () => {
    const copy = path.join(folder, 'lost-token');
    writeFileSync(copy, readFileSync(server.kubeconfig, 'utf8').replace(/token: .*/, 'token: "wrong"'));
    expect(await errorOf('--kubeconfig', copy)).toBe(
      `error: ${server.url} does not accept the token of user "admin" in ${copy} (401 Unauthorized). ` +
        'Take a fresh copy of the daemon\'s admin.kubeconfig, or give --token TOKEN.\n',
    );
  });

  it('says who may not do it when there is no login at all', async () => {
    const copy = path.join(folder, 'nobody');
    writeFileSync(copy, readFileSync(server.kubeconfig, 'utf8').replace(/token: .*/, 'username: ""'));
    expect(await errorOf('--kubeconfig', copy)).toMatch(/system:anonymous|401/);
  });

  it('knows a server that does not speak TLS, and one that speaks only TLS', async () => {
    const plain = await listening((socket) => socket.end('HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\n\r\n'));
    try {
      expect(await errorOf('--server', `https://127.0.0.1:${plain.port}`, '--token', 'x')).toContain('it does not speak TLS on this port');
    } finally {
      plain.server.close();
    }
    expect(await errorOf('--server', server.url.replace('https', 'http'), '--token', 'x')).toMatch(/cannot reach http:\/\/127|TLS|HTTPS/i);
  });

  it('gives up on a server that takes the connection and is silent', async () => {
    const silent = await listening(() => undefined);
    try {
      const err = await errorOf('--server', `http://127.0.0.1:${silent.port}`, '--token', 'x', '--request-timeout', '300ms');
      expect(err).toContain(': no answer in time. Is the daemon running? Check --server.');
    } finally {
      silent.server.close();
    }
  });

  it('says that a host name is wrong', async () => {
    expect(await errorOf('--server', 'https://no-such-host.invalid', '--token', 'x')).toMatch(/no such host name|name server does not answer/);
  });

  it('says that what answered is no API server', async () => {
    const web = await listening((socket) => socket.once('data', () => socket.end('HTTP/1.1 200 OK\r\ncontent-length: 5\r\nconnection: close\r\n\r\n<html')));
    try {
      expect(await errorOf('--server', `http://127.0.0.1:${web.port}`, '--token', 'x')).toContain('Is this a Kubernetes-style API server?');
    } finally {
      web.server.close();
    }
  });
});

async function listening(serve: (socket: Socket) => void): Promise<{ server: Server; port: number }> {
  const listener = createServer((socket) => {
    socket.on('error', () => socket.destroy());
    serve(socket);
  });
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
  return { server: listener, port: (listener.address() as AddressInfo).port };
}
