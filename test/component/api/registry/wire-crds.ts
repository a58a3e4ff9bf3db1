import type { CustomResourceDefinition, JsonSchemaProps } from '../../../../api/schema/custom-resource-definition.ts';

/** The small CRDs that the answers of kube-apiserver 1.36 were recorded with. */
export const wireCrds: readonly CustomResourceDefinition[] = [
  crd('Portgroup', 'pg', {
    spec: {
      type: 'object',
      required: ['bridgeName'],
      properties: {
        bridgeName: { type: 'string' },
        libvirtName: { type: 'string' },
        vlan: {
          type: 'object',
          properties: {
            mode: { type: 'string', enum: ['access', 'trunk'] },
            tag: { type: 'integer', minimum: 0, maximum: 4094 },
            trunks: { type: 'array', items: { type: 'integer' }, maxItems: 100, 'x-kubernetes-list-type': 'set' },
          },
          'x-kubernetes-validations': [
            { rule: "self.mode != 'access' || !has(self.trunks)", message: 'an access port has no trunks', fieldPath: '.trunks' },
          ],
        },
      },
      'x-kubernetes-validations': [
        {
          rule: 'has(self.libvirtName) == has(oldSelf.libvirtName) && (!has(self.libvirtName) || self.libvirtName == oldSelf.libvirtName)',
          message: 'libvirtName is immutable',
        },
      ],
    },
    status: statusSchema(),
  }),
  crd('Bridge', 'br', {
    spec: {
      type: 'object',
      properties: {
        uplinks: {
          type: 'array',
          maxItems: 10,
          'x-kubernetes-list-type': 'map',
          'x-kubernetes-list-map-keys': ['name'],
          items: { type: 'object', required: ['name'], properties: { name: { type: 'string' }, optional: { type: 'boolean' } } },
        },
      },
    },
    status: statusSchema(),
  }),
];

function statusSchema(): JsonSchemaProps {
  return {
    type: 'object',
    properties: {
      observedGeneration: { type: 'integer', format: 'int64' },
      conditions: {
        type: 'array',
        'x-kubernetes-list-type': 'map',
        'x-kubernetes-list-map-keys': ['type'],
        items: {
          type: 'object',
          required: ['type', 'status'],
          properties: {
            type: { type: 'string' },
            status: { type: 'string', enum: ['True', 'False', 'Unknown'] },
            observedGeneration: { type: 'integer', format: 'int64' },
            lastTransitionTime: { type: 'string', format: 'date-time' },
            reason: { type: 'string' },
            message: { type: 'string' },
          },
        },
      },
    },
  };
}

function crd(kind: string, shortName: string, properties: Readonly<Record<string, JsonSchemaProps>>): CustomResourceDefinition {
  const singular = kind.toLowerCase();
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${singular}s.bridgekeeper.dev` },
    spec: {
      group: 'bridgekeeper.dev',
      scope: 'Cluster',
      names: { kind, listKind: `${kind}List`, plural: `${singular}s`, singular, shortNames: [shortName], categories: ['bridgekeeper'] },
      versions: [
        {
          name: 'v1alpha1',
          served: true,
          storage: true,
          subresources: { status: {} },
          schema: { openAPIV3Schema: { type: 'object', properties } },
        },
      ],
    },
  };
}
