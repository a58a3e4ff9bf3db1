import { INT32, record, TEXT, TIME, type BuiltinDefinition } from './definition.ts';

export const leases: BuiltinDefinition = {
  group: 'coordination.k8s.io',
  version: 'v1',
  kind: 'Lease',
  plural: 'leases',
  namespaced: true,
  columns: [
    { name: 'Holder', type: 'string', description: 'holderIdentity contains the identity of the holder of a current lease', jsonPath: '.spec.holderIdentity' },
    { name: 'Age', type: 'date', jsonPath: '.metadata.creationTimestamp' },
  ],
  properties: {
    spec: record({
      holderIdentity: TEXT,
      leaseDurationSeconds: { ...INT32, minimum: 1 },
      acquireTime: TIME,
      renewTime: TIME,
      leaseTransitions: { ...INT32, minimum: 0 },
      strategy: TEXT,
      preferredHolder: TEXT,
    }),
  },
  rules: { allowsUnconditionalUpdate: false, allowsCreateOnUpdate: true },
};
