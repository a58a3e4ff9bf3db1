import type { Identity } from './identity.ts';
import type { PathRule, ResourceRule, Rules } from './roles.ts';
import { rulesOf } from './roles.ts';

/** What somebody wants to do, in the words of a SubjectAccessReview. */
export type Attempt =
  | {
      readonly verb: string;
      readonly group: string;
      readonly resource: string;
      readonly subresource: string;
      readonly namespace: string;
      readonly name: string;
    }
  | { readonly verb: string; readonly path: string };

export interface Authorizer {
  allows(identity: Identity, attempt: Attempt): boolean;
  rules(identity: Identity): Rules;
}

/** Each user has one role, each role a fixed list of rules. */
export const roleAuthorizer: Authorizer = {
  allows(identity, attempt) {
    const rules = rulesOf(identity);
    return 'path' in attempt
      ? rules.paths.some((rule) => coversPath(rule, attempt.verb, attempt.path))
      : rules.resources.some((rule) => coversResource(rule, attempt));
  },
  rules: rulesOf,
};

/** The refusal in Kubernetes' words: `User "x" cannot list resource "portgroups" in API group "bridgekeeper.dev" at the cluster scope`. */
export function refusalText(identity: Identity, attempt: Attempt): string {
  const user = JSON.stringify(identity.userName);
  if ('path' in attempt) return `User ${user} cannot ${attempt.verb} path ${JSON.stringify(attempt.path)}`;
  const resource = JSON.stringify(withSubresource(attempt.resource, attempt.subresource));
  const where = attempt.namespace === '' ? 'at the cluster scope' : `in the namespace ${JSON.stringify(attempt.namespace)}`;
  return `User ${user} cannot ${attempt.verb} resource ${resource} in API group ${JSON.stringify(attempt.group)} ${where}`;
}

function coversPath(rule: PathRule, verb: string, path: string): boolean {
  return includes(rule.verbs, verb) && rule.nonResourceURLs.some((pattern) => matchesPath(pattern, path));
}

function matchesPath(pattern: string, path: string): boolean {
  return pattern.endsWith('*') ? path.startsWith(pattern.slice(0, -1)) : pattern === path;
}

function coversResource(rule: ResourceRule, attempt: Exclude<Attempt, { path: string }>): boolean {
  return (
    includes(rule.verbs, attempt.verb) &&
    includes(rule.apiGroups, attempt.group) &&
    (includes(rule.resources, withSubresource(attempt.resource, attempt.subresource)) ||
      (attempt.subresource !== '' && rule.resources.includes(`*/${attempt.subresource}`)))
  );
}

function includes(allowed: readonly string[], wanted: string): boolean {
  return allowed.includes('*') || allowed.includes(wanted);
}

function withSubresource(resource: string, subresource: string): string {
  return subresource === '' ? resource : `${resource}/${subresource}`;
}
