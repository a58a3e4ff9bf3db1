import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { MalformedStream } from '../../../../../../controller/systems/ovs/protocol/errors.ts';
import { JsonFramer } from '../../../../../../controller/systems/ovs/protocol/framer.ts';

const message = fc.oneof(
  fc.dictionary(fc.string({ unit: 'binary' }), fc.jsonValue()),
  fc.array(fc.jsonValue({ stringUnit: 'grapheme' })),
);

/** Cuts bytes at any places, inside of characters too. */
function cut(bytes: Buffer, places: readonly number[]): Buffer[] {
  const ends = [...new Set([...places.map((place) => place % (bytes.length + 1)), bytes.length])].sort((a, b) => a - b);
  return ends.map((end, index) => bytes.subarray(ends[index - 1] ?? 0, end));
}

describe('JsonFramer', () => {
  it('gives the same messages however the bytes are cut', () => {
    const separators = fc.constantFrom('', '\n', ' \r\n\t');
    fc.assert(
      fc.property(fc.array(message), fc.array(fc.nat()), separators, (messages, places, separator) => {
        const bytes = Buffer.from(messages.map((value) => JSON.stringify(value) + separator).join(''));
        const framer = new JsonFramer();
        const received = cut(bytes, places).flatMap((chunk) => framer.push(chunk));
        expect(received).toEqual(JSON.parse(JSON.stringify(messages)));
      }),
      { numRuns: 100 },
    );
  });

  it('gives the same messages byte by byte', () => {
    const messages = [{ 'ключ "}]': ['\\', '\\"', '🦕{['] }, [], {}, [[{ a: '\u2028' }]]];
    const framer = new JsonFramer();
    const bytes = Buffer.from(messages.map((value) => JSON.stringify(value)).join(''));
    expect([...bytes].flatMap((byte) => framer.push(Buffer.of(byte)))).toEqual(messages);
  });

  it('does not hold bytes of messages that it gave', () => {
    const framer = new JsonFramer({ maxBytes: 20 });
    for (let round = 0; round < 100; round += 1) expect(framer.push(Buffer.from('{"a":"0123456789"}'))).toHaveLength(1);
  });

  it('refuses a message above the cap before it is whole', () => {
    const framer = new JsonFramer({ maxBytes: 100 });
    framer.push(Buffer.from(`["${'x'.repeat(90)}`));
    expect(() => framer.push(Buffer.from('y'.repeat(20)))).toThrow(MalformedStream);
  });

  it.each([['text between messages', '{}x{}'], ['a closing bracket first', ']'], ['a bare word', 'null'], ['brackets that do not match', '{"a":1]']])(
    'refuses %s',
    (_name, text) => {
      expect(() => new JsonFramer().push(Buffer.from(text))).toThrow(MalformedStream);
    },
  );
});
