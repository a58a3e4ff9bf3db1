import fc from 'fast-check';
import { expect, it } from 'vitest';
import { duplicateFields } from '../../../../api/registry/duplicate-fields.ts';

it('names members that stand twice in one object', () => {
  expect(duplicateFields('{"a":1,"b":{"c":[{"d":1,"d":2},{"d":3}]},"a":{"e":1}}')).toEqual(['b.c[0].d', 'a']);
  expect(duplicateFields('{"a":1,"\\u0061":2}')).toEqual(['a']);
  expect(duplicateFields('{ "a" : "x\\"}{" , "b" : [ ] , "c" : { } }')).toEqual([]);
});

it('finds none in what JSON.stringify wrote', () => {
  fc.assert(fc.property(fc.jsonValue(), fc.constantFrom(0, 2), (value, space) => duplicateFields(JSON.stringify(value, null, space)).length === 0));
});

it('says nothing of texts that are no JSON', () => {
  fc.assert(fc.property(fc.string(), (text) => Array.isArray(duplicateFields(text))));
  expect(duplicateFields('['.repeat(100_000))).toEqual([]);
});
