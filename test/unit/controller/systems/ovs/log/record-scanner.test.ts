import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { RecordScanner } from '../../../../../../controller/systems/ovs/log/record-scanner.ts';

function record(json: unknown): Buffer {
  const text = Buffer.from(`${JSON.stringify(json)}\n`);
  return Buffer.concat([Buffer.from(`OVSDB JSON ${text.length} ${'0'.repeat(40)}\n`), text]);
}

const comments = fc.array(fc.string({ unit: 'binary' }), { minLength: 1, maxLength: 8 });

describe('RecordScanner', () => {
  it('gives the same records however the file grows', () => {
    fc.assert(
      fc.property(comments, fc.array(fc.nat()), (texts, places) => {
        const file = Buffer.concat(texts.map((_comment) => record({ _comment })));
        const ends = [...new Set([...places.map((place) => place % file.length), file.length])].sort((a, b) => a - b);
        const scanner = new RecordScanner(0);
        const records = ends.flatMap((end, index) => scanner.push(file.subarray(ends[index - 1] ?? 0, end)));
        expect(records.map(({ json }) => json['_comment'])).toEqual(texts);
        expect(records.at(-1)?.endOffset).toBe(file.length);
      }),
    );
  });

  it('finds its way from the middle of a file', () => {
    const file = Buffer.concat([record({ _comment: 'one "OVSDB JSON 5 "' }), record({ _comment: 'two' }), record({ _comment: 'three' })]);
    fc.assert(
      fc.property(fc.integer({ min: 1, max: record({ _comment: 'one "OVSDB JSON 5 "' }).length - 2 }), (offset) => {
        const records = new RecordScanner(offset).push(file.subarray(offset));
        expect(records.map(({ json }) => json['_comment'])).toEqual(['two', 'three']);
        expect(records.at(-1)?.endOffset).toBe(file.length);
      }),
    );
  });

  it('passes over a damaged record', () => {
    const file = Buffer.concat([record({ n: 1 }), Buffer.from('garbage\n'), record({ n: 2 })]);
    expect(new RecordScanner(0).push(file).map(({ json }) => json['n'])).toEqual([1, 2]);
  });
});
