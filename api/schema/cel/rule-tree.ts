import { Optional, type Context, type Environment } from '@marcbachmann/cel-js';
import { forbiddenField, invalidValue, duplicate, required } from '../../machinery/field-error.ts';
import { equalJson, isRecord } from '../../machinery/json.ts';
import { listItemKey } from '../list-item-key.ts';
import type { Cause } from '../resource-schema.ts';
import type { StructuralSchema } from '../structural.ts';
import { NO_OLD_VALUE } from '../value-check.ts';
import { NO_FIELD } from '../violation.ts';
import { TypeDeclarations, type DeclaredType } from './declared-type.ts';
import { kubernetesEnvironment } from './environment.ts';
import { joinField } from './field-path.ts';
import { compileRule, type CompiledRule } from './rule.ts';

/** The rules of a schema and of everything below it; parts of the schema without rules are left out. */
export interface RuleTree {
  readonly schema: StructuralSchema;
  readonly type: DeclaredType;
  readonly rules: readonly CompiledRule[];
  readonly members: ReadonlyMap<string, RuleTree>;
  readonly others?: RuleTree;
  readonly items?: RuleTree;
}

/**
 * Compiles every rule of a resource's schema. Undefined when there is none. Throws `SchemaError` naming the place of a rule that
 * does not compile.
 */
export function compileRules(root: StructuralSchema): RuleTree | undefined {
  if (!hasRules(root)) return undefined;
  const environment = kubernetesEnvironment();
  const types = new TypeDeclarations(environment);
  declareAll(root, types, true);
  return compileTree(root, environment, types, '', true);
}

/** What the rules say against `value`. `old` is `NO_OLD_VALUE` on a create. */
export function checkRules(tree: RuleTree, value: unknown, old: unknown): Cause[] {
  const causes: Cause[] = [];
  walk(tree, value, { old, parent: undefined }, '', causes);
  return causes;
}

/** The old value, and where there is none the nearest value above that has one: a value that did not change is not faulted. */
interface Correlation {
  readonly old: unknown;
  readonly parent: { readonly value: unknown; readonly old: unknown } | undefined;
}

function walk(tree: RuleTree, value: unknown, correlation: Correlation, field: string, causes: Cause[]): void {
  if (value === null || value === undefined) return;
  if (tree.rules.length > 0) runRules(tree, value, correlation, field, causes);
  const parent = correlation.old === NO_OLD_VALUE ? correlation.parent : { value, old: correlation.old };
  if (Array.isArray(value) && tree.items !== undefined) {
    const oldItem = oldItemOf(tree.schema, correlation.old);
    for (const [index, item] of value.entries()) walk(tree.items, item, { old: oldItem(item), parent }, `${field}[${index}]`, causes);
  } else if (isRecord(value)) {
    for (const [name, member] of tree.members) {
      if (Object.hasOwn(value, name)) walk(member, value[name], { old: oldMember(correlation.old, name), parent }, joinField(field, [name]), causes);
    }
    if (tree.others === undefined) return;
    for (const name of Object.keys(value)) {
      if (!tree.schema.properties.has(name)) walk(tree.others, value[name], { old: oldMember(correlation.old, name), parent }, `${field}[${name}]`, causes);
    }
  }
}

function runRules(tree: RuleTree, value: unknown, correlation: Correlation, field: string, causes: Cause[]): void {
  const { old } = correlation;
  const hasOld = old !== NO_OLD_VALUE && old !== null && old !== undefined;
  const self = tree.type.toCel(value);
  const oldSelf = hasOld ? tree.type.toCel(old) : undefined;
  for (const rule of tree.rules) {
    const isOptional = rule.source.optionalOldSelf === true;
    if (rule.isTransition && !hasOld && !isOptional) continue;
    const context: Context = { self, oldSelf: isOptional ? (hasOld ? Optional.of(oldSelf) : Optional.none()) : oldSelf };
    const outcome = rule.run(context);
    if (outcome.result === 'holds') continue;
    if (outcome.result === 'error') {
      const text = rule.source.message?.trim() ?? rule.source.rule.trim();
      causes.push(invalidValue(field || NO_FIELD, tree.schema.type ?? '', `${outcome.reason} evaluating rule: ${text}`));
    } else if (rule.isTransition || !isUnchanged(value, correlation)) {
      causes.push(failure(rule, tree.schema, value, joinField(field, rule.fieldPath) || NO_FIELD, rule.message(context)));
    }
  }
}

/** kube-apiserver leaves the value out where it is an object or a list. */
function failure(rule: CompiledRule, schema: StructuralSchema, value: unknown, field: string, message: string): Cause {
  switch (rule.source.reason) {
    case 'FieldValueForbidden':
      return forbiddenField(field, message);
    case 'FieldValueRequired':
      return required(field, message);
    case 'FieldValueDuplicate':
      return schema.type === 'object' || schema.type === 'array'
        ? { reason: 'FieldValueDuplicate', message: 'Duplicate value', field }
        : duplicate(field, value);
    default:
      return schema.type === 'object' || schema.type === 'array'
        ? { reason: 'FieldValueInvalid', message: `Invalid value: ${message}`, field }
        : invalidValue(field, value, message);
  }
}

function isUnchanged(value: unknown, { old, parent }: Correlation): boolean {
  if (old !== NO_OLD_VALUE) return equalJson(value, old);
  return parent !== undefined && equalJson(parent.value, parent.old);
}

function oldMember(old: unknown, name: string): unknown {
  return isRecord(old) && Object.hasOwn(old, name) ? old[name] : NO_OLD_VALUE;
}

/** Only items of map lists have an old one. */
function oldItemOf(schema: StructuralSchema, old: unknown): (item: unknown) => unknown {
  if (schema.listType !== 'map' || !Array.isArray(old)) return () => NO_OLD_VALUE;
  const byKey = new Map(old.map((item: unknown) => [listItemKey(item, schema.listMapKeys), item]));
  return (item) => byKey.get(listItemKey(item, schema.listMapKeys)) ?? NO_OLD_VALUE;
}

function compileTree(schema: StructuralSchema, environment: Environment, types: TypeDeclarations, place: string, isRoot: boolean): RuleTree | undefined {
  if (!hasRules(schema)) return undefined;
  const type = types.declare(schema, isRoot);
  if (type === undefined) return undefined;
  const members = new Map<string, RuleTree>();
  for (const [name, member] of schema.properties) {
    const tree = compileTree(member, environment, types, joinField(place, [name]), false);
    if (tree !== undefined) members.set(name, tree);
  }
  const { additionalProperties, items } = schema;
  const others = typeof additionalProperties === 'object' ? compileTree(additionalProperties, environment, types, `${place}[*]`, false) : undefined;
  const itemTree = items === undefined ? undefined : compileTree(items, environment, types, `${place}[]`, false);
  return {
    schema,
    type,
    rules: compileOwnRules(schema, type, environment, place || '(root)'),
    members,
    ...(others === undefined ? {} : { others }),
    ...(itemTree === undefined ? {} : { items: itemTree }),
  };
}

function compileOwnRules(schema: StructuralSchema, type: DeclaredType, environment: Environment, place: string): CompiledRule[] {
  if (schema.rules.length === 0) return [];
  const plain = environment.clone().registerVariable('self', type.name).registerVariable('oldSelf', type.name);
  const optional = environment.clone().registerVariable('self', type.name).registerVariable('oldSelf', `optional<${type.name}>`);
  return schema.rules.map((rule) => compileRule(rule, schema, rule.optionalOldSelf === true ? optional : plain, place));
}

/** Types must all be declared before the first clone of the environment, which closes it. */
function declareAll(schema: StructuralSchema, types: TypeDeclarations, isRoot: boolean): void {
  if (!hasRules(schema)) return;
  types.declare(schema, isRoot);
  for (const member of schema.properties.values()) declareAll(member, types, false);
  if (typeof schema.additionalProperties === 'object') declareAll(schema.additionalProperties, types, false);
  if (schema.items !== undefined) declareAll(schema.items, types, false);
}

function hasRules(schema: StructuralSchema): boolean {
  if (schema.rules.length > 0 || (schema.items !== undefined && hasRules(schema.items))) return true;
  if (typeof schema.additionalProperties === 'object' && hasRules(schema.additionalProperties)) return true;
  return [...schema.properties.values()].some(hasRules);
}
