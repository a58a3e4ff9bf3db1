import { estimateCost } from './cost.ts';
import { joinField } from './field-path.ts';
import { maxOccurrences } from './value-size.ts';
import type { RuleTree } from './rule-tree.ts';

export interface RuleCost {
  /** Where the rule stands: `spec.uplinks[].vlan`. */
  readonly place: string;
  readonly rule: string;
  /** The most it can cost in one object: its cost times how often its place can occur. */
  readonly cost: number;
}

/** Kubernetes refuses a CRD with a rule above this (apiextensions-apiserver, StaticEstimatedCostLimit). */
export const RULE_COST_LIMIT = 10_000_000;
/** And one whose rules together are above this. */
export const CRD_COST_LIMIT = 100_000_000;

/** The estimated cost of every rule. Throws `SchemaError` for a rule with unknown fields or functions. */
export function ruleCosts(tree: RuleTree, place = '', occurrences = 1): RuleCost[] {
  const own = tree.rules.map((rule) => ({
    place: place || '(root)',
    rule: rule.source.rule,
    cost: estimateCost(rule.ast, tree.schema) * occurrences,
  }));
  const members = [...tree.members].flatMap(([name, member]) => ruleCosts(member, joinField(place, [name]), occurrences));
  const items = tree.items === undefined ? [] : ruleCosts(tree.items, `${place}[]`, times(tree.schema.maxItems, tree.items, occurrences));
  const others = tree.others === undefined ? [] : ruleCosts(tree.others, `${place}[*]`, times(tree.schema.maxProperties, tree.others, occurrences));
  return [...own, ...members, ...items, ...others];
}

function times(maximum: number | undefined, inner: RuleTree, occurrences: number): number {
  return maximum === undefined ? maxOccurrences(inner.schema) : occurrences * maximum;
}
