import fc from 'fast-check';
import { isDeepStrictEqual } from 'node:util';
import { describe, expect, it } from 'vitest';
import { sameJson } from '../../../../controller/reconcile/same-json.ts';

describe('sameJson', () => {
  it('says of JSON values what a deep comparison says', () => {
    const value = fc.jsonValue({ maxDepth: 3 }).map((json) => JSON.parse(JSON.stringify(json)) as unknown);
    fc.assert(fc.property(value, value, (a, b) => sameJson(a, b) === isDeepStrictEqual(a, b) && sameJson(a, structuredClone(a))));
  });

  it('counts what is undefined as absent, and null as there', () => {
    expect(sameJson({ a: 1, b: undefined }, { a: 1 })).toBe(true);
    expect(sameJson({ a: 1 }, { a: 1, b: undefined })).toBe(true);
    expect(sameJson({ a: null }, {})).toBe(false);
    expect(sameJson({ a: undefined, b: 1 }, { a: 1, b: undefined })).toBe(false);
    expect(sameJson([], {})).toBe(false);
  });
});
