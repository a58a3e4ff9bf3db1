import { fieldOf, type JsonRecord } from '../../machinery/json.ts';
import type { KubeObject } from '../../machinery/object.ts';
import type { ObjectForm } from '../kind.ts';
import { EVENT_LIFETIME_MS, EVENT_SOURCE, namespaceCauses, OBJECT_REFERENCE } from './core-events.ts';
import { INT32, record, TEXT, TIME, type BuiltinDefinition } from './definition.ts';

/** Fields of events.k8s.io/v1 and what core/v1 calls them (k8s.io/kubernetes `pkg/apis/events/v1/conversion.go`). */
const RENAMED: readonly (readonly [newer: string, core: string])[] = [
  ['note', 'message'],
  ['regarding', 'involvedObject'],
  ['reportingController', 'reportingComponent'],
  ['deprecatedSource', 'source'],
  ['deprecatedFirstTimestamp', 'firstTimestamp'],
  ['deprecatedLastTimestamp', 'lastTimestamp'],
  ['deprecatedCount', 'count'],
];

const form: ObjectForm = {
  toStored: (object) => ({ ...renamed(object, (newer, core) => [newer, core]), apiVersion: 'v1', kind: 'Event', metadata: object.metadata }),
  fromStored: (object) => ({
    ...renamed(object, (newer, core) => [core, newer]),
    apiVersion: 'events.k8s.io/v1',
    kind: 'Event',
    metadata: object.metadata,
  }),
};

/** The same objects as core/v1 Events, under the names of the newer API. */
export const newEvents: BuiltinDefinition = {
  group: 'events.k8s.io',
  version: 'v1',
  kind: 'Event',
  plural: 'events',
  shortNames: ['ev'],
  namespaced: true,
  storedAs: 'events',
  columns: [
    { name: 'Last Seen', type: 'date', jsonPath: '.deprecatedLastTimestamp' },
    { name: 'Type', type: 'string', jsonPath: '.type' },
    { name: 'Reason', type: 'string', jsonPath: '.reason' },
    { name: 'Message', type: 'string', jsonPath: '.note' },
  ],
  properties: {
    eventTime: TIME,
    series: { ...record({ count: INT32, lastObservedTime: TIME }), nullable: true },
    reportingController: TEXT,
    reportingInstance: TEXT,
    action: TEXT,
    reason: TEXT,
    regarding: OBJECT_REFERENCE,
    related: { ...OBJECT_REFERENCE, nullable: true },
    note: TEXT,
    type: TEXT,
    deprecatedSource: EVENT_SOURCE,
    deprecatedFirstTimestamp: TIME,
    deprecatedLastTimestamp: TIME,
    deprecatedCount: INT32,
  },
  rules: {
    form,
    allowsCreateOnUpdate: true,
    lifetimeMs: EVENT_LIFETIME_MS,
    validate: (object) => namespaceCauses(object, fieldOf(object['regarding'], 'namespace'), 'regarding.namespace'),
    selectableFields: new Map([
      ...['kind', 'namespace', 'name', 'uid', 'apiVersion', 'resourceVersion', 'fieldPath'].map(
        (field) => [`regarding.${field}`, (object: KubeObject) => textOf(fieldOf(object['regarding'], field))] as const,
      ),
      ['reason', (object: KubeObject) => textOf(object['reason'])],
      ['type', (object: KubeObject) => textOf(object['type'])],
      ['reportingController', (object: KubeObject) => textOf(object['reportingController'])],
    ]),
  },
};

function renamed(object: KubeObject, direction: (newer: string, core: string) => [string, string]): JsonRecord {
  const result: JsonRecord = { ...object };
  for (const [newer, core] of RENAMED) {
    const [from, to] = direction(newer, core);
    if (!Object.hasOwn(result, from)) continue;
    result[to] = result[from];
    delete result[from];
  }
  return result;
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
