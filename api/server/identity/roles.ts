import { GROUP } from '../../machinery/object.ts';
import type { Identity, Role } from './identity.ts';

// As in RBAC: a star stands for all, `x/status` for a subresource, a star before the slash for that of every resource.
export interface ResourceRule {
  readonly verbs: readonly string[];
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
}

export interface PathRule {
  readonly verbs: readonly string[];
  /** A trailing `*` covers everything below. */
  readonly nonResourceURLs: readonly string[];
}

export interface Rules {
  readonly resources: readonly ResourceRule[];
  readonly paths: readonly PathRule[];
}

const READ = ['get', 'list', 'watch'];
const WRITE = ['create', 'update', 'patch', 'delete', 'deletecollection'];

/** What everybody may see, so that a load balancer needs no credentials. */
export const HEALTH: PathRule = {
  verbs: ['get', 'head'],
  nonResourceURLs: ['/healthz', '/livez', '/readyz', '/healthz/*', '/livez/*', '/readyz/*', '/version'],
};

const DISCOVERY: PathRule = {
  verbs: ['get', 'head'],
  nonResourceURLs: ['/', '/api', '/api/*', '/apis', '/apis/*', '/openapi', '/openapi/*'],
};

/** Everybody who is known may ask who they are and what they may do. */
const SELF: ResourceRule = {
  verbs: ['create'],
  apiGroups: ['authorization.k8s.io', 'authentication.k8s.io'],
  resources: ['selfsubjectaccessreviews', 'selfsubjectrulesreviews', 'selfsubjectreviews'],
};

const SEE_OURS: ResourceRule = { verbs: READ, apiGroups: [GROUP], resources: ['*'] };
const SEE_BESIDE: ResourceRule = {
  verbs: READ,
  apiGroups: ['', 'events.k8s.io', 'coordination.k8s.io', 'apiextensions.k8s.io'],
  resources: ['namespaces', 'configmaps', 'events', 'leases', 'customresourcedefinitions'],
};
const EVENTS: ResourceRule = { verbs: ['create', 'update', 'patch'], apiGroups: ['', 'events.k8s.io'], resources: ['events'] };

const RULES: Readonly<Record<Role, Rules>> = {
  admin: {
    resources: [{ verbs: ['*'], apiGroups: ['*'], resources: ['*'] }],
    paths: [{ verbs: ['*'], nonResourceURLs: ['*'] }],
  },
  edit: {
    resources: [
      SELF,
      SEE_OURS,
      SEE_BESIDE,
      { verbs: WRITE, apiGroups: [GROUP], resources: ['*'] },
      { verbs: [...READ, ...WRITE], apiGroups: [''], resources: ['secrets', 'configmaps'] },
      EVENTS,
    ],
    paths: [HEALTH, DISCOVERY],
  },
  view: { resources: [SELF, SEE_OURS, SEE_BESIDE], paths: [HEALTH, DISCOVERY] },
  controller: {
    resources: [
      SELF,
      SEE_OURS,
      SEE_BESIDE,
      { verbs: ['update', 'patch'], apiGroups: [GROUP], resources: ['*/status', '*/finalizers'] },
      { verbs: ['create', 'delete'], apiGroups: [GROUP], resources: ['hosts', 'driftreports', 'changes'] },
      { verbs: ['delete'], apiGroups: [GROUP], resources: ['hostqueries'] },
      EVENTS,
      { verbs: [...READ, ...WRITE], apiGroups: ['coordination.k8s.io'], resources: ['leases'] },
      { verbs: ['get'], apiGroups: [''], resources: ['secrets'] },
    ],
    paths: [HEALTH, DISCOVERY, { verbs: ['get'], nonResourceURLs: ['/metrics'] }],
  },
};

const NOBODY: Rules = { resources: [], paths: [HEALTH] };

/** Whoever is known, as Kubernetes' roles system:basic-user and system:discovery say. */
const NO_ROLE: Rules = { resources: [SELF], paths: [HEALTH, DISCOVERY] };

export function rulesOf({ role, groups }: Pick<Identity, 'role' | 'groups'>): Rules {
  if (role !== undefined) return RULES[role];
  return groups.includes('system:authenticated') ? NO_ROLE : NOBODY;
}
