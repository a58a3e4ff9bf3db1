import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { customResourceDefinitions } from '../../../api/generated/crds.ts';
import { openApiDocument } from '../../../api/generated/openapi.ts';
import { walk } from '../../../api/schema/cel/expression.ts';
import { firstMinorVersion } from '../../../api/schema/cel/function-cost.ts';
import { compileRules, type RuleTree } from '../../../api/schema/cel/rule-tree.ts';
import { CRD_COST_LIMIT, RULE_COST_LIMIT, ruleCosts } from '../../../api/schema/cel/rule-costs.ts';
import { compileSchema } from '../../../api/schema/compile-schema.ts';
import type { CustomResourceDefinition, JsonSchemaProps } from '../../../api/schema/custom-resource-definition.ts';
import { parseStructural } from '../../../api/schema/parse-structural.ts';
import { structuralProblems } from '../../../api/schema/structural-problems.ts';

const ROOT = join(import.meta.dirname, '../../..');
const SHORT_NAMES = { Host: 'ho', Bridge: 'br', VlanPort: 'vp', Portgroup: 'pg', VirtualMachine: 'vm', DriftReport: 'drift', Change: 'chg', HostQuery: 'hq', AlertReceiver: 'ar' };
const OLDEST_KUBERNETES = 30;

describe('the CRDs', () => {
  it('are nine, each in a file of its plural name, and the generated ones are the same', () => {
    const files = readdirSync(join(ROOT, 'crds')).sort();
    const read = files.map((name) => parse(readFileSync(join(ROOT, 'crds', name), 'utf8'), { version: '1.1' }) as CustomResourceDefinition);
    expect(files).toHaveLength(9);
    expect(files).toEqual(read.map((crd) => `${crd.spec.names.plural}.yaml`));
    expect(customResourceDefinitions).toEqual(read);
  });

  it('have the short names that people learn', () => {
    expect(Object.fromEntries(customResourceDefinitions.map(({ spec }) => [spec.names.kind, spec.names.shortNames?.[0]]))).toEqual(SHORT_NAMES);
  });

  it('are what the generated files were made from', () => {
    expect(() => execFileSync(process.execPath, [join(ROOT, 'build/generate.mjs'), '--check'], { stdio: 'pipe' })).not.toThrow();
  });
});

describe.each(customResourceDefinitions.map((crd) => [crd.spec.names.kind, crd] as const))('%s', (kind, crd) => {
  const version = crd.spec.versions[0];
  const root = version?.schema.openAPIV3Schema;
  if (version === undefined || root === undefined) throw new Error(`${kind} has no version`);
  const tree = compileRules(parseStructural(root));

  it('breaks no rule of structural schemas', () => {
    expect(structuralProblems(crd)).toEqual([]);
  });

  it('is of cluster scope, in the category bridgekeeper, with a status subresource', () => {
    expect(crd.spec).toMatchObject({ group: 'bridgekeeper.dev', scope: 'Cluster', names: { categories: ['bridgekeeper'], listKind: `${kind}List` } });
    expect(version).toMatchObject({ name: 'v1alpha1', served: true, storage: true, subresources: { status: {} } });
  });

  it('has rules that compile and stay far below the cost limits of Kubernetes', () => {
    expect(() => compileSchema(crd)).not.toThrow();
    const costs = tree === undefined ? [] : ruleCosts(tree);
    expect(costs.filter(({ cost }) => cost > RULE_COST_LIMIT / 5)).toEqual([]);
    expect(costs.reduce((sum, { cost }) => sum + cost, 0)).toBeLessThan(CRD_COST_LIMIT / 5);
  });

  it('uses only functions that the oldest Kubernetes takes in a new CRD', () => {
    const called = allRules(tree).flatMap(({ ast }) => walk(ast)).flatMap((node) => (node.op === 'rcall' || node.op === 'call' ? [node.args[0]] : []));
    const macros = ['has', 'all', 'exists', 'exists_one', 'map', 'filter'];
    const tooNew = called.filter((name) => !macros.includes(name) && (firstMinorVersion(name) ?? Infinity) > OLDEST_KUBERNETES);
    expect(tooNew).toEqual([]);
  });

  it('compares with the old object only where items can be told apart', () => {
    expect(uncorrelatedTransitions(tree, false)).toEqual([]);
  });

  it('names fields that exist as not yet acting', () => {
    const paths = (crd.metadata.annotations?.['bridgekeeper.dev/not-yet-acting'] ?? '').split('\n').filter((path) => path !== '');
    expect(paths.filter((path) => resolve(root, path) === undefined)).toEqual([]);
  });

  it('is in the OpenAPI document with its list and its operations', () => {
    const document = JSON.parse(openApiDocument) as { components: { schemas: Record<string, unknown> }; paths: Record<string, Record<string, { operationId?: string }>> };
    expect(document.components.schemas).toHaveProperty([`dev.bridgekeeper.v1alpha1.${kind}`]);
    expect(document.components.schemas).toHaveProperty([`dev.bridgekeeper.v1alpha1.${kind}List`]);
    const path = document.paths[`/apis/bridgekeeper.dev/v1alpha1/${crd.spec.names.plural}/{name}/status`];
    expect(path?.['patch']?.operationId).toBe(`patchBridgekeeperDevV1alpha1${kind}Status`);
  });
});

describe('a new object', () => {
  it.each(['Host', 'Bridge', 'VlanPort', 'Portgroup', 'VirtualMachine'])('%s is not taken for ready', (kind) => {
    expect(defaultedConditions(kind)).toEqual([
      ['Accepted', 'Unknown', 'Pending'],
      ['Programmed', 'Unknown', 'Pending'],
      ['Ready', 'Unknown', 'Pending'],
    ]);
  });

  it.each(['HostQuery', 'AlertReceiver'])('%s is not taken for ready', (kind) => {
    expect(defaultedConditions(kind)).toEqual([
      ['Accepted', 'Unknown', 'Pending'],
      ['Ready', 'Unknown', 'Pending'],
    ]);
  });
});

describe('what stands in several kinds', () => {
  it('is the same vlan everywhere', () => {
    const vlans = [
      find('Bridge', 'spec.uplinks[].vlan'),
      find('Bridge', 'spec.localPort.vlan'),
      find('VlanPort', 'spec.vlan'),
      find('Portgroup', 'spec.vlan'),
      find('VirtualMachine', 'spec.interfaces[].vlan'),
    ].map(({ description: _, ...rest }) => rest);
    for (const vlan of vlans) expect(vlan).toEqual(vlans[0]);
  });

  it.each(['hostName', 'driftPolicy', 'driftIgnore', 'adoptionPolicy', 'deletionPolicy'])('is the same spec.%s everywhere', (field) => {
    const fields = ['Bridge', 'VlanPort', 'Portgroup', 'VirtualMachine'].map((kind) => find(kind, `spec.${field}`));
    for (const each of fields) expect(each).toEqual(fields[0]);
  });
});

function crdOf(kind: string): CustomResourceDefinition {
  const crd = customResourceDefinitions.find(({ spec }) => spec.names.kind === kind);
  if (crd === undefined) throw new Error(`no CRD of ${kind}`);
  return crd;
}

function find(kind: string, path: string): JsonSchemaProps {
  const root = crdOf(kind).spec.versions[0]?.schema.openAPIV3Schema;
  const found = root === undefined ? undefined : resolve(root, path);
  if (found === undefined) throw new Error(`${kind} has no ${path}`);
  return found;
}

function resolve(root: JsonSchemaProps, path: string): JsonSchemaProps | undefined {
  return path.split('.').reduce<JsonSchemaProps | undefined>((at, segment) => {
    const member = at?.properties?.[segment.replace('[]', '')];
    return segment.endsWith('[]') ? member?.items : member;
  }, root);
}

function defaultedConditions(kind: string): string[][] {
  const object = { apiVersion: 'bridgekeeper.dev/v1alpha1', kind, metadata: { name: 'new' }, spec: {} };
  compileSchema(crdOf(kind)).applyDefaults(object);
  const { status } = object as unknown as { status: { conditions: { type: string; status: string; reason: string }[] } };
  return status.conditions.map((condition) => [condition.type, condition.status, condition.reason]);
}

function allRules(tree: RuleTree | undefined): RuleTree['rules'] {
  if (tree === undefined) return [];
  return [...tree.rules, ...[...tree.members.values(), tree.items, tree.others].flatMap(allRules)];
}

function uncorrelatedTransitions(tree: RuleTree | undefined, below: boolean): string[] {
  if (tree === undefined) return [];
  const own = below ? tree.rules.filter((rule) => rule.isTransition).map((rule) => rule.source.rule) : [];
  const items = uncorrelatedTransitions(tree.items, below || tree.schema.listType !== 'map');
  return [...own, ...items, ...[...tree.members.values(), tree.others].flatMap((each) => uncorrelatedTransitions(each, below))];
}
