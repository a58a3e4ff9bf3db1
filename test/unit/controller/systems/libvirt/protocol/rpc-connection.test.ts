import { describe, expect, test } from 'vitest';
import { CallTimedOut, ConnectionLost, LibvirtError, ProtocolViolation } from '../../../../../../controller/systems/libvirt/protocol/errors.ts';
import type { LibvirtEvent } from '../../../../../../controller/systems/libvirt/protocol/events.ts';
import { KEEPALIVE } from '../../../../../../controller/systems/libvirt/protocol/packet.ts';
import { procedures } from '../../../../../../controller/systems/libvirt/protocol/procedures.ts';
import { RpcConnection } from '../../../../../../controller/systems/libvirt/protocol/rpc-connection.ts';
import { XdrWriter } from '../../../../../../controller/systems/libvirt/protocol/xdr.ts';
import { FakeClock } from '../../../../../fixtures/fake-clock.ts';
import { FarEnd } from './far-end.ts';

function connect(): { far: FarEnd; clock: FakeClock; connection: RpcConnection; events: LibvirtEvent[]; ends: Error[] } {
  const far = new FarEnd();
  const clock = new FakeClock();
  const events: LibvirtEvent[] = [];
  const ends: Error[] = [];
  const connection = new RpcConnection({
    stream: far.stream,
    clock,
    callTimeoutMs: 1_000,
    keepaliveMs: 5_000,
    onEvent: (event) => events.push(event),
    onClose: (reason) => ends.push(reason),
  });
  return { far, clock, connection, events, ends };
}

/** Lets what the streams have in hand come through. */
const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

const UUID = '2710ae8c-e872-4571-8f36-09e568c56765';

describe('a connection to libvirt', () => {
  test('gives each call its own answer, in whatever order they come', async () => {
    const { far, connection } = connect();
    const first = connection.call(procedures.connectGetHostname, undefined);
    const second = connection.call(procedures.networkLookupByName, 'lan');
    await settle();
    expect(far.calls().map(({ procedure, serial }) => [procedure, serial])).toEqual([[59, 1], [46, 2]]);
    far.reply(2, new XdrWriter().string('lan').uuid(UUID));
    far.reply(1, new XdrWriter().string('luna'));
    expect(await second).toEqual({ name: 'lan', uuid: UUID });
    expect(await first).toBe('luna');
  });

  test("throws libvirt's refusal with its number and words", async () => {
    const { far, connection } = connect();
    const call = connection.call(procedures.networkLookupByName, 'nope');
    await settle();
    far.fail(1, 43, 'Network not found');
    const error: unknown = await call.catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(LibvirtError);
    expect(error).toMatchObject({ code: 43, domain: 19, message: 'Network not found' });
  });

  test('gives up a call after its time, and takes no harm from the late answer', async () => {
    const { far, clock, connection } = connect();
    const slow = connection.call(procedures.connectGetHostname, undefined, 200).catch((caught: unknown) => caught);
    await settle();
    clock.advance(200);
    expect(await slow).toBeInstanceOf(CallTimedOut);
    far.reply(1, new XdrWriter().string('late'));
    const next = connection.call(procedures.connectGetHostname, undefined);
    await settle();
    far.reply(2, new XdrWriter().string('luna'));
    expect(await next).toBe('luna');
  });

  test('has no more calls under way than libvirt reads on at', async () => {
    const { far, clock, connection } = connect();
    const calls = Array.from({ length: 6 }, () => connection.call(procedures.connectGetHostname, undefined).catch((caught: unknown) => caught));
    await settle();
    expect(far.calls().map(({ serial }) => serial)).toEqual([1, 2, 3, 4]);
    far.reply(2, new XdrWriter().string('second'));
    expect(await calls[1]).toBe('second');
    await settle();
    expect(far.calls().map(({ serial }) => serial)).toEqual([1, 2, 3, 4, 5]);
    // Its time runs from when it is sent.
    clock.advance(1_000);
    expect(await Promise.all(calls.filter((_, index) => index !== 1 && index !== 5))).toEqual(Array.from({ length: 4 }, () => expect.any(CallTimedOut) as unknown));
    await settle();
    far.reply(6, new XdrWriter().string('sixth'));
    expect(await calls[5]).toBe('sixth');
  });

  test('ends calls that wait for their turn with the connection', async () => {
    const { far, connection } = connect();
    const calls = Array.from({ length: 6 }, () => connection.call(procedures.connectGetHostname, undefined).catch((caught: unknown) => caught));
    await settle();
    far.stream.destroy();
    expect(await Promise.all(calls)).toEqual(Array.from({ length: 6 }, () => expect.any(ConnectionLost) as unknown));
    expect(far.calls()).toHaveLength(4);
  });

  test('answers keepalive requests, and asks itself', async () => {
    const { far, clock, ends } = connect();
    far.ping();
    await settle();
    expect(far.keepalives(KEEPALIVE.pong)).toBe(1);
    clock.advance(5_000);
    expect(far.keepalives(KEEPALIVE.ping)).toBe(1);
    expect(ends).toEqual([]);
  });

  test('is given up when there is no sign of life, and every call with it', async () => {
    const { clock, connection, ends } = connect();
    const call = connection.call(procedures.connectGetHostname, undefined, 60_000).catch((caught: unknown) => caught);
    clock.advance(20_000);
    expect(await call).toBeInstanceOf(ConnectionLost);
    expect(ends).toHaveLength(1);
  });

  test('lives on as long as anything comes', async () => {
    const { far, clock, ends } = connect();
    for (let turn = 0; turn < 10; turn += 1) {
      clock.advance(5_000);
      far.ping();
      await settle();
    }
    expect(ends).toEqual([]);
  });

  test('ends once, for whatever reason, and refuses calls from then on', async () => {
    const { far, connection, ends } = connect();
    far.stream.push(null);
    far.stream.destroy();
    await settle();
    connection.close(new ConnectionLost('again'));
    expect(ends).toHaveLength(1);
    await expect(connection.call(procedures.connectGetHostname, undefined)).rejects.toBeInstanceOf(ConnectionLost);
  });

  test("ends on what is not libvirt's protocol", async () => {
    const { far, ends } = connect();
    far.stream.push(Buffer.from('HTTP/1.1 400 Bad Request\r\n\r\n'));
    await settle();
    expect(ends[0]).toBeInstanceOf(ProtocolViolation);
  });

  test('tells which network or domain an event is about, and drops others', async () => {
    const { far, events } = connect();
    far.message(315, new XdrWriter().int(0).string('lan').uuid(UUID).int(1).int(0));
    far.message(318, new XdrWriter().int(1).string('guest1').uuid(UUID).int(7).int(2).int(0));
    far.message(9999, new XdrWriter());
    await settle();
    expect(events).toEqual([
      { object: 'network', network: { name: 'lan', uuid: UUID } },
      { object: 'domain', domain: { name: 'guest1', uuid: UUID, id: 7 } },
    ]);
  });
});
