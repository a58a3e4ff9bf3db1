import { describe, expect, it } from 'vitest';
import type { CustomResourceDefinition, JsonSchemaProps } from '../../../../api/schema/custom-resource-definition.ts';
import { structuralProblems } from '../../../../api/schema/structural-problems.ts';

function crd(spec: JsonSchemaProps, columns: CustomResourceDefinition['spec']['versions'][number]['additionalPrinterColumns'] = []): CustomResourceDefinition {
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: 'things.example.org' },
    spec: {
      group: 'example.org',
      scope: 'Cluster',
      names: { kind: 'Thing', listKind: 'ThingList', plural: 'things', singular: 'thing' },
      versions: [{ name: 'v1', served: true, storage: true, additionalPrinterColumns: columns, schema: { openAPIV3Schema: { description: 'd', type: 'object', properties: { spec } } } }],
    },
  };
}

const d = { description: 'd' };
const text: JsonSchemaProps = { ...d, type: 'string', maxLength: 9 };
const spec = (v: JsonSchemaProps): JsonSchemaProps => ({ ...d, type: 'object', properties: { v } });
const list = (more: Partial<JsonSchemaProps>): JsonSchemaProps => ({ ...d, type: 'array', maxItems: 9, items: text, 'x-kubernetes-list-type': 'atomic', ...more });

describe('structuralProblems', () => {
  it('finds none in a good schema', () => {
    expect(structuralProblems(crd(spec(text), [{ name: 'V', type: 'string', description: 'd', jsonPath: '.spec.v' }]))).toEqual([]);
  });

  it.each<[string, JsonSchemaProps, string]>([
    ['a missing type', { ...d, properties: {} }, 'spec.v: a type is missing'],
    ['a forbidden keyword', { ...text, ...{ readOnly: true } }, 'spec.v: readOnly is forbidden'],
    ['a list without items', { ...d, type: 'array', maxItems: 9, 'x-kubernetes-list-type': 'atomic' }, 'spec.v: items are missing'],
    ['a list without bound', { ...d, type: 'array', items: text, 'x-kubernetes-list-type': 'atomic' }, 'spec.v: maxItems is missing'],
    ['a text without bound', { ...d, type: 'string' }, 'spec.v: maxLength is missing'],
    ['a map without bound', { ...d, type: 'object', additionalProperties: text }, 'spec.v: maxProperties is missing'],
    ['properties beside a map', { ...d, type: 'object', maxProperties: 9, properties: {}, additionalProperties: text }, 'spec.v: properties and additionalProperties exclude each other'],
    ['a required field that is none', { ...d, type: 'object', properties: {}, required: ['x'] }, 'spec.v: required x is no property'],
    ['a format that makes Kubernetes warn', { ...d, type: 'integer', format: 'int32' }, 'spec.v: format int32 makes Kubernetes warn'],
    ['a format that is none', { ...text, format: 'haiku' }, 'spec.v: format haiku makes Kubernetes warn'],
    ['a pattern that is none', { ...text, pattern: '(' }, 'spec.v: pattern does not compile: error parsing regexp: missing closing ): `(`'],
    ['a set of objects', list({ 'x-kubernetes-list-type': 'set', items: { ...d, type: 'object' } }), 'spec.v: items of a set must be scalars or atomic'],
    ['a map list without keys', list({ 'x-kubernetes-list-type': 'map', items: { type: 'object', properties: { name: text } } }), 'spec.v: list-type map and list-map-keys go together'],
    ['a map list whose key may be missing', list({ 'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': ['name'], items: { type: 'object', properties: { name: text } } }), 'spec.v: key name must be required or have a default'],
    ['a map list of texts', list({ 'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': ['name'] }), 'spec.v: name is no property of the items'],
    ['a default that is invalid', { ...text, default: 'much too long' }, 'spec.v: default: Too long: may not be more than 9 bytes'],
    ['a default with unknown fields', { ...d, type: 'object', properties: {}, default: { x: 1 } }, 'spec.v: default has an unknown field value.x'],
    ['a type in an alternative', { ...text, anyOf: [{ type: 'string' }] }, 'spec.v: type is forbidden in alternatives'],
    ['a field that only an alternative knows', { ...d, type: 'object', properties: {}, anyOf: [{ properties: { x: { minLength: 1 } } }] }, 'spec.v: alternative names unknown x'],
    ['a rule without message', { ...text, 'x-kubernetes-validations': [{ rule: 'true' }] }, 'spec.v: a rule without message: true'],
    ['a field without description', { type: 'string', maxLength: 9 }, 'spec.v: a description is missing'],
  ])('finds %s', (_, v, expected) => {
    expect(structuralProblems(crd(spec(v)))).toEqual([expected]);
  });

  it.each<[string, string, string]>([
    ['.spec.nope', 'string', 'column C: .spec.nope leads nowhere'],
    ['.spec.v', 'integer', "column C: a column of type integer can't show a value of type string"],
    ['.spec.l[?(@.nope=="x")].name', 'string', 'column C: .spec.l[?(@.nope=="x")].name leads nowhere'],
  ])('finds a column %s of type %s', (jsonPath, type, expected) => {
    const l = list({ 'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': ['name'], items: { type: 'object', required: ['name'], properties: { name: text } } });
    const schema: JsonSchemaProps = { ...d, type: 'object', properties: { v: text, l } };
    expect(structuralProblems(crd(schema, [{ name: 'C', type, description: 'd', jsonPath }]))).toEqual([expected]);
    expect(structuralProblems(crd(schema, [{ name: 'C', type: 'string', description: 'd', jsonPath: '.spec.l[?(@.name=="x")].name' }]))).toEqual([]);
  });
});
