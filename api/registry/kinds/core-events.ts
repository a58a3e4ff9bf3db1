import { invalidValue } from '../../machinery/field-error.ts';
import { fieldOf } from '../../machinery/json.ts';
import { pathSegmentProblems } from '../../machinery/names.ts';
import type { KubeObject } from '../../machinery/object.ts';
import type { StatusCause } from '../../machinery/status.ts';
import { INT32, record, TEXT, TIME, type BuiltinDefinition } from './definition.ts';

/** kube-apiserver's `--event-ttl`. */
export const EVENT_LIFETIME_MS = 60 * 60 * 1000;

export const OBJECT_REFERENCE = record({
  kind: TEXT,
  namespace: TEXT,
  name: TEXT,
  uid: TEXT,
  apiVersion: TEXT,
  resourceVersion: TEXT,
  fieldPath: TEXT,
});

export const EVENT_SOURCE = record({ component: TEXT, host: TEXT });

export const coreEvents: BuiltinDefinition = {
  group: '',
  version: 'v1',
  kind: 'Event',
  plural: 'events',
  shortNames: ['ev'],
  namespaced: true,
  columns: [
    { name: 'Last Seen', type: 'date', jsonPath: '.lastTimestamp' },
    { name: 'Type', type: 'string', jsonPath: '.type' },
    { name: 'Reason', type: 'string', jsonPath: '.reason' },
    { name: 'Message', type: 'string', jsonPath: '.message' },
  ],
  properties: {
    involvedObject: OBJECT_REFERENCE,
    reason: TEXT,
    message: TEXT,
    source: EVENT_SOURCE,
    firstTimestamp: TIME,
    lastTimestamp: TIME,
    count: INT32,
    type: TEXT,
    eventTime: TIME,
    series: { ...record({ count: INT32, lastObservedTime: TIME }), nullable: true },
    action: TEXT,
    related: { ...OBJECT_REFERENCE, nullable: true },
    reportingComponent: TEXT,
    reportingInstance: TEXT,
  },
  rules: {
    // Kubernetes checks no more of a core/v1 Event's name than that a path can hold it; `vlan-7.` is a prefix in wide use.
    nameProblems: pathSegmentProblems,
    allowsCreateOnUpdate: true,
    lifetimeMs: EVENT_LIFETIME_MS,
    validate: (object) => namespaceCauses(object, fieldOf(object['involvedObject'], 'namespace'), 'involvedObject.namespace'),
    selectableFields: new Map([
      ...['kind', 'namespace', 'name', 'uid', 'apiVersion', 'resourceVersion', 'fieldPath'].map(
        (field) => [`involvedObject.${field}`, (object: KubeObject) => textOf(fieldOf(object['involvedObject'], field))] as const,
      ),
      ['reason', (object: KubeObject) => textOf(object['reason'])],
      ['type', (object: KubeObject) => textOf(object['type'])],
      ['reportingComponent', (object: KubeObject) => textOf(object['reportingComponent'])],
      ['source', (object: KubeObject) => textOf(fieldOf(object['source'], 'component')) || textOf(object['reportingComponent'])],
    ]),
  },
};

/** An Event about a cluster-scoped object lives in `default`, one about another in that object's namespace. */
export function namespaceCauses(event: KubeObject, about: unknown, field: string): StatusCause[] {
  const { namespace } = event.metadata;
  const involved = textOf(about);
  if (involved === '') {
    return namespace === 'default' || namespace === 'kube-system' ? [] : [invalidValue(field, involved, 'does not match event.namespace')];
  }
  return involved === namespace ? [] : [invalidValue(field, involved, 'does not match event.namespace')];
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
