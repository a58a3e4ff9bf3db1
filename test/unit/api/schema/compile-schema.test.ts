import { describe, expect, it } from 'vitest';
import type { Manifest } from '../../../../api/machinery/object.ts';
import { compileSchema } from '../../../../api/schema/compile-schema.ts';
import type { CustomResourceDefinition, JsonSchemaProps } from '../../../../api/schema/custom-resource-definition.ts';

const RULES_NOT_CHECKED = {
  field: '<nil>',
  reason: 'FieldValueInvalid',
  message: 'Invalid value: null: some validation rules were not checked because the object was invalid; correct the existing errors to complete validation',
};

function crd(properties: Record<string, JsonSchemaProps>, rules: JsonSchemaProps['x-kubernetes-validations'] = []): CustomResourceDefinition {
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: 'things.example.org' },
    spec: {
      group: 'example.org',
      scope: 'Cluster',
      names: { kind: 'Thing', listKind: 'ThingList', plural: 'things', singular: 'thing' },
      versions: [{ name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: { type: 'object', properties, 'x-kubernetes-validations': rules } } }],
    },
  };
}

function thing(more: object): Manifest {
  return { apiVersion: 'example.org/v1', kind: 'Thing', metadata: { name: 'x' }, ...more };
}

const set: JsonSchemaProps = { type: 'array', 'x-kubernetes-list-type': 'set', maxItems: 9, items: { type: 'string', maxLength: 9 } };
const schema = compileSchema(
  crd({
    spec: { type: 'object', properties: { n: { type: 'integer', maximum: 9 }, s: set }, 'x-kubernetes-validations': [{ rule: '!has(self.n) || self.n != 5', message: 'not five' }] },
    status: { type: 'object', properties: { phase: { type: 'string', enum: ['A', 'B'] }, s: set }, 'x-kubernetes-validations': [{ rule: "!has(oldSelf.phase) || oldSelf.phase != 'B' || self.phase == 'B'", message: 'B stays' }] },
  }),
);

describe('validate', () => {
  it('runs rules beside values that are only out of bounds', () => {
    expect(schema.validate(thing({ spec: { n: 10 } })).map(({ field }) => field)).toEqual(['spec.n']);
    expect(schema.validate(thing({ spec: { n: 5 } }))).toEqual([{ field: 'spec', reason: 'FieldValueInvalid', message: 'Invalid value: not five' }]);
  });

  it('does not run rules on values of the wrong type, and says so', () => {
    expect(schema.validate(thing({ spec: { n: 'x' } }))[1]).toEqual(RULES_NOT_CHECKED);
    expect(schema.validate(thing({ status: { phase: 'C' } }))[1]).toEqual(RULES_NOT_CHECKED);
  });

  it('finds repeats, unless the old object had some', () => {
    const repeated = thing({ spec: { s: ['a', 'a'] } });
    expect(schema.validate(repeated).map(({ field }) => field)).toEqual(['spec.s[1]']);
    expect(schema.validate(repeated, thing({ spec: { s: ['a'] } }))).toHaveLength(1);
    expect(schema.validate(thing({ spec: { s: ['a', 'a', 'b'] } }), repeated)).toEqual([]);
  });

  it('lets what was invalid before and did not change pass', () => {
    expect(schema.validate(thing({ spec: { n: 10, s: ['a'] } }), thing({ spec: { n: 10 } }))).toEqual([]);
    expect(schema.validate(thing({ spec: { n: 5 }, metadata: { name: 'x', labels: { a: 'b' } } }), thing({ spec: { n: 5 } }))).toEqual([]);
  });

  it('leaves apiVersion, kind and metadata alone', () => {
    expect(schema.validate({ apiVersion: 'x', kind: 'y', metadata: { name: 'BAD' } })).toEqual([]);
  });
});

describe('validateStatus', () => {
  it('looks at status only', () => {
    expect(schema.validateStatus(thing({ spec: { n: 5 }, status: { phase: 'A' } }))).toEqual([]);
    expect(schema.validateStatus(thing({ spec: { n: 10 } }))).toEqual([]);
  });

  it('names the whole field, and the field from status on in the text', () => {
    expect(schema.validateStatus(thing({ status: { phase: 3 } }))).toEqual([
      { field: 'status.phase', reason: 'FieldValueTypeInvalid', message: 'Invalid value: "integer": phase in body must be of type string: "integer"' },
      { field: 'status.phase', reason: 'FieldValueNotSupported', message: 'Unsupported value: 3: supported values: "A", "B"' },
      RULES_NOT_CHECKED,
    ]);
  });

  it('runs the rules of status, transitions too', () => {
    expect(schema.validateStatus(thing({ status: { phase: 'A' } }), thing({ status: { phase: 'B' } }))).toEqual([{ field: 'status', reason: 'FieldValueInvalid', message: 'Invalid value: B stays' }]);
    expect(schema.validateStatus(thing({ status: { phase: 'B' } }), thing({ status: { phase: 'A' } }))).toEqual([]);
  });

  it('finds repeats in status', () => {
    expect(schema.validateStatus(thing({ status: { s: ['a', 'a'] } })).map(({ field }) => field)).toEqual(['status.s[1]']);
  });

  it('lets status be taken away', () => {
    expect(schema.validateStatus(thing({}), thing({ status: { phase: 'A' } }))).toEqual([]);
  });
});

describe('compileSchema', () => {
  it.each<[string, CustomResourceDefinition, RegExp]>([
    ['a schema without type', crd({ spec: { properties: {} } }), /things\.example\.org: spec: a type is missing/],
    ['an unknown type', crd({ spec: { type: 'text' } }), /spec: unknown type "text"/],
    ['a rule that does not compile', crd({ spec: { type: 'object', properties: {}, 'x-kubernetes-validations': [{ rule: 'self.x == 1' }] } }), /things\.example\.org: spec: /],
    ['a rule on the root that does not compile', crd({}, [{ rule: 'self.nope' }]), /\(root\): /],
  ])('refuses %s and names the place', (_, definition, expected) => {
    expect(() => compileSchema(definition)).toThrow(expected);
  });

  it('checks objects within objects', () => {
    const embedded: JsonSchemaProps = { type: 'object', 'x-kubernetes-embedded-resource': true, 'x-kubernetes-preserve-unknown-fields': true };
    const holder = compileSchema(crd({ spec: { type: 'object', properties: { o: embedded } } }));
    expect(holder.validate(thing({ spec: { o: { apiVersion: '', metadata: 1 } } })).map(({ field, message }) => `${field}: ${message}`)).toEqual([
      'spec.o.apiVersion: Invalid value: "": must not be empty',
      'spec.o.kind: Required value',
      'spec.o.metadata: Invalid value: 1: must be an object',
      `<nil>: ${RULES_NOT_CHECKED.message}`,
    ].slice(0, 3));
    expect(holder.validate(thing({ spec: { o: { apiVersion: 'v1', kind: 'X', anything: [1] } } }))).toEqual([]);
  });
});
