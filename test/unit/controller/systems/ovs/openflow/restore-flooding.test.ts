import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { systemClock } from '../../../../../../api/machinery/clock.ts';
import { decodeMessages, encodeMessage, type Message } from '../../../../../../controller/systems/ovs/openflow/message.ts';
import { restoreFlooding } from '../../../../../../controller/systems/ovs/openflow/restore-flooding.ts';
import { FakeClock } from '../../../../../fixtures/fake-clock.ts';

let folder: string;
let path: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'openflow-'));
  path = join(folder, 'br.mgmt');
});
afterEach(() => rmSync(folder, { recursive: true }));

/** A switch that answers each message with what `answer` says. */
async function switchThat(answer: (message: Message, socket: Socket) => void): Promise<Disposable> {
  const server = createServer((socket) => {
    socket.on('data', (data: Buffer) => decodeMessages(data).messages.forEach((message) => answer(message, socket)));
    socket.on('error', () => undefined);
  }).listen(path);
  await once(server, 'listening');
  return { [Symbol.dispose]: () => void server.close() };
}

function describedPort(number: number, config: number): Buffer {
  const port = Buffer.alloc(48);
  port.writeUInt16BE(number, 0);
  Buffer.from([2, 0, 0, 0, 0, number]).copy(port, 2);
  port.writeUInt32BE(config, 24);
  return port;
}

describe('restoring what a bridge floods to', () => {
  it('tells each port off and on again, over several replies and split messages, but not one that was taken out', async () => {
    const changes: string[] = [];
    using _switch = await switchThat(({ type, xid, body }, socket) => {
      if (type === 0) socket.write(encodeMessage(0, 0));
      if (type === 16) {
        const more = Buffer.concat([Buffer.from([0, 13, 0, 1]), describedPort(1, 0)]);
        const last = Buffer.concat([Buffer.from([0, 13, 0, 0]), describedPort(2, 0x10), describedPort(3, 0)]);
        const whole = Buffer.concat([encodeMessage(17, xid, more), encodeMessage(2, 77), encodeMessage(17, xid, last)]);
        socket.write(whole.subarray(0, 30));
        setImmediate(() => socket.write(whole.subarray(30)));
      }
      if (type === 3) changes.push('echo');
      if (type === 15) changes.push(`${body.readUInt16BE(0)} ${body.subarray(2, 8).toString('hex')} ${body.readUInt32BE(8)}/${body.readUInt32BE(12)}`);
      if (type === 18) socket.write(encodeMessage(19, xid));
    });
    await restoreFlooding(path, systemClock);
    expect(changes).toEqual(['echo', '1 020000000001 16/16', '1 020000000001 0/16', '3 020000000003 16/16', '3 020000000003 0/16']);
  });

  it.each([
    ['closes', (_: Message, socket: Socket) => socket.end(), /closed by the switch; does spec.protocols leave OpenFlow10 out/],
    ['refuses', ({ xid }: Message, socket: Socket) => socket.write(encodeMessage(1, xid, Buffer.from([0, 1, 0, 5]))), /error of type 1, code 5/],
    ['speaks nonsense', (_: Message, socket: Socket) => socket.write(Buffer.alloc(8)), /can't be 0 bytes long/],
  ])('fails in words where the switch %s', async (_name, answer, message) => {
    using _switch = await switchThat(answer);
    await expect(restoreFlooding(path, systemClock)).rejects.toThrow(message);
  });

  it('fails where nobody listens, and does not wait for ever', async () => {
    await expect(restoreFlooding(path, systemClock)).rejects.toThrow(`OpenFlow at ${path}: connect ENOENT`);
    const clock = new FakeClock();
    using _switch = await switchThat(() => {
      clock.advance(5_000);
    });
    await expect(restoreFlooding(path, clock)).rejects.toThrow('no answer within 5000 ms');
  });
});
