import { describe, expect, it } from 'vitest';
import { compileValueCheck } from '../../../../api/schema/compile-value-check.ts';
import type { JsonSchemaProps } from '../../../../api/schema/custom-resource-definition.ts';
import { parseStructural } from '../../../../api/schema/parse-structural.ts';
import { NO_OLD_VALUE } from '../../../../api/schema/value-check.ts';
import { Violations } from '../../../../api/schema/violation.ts';

function violations(member: JsonSchemaProps, value: unknown, old?: { value: unknown }, root = ''): string[] {
  const check = compileValueCheck(parseStructural({ type: 'object', properties: { v: member } }));
  const found = new Violations(root);
  check({ v: value }, [], old === undefined ? NO_OLD_VALUE : { v: old.value, other: 1 }, found);
  return found.causes.map(({ field, reason, message }) => `${field} ${reason?.replace('FieldValue', '')} ${message}`);
}

describe('types', () => {
  it.each<[string, JsonSchemaProps, unknown, string | undefined]>([
    ['a string', { type: 'string' }, 'x', undefined],
    ['a number for a string', { type: 'string' }, 1, 'v TypeInvalid Invalid value: "integer": v in body must be of type string: "integer"'],
    ['null for a string', { type: 'string' }, null, 'v TypeInvalid Invalid value: "null": v in body must be of type string: "null"'],
    ['null where it may be', { type: 'string', nullable: true }, null, undefined],
    ['a whole number', { type: 'integer' }, 1, undefined],
    ['a whole number written as a fraction', { type: 'integer' }, 1.0, undefined],
    ['a fraction for an integer', { type: 'integer' }, 1.5, 'v TypeInvalid Invalid value: "number": v in body must be of type integer: "number"'],
    ['a fraction for an int64', { type: 'integer', format: 'int64' }, 1.5, 'v TypeInvalid Invalid value: "float64": v in body must be of type int64: "float64"'],
    ['a list for an int32', { type: 'integer', format: 'int32' }, [], 'v TypeInvalid Invalid value: "array": v in body must be of type integer: "array"'],
    ['an object for an int32', { type: 'integer', format: 'int32' }, {}, 'v TypeInvalid Invalid value: "": v in body must be of type int32: ""'],
    ['a number beyond 64 bits for an integer', { type: 'integer' }, 1e30, 'v TypeInvalid Invalid value: "number": v in body must be of type integer: "number"'],
    ['a whole number for a number', { type: 'number' }, 1, undefined],
    ['a string for an object', { type: 'object' }, 'x', 'v TypeInvalid Invalid value: "string": v in body must be of type object: "string"'],
    ['an object for a list', { type: 'array', items: { type: 'string' } }, {}, 'v TypeInvalid Invalid value: "object": v in body must be of type array: "object"'],
    ['a number for a string with a format', { type: 'string', format: 'cidr' }, 1, 'v TypeInvalid Invalid value: "int64": v in body must be of type cidr: "int64"'],
    ['a list for a string with a format', { type: 'string', format: 'cidr' }, [], 'v TypeInvalid Invalid value: "array": v in body must be of type string: "array"'],
    ['a number for int-or-string', { 'x-kubernetes-int-or-string': true }, 1, undefined],
    ['a text for int-or-string', { 'x-kubernetes-int-or-string': true }, 'x', undefined],
    ['a boolean for int-or-string', { 'x-kubernetes-int-or-string': true }, true, 'v TypeInvalid Invalid value: "boolean": v in body must be of type integer,string: "boolean"'],
    ['anything where anything may be', { 'x-kubernetes-preserve-unknown-fields': true }, [{ a: null }], undefined],
    ['an unknown format', { type: 'string', format: 'haiku' }, 'x', undefined],
  ])('%s', (_, schema, value, expected) => {
    expect(violations(schema, value)).toEqual(expected === undefined ? [] : [expected]);
  });
});

describe('bounds', () => {
  it.each<[string, JsonSchemaProps, unknown, string | undefined]>([
    ['a text that is too long', { type: 'string', maxLength: 2 }, 'abc', 'v TooLong Too long: may not be more than 2 bytes'],
    ['characters, not bytes', { type: 'string', maxLength: 2 }, '🦆🦆', undefined],
    ['a text that is too short', { type: 'string', minLength: 2 }, 'a', 'v Invalid Invalid value: "a": v in body should be at least 2 chars long'],
    ['one character of two code units is one', { type: 'string', minLength: 2 }, '🦆', 'v Invalid Invalid value: "🦆": v in body should be at least 2 chars long'],
    ['a pattern anywhere in the text', { type: 'string', pattern: 'b+' }, 'abc', undefined],
    ['a pattern that fails', { type: 'string', pattern: '^b+$' }, 'abc', "v Invalid Invalid value: \"abc\": v in body should match '^b+$'"],
    ['an exclusive maximum', { type: 'integer', maximum: 5, exclusiveMaximum: true }, 5, 'v Invalid Invalid value: 5: v in body should be less than 5'],
    ['an exclusive minimum', { type: 'integer', minimum: 5, exclusiveMinimum: true }, 5, 'v Invalid Invalid value: 5: v in body should be greater than 5'],
    ['a number beyond its own format', { type: 'integer', format: 'int32' }, 3_000_000_000, '<nil> Invalid Invalid value: "": Checked value must be of type integer with format int32 in v'],
    ['a multiple', { type: 'integer', multipleOf: 5 }, 7, 'v Invalid Invalid value: 7: v in body should be a multiple of 5'],
    ['too many items', { type: 'array', maxItems: 2, items: { type: 'string' } }, ['a', 'b', 'c'], 'v TooMany Too many: 3: must have at most 2 items'],
    ['too few properties', { type: 'object', minProperties: 1 }, {}, 'v Invalid Invalid value: 0: v in body should have at least 1 properties'],
    ['too many properties', { type: 'object', maxProperties: 2, additionalProperties: { type: 'string' } }, { a: 'x', b: 'y', c: 'z' }, 'v TooMany Too many: 3: must have at most 2 items'],
    ['a value of a map', { type: 'object', additionalProperties: { type: 'string' } }, { k: 1 }, 'v.k TypeInvalid Invalid value: "integer": v.k in body must be of type string: "integer"'],
    ['one of several numbers', { type: 'integer', enum: [1, 2] }, 3, 'v NotSupported Unsupported value: 3: supported values: "1", "2"'],
  ])('%s', (_, schema, value, expected) => {
    expect(violations(schema, value)).toEqual(expected === undefined ? [] : [expected]);
  });

  it('says what is wrong with each item and member', () => {
    const schema: JsonSchemaProps = { type: 'array', items: { type: 'object', required: ['a'], properties: { a: { type: 'string', maxLength: 2 } } } };
    expect(violations(schema, [{ a: 'xxx' }, {}, { a: 'x' }])).toEqual(['v[0].a TooLong Too long: may not be more than 2 bytes', 'v[1].a Required Required value']);
  });

  it('does not take forever for a pattern that would', () => {
    const started = process.cpuUsage().user;
    violations({ type: 'string', pattern: '^(a+)+$' }, `${'a'.repeat(5000)}!`);
    expect(process.cpuUsage().user - started).toBeLessThan(1_000_000);
  });

  it('names the field from status on in the text of a status write, and whole in field', () => {
    expect(violations({ type: 'string' }, 1, undefined, 'status')).toEqual(['status.v TypeInvalid Invalid value: "integer": v in body must be of type string: "integer"']);
  });
});

describe('alternatives', () => {
  const short: JsonSchemaProps = { maxLength: 2 };
  const digits: JsonSchemaProps = { pattern: '^[0-9]+$' };
  it.each<[string, JsonSchemaProps, unknown, string[]]>([
    ['anyOf: one holds', { type: 'string', anyOf: [short, digits] }, 'ab', []],
    ['anyOf: none holds', { type: 'string', anyOf: [short, digits] }, 'abc', ['<nil> Invalid Invalid value: "": "v" must validate at least one schema (anyOf)', 'v TooLong Too long: may not be more than 2 bytes']],
    ['anyOf: the alternative that got further is told', { type: 'string', anyOf: [{ enum: ['default'] }, { format: 'cidr' }] }, 'x', ['<nil> Invalid Invalid value: "": "v" must validate at least one schema (anyOf)', 'v TypeInvalid Invalid value: "x": v in body must be of type cidr: "x"']],
    ['oneOf: both hold', { type: 'string', oneOf: [short, digits] }, '12', ['<nil> Invalid Invalid value: "": "v" must validate one and only one schema (oneOf). Found 2 valid alternatives']],
    ['oneOf: one holds', { type: 'string', oneOf: [short, digits] }, '123', []],
    ['oneOf: none holds', { type: 'string', oneOf: [short, digits] }, 'abc', ['<nil> Invalid Invalid value: "": "v" must validate one and only one schema (oneOf). Found none valid', 'v TooLong Too long: may not be more than 2 bytes']],
    ['allOf: one fails', { type: 'string', allOf: [short, digits] }, '123', ['v TooLong Too long: may not be more than 2 bytes', '<nil> Invalid Invalid value: "": "v" must validate all the schemas (allOf)']],
    ['allOf: all fail', { type: 'string', allOf: [short] }, 'abc', ['v TooLong Too long: may not be more than 2 bytes', '<nil> Invalid Invalid value: "": "v" must validate all the schemas (allOf). None validated']],
    ['not', { type: 'string', not: digits }, '12', ['<nil> Invalid Invalid value: "": "v" must not validate the schema (not)']],
    ['required in alternatives', { type: 'object', properties: { a: { type: 'string' }, b: { type: 'string' } }, oneOf: [{ required: ['a'] }, { required: ['b'] }] }, { a: 'x' }, []],
  ])('%s', (_, schema, value, expected) => {
    expect(violations(schema, value)).toEqual(expected);
  });
});

describe('ratcheting', () => {
  const short: JsonSchemaProps = { type: 'string', maxLength: 1 };
  const byName: JsonSchemaProps = {
    type: 'array',
    'x-kubernetes-list-type': 'map',
    'x-kubernetes-list-map-keys': ['name'],
    items: { type: 'object', properties: { name: { type: 'string' }, a: short } },
  };
  it.each<[string, JsonSchemaProps, unknown, unknown, number]>([
    ['lets an unchanged value pass', short, 'old', 'old', 0],
    ['faults a changed one', short, 'new', 'old', 1],
    ['finds the old item of a map list by its key', byName, [{ name: 'y', a: 'y' }, { name: 'x', a: 'old' }], [{ name: 'x', a: 'old' }], 0],
    ['faults an item that changed', byName, [{ name: 'x', a: 'new' }], [{ name: 'x', a: 'old' }], 1],
    ['does not tell items of other lists apart', { type: 'array', items: short }, ['a', 'old'], ['old'], 1],
    ['lets an unchanged list pass', { type: 'array', items: short }, ['old'], ['old'], 0],
  ])('%s', (_, schema, value, old, count) => {
    expect(violations(schema, value, { value: old })).toHaveLength(count);
  });
});
