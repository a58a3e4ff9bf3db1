import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalJson, copyJson, equalJson, fieldOf } from '../../../../api/machinery/json.ts';

describe('canonical JSON', () => {
  it('reads back as what it was, and does not depend on the order of members', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = canonicalJson(value);
        expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)));
        expect(canonicalJson(JSON.parse(text))).toBe(text);
      }),
    );
    expect(canonicalJson({ b: [1, { d: 2, c: null }], a: 'é', 10: 1, 9: 2 })).toBe('{"10":1,"9":2,"a":"é","b":[1,{"c":null,"d":2}]}');
  });
});

describe('equality', () => {
  it('is that of the canonical text', () => {
    fc.assert(fc.property(fc.jsonValue(), fc.jsonValue(), (left, right) => equalJson(left, right) === (canonicalJson(left) === canonicalJson(right))));
    expect(equalJson({ a: undefined }, {})).toBe(false);
    expect(equalJson([], {})).toBe(false);
    expect(equalJson({ a: 1, b: 2 }, { b: 2, a: 1 })).toBe(true);
  });
});

describe('a copy', () => {
  it('is equal, and shares nothing', () => {
    fc.assert(
      fc.property(fc.array(fc.dictionary(fc.string(), fc.integer())), (value) => {
        const copy = copyJson(value);
        expect(copy).not.toBe(value);
        value.push({ later: 1 });
        expect(copy).toHaveLength(value.length - 1);
      }),
    );
  });

  it('leaves out __proto__ and what is undefined, and refuses depth beyond reason', () => {
    const copy = copyJson(JSON.parse('{"a": {"__proto__": {"x": 1}}, "b": 1}') as Record<string, unknown>);
    expect(Object.keys(copy['a'] as object)).toEqual([]);
    expect(fieldOf(copy['a'], 'x')).toBeUndefined();
    expect(copyJson({ a: undefined })).toEqual({});
    let deep: unknown = 0;
    for (let depth = 0; depth < 300; depth += 1) deep = { deep };
    expect(() => copyJson(deep)).toThrow('max depth');
  });
});
