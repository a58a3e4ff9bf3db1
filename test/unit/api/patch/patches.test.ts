import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ApiError } from '../../../../api/machinery/api-error.ts';
import { applyJsonPatch } from '../../../../api/patch/json-patch.ts';
import { applyMergePatch } from '../../../../api/patch/merge-patch.ts';

function codeOf(action: () => unknown): number {
  try {
    action();
  } catch (error) {
    if (error instanceof ApiError) return error.code;
    throw error;
  }
  return 200;
}

describe('merge patch', () => {
  // RFC 7396, Appendix A.
  it.each([
    [{ a: 'b' }, { a: 'c' }, { a: 'c' }],
    [{ a: 'b' }, { b: 'c' }, { a: 'b', b: 'c' }],
    [{ a: 'b' }, { a: null }, {}],
    [{ a: 'b', b: 'c' }, { a: null }, { b: 'c' }],
    [{ a: ['b'] }, { a: 'c' }, { a: 'c' }],
    [{ a: 'c' }, { a: ['b'] }, { a: ['b'] }],
    [{ a: { b: 'c' } }, { a: { b: 'd', c: null } }, { a: { b: 'd' } }],
    [{ a: [{ b: 'c' }] }, { a: [1] }, { a: [1] }],
    [['a', 'b'], ['c', 'd'], ['c', 'd']],
    [{ a: 'b' }, ['c'], ['c']],
    [{ a: 'foo' }, null, null],
    [{ e: null }, { a: 1 }, { e: null, a: 1 }],
    [[1, 2], { a: 'b', c: null }, { a: 'b' }],
    [{}, { a: { bb: { ccc: null } } }, { a: { bb: {} } }],
  ])('of %j by %j is %j', (target, patch, result) => {
    const before = JSON.stringify(target);
    expect(applyMergePatch(target, patch)).toEqual(result);
    expect(JSON.stringify(target)).toBe(before);
  });

  it('takes members with the names of methods for members', () => {
    const patch: unknown = JSON.parse('{"constructor": "a", "hasOwnProperty": {"x": 1}, "toString": null, "z": 2}');
    expect(applyMergePatch({ hasOwnProperty: 1 }, patch)).toEqual({ constructor: 'a', hasOwnProperty: { x: 1 }, z: 2 });
  });

  it('changes no prototype', () => {
    const merged = applyMergePatch({}, JSON.parse('{"__proto__": {"polluted": true}, "a": {"__proto__": {"polluted": true}}}'));
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
    expect((merged as { a: Record<string, unknown> }).a['polluted']).toBeUndefined();
  });

  it('twice is the same as once', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (target, patch) => {
        const once = applyMergePatch(target, patch);
        expect(applyMergePatch(once, patch)).toEqual(once);
      }),
    );
  });
});

describe('JSON patch', () => {
  const target = { spec: { tag: 1, list: ['a', 'b'] } };

  it('carries out every operation and leaves the target alone', () => {
    const patch = [
      { op: 'test', path: '/spec/tag', value: 1 },
      { op: 'replace', path: '/spec/tag', value: 2 },
      { op: 'add', path: '/spec/list/-', value: 'c' },
      { op: 'remove', path: '/spec/list/0' },
      { op: 'copy', from: '/spec/tag', path: '/spec/copied' },
      { op: 'move', from: '/spec/copied', path: '/spec/moved' },
    ];
    expect(applyJsonPatch(target, patch)).toEqual({ spec: { tag: 2, list: ['b', 'c'], moved: 2 } });
    expect(target).toEqual({ spec: { tag: 1, list: ['a', 'b'] } });
  });

  it.each([
    [[{ op: 'test', path: '/spec/tag', value: 9 }]],
    [[{ op: 'remove', path: '/spec/none' }]],
    [[{ op: 'replace', path: '/spec/none/there', value: 1 }]],
    [[{ op: 'add', path: '/spec/list/9', value: 1 }]],
    [[{ op: 'copy', from: '/none', path: '/x' }]],
    [[{ op: 'add', path: '/x' }]],
    [[{ op: 'add', path: 'x', value: 1 }]],
    [[{ op: 'jump', path: '/x' }]],
    [[{ op: 'add', path: '/__proto__/polluted', value: true }]],
    [[{ op: 'add', path: '/constructor/prototype/polluted', value: true }]],
    [[{ op: 'move', path: '/x', from: '/__proto__' }]],
  ])('refuses what it can\'t carry out: %j', (patch) => {
    expect(codeOf(() => applyJsonPatch(target, patch))).toBe(422);
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });

  it('refuses what is no patch', () => {
    for (const patch of [{}, 'x', null, [1], [null]]) expect(codeOf(() => applyJsonPatch(target, patch))).toBe(400);
  });

  it('refuses to grow without end', () => {
    const doubling = Array.from({ length: 200 }, (_, index) => ({ op: 'copy', from: '', path: `/spec/${index}` }));
    expect(codeOf(() => applyJsonPatch(target, doubling))).toBe(413);
    const many = Array.from({ length: 10_001 }, () => ({ op: 'test', path: '/spec/tag', value: 1 }));
    expect(codeOf(() => applyJsonPatch(target, many))).toBe(413);
  });

  it('never fails otherwise', () => {
    const pointer = fc.array(fc.constantFrom('spec', 'list', '0', '-', 'tag', '~1', '', 'toString', 'length'), { maxLength: 4 }).map((parts) => parts.map((part) => `/${part}`).join(''));
    const operation = fc.record(
      { op: fc.constantFrom('add', 'remove', 'replace', 'move', 'copy', 'test'), path: pointer, from: pointer, value: fc.jsonValue() },
      { requiredKeys: ['op', 'path'] },
    );
    fc.assert(fc.property(fc.array(operation, { maxLength: 5 }), (patch) => [200, 400, 413, 422].includes(codeOf(() => applyJsonPatch(target, patch)))));
  });
});
