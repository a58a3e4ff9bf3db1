import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ProtocolViolation } from '../../../../../../controller/systems/libvirt/protocol/errors.ts';
import { XdrReader, XdrWriter } from '../../../../../../controller/systems/libvirt/protocol/xdr.ts';

const int = fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 });
const uint = fc.integer({ min: 0, max: 2 ** 32 - 1 });
const uhyper = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n });
const text = fc.string({ unit: 'binary', maxLength: 50 });
const uuid = fc.uuid();

describe('XDR', () => {
  test('gives back every value as it was written, whatever comes before and after it', () => {
    fc.assert(
      fc.property(fc.array(fc.record({ int, uint, uhyper, text, uuid, maybe: fc.option(text, { nil: undefined }), flag: fc.boolean() })), (records) => {
        const writer = new XdrWriter();
        for (const record of records) {
          writer.int(record.int).string(record.text).uint(record.uint).uuid(record.uuid).optional(record.maybe, (w, value) => w.string(value));
          writer.uhyper(record.uhyper).bool(record.flag);
        }
        const reader = new XdrReader(writer.bytes());
        for (const record of records) {
          expect(reader.int()).toBe(record.int);
          expect(reader.string()).toBe(record.text);
          expect(reader.uint()).toBe(record.uint);
          expect(reader.uuid()).toBe(record.uuid);
          expect(reader.optional((r) => r.string())).toBe(record.maybe);
          expect(reader.uhyper()).toBe(record.uhyper);
          expect(reader.bool()).toBe(record.flag);
        }
      }),
    );
  });

  test('pads to four bytes, as RFC 4506 has it', () => {
    expect(new XdrWriter().string('abcde').bytes().toString('hex')).toBe('00000005' + '6162636465' + '000000');
    expect(new XdrWriter().int(-2).bytes().toString('hex')).toBe('fffffffe');
  });

  test.each([
    ['an integer', (reader: XdrReader): unknown => reader.uhyper(), Buffer.alloc(4)],
    ['a string', (reader: XdrReader): unknown => reader.string(), Buffer.from('0000000861626364', 'hex')],
    ['a string without its padding', (reader: XdrReader): unknown => reader.string(), Buffer.from('0000000561626364', 'hex')],
    ['a string longer than libvirt allows', (reader: XdrReader): unknown => reader.string(), Buffer.from('7fffffff', 'hex')],
    ['an array longer than its limit', (reader: XdrReader): unknown => reader.array(3, (r) => r.int()), Buffer.from('00000004', 'hex')],
  ])('refuses %s that the message does not hold', (_, read, bytes) => {
    expect(() => read(new XdrReader(bytes))).toThrow(ProtocolViolation);
  });

  test('refuses what is no UUID before it is sent', () => {
    expect(() => new XdrWriter().uuid('not-a-uuid')).toThrow(RangeError);
  });
});
