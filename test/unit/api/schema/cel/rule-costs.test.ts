import { describe, expect, it } from 'vitest';
import { RULE_COST_LIMIT, ruleCosts } from '../../../../../api/schema/cel/rule-costs.ts';
import { compileRules } from '../../../../../api/schema/cel/rule-tree.ts';
import { compileSchema } from '../../../../../api/schema/compile-schema.ts';
import type { CustomResourceDefinition, JsonSchemaProps } from '../../../../../api/schema/custom-resource-definition.ts';
import { parseStructural } from '../../../../../api/schema/parse-structural.ts';

function cost(root: JsonSchemaProps): number {
  const tree = compileRules(parseStructural(root));
  return tree === undefined ? 0 : ruleCosts(tree).reduce((sum, each) => sum + each.cost, 0);
}

const names = (maxItems: number | undefined, maxLength: number | undefined): JsonSchemaProps => ({
  type: 'array',
  items: { type: 'string', ...(maxLength === undefined ? {} : { maxLength }) },
  ...(maxItems === undefined ? {} : { maxItems }),
});
const unique = (list: JsonSchemaProps): JsonSchemaProps => ({
  type: 'object',
  properties: { l: list },
  'x-kubernetes-validations': [{ rule: 'self.l.all(a, self.l.exists_one(b, a == b))', message: 'm' }],
});

describe('the cost of a rule', () => {
  it('grows with the square of a list that is compared with itself', () => {
    const ratio = cost(unique(names(100, 10))) / cost(unique(names(10, 10)));
    expect(ratio).toBeGreaterThan(80);
    expect(ratio).toBeLessThan(120);
  });

  it('is beyond the limit where nothing bounds it', () => {
    expect(cost(unique(names(undefined, 10)))).toBeGreaterThan(RULE_COST_LIMIT);
    expect(cost(unique(names(100, undefined)))).toBeGreaterThan(RULE_COST_LIMIT);
  });

  it('is multiplied by how often its place can occur', () => {
    const item: JsonSchemaProps = { type: 'object', properties: { a: { type: 'string', maxLength: 10 } }, 'x-kubernetes-validations': [{ rule: "self.a != 'x'", message: 'm' }] };
    const once = cost({ type: 'object', properties: { o: item } });
    expect(cost({ type: 'object', properties: { l: { type: 'array', items: item, maxItems: 50 } } })).toBe(once * 50);
  });

  it('of a regular expression grows with text and expression', () => {
    const rule = (pattern: string): JsonSchemaProps => ({ type: 'object', properties: { a: { type: 'string', maxLength: 1000 } }, 'x-kubernetes-validations': [{ rule: `self.a.matches('${pattern}')`, message: 'm' }] });
    expect(cost(rule('a'.repeat(400)))).toBeGreaterThan(90 * cost(rule('a')));
  });

  it('keeps a CRD from being loaded where it is too high', () => {
    const crd = (list: JsonSchemaProps): CustomResourceDefinition => ({
      apiVersion: 'apiextensions.k8s.io/v1',
      kind: 'CustomResourceDefinition',
      metadata: { name: 'things.example.org' },
      spec: { group: 'example.org', scope: 'Cluster', names: { kind: 'Thing', listKind: 'ThingList', plural: 'things', singular: 'thing' }, versions: [{ name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: unique(list) } }] },
    });
    expect(() => compileSchema(crd(names(100, 10)))).not.toThrow();
    expect(() => compileSchema(crd(names(10_000, 10)))).toThrow(/things\.example\.org: .*exceeds budget/);
  });

  it.each([
    ['a field that is only asked for', 'has(self.nope)', /undefined field 'nope'/],
    ['a function that only cel-js has', "b'a'.hex() == '61'", /undeclared reference to 'hex'/],
  ])('finds %s', (_, rule, expected) => {
    expect(() => cost({ type: 'object', properties: { s: { type: 'object', properties: {}, 'x-kubernetes-validations': [{ rule, message: 'm' }] } } })).toThrow(expected);
  });
});
