/**
 * The kinds of Kubernetes itself that this server serves, for the OpenAPI documents. `model` is the class of
 * @kubernetes/client-node that has their fields; a virtual one can only be created and is never stored.
 */
export const BUILTIN_GROUPS = [
  {
    group: '',
    version: 'v1',
    prefix: 'io.k8s.api.core.v1',
    resources: [
      { kind: 'ConfigMap', plural: 'configmaps', namespaced: true, model: 'V1ConfigMap' },
      { kind: 'Event', plural: 'events', namespaced: true, model: 'CoreV1Event' },
      { kind: 'Namespace', plural: 'namespaces', hasStatus: true, model: 'V1Namespace' },
      { kind: 'Secret', plural: 'secrets', namespaced: true, model: 'V1Secret' },
    ],
  },
  {
    group: 'apiextensions.k8s.io',
    version: 'v1',
    prefix: 'io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1',
    resources: [{ kind: 'CustomResourceDefinition', plural: 'customresourcedefinitions', hasStatus: true, model: 'V1CustomResourceDefinition' }],
  },
  {
    group: 'authentication.k8s.io',
    version: 'v1',
    prefix: 'io.k8s.api.authentication.v1',
    resources: [{ kind: 'SelfSubjectReview', plural: 'selfsubjectreviews', isVirtual: true, model: 'V1SelfSubjectReview' }],
  },
  {
    group: 'authorization.k8s.io',
    version: 'v1',
    prefix: 'io.k8s.api.authorization.v1',
    resources: [
      { kind: 'SelfSubjectAccessReview', plural: 'selfsubjectaccessreviews', isVirtual: true, model: 'V1SelfSubjectAccessReview' },
      { kind: 'SelfSubjectRulesReview', plural: 'selfsubjectrulesreviews', isVirtual: true, model: 'V1SelfSubjectRulesReview' },
    ],
  },
  {
    group: 'coordination.k8s.io',
    version: 'v1',
    prefix: 'io.k8s.api.coordination.v1',
    resources: [{ kind: 'Lease', plural: 'leases', namespaced: true, model: 'V1Lease' }],
  },
  {
    group: 'events.k8s.io',
    version: 'v1',
    prefix: 'io.k8s.api.events.v1',
    resources: [{ kind: 'Event', plural: 'events', namespaced: true, model: 'EventsV1Event' }],
  },
];
