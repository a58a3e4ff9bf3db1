import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ProtocolViolation } from '../../../../../../controller/systems/libvirt/protocol/errors.ts';
import { MessageFramer } from '../../../../../../controller/systems/libvirt/protocol/framer.ts';
import { decodePacket, encodePacket, MESSAGE_TYPE, PROGRAM } from '../../../../../../controller/systems/libvirt/protocol/packet.ts';

function message(serial: number, payload: Uint8Array): Buffer {
  return encodePacket({ program: PROGRAM.remote, procedure: 1, type: MESSAGE_TYPE.reply, serial, status: 0 }, Buffer.from(payload));
}

describe('the message framer', () => {
  test('finds the same messages however the bytes are cut', () => {
    const payloads = fc.array(fc.uint8Array({ maxLength: 100 }), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(payloads, fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 1 }), (all, cuts) => {
        const stream = Buffer.concat(all.map((payload, index) => message(index, payload)));
        const framer = new MessageFramer();
        const found: Buffer[] = [];
        for (let offset = 0, turn = 0; offset < stream.length; turn += 1) {
          const length = cuts[turn % cuts.length] ?? 1;
          found.push(...framer.push(stream.subarray(offset, offset + length)));
          offset += length;
        }
        expect(found.map((bytes) => decodePacket(bytes).serial)).toEqual(all.map((_, index) => index));
        expect(found.map((bytes) => bytes.subarray(24).toString('hex'))).toEqual(all.map((payload) => Buffer.from(payload).toString('hex')));
      }),
    );
  });

  test.each([0, 27, 33_554_433, 0xffffffff])('refuses a message of %i bytes at once', (length) => {
    const head = Buffer.alloc(4);
    head.writeUInt32BE(length);
    expect(() => new MessageFramer().push(head)).toThrow(ProtocolViolation);
  });
});
