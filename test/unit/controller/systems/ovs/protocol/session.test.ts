import { createServer, type Server, type Socket } from 'node:net';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { systemClock } from '../../../../../../api/machinery/clock.ts';
import { OvsdbUnreachable, RequestRefused } from '../../../../../../controller/systems/ovs/protocol/errors.ts';
import { JsonFramer } from '../../../../../../controller/systems/ovs/protocol/framer.ts';
import { asJsonObject, type JsonObject } from '../../../../../../controller/systems/ovs/protocol/json.ts';
import { OvsdbSession } from '../../../../../../controller/systems/ovs/protocol/session.ts';
import { openSocket } from '../../../../../../controller/systems/ovs/protocol/socket.ts';

let folder: string;
let server: Server;
let session: OvsdbSession;
let peer: Socket;
let received: JsonObject[];
let answer: (request: JsonObject) => void;
let notified: unknown[];

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'ovs-session-'));
  received = [];
  notified = [];
  answer = () => undefined;
  const path = join(folder, 'sock');
  const connected = new Promise<Socket>((resolve) => {
    server = createServer(resolve);
  });
  await new Promise<void>((resolve) => server.listen(path, resolve));
  const socket = await openSocket({ type: 'unix', path }, systemClock, 1_000);
  peer = await connected;
  const framer = new JsonFramer();
  peer.on('data', (chunk) => {
    for (const message of framer.push(Buffer.from(chunk)).map(asJsonObject)) {
      received.push(message);
      answer(message);
    }
  });
  session = new OvsdbSession(socket, { clock: systemClock, onNotification: (method, params) => notified.push([method, params]) });
});

afterEach(() => {
  session.close(new OvsdbUnreachable('the test is over'));
  peer.destroy();
  server.close();
  rmSync(folder, { recursive: true });
});

const say = (message: unknown) => peer.write(JSON.stringify(message));

describe('a session', () => {
  it('sends requests without the member that the server does not bear, and takes the result', async () => {
    answer = ({ id }) => say({ id, result: [{ count: 1 }], error: null });
    expect(await session.request('transact', ['Open_vSwitch'], 1_000)).toEqual([{ count: 1 }]);
    expect(received).toEqual([{ id: 1, method: 'transact', params: ['Open_vSwitch'] }]);
  });

  it('gives each request its own reply, in whatever order they come', async () => {
    answer = () => {
      if (received.length < 3) return;
      for (const { id, params } of [...received].reverse()) say({ id, result: params, error: null });
    };
    expect(await Promise.all([1, 2, 3].map((n) => session.request('echo', [n], 1_000)))).toEqual([[1], [2], [3]]);
  });

  it("answers the server's echo", async () => {
    say({ id: 'echo', method: 'echo', params: ['are you there'] });
    await expect.poll(() => received).toEqual([{ id: 'echo', result: ['are you there'], error: null }]);
  });

  it('says no to what it does not know', async () => {
    say({ id: 7, method: 'steal', params: [] });
    await expect.poll(() => received).toEqual([{ id: 7, result: null, error: 'unknown method steal' }]);
  });

  it('gives notifications in order, whole and in pieces', async () => {
    const text = ['a', 'b', 'c'].map((name) => JSON.stringify({ id: null, method: 'update2', params: [name, {}] })).join('');
    peer.write(text.slice(0, 70));
    await expect.poll(() => notified.length).toBe(1);
    peer.write(text.slice(70));
    await expect.poll(() => notified).toEqual(['a', 'b', 'c'].map((name) => ['update2', [name, {}]]));
  });

  it.each([
    ['a plain string', 'unknown method', { error: 'unknown method', details: '' }],
    ['an object', { error: 'syntax error', details: 'no such table', syntax: 'x' }, { error: 'syntax error', details: 'no such table' }],
  ])('keeps the text of an error that is %s', async (_name, error, reply) => {
    answer = ({ id }) => say({ id, result: null, error });
    const refusal = await session.request('nonsense', [], 1_000).catch((reason: unknown) => reason);
    expect(refusal).toBeInstanceOf(RequestRefused);
    expect(refusal).toMatchObject({ method: 'nonsense', reply });
  });

  it('gives up on a reply that does not come, and goes on', async () => {
    await expect(session.request('slow', [], 20)).rejects.toThrow(new OvsdbUnreachable('no reply to slow within 20 ms'));
    answer = ({ id }) => say({ id, result: 'there', error: null });
    expect(await session.request('quick', [], 1_000)).toBe('there');
  });

  it('ends with the socket, and with it all that waits', async () => {
    const waiting = session.request('wait', [], 10_000);
    const outcome = expect(waiting).rejects.toBeInstanceOf(OvsdbUnreachable);
    peer.destroy();
    await outcome;
    expect(await session.ended).toBeInstanceOf(OvsdbUnreachable);
    await expect(session.request('late', [], 1_000)).rejects.toBeInstanceOf(OvsdbUnreachable);
  });

  it('ends when the server sends what is no JSON', async () => {
    peer.write('HTTP/1.1 400 Bad Request\r\n');
    expect((await session.ended).message).toMatch(/^the server sent what can't be used/);
  });
});

it('a socket that is not there is refused with the cause', async () => {
  await expect(openSocket({ type: 'unix', path: '/nonexistent/db.sock' }, systemClock, 1_000)).rejects.toThrow(/ENOENT/);
});
