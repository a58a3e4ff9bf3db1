import { describe, expect, it } from 'vitest';
import { goQuoted } from '../../../../api/machinery/go-quoted.ts';

describe('a text in the quotes of Go', () => {
  it.each([
    ['plain ñ 日 🦊', '"plain ñ 日 🦊"'],
    ['a"b\\c', '"a\\"b\\\\c"'],
    ['\u0000\u0001\u001b\u007f', '"\\x00\\x01\\x1b\\x7f"'],
    ['\u0007\b\f\n\r\t\v', '"\\a\\b\\f\\n\\r\\t\\v"'],
    ['\u0085\u00a0\u2028\u200b', '"\\u0085\\u00a0\\u2028\\u200b"'],
    ['\u{e0001}', '"\\U000e0001"'],
    ['<&>', '"<&>"'],
    ['\ud800', '"\ufffd"'],
  ])('%j', (text, quoted) => {
    expect(goQuoted(text)).toBe(quoted);
  });
});
