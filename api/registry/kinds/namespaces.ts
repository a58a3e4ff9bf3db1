import { forbidden } from '../../machinery/api-error.ts';
import { fieldOf } from '../../machinery/json.ts';
import { labelNameProblems } from '../../machinery/names.ts';
import type { KubeObject } from '../../machinery/object.ts';
import { record, TEXT, TIME, type BuiltinDefinition } from './definition.ts';

/** Always there; the second because tools look for it. */
export const PERMANENT_NAMESPACES = ['default', 'kube-system'] as const;

const NAME_LABEL = 'kubernetes.io/metadata.name';

export const namespaces: BuiltinDefinition = {
  group: '',
  version: 'v1',
  kind: 'Namespace',
  plural: 'namespaces',
  shortNames: ['ns'],
  namespaced: false,
  hasStatus: true,
  columns: [
    { name: 'Status', type: 'string', description: 'The status of the namespace', jsonPath: '.status.phase' },
    { name: 'Age', type: 'string', description: 'CreationTimestamp', jsonPath: '.metadata.creationTimestamp' },
  ],
  properties: {
    spec: record({ finalizers: { type: 'array', items: TEXT } }),
    status: record({
      phase: TEXT,
      conditions: {
        type: 'array',
        'x-kubernetes-list-type': 'map',
        'x-kubernetes-list-map-keys': ['type'],
        items: {
          ...record({ type: TEXT, status: TEXT, lastTransitionTime: TIME, reason: TEXT, message: TEXT }),
          required: ['type', 'status'],
        },
      },
    }),
  },
  rules: {
    nameProblems: labelNameProblems,
    prepare,
    checkDelete,
    holdsDeletion: true,
    selectableFields: new Map([['status.phase', phaseOf]]),
  },
};

function prepare(object: KubeObject): void {
  const { metadata } = object;
  metadata.labels = { ...metadata.labels, [NAME_LABEL]: metadata.name };
  object.spec = { finalizers: ['kubernetes'] };
  object.status = { phase: metadata.deletionTimestamp === undefined ? 'Active' : 'Terminating' };
}

function checkDelete({ metadata: { name } }: KubeObject): void {
  const isPermanent = PERMANENT_NAMESPACES.some((permanent) => permanent === name);
  if (isPermanent) throw forbidden({ group: '', plural: 'namespaces' }, name, 'this namespace may not be deleted');
}

function phaseOf(object: KubeObject): string {
  return String(fieldOf(object.status, 'phase') ?? '');
}
