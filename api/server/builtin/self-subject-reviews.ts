import { badRequest } from '../../machinery/api-error.ts';
import { fieldOf, isRecord, stringOf } from '../../machinery/json.ts';
import type { Attempt, Authorizer } from '../identity/authorizer.ts';
import type { VirtualResource } from './virtual-resource.ts';

/** Who am I, and what may I do: `kubectl auth whoami` and `kubectl auth can-i` ask these. */
export function selfSubjectReviews(authorizer: Authorizer): readonly VirtualResource[] {
  return [accessReview(authorizer), rulesReview(authorizer), subjectReview];
}

const AUTHORIZATION = { group: 'authorization.k8s.io', version: 'v1' };

function accessReview(authorizer: Authorizer): VirtualResource {
  return {
    ...AUTHORIZATION,
    kind: 'SelfSubjectAccessReview',
    plural: 'selfsubjectaccessreviews',
    singular: 'selfsubjectaccessreview',
    answer(body, identity) {
      const spec = fieldOf(body, 'spec');
      const isAllowed = authorizer.allows(identity, attemptOf(spec));
      return review(this, { spec, status: { allowed: isAllowed } });
    },
  };
}

function rulesReview(authorizer: Authorizer): VirtualResource {
  return {
    ...AUTHORIZATION,
    kind: 'SelfSubjectRulesReview',
    plural: 'selfsubjectrulesreviews',
    singular: 'selfsubjectrulesreview',
    answer(body, identity) {
      const rules = authorizer.rules(identity);
      const status = { resourceRules: rules.resources, nonResourceRules: rules.paths, incomplete: false };
      return review(this, { spec: fieldOf(body, 'spec') ?? {}, status });
    },
  };
}

const subjectReview: VirtualResource = {
  group: 'authentication.k8s.io',
  version: 'v1',
  kind: 'SelfSubjectReview',
  plural: 'selfsubjectreviews',
  singular: 'selfsubjectreview',
  answer(_body, { userName, groups }) {
    return review(this, { status: { userInfo: { username: userName, groups } } });
  },
};

function attemptOf(spec: unknown): Attempt {
  const resource = fieldOf(spec, 'resourceAttributes');
  const path = fieldOf(spec, 'nonResourceAttributes');
  if (isRecord(resource) === isRecord(path)) {
    throw badRequest('exactly one of spec.resourceAttributes and spec.nonResourceAttributes must be set');
  }
  const text = (of: unknown, name: string): string => stringOf(fieldOf(of, name)) ?? '';
  if (isRecord(path)) return { verb: text(path, 'verb'), path: text(path, 'path') };
  return {
    verb: text(resource, 'verb'),
    group: text(resource, 'group'),
    resource: text(resource, 'resource'),
    subresource: text(resource, 'subresource'),
    namespace: text(resource, 'namespace'),
    name: text(resource, 'name'),
  };
}

function review({ group, version, kind }: VirtualResource, content: object): unknown {
  return { kind, apiVersion: `${group}/${version}`, metadata: {}, ...content };
}
