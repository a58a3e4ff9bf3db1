import { describe, expect, it } from 'vitest';
import type { JsonSchemaProps } from '../../../../api/schema/custom-resource-definition.ts';
import { applyDefaults } from '../../../../api/schema/default.ts';
import { parseStructural } from '../../../../api/schema/parse-structural.ts';

const text = (value?: string): JsonSchemaProps => ({ type: 'string', ...(value === undefined ? {} : { default: value }) });
const object = (properties: Record<string, JsonSchemaProps>, more: Partial<JsonSchemaProps> = {}): JsonSchemaProps => ({ type: 'object', properties, ...more });

describe('applyDefaults', () => {
  it.each<[string, JsonSchemaProps, Record<string, unknown>, Record<string, unknown>]>([
    ['puts in what is missing', object({ a: text('x') }), {}, { a: 'x' }],
    ['leaves what is there, even if empty', object({ a: text('x') }), { a: '' }, { a: '' }],
    ['does not make the parent of a default', object({ o: object({ a: text('x') }) }), {}, {}],
    ['makes the parent that has a default, and its defaults', object({ o: object({ a: text('x') }, { default: {} }) }), {}, { o: { a: 'x' } }],
    ['goes into lists', object({ l: { type: 'array', items: object({ a: text('x') }) } }), { l: [{}, { a: 'y' }] }, { l: [{ a: 'x' }, { a: 'y' }] }],
    ['goes into maps', object({ m: { type: 'object', additionalProperties: object({ a: text('x') }) } }), { m: { k: {} } }, { m: { k: { a: 'x' } } }],
    ['takes a null for missing', object({ a: text('x') }), { a: null }, { a: 'x' }],
    ['takes out a null that has no default', object({ a: text() }), { a: null }, {}],
    ['leaves a null that may be one', object({ a: { ...text('x'), nullable: true } }), { a: null }, { a: null }],
    ['takes out nulls in maps', object({ m: { type: 'object', additionalProperties: text() } }), { m: { k: null, l: 'x' } }, { m: { l: 'x' } }],
    ['leaves nulls in lists', object({ l: { type: 'array', items: text() } }), { l: [null] }, { l: [null] }],
    ['replaces nulls in lists whose items have a default', object({ l: { type: 'array', items: text('x') } }), { l: [null] }, { l: ['x'] }],
    ['leaves nulls that the schema does not name', object({}), { a: null }, { a: null }],
    ['gives falsy defaults', object({ a: { type: 'boolean', default: false }, b: { type: 'integer', default: 0 } }), {}, { a: false, b: 0 }],
    ['does not stumble over values of another shape', object({ o: object({ a: text('x') }) }), { o: 'text' }, { o: 'text' }],
  ])('%s', (_, schema, given, expected) => {
    applyDefaults(given, parseStructural(schema));
    expect(given).toEqual(expected);
  });

  it('gives each object a default of its own', () => {
    const schema = parseStructural(object({ o: object({ l: { type: 'array', items: text() } }, { default: { l: ['x'] } }) }));
    const [first, second] = [{}, {}] as { o?: { l: string[] } }[];
    if (first === undefined || second === undefined) throw new Error('no objects');
    applyDefaults(first, schema);
    first.o?.l.push('y');
    applyDefaults(second, schema);
    expect(second.o?.l).toEqual(['x']);
  });
});
