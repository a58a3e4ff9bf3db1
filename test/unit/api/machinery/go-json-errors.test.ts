import { describe, expect, it } from 'vitest';
import { goSyntaxError } from '../../../../api/machinery/go-json-errors.ts';

/** What Go 1.24's encoding/json says of each. */
describe('goSyntaxError', () => {
  it.each([
    ['', 'unexpected end of JSON input'],
    ['{"kind"', 'unexpected end of JSON input'],
    ['{"a": 1', 'unexpected end of JSON input'],
    ['"abc', 'unexpected end of JSON input'],
    ['x', "invalid character 'x' looking for beginning of value"],
    ['{x', "invalid character 'x' looking for beginning of object key string"],
    ['{"a" 1}', "invalid character '1' after object key"],
    ['{"a": 1 "b"}', "invalid character '\"' after object key:value pair"],
    ['[1 2]', "invalid character '2' after array element"],
    ['[1,]', "invalid character ']' looking for beginning of value"],
    ['{"a":1,}', "invalid character '}' looking for beginning of object key string"],
    ['{} x', "invalid character 'x' after top-level value"],
    ['{"a": tru }', "invalid character ' ' in literal true (expecting 'e')"],
    ['{"a": nil}', "invalid character 'i' in literal null (expecting 'u')"],
    ['"a\nb"', "invalid character '\\n' in string literal"],
    ['"\\x"', "invalid character 'x' in string escape code"],
    ['"\\u00g0"', "invalid character 'g' in \\u hexadecimal character escape"],
    ['-a', "invalid character 'a' in numeric literal"],
    ['01', "invalid character '1' after top-level value"],
    ['1.x', "invalid character 'x' after decimal point in numeric literal"],
    ['1ex', "invalid character 'x' in exponent of numeric literal"],
    ["'", "invalid character '\\'' looking for beginning of value"],
    ['['.repeat(5000), 'exceeded max depth'],
  ])('of %j', (text, expected) => {
    expect(goSyntaxError(text)).toBe(expected);
  });
});
