import { expect, it } from 'vitest';
import { parseFieldSelector } from '../../../../api/machinery/field-selector.ts';

it('reads equality and inequality, with escapes', () => {
  expect(parseFieldSelector('metadata.name=a,status.phase!=Running,,x==y')).toEqual([
    { path: 'metadata.name', equal: true, value: 'a' },
    { path: 'status.phase', equal: false, value: 'Running' },
    { path: 'x', equal: true, value: 'y' },
  ]);
  expect(parseFieldSelector('a=b\\,c\\=d\\\\')).toEqual([{ path: 'a', equal: true, value: 'b,c=d\\' }]);
  expect(parseFieldSelector('')).toEqual([]);
});

it.each([
  ['a', "invalid selector: 'a'; can't understand 'a'"],
  ['a=b=c', 'invalid field selector: unescaped character in value: 61'],
  ['a=b\\x', 'invalid field selector: invalid escape sequence: \\x'],
  ['a=b\\', 'invalid field selector: invalid escape sequence: \\'],
])('refuses %j', (selector, message) => {
  expect(() => parseFieldSelector(selector)).toThrow(message);
});
