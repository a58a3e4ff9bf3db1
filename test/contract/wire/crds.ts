import type { CustomResourceDefinition } from '../../../api/schema/custom-resource-definition.ts';

/** The two kinds with which `kubernetes-1.36.md` was recorded. */
export const recordedKinds: readonly CustomResourceDefinition[] = [portgroups(), bridges()];

function portgroups(): CustomResourceDefinition {
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: 'portgroups.bridgekeeper.dev' },
    spec: {
      group: 'bridgekeeper.dev',
      scope: 'Cluster',
      names: {
        kind: 'Portgroup',
        listKind: 'PortgroupList',
        plural: 'portgroups',
        singular: 'portgroup',
        shortNames: ['pg'],
        categories: ['bridgekeeper'],
      },
      versions: [
        {
          name: 'v1alpha1',
          served: true,
          storage: true,
          subresources: { status: {} },
          additionalPrinterColumns: [
            { name: 'Bridge', type: 'string', jsonPath: '.spec.bridgeName' },
            { name: 'Age', type: 'date', jsonPath: '.metadata.creationTimestamp' },
          ],
          schema: {
            openAPIV3Schema: {
              type: 'object',
              properties: {
                spec: {
                  type: 'object',
                  required: ['bridgeName'],
                  properties: {
                    bridgeName: { type: 'string', maxLength: 63 },
                    libvirtName: { type: 'string', maxLength: 63 },
                    vlan: {
                      type: 'object',
                      properties: {
                        mode: { type: 'string', enum: ['access', 'trunk'] },
                        tag: { type: 'integer', minimum: 0, maximum: 4094 },
                        trunks: { type: 'array', items: { type: 'integer' }, maxItems: 100, 'x-kubernetes-list-type': 'set' },
                      },
                    },
                  },
                  'x-kubernetes-validations': [
                    {
                      rule: "!has(self.vlan) || !has(self.vlan.mode) || self.vlan.mode != 'access' || !has(self.vlan.trunks)",
                      message: 'an access port has no trunks',
                      fieldPath: '.vlan.trunks',
                    },
                    {
                      rule: 'has(self.libvirtName) == has(oldSelf.libvirtName) && (!has(self.libvirtName) || self.libvirtName == oldSelf.libvirtName)',
                      message: 'libvirtName is immutable',
                    },
                  ],
                },
                status: statusSchema(),
              },
            },
          },
        },
      ],
    },
  };
}

type Schema = CustomResourceDefinition['spec']['versions'][number]['schema']['openAPIV3Schema'];

function statusSchema(): Schema {
  return {
    type: 'object',
    properties: {
      observedGeneration: { type: 'integer', format: 'int64' },
      conditions: {
        type: 'array',
        'x-kubernetes-list-type': 'map',
        'x-kubernetes-list-map-keys': ['type'],
        default: [{ type: 'Ready', status: 'Unknown', reason: 'Pending', message: '', lastTransitionTime: '1970-01-01T00:00:00Z' }],
        items: {
          type: 'object',
          required: ['type', 'status', 'reason', 'message', 'lastTransitionTime'],
          properties: {
            type: { type: 'string' },
            status: { type: 'string', enum: ['True', 'False', 'Unknown'] },
            reason: { type: 'string' },
            message: { type: 'string' },
            lastTransitionTime: { type: 'string', format: 'date-time' },
            observedGeneration: { type: 'integer', format: 'int64' },
          },
        },
      },
    },
  };
}

function bridges(): CustomResourceDefinition {
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: 'bridges.bridgekeeper.dev' },
    spec: {
      group: 'bridgekeeper.dev',
      scope: 'Cluster',
      names: { kind: 'Bridge', listKind: 'BridgeList', plural: 'bridges', singular: 'bridge', shortNames: ['br'], categories: ['bridgekeeper'] },
      versions: [
        {
          name: 'v1alpha1',
          served: true,
          storage: true,
          schema: {
            openAPIV3Schema: {
              type: 'object',
              properties: {
                spec: {
                  type: 'object',
                  properties: {
                    uplinks: {
                      type: 'array',
                      'x-kubernetes-list-type': 'map',
                      'x-kubernetes-list-map-keys': ['name'],
                      items: { type: 'object', required: ['name'], properties: { name: { type: 'string' }, optional: { type: 'boolean' } } },
                    },
                  },
                },
              },
            },
          },
        },
      ],
    },
  };
}
