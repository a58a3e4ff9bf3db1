import { describe, expect, it } from 'vitest';
import type { JsonSchemaProps } from '../../../../api/schema/custom-resource-definition.ts';
import { checkUniqueness } from '../../../../api/schema/list-uniqueness.ts';
import { parseStructural } from '../../../../api/schema/parse-structural.ts';

const set = (items: JsonSchemaProps): JsonSchemaProps => ({ type: 'array', 'x-kubernetes-list-type': 'set', items });
const map = (...keys: string[]): JsonSchemaProps => ({ type: 'array', 'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': keys, items: { type: 'object' } });

describe('checkUniqueness', () => {
  it.each<[string, JsonSchemaProps, unknown[], string[]]>([
    ['a set without repeats', set({ type: 'string' }), ['a', 'b'], []],
    ['each repeat once', set({ type: 'string' }), ['a', 'b', 'a', 'a', 'b'], ['l[2] Duplicate value: "a"', 'l[4] Duplicate value: "b"']],
    ['a number and its text are two', set({ 'x-kubernetes-int-or-string': true }), [1, '1'], []],
    ['objects whatever the order of their members', set({ type: 'object' }), [{ a: 1, b: 2 }, { b: 2, a: 1 }], ['l[1] Duplicate value: {"a":1,"b":2}']],
    ['items with the same key', map('name'), [{ name: 'a' }, { name: 'a', x: 1 }], ['l[1] Duplicate value: {"name":"a"}']],
    ['items without their key', map('name'), [{}, {}], ['l[1] Duplicate value: {}']],
    ['two keys that differ in one', map('a', 'b'), [{ a: 1, b: 1 }, { a: 1, b: 2 }], []],
    ['two keys that are the same', map('a', 'b'), [{ a: 1, b: 1 }, { b: 1, a: 1 }], ['l[1] Duplicate value: {"a":1,"b":1}']],
    ['a map list of other things', map('name'), ['a'], ['l[0] Invalid value: "a": must be an object for an array of list-type map']],
    ['an atomic list', { type: 'array', items: { type: 'string' } }, ['a', 'a'], []],
  ])('%s', (_, list, value, expected) => {
    const schema = parseStructural({ type: 'object', properties: { l: list } });
    expect(checkUniqueness({ l: value }, schema).map(({ field, message }) => `${field} ${message}`)).toEqual(expected);
  });

  it('looks into items, members and maps', () => {
    const inner: JsonSchemaProps = { type: 'object', properties: { s: set({ type: 'string' }) } };
    const schema = parseStructural({ type: 'object', properties: { m: { type: 'object', additionalProperties: inner }, l: { type: 'array', items: inner } } });
    const fields = checkUniqueness({ m: { k: { s: ['a', 'a'] } }, l: [{ s: ['a', 'a'] }] }, schema).map(({ field }) => field);
    expect(fields).toEqual(['m[k].s[1]', 'l[0].s[1]']);
  });
});
