import { fieldOf, isRecord, stringOf } from '../../../machinery/json.ts';
import type { KubeObject } from '../../../machinery/object.ts';
import type { ResourceType } from '../../../registry/contract.ts';
import type { Column } from './column.ts';
import { NAME_COLUMN } from './column.ts';
import { ageAt } from './human-duration.ts';

/**
 * The columns of the built-in kinds, which no JSONPath can say (k8s.io/kubernetes `pkg/printers/internalversion`).
 * Undefined for kinds that have none of their own.
 */
export function builtinColumns({ group, kind }: ResourceType): readonly Column[] | undefined {
  return COLUMNS.get(group === '' ? kind : `${kind}.${group}`);
}

type Cell = (object: KubeObject, nowMs: number) => unknown;

function column(name: string, type: string, cell: Cell, priority = 0): Column {
  return { definition: { name, type, format: '', description: '', priority }, cell };
}

const AGE = column('Age', 'string', (object, nowMs) => ageAt(nowMs, object.metadata.creationTimestamp));

const DATA = column('Data', 'integer', (object) => sizeOf(object.data) + sizeOf(object.binaryData));

const EVENT: readonly Column[] = [
  column('Last Seen', 'string', (event, nowMs) => ageAt(nowMs, lastSeen(event))),
  column('Type', 'string', (event) => event.type ?? ''),
  column('Reason', 'string', (event) => event.reason ?? ''),
  column('Object', 'string', (event) => subject(event.involvedObject ?? event.regarding)),
  column('Subobject', 'string', (event) => fieldOf(event.involvedObject ?? event.regarding, 'fieldPath') ?? '', 1),
  column('Source', 'string', source, 1),
  column('Message', 'string', (event) => String(event.message ?? event.note ?? '').trim()),
  column('First Seen', 'string', (event, nowMs) => ageAt(nowMs, firstSeen(event)), 1),
  column('Count', 'string', (event) => fieldOf(event.series, 'count') ?? event.count ?? event.deprecatedCount ?? 1, 1),
  { ...NAME_COLUMN, definition: { ...NAME_COLUMN.definition, priority: 1 } },
];

const COLUMNS: ReadonlyMap<string, readonly Column[]> = new Map([
  ['Namespace', [NAME_COLUMN, column('Status', 'string', (object) => fieldOf(object.status, 'phase') ?? 'Active'), AGE]],
  ['Secret', [NAME_COLUMN, column('Type', 'string', (object) => object.type ?? 'Opaque'), DATA, AGE]],
  ['ConfigMap', [NAME_COLUMN, DATA, AGE]],
  ['Event', EVENT],
  ['Event.events.k8s.io', EVENT],
  ['Lease.coordination.k8s.io', [NAME_COLUMN, column('Holder', 'string', (lease) => fieldOf(lease.spec, 'holderIdentity') ?? ''), AGE]],
  [
    'CustomResourceDefinition.apiextensions.k8s.io',
    [NAME_COLUMN, column('Created At', 'date', (object) => object.metadata.creationTimestamp)],
  ],
]);

function sizeOf(map: unknown): number {
  return isRecord(map) ? Object.keys(map).length : 0;
}

function lastSeen(event: KubeObject): unknown {
  const observed = fieldOf(event.series, 'lastObservedTime');
  return observed ?? event.lastTimestamp ?? event.deprecatedLastTimestamp ?? firstSeen(event);
}

function firstSeen(event: KubeObject): unknown {
  return event.firstTimestamp ?? event.deprecatedFirstTimestamp ?? event.eventTime ?? event.metadata.creationTimestamp;
}

function subject(reference: unknown): string {
  const kind = (stringOf(fieldOf(reference, 'kind')) ?? '').toLowerCase();
  const name = stringOf(fieldOf(reference, 'name')) ?? '';
  return name === '' ? kind : `${kind}/${name}`;
}

function source(event: KubeObject): string {
  const of = event.source ?? event.deprecatedSource;
  const component = stringOf(fieldOf(of, 'component')) ?? stringOf(event.reportingComponent) ?? stringOf(event.reportingController) ?? '';
  const host = stringOf(fieldOf(of, 'host')) ?? '';
  return host === '' ? component : `${component}, ${host}`;
}
