import { describe, expect, it } from 'vitest';
import { decodeUtf8, parseJson, parseYaml } from '../../../../../api/server/request/decode-text.ts';

const wrap = (problem: string): string => `wrapped: ${problem}`;

describe('parseJson', () => {
  it('gives what the text says', () => {
    expect(parseJson('{"a": [1, "x", null]}', wrap)).toEqual({ a: [1, 'x', null] });
  });

  it.each([
    ['{"a"', /^wrapped: unexpected end of JSON input$/],
    ['{"a": 1e999}', /out of range/],
    ['{"__proto__": {"polluted": true}}', /__proto__/],
    ['{"a": {"\\u005f_proto__": 1}}', /__proto__/],
    [`${'['.repeat(100_000)}${']'.repeat(100_000)}`, /max depth/],
  ])('refuses %.40s with 400', (text, message) => {
    expect(() => parseJson(text, wrap)).toThrow(message);
    expect(() => parseJson(text, wrap)).toThrow(expect.objectContaining({ code: 400 }));
  });
});

describe('parseYaml', () => {
  it('reads YAML, and JSON as YAML', () => {
    expect(parseYaml('a: {b: [1, x]}\n', wrap)).toEqual({ value: { a: { b: [1, 'x'] } }, duplicateKeys: [] });
    expect(parseYaml(' {"a": 1}', wrap)).toEqual({ value: { a: 1 }, duplicateKeys: [] });
  });

  it.each([
    ['a: b: c', /^wrapped: yaml: mapping values are not allowed in this context$/],
    ['\ta: 1', /^wrapped: yaml: found character that cannot start any token$/],
    ['['.repeat(100_000), /^wrapped: /],
    ['__proto__: {polluted: true}', /__proto__/],
    [billionLaughs(), /^wrapped: .*alias/i],
  ])('refuses %.40s with 400', (text, message) => {
    expect(() => parseYaml(text, wrap)).toThrow(message);
    expect(() => parseYaml(text, wrap)).toThrow(expect.objectContaining({ code: 400 }));
  });

  it.each([
    ['a: 1\nb: 2\na:\n  c: 3\n  c: 4\n', { b: 2, a: { c: 4 } }, ['line 5: key "c" already set in map', 'line 4: key "a" already set in map']],
    ['{"a": {"b": 1,\n "b": 2}}', { a: { b: 2 } }, ['line 2: key "b" already set in map']],
    ['- {1: a, 1: b}', [{ 1: 'b' }], ['line 1: key 1 already set in map']],
  ])('says which keys of %j stand twice, and keeps the last', (text, value, keys) => {
    expect(parseYaml(text, wrap)).toEqual({ value, duplicateKeys: keys });
  });

  it('refuses with 413 what would take seconds to read', () => {
    expect(() => parseYaml(`a: "${'x'.repeat(600_000)}"`, wrap)).toThrow(expect.objectContaining({ code: 413 }));
  });
});

describe('decodeUtf8', () => {
  it('refuses invalid bytes with 400', () => {
    expect(() => decodeUtf8(Buffer.from([0x22, 0xff, 0x22]))).toThrow(expect.objectContaining({ code: 400 }));
    expect(() => decodeUtf8(Buffer.from([0xed, 0xa0, 0x80]))).toThrow(/not valid UTF-8/);
  });
});

function billionLaughs(): string {
  const lines = ['a0: &a0 [x, x, x, x, x, x, x, x, x, x]'];
  for (let level = 1; level < 10; level += 1) lines.push(`a${level}: &a${level} [${Array(10).fill(`*a${level - 1}`).join(', ')}]`);
  return lines.join('\n');
}
