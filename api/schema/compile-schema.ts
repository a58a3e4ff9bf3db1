import { invalidValue } from '../machinery/field-error.ts';
import type { KubeObject, Manifest } from '../machinery/object.ts';
import { CRD_COST_LIMIT, RULE_COST_LIMIT, ruleCosts } from './cel/rule-costs.ts';
import { checkRules, compileRules, type RuleTree } from './cel/rule-tree.ts';
import { compileValueCheck } from './compile-value-check.ts';
import type { CustomResourceDefinition } from './custom-resource-definition.ts';
import { applyDefaultOf, applyDefaults } from './default.ts';
import { checkEmbeddedObjects } from './embedded-object.ts';
import { checkUniqueness } from './list-uniqueness.ts';
import { parseStructural, SchemaError } from './parse-structural.ts';
import { prune } from './prune.ts';
import type { Cause, ResourceSchema } from './resource-schema.ts';
import type { StructuralSchema } from './structural.ts';
import { NO_OLD_VALUE, type ValueCheck } from './value-check.ts';
import { NO_FIELD, Violations } from './violation.ts';

type Candidate = Manifest | KubeObject;

/** Failures after which rules are not run: a rule counts on types, on required fields, and on the limits that bound its cost. */
const BLOCKING: ReadonlySet<string | undefined> = new Set([
  'FieldValueNotSupported',
  'FieldValueRequired',
  'FieldValueTooLong',
  'FieldValueTooMany',
  'FieldValueTypeInvalid',
]);
const RULES_NOT_CHECKED = 'some validation rules were not checked because the object was invalid; correct the existing errors to complete validation';

/**
 * Compiles the storage version of a CRD: schema, defaults and every rule. Throws `SchemaError` naming the CRD and the place of what
 * is wrong with it.
 */
export function compileSchema(crd: CustomResourceDefinition): ResourceSchema {
  try {
    return compile(crd);
  } catch (error) {
    if (error instanceof SchemaError) throw new SchemaError(`${crd.metadata.name}: ${error.message}`, { cause: error });
    throw error;
  }
}

function compile(crd: CustomResourceDefinition): ResourceSchema {
  const version = crd.spec.versions.find(({ storage }) => storage);
  if (version === undefined) throw new SchemaError('no storage version');
  const structural = parseStructural(version.schema.openAPIV3Schema);
  const check = compileValueCheck(structural);
  const rules = compileRules(structural);
  if (rules !== undefined) limitCosts(rules);
  const status = structural.properties.get('status');
  return {
    kind: crd.spec.names.kind,
    structural,
    prune: (object) => prune(object, structural),
    applyDefaults: (object) => applyDefaults(object, structural),
    applyStatusDefault: (object) => applyDefaultOf('status', object, structural),
    validate: (object, old) => validate({ structural, check, rules }, object, old),
    validateStatus: compileStatusValidation(status, rules),
  };
}

/**
 * Bounds the time that rules take before any runs: lengths are checked before rules are, so none can cost more than its estimate.
 * The limits are those of Kubernetes.
 */
function limitCosts(rules: RuleTree): void {
  const costs = ruleCosts(rules);
  const costly = costs.find(({ cost }) => cost > RULE_COST_LIMIT);
  if (costly !== undefined) throw new SchemaError(`${costly.place}: estimated rule cost exceeds budget (in rule: ${costly.rule})`);
  const total = costs.reduce((sum, { cost }) => sum + cost, 0);
  if (total > CRD_COST_LIMIT) throw new SchemaError('estimated cost of all rules exceeds budget');
}

interface Compiled {
  readonly structural: StructuralSchema;
  readonly check: ValueCheck;
  readonly rules: RuleTree | undefined;
}

/** The order of kube-apiserver's strategy: schema, embedded objects, uniqueness, and then the rules unless something blocks them. */
function validate({ structural, check, rules }: Compiled, object: Candidate, old: Candidate | undefined): Cause[] {
  const violations = new Violations();
  check(object, [], old ?? NO_OLD_VALUE, violations);
  const causes = [...violations.causes, ...checkEmbeddedObjects(object, structural), ...uniquenessCauses(object, old, structural)];
  return withRules(causes, rules, object, old ?? NO_OLD_VALUE);
}

/**
 * A write to /status leaves everything else as it was, so only status is looked at. The texts of schema failures then name the field
 * from status on, as kube-apiserver words them, while `field` is whole.
 */
function compileStatusValidation(status: StructuralSchema | undefined, rules: RuleTree | undefined): ResourceSchema['validateStatus'] {
  if (status === undefined) return () => [];
  const check = compileValueCheck(status);
  const statusRules = rules === undefined ? undefined : onlyStatus(rules);
  return (object, old) => {
    if (!Object.hasOwn(object, 'status')) return [];
    const violations = new Violations('status');
    const oldStatus = old !== undefined && Object.hasOwn(old, 'status') ? old.status : NO_OLD_VALUE;
    check(object.status, [], oldStatus, violations);
    const causes = [...violations.causes, ...uniquenessCauses(object.status, old?.status, status, 'status')];
    return withRules(causes, statusRules, object, old ?? NO_OLD_VALUE);
  };
}

/** Rules below status; rules on the root run too, since they may read status. */
function onlyStatus(rules: RuleTree): RuleTree | undefined {
  const members = new Map([...rules.members].filter(([name]) => name === 'status'));
  return members.size === 0 && rules.rules.length === 0 ? undefined : { ...rules, members };
}

function uniquenessCauses(value: unknown, old: unknown, schema: StructuralSchema, field = ''): Cause[] {
  const causes = checkUniqueness(value, schema, field);
  if (causes.length === 0 || old === undefined) return causes;
  return checkUniqueness(old, schema, field).length === 0 ? causes : [];
}

function withRules(causes: Cause[], rules: RuleTree | undefined, object: Candidate, old: unknown): Cause[] {
  if (rules === undefined) return causes;
  if (causes.some(({ reason }) => BLOCKING.has(reason))) return [...causes, invalidValue(NO_FIELD, null, RULES_NOT_CHECKED)];
  return [...causes, ...checkRules(rules, object, old)];
}
