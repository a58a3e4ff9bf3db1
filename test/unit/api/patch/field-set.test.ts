import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FieldSet } from '../../../../api/patch/field-set.ts';
import { keyElement, showPath, valueElement } from '../../../../api/patch/path-element.ts';

const element = fc.constantFrom('f:a', 'f:b', 'f:c', 'k:{"name":"x"}', 'v:1', 'v:"s"', 'i:0');
const path = fc.array(element, { minLength: 1, maxLength: 4 });
const paths = fc.array(path, { maxLength: 12 });

function texts(set: FieldSet): string[] {
  return [...set.paths()].map((each) => each.join('/')).sort();
}

function plain(set: readonly (readonly string[])[]): Set<string> {
  return new Set(set.map((each) => each.join('/')));
}

describe('the algebra of field sets', () => {
  it('is that of sets of paths', () => {
    fc.assert(
      fc.property(paths, paths, (left, right) => {
        const [a, b] = [FieldSet.of(left), FieldSet.of(right)];
        const [plainA, plainB] = [plain(left), plain(right)];
        const [inA, inB] = [[...plainA].sort(), [...plainB].sort()];
        expect(texts(a.union(b))).toEqual([...new Set([...inA, ...inB])].sort());
        expect(texts(a.intersection(b))).toEqual(inA.filter((each) => plainB.has(each)));
        expect(texts(a.difference(b))).toEqual(inA.filter((each) => !plainB.has(each)));
        expect(a.equals(b)).toBe(inA.join() === inB.join());
        for (const each of [...left, ...right]) expect(a.has(each)).toBe(plainA.has(each.join('/')));
      }),
    );
  });

  it('changes no operand', () => {
    fc.assert(
      fc.property(paths, paths, (left, right) => {
        const [a, b] = [FieldSet.of(left), FieldSet.of(right)];
        const before = [texts(a), texts(b)];
        a.union(b);
        a.intersection(b);
        a.difference(b);
        expect([texts(a), texts(b)]).toEqual(before);
      }),
    );
  });
});

describe('fieldsV1', () => {
  it('reads back what it wrote', () => {
    fc.assert(
      fc.property(paths, (each) => {
        const set = FieldSet.of(each);
        expect(FieldSet.parse(JSON.parse(JSON.stringify(set.toFieldsV1())))?.equals(set)).toBe(true);
      }),
    );
  });

  it('is written as Kubernetes writes it', () => {
    const set = FieldSet.of([['f:spec'], ['f:spec', 'f:tag'], ['f:list', 'k:{"name":"eth0"}', 'f:name'], ['f:list', 'k:{"name":"eth0"}']]);
    expect(set.toFieldsV1()).toEqual({ 'f:spec': { '.': {}, 'f:tag': {} }, 'f:list': { 'k:{"name":"eth0"}': { '.': {}, 'f:name': {} } } });
  });

  it('is not read where a key is no path element', () => {
    for (const fields of [{ spec: {} }, { 'x:spec': {} }, { 'k:{': {} }, { 'f:a': 3 }, { 'i:x': {} }, 'f:a', null]) {
      expect(FieldSet.parse(fields)).toBeUndefined();
    }
  });

  it('takes the same key for the same however it is written', () => {
    expect(FieldSet.parse({ 'k:{ "b": 1, "a": 2 }': {} })?.hasMember(keyElement({ a: 2, b: 1 }))).toBe(true);
  });
});

it('shows a path as conflicts name it', () => {
  expect(showPath(['f:spec', 'f:uplinks', keyElement({ port: 1, name: 'eth0' }), 'f:trunks', valueElement(5), 'i:3'])).toBe(
    '.spec.uplinks[name="eth0",port=1].trunks[=5][3]',
  );
});
