import { describe, expect, it } from 'vitest';
import type { JsonSchemaProps } from '../../../../api/schema/custom-resource-definition.ts';
import { parseStructural } from '../../../../api/schema/parse-structural.ts';
import { prune } from '../../../../api/schema/prune.ts';

const text: JsonSchemaProps = { type: 'string' };
const object = (properties: Record<string, JsonSchemaProps>, more: Partial<JsonSchemaProps> = {}): JsonSchemaProps => ({ type: 'object', properties, ...more });
const list = (items: JsonSchemaProps): JsonSchemaProps => ({ type: 'array', items });
const open: Partial<JsonSchemaProps> = { 'x-kubernetes-preserve-unknown-fields': true };

describe('prune', () => {
  it.each<[string, JsonSchemaProps, Record<string, unknown>, Record<string, unknown>, string[]]>([
    ['keeps what the schema names', object({ spec: object({ a: text }) }), { spec: { a: 'x' } }, { spec: { a: 'x' } }, []],
    ['takes out what it does not name, sorted', object({ spec: object({ a: text }) }), { z: 1, spec: { c: 1, a: 'x', b: {} } }, { spec: { a: 'x' } }, ['spec.b', 'spec.c', 'z']],
    ['leaves apiVersion, kind and metadata of the root', object({}), { apiVersion: 'v1', kind: 'K', metadata: { x: 1 } }, { apiVersion: 'v1', kind: 'K', metadata: { x: 1 } }, []],
    ['does not leave them elsewhere', object({ spec: object({}) }), { spec: { metadata: {}, kind: 'K' } }, { spec: {} }, ['spec.kind', 'spec.metadata']],
    ['looks into lists', object({ l: list(object({ a: text })) }), { l: [{ a: 'x' }, { b: 1 }] }, { l: [{ a: 'x' }, {}] }, ['l[1].b']],
    ['looks into lists of lists', object({ l: list(list(object({ a: text }))) }), { l: [[{ b: 1 }]] }, { l: [[{}]] }, ['l[0][0].b']],
    ['looks into maps', object({ m: { type: 'object', additionalProperties: object({ a: text }) } }), { m: { k: { a: 'x', b: 1 } } }, { m: { k: { a: 'x' } } }, ['m.k.b']],
    ['keeps any value of an open map', object({ m: { type: 'object', additionalProperties: true } }), { m: { k: { b: { c: 1 } } } }, { m: { k: { b: { c: 1 } } } }, []],
    ['keeps unknown fields where told to', object({ o: object({}, open) }), { o: { x: { y: 1 } } }, { o: { x: { y: 1 } } }, []],
    ['prunes named fields within those', object({ o: object({ known: object({ a: text }) }, open) }), { o: { known: { b: 1 }, x: 1 } }, { o: { known: {}, x: 1 } }, ['o.known.b']],
    ['keeps lists of anything where told to', object({ o: { ...open } }), { o: [{ x: [{ y: 1 }] }] }, { o: [{ x: [{ y: 1 }] }] }, []],
    ['keeps the metadata of objects within', object({ o: object({ spec: object({}) }, { 'x-kubernetes-embedded-resource': true }) }), { o: { kind: 'K', metadata: { labels: { a: 'b' } }, spec: { x: 1 }, y: 1 } }, { o: { kind: 'K', metadata: { labels: { a: 'b' } }, spec: {} } }, ['o.spec.x', 'o.y']],
    ['does not stumble over a value of another shape', object({ spec: object({ a: text }), l: list(text) }), { spec: [{ a: 'x' }], l: { a: 1 } }, { spec: [{}], l: {} }, ['l.a', 'spec[0].a']],
    ['does not stumble over null', object({ spec: object({ a: text }) }), { spec: null }, { spec: null }, []],
  ])('%s', (_, schema, given, expected, taken) => {
    expect(prune(given, parseStructural(schema))).toEqual(taken);
    expect(given).toEqual(expected);
  });

  it('takes out a member named __proto__', () => {
    const given = JSON.parse('{"spec": {"__proto__": {"polluted": true}, "constructor": 1}}') as Record<string, unknown>;
    expect(prune(given, parseStructural(object({ spec: object({}) })))).toEqual(['spec.__proto__', 'spec.constructor']);
    expect(given).toEqual({ spec: {} });
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
  });
});
