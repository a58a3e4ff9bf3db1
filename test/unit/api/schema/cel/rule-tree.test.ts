import { describe, expect, it } from 'vitest';
import { checkRules, compileRules } from '../../../../../api/schema/cel/rule-tree.ts';
import type { JsonSchemaProps } from '../../../../../api/schema/custom-resource-definition.ts';
import { parseStructural } from '../../../../../api/schema/parse-structural.ts';
import type { ValidationRule } from '../../../../../api/schema/structural.ts';
import { NO_OLD_VALUE } from '../../../../../api/schema/value-check.ts';

function causes(root: JsonSchemaProps, value: unknown, old: unknown = NO_OLD_VALUE): string[] {
  const tree = compileRules(parseStructural(root));
  if (tree === undefined) throw new Error('no rules');
  return checkRules(tree, value, old).map(({ field, reason, message }) => `${field} ${reason?.replace('FieldValue', '')} ${message}`);
}

const text: JsonSchemaProps = { type: 'string', maxLength: 100 };
const integer: JsonSchemaProps = { type: 'integer' };

function spec(rule: ValidationRule | ValidationRule[], properties: Record<string, JsonSchemaProps> = { a: text, n: integer }): JsonSchemaProps {
  return { type: 'object', properties: { spec: { type: 'object', properties, 'x-kubernetes-validations': [rule].flat() } } };
}

describe('a rule', () => {
  it.each<[string, ValidationRule, object, string[]]>([
    ['that holds says nothing', { rule: 'self.n == 1', message: 'm' }, { n: 1 }, []],
    ['tells its message at its place', { rule: 'self.n == 1', message: 'm' }, { n: 2 }, ['spec Invalid Invalid value: m']],
    ['tells it at its field path', { rule: 'self.n == 1', message: 'm', fieldPath: '.n' }, { n: 2 }, ['spec.n Invalid Invalid value: m']],
    ['without message tells itself', { rule: 'self.n == 1' }, { n: 2 }, ['spec Invalid Invalid value: failed rule: self.n == 1']],
    ['may forbid', { rule: 'false', message: 'm', reason: 'FieldValueForbidden' }, {}, ['spec Forbidden Forbidden: m']],
    ['may require', { rule: 'false', message: 'm', reason: 'FieldValueRequired', fieldPath: '.a' }, {}, ['spec.a Required Required value: m']],
    ['may find a duplicate', { rule: 'false', message: 'm', reason: 'FieldValueDuplicate' }, {}, ['spec Duplicate Duplicate value']],
    ['computes its message', { rule: 'self.n < 3', messageExpression: "'n is ' + string(self.n)", message: 'm' }, { n: 4 }, ['spec Invalid Invalid value: n is 4']],
    ['falls back where its message fails', { rule: 'self.n < 3', messageExpression: 'self.a', message: 'm' }, { n: 4 }, ['spec Invalid Invalid value: m']],
    ['falls back where its message has several lines', { rule: 'false', messageExpression: "'a\\nb'", message: 'm' }, {}, ['spec Invalid Invalid value: m']],
    ['that fails to run says why', { rule: 'self.a == ""', message: 'm' }, {}, ['spec Invalid Invalid value: "object": no such key: a evaluating rule: m']],
    ['does not run on a missing field', { rule: 'has(self.a) ? self.a.size() > 1 : true', message: 'm' }, {}, []],
    ['counts in whole numbers', { rule: 'self.n / 2 == 2', message: 'm' }, { n: 5 }, []],
  ])('%s', (_, rule, value, expected) => {
    expect(causes(spec(rule), { spec: value })).toEqual(expected);
  });

  it('shows the value where it is a scalar', () => {
    const schema: JsonSchemaProps = { type: 'object', properties: { v: { ...text, 'x-kubernetes-validations': [{ rule: "self.startsWith('a')", message: 'm' }] } } };
    expect(causes(schema, { v: 'b' })).toEqual(['v Invalid Invalid value: "b": m']);
  });

  it('runs on each item and each member of a map', () => {
    const item: JsonSchemaProps = { type: 'object', properties: { n: integer }, 'x-kubernetes-validations': [{ rule: 'self.n > 0', message: 'm', fieldPath: '.n' }] };
    const schema: JsonSchemaProps = { type: 'object', properties: { l: { type: 'array', items: item, maxItems: 9 }, m: { type: 'object', additionalProperties: item, maxProperties: 9 } } };
    expect(causes(schema, { l: [{ n: 1 }, { n: 0 }], m: { k: { n: 0 } } })).toEqual(['l[1].n Invalid Invalid value: m', 'm[k].n Invalid Invalid value: m']);
  });

  it('on the root sees the name, and nothing else of metadata', () => {
    const schema = (rule: string): JsonSchemaProps => ({ type: 'object', 'x-kubernetes-validations': [{ rule, message: 'm' }] });
    expect(causes(schema("self.metadata.name == 'x'"), { metadata: { name: 'y' } })).toEqual(['<nil> Invalid Invalid value: m']);
    expect(() => compileRules(parseStructural(schema('has(self.metadata.labels.a)')))).not.toThrow();
    expect(() => compileRules(parseStructural(schema('self.metadata.labels.a == "b"')))).toThrow(/labels/);
  });

  it('reaches fields whose names CEL can not write', () => {
    const schema = spec({ rule: "self.a__dash__b == 'x' && self.__in__ == 'y'", message: 'm' }, { 'a-b': text, in: text });
    expect(causes(schema, { spec: { 'a-b': 'x', in: 'y' } })).toEqual([]);
    expect(causes(schema, { spec: { 'a-b': 'x', in: 'z' } })).toHaveLength(1);
  });

  it.each<[string, ValidationRule, RegExp]>([
    ['an unknown field', { rule: 'self.nope == 1' }, /nope/],
    ['an unknown function', { rule: 'self.a.shout()' }, /shout/],
    ['types that do not go together', { rule: 'self.a == 1' }, /no such overload/],
    ['a syntax error', { rule: 'self.a ==' }, /spec: /],
    ['a rule that is no yes or no', { rule: 'self.a' }, /must evaluate to bool/],
    ['a message that is no text', { rule: 'true', messageExpression: 'self.n' }, /must evaluate to string/],
    ['a field path to nowhere', { rule: 'true', fieldPath: '.nope' }, /fieldPath/],
  ])('with %s does not compile', (_, rule, expected) => {
    expect(() => compileRules(parseStructural(spec(rule)))).toThrow(expected);
  });
});

describe('a transition rule', () => {
  const immutable = spec({ rule: 'self.n == oldSelf.n', message: 'm' });

  it('runs only where there is an old value', () => {
    expect(causes(immutable, { spec: { n: 1 } })).toEqual([]);
    expect(causes(immutable, { spec: { n: 1 } }, {})).toEqual([]);
    expect(causes(immutable, { spec: { n: 1 } }, { spec: { n: 1 } })).toEqual([]);
    expect(causes(immutable, { spec: { n: 1 } }, { spec: { n: 2 } })).toEqual(['spec Invalid Invalid value: m']);
  });

  it('finds the old item of a map list by its key', () => {
    const item: JsonSchemaProps = { type: 'object', properties: { name: text, n: integer }, 'x-kubernetes-validations': [{ rule: 'self.n >= oldSelf.n', message: 'm' }] };
    const list = (listType: string): JsonSchemaProps => ({
      type: 'object',
      properties: { l: { type: 'array', items: item, maxItems: 9, 'x-kubernetes-list-type': listType, ...(listType === 'map' ? { 'x-kubernetes-list-map-keys': ['name'] } : {}) } },
    });
    const old = { l: [{ name: 'a', n: 5 }, { name: 'b', n: 1 }] };
    expect(causes(list('map'), { l: [{ name: 'b', n: 2 }, { name: 'a', n: 4 }, { name: 'c', n: 0 }] }, old)).toEqual(['l[1] Invalid Invalid value: m']);
    expect(causes(list('atomic'), { l: [{ name: 'a', n: 0 }] }, old)).toEqual([]);
  });

  it('with an optional old value runs on a create too', () => {
    const schema = spec({ rule: 'oldSelf.hasValue() ? self.n == oldSelf.value().n : self.n == 0', message: 'm', optionalOldSelf: true });
    expect(causes(schema, { spec: { n: 0 } })).toEqual([]);
    expect(causes(schema, { spec: { n: 1 } })).toHaveLength(1);
    expect(causes(schema, { spec: { n: 1 } }, { spec: { n: 1 } })).toEqual([]);
    expect(causes(schema, { spec: { n: 1 } }, { spec: { n: 2 } })).toHaveLength(1);
  });

  it('compares whole objects, sets without their order', () => {
    const set: JsonSchemaProps = { type: 'array', 'x-kubernetes-list-type': 'set', items: integer, maxItems: 9 };
    const schema = spec({ rule: 'self == oldSelf', message: 'm' }, { s: set, l: { type: 'array', items: integer, maxItems: 9 } });
    expect(causes(schema, { spec: { s: [1, 2], l: [1] } }, { spec: { s: [2, 1], l: [1] } })).toEqual([]);
    expect(causes(schema, { spec: { l: [1, 2] } }, { spec: { l: [2, 1] } })).toHaveLength(1);
    expect(causes(schema, { spec: { s: [1] } }, { spec: {} })).toHaveLength(1);
  });
});

describe('ratcheting', () => {
  const schema = spec({ rule: 'self.n > 5', message: 'm' });

  it('lets a value that did not change pass', () => {
    expect(causes(schema, { spec: { n: 1 }, other: 2 }, { spec: { n: 1 }, other: 1 })).toEqual([]);
    expect(causes(schema, { spec: { n: 2 } }, { spec: { n: 1 } })).toHaveLength(1);
  });

  it('lets an item pass whose list did not change', () => {
    const item: JsonSchemaProps = { ...integer, 'x-kubernetes-validations': [{ rule: 'self > 5', message: 'm' }] };
    const list: JsonSchemaProps = { type: 'object', properties: { l: { type: 'array', items: item, maxItems: 9 } } };
    expect(causes(list, { l: [1], o: 1 }, { l: [1] })).toEqual([]);
    expect(causes(list, { l: [1, 7] }, { l: [1] })).toHaveLength(1);
  });
});
