import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import type { Server, Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { systemClock } from '../../../../../../api/machinery/clock.ts';
import type { Clock } from '../../../../../../api/machinery/clock.ts';
import { MessageFramer } from '../../../../../../controller/systems/libvirt/protocol/framer.ts';
import { decodePacket, encodePacket, MESSAGE_TYPE, PROGRAM } from '../../../../../../controller/systems/libvirt/protocol/packet.ts';
import { procedures } from '../../../../../../controller/systems/libvirt/protocol/procedures.ts';
import { LibvirtSession } from '../../../../../../controller/systems/libvirt/protocol/session.ts';
import { XdrWriter } from '../../../../../../controller/systems/libvirt/protocol/xdr.ts';
import { SystemUnreachable } from '../../../../../../controller/systems/system.ts';
import { FakeClock } from '../../../../../fixtures/fake-clock.ts';

let folder: string;
let servers: Server[];
let sockets: Socket[];
let session: LibvirtSession | undefined;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bk-libvirt-'));
  servers = [];
  sockets = [];
});
afterEach(async () => {
  session?.stop();
  for (const socket of sockets) socket.destroy();
  for (const server of servers) server.close();
  await rm(folder, { recursive: true });
});

const path = (): string => join(folder, 'libvirt-sock');

/** A server that answers the calls in `answers` and lets all others hang. */
function serve(answers: ReadonlyMap<number, XdrWriter>, at = path()): Promise<void> {
  const server = createServer((socket) => {
    sockets.push(socket);
    const framer = new MessageFramer();
    socket.on('error', () => undefined);
    socket.on('data', (piece: Buffer) => {
      for (const { procedure, serial } of framer.push(piece).map(decodePacket)) {
        const payload = answers.get(procedure);
        const header = { program: PROGRAM.remote, procedure, type: MESSAGE_TYPE.reply, serial, status: 0 };
        if (payload) socket.write(encodePacket(header, payload.bytes()));
      }
    });
  });
  servers.push(server);
  return new Promise((resolve) => server.listen(at, resolve));
}

const one = new XdrWriter().int(1);
/** AUTH_LIST without a method, CONNECT_OPEN, CONNECT_SUPPORTS_FEATURE, the registration of events, CONNECT_GET_HOSTNAME. */
const FRIENDLY = new Map([[66, new XdrWriter().uint(0)], [1, new XdrWriter()], [60, one], [313, one], [316, one], [59, new XdrWriter().string('luna')]]);

function start(log: string[] = [], callTimeoutMs = 300, clock: Clock = systemClock): LibvirtSession {
  session = new LibvirtSession({
    socketPath: path(),
    uri: 'qemu:///system',
    clock,
    callTimeoutMs,
    onEvent: () => undefined,
    onConnect: () => log.push('connected'),
    onDisconnect: () => log.push('lost'),
    random: () => 0,
  });
  session.start();
  return session;
}

async function hostnameOf(from: LibvirtSession): Promise<string> {
  return from.call(procedures.connectGetHostname, undefined);
}

describe('a session with libvirt', () => {
  test('opens the connection on its own and carries calls over it', async () => {
    await serve(FRIENDLY);
    expect(await hostnameOf(start())).toBe('luna');
  });

  test('names the socket while nobody listens, and connects once somebody does', async () => {
    const waiting = start();
    await expect(hostnameOf(waiting)).rejects.toThrow(SystemUnreachable);
    await expect(hostnameOf(waiting)).rejects.toThrow(path());
    await serve(FRIENDLY);
    await expect.poll(() => hostnameOf(waiting).catch(() => 'not yet')).toBe('luna');
  });

  test('goes to the modular daemon where there is no monolithic one', async () => {
    await serve(FRIENDLY, join(folder, 'virtqemud-sock'));
    expect(await hostnameOf(start())).toBe('luna');
  });

  test('does not hang on a socket that accepts and says nothing', async () => {
    await serve(new Map());
    await expect(hostnameOf(start())).rejects.toThrow(SystemUnreachable);
  });

  test('makes a call without an answer unreachable, not endless', async () => {
    await serve(new Map([...FRIENDLY].filter(([procedure]) => procedure !== 59)));
    await expect(hostnameOf(start())).rejects.toThrow(/CONNECT_GET_HOSTNAME/);
  });

  test('waits for polkit where libvirt asks for it', async () => {
    await serve(new Map([...FRIENDLY, [66, new XdrWriter().uint(1).int(2)], [70, one]]));
    expect(await hostnameOf(start())).toBe('luna');
  });

  test('comes back after a loss and says both', async () => {
    const log: string[] = [];
    await serve(FRIENDLY);
    const back = start(log);
    await hostnameOf(back);
    for (const socket of sockets) socket.destroy();
    await expect.poll(() => log).toEqual(['connected', 'lost', 'connected']);
    expect(await hostnameOf(back)).toBe('luna');
  });

  test('makes no attempt after it was stopped', async () => {
    const clock = new FakeClock();
    const stopped = start([], 300, clock);
    await hostnameOf(stopped).catch(() => undefined);
    stopped.stop();
    await serve(FRIENDLY);
    clock.advance(60_000);
    await expect(hostnameOf(stopped)).rejects.toThrow(SystemUnreachable);
    expect(sockets).toEqual([]);
  });
});
