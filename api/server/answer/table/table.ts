import type { KubeObject } from '../../../machinery/object.ts';
import type { ListResult, ResourceType } from '../../../registry/contract.ts';
import { listMetadata, partialMetadata } from '../partial-metadata.ts';
import { builtinColumns } from './builtin-columns.ts';
import type { Column, ColumnDefinition } from './column.ts';
import { customColumns } from './custom-columns.ts';

/** What a row carries besides its cells (`includeObject`). */
export type IncludeObject = 'None' | 'Metadata' | 'Object';

export interface Table {
  readonly kind: 'Table';
  readonly apiVersion: 'meta.k8s.io/v1';
  readonly metadata: unknown;
  readonly columnDefinitions: readonly ColumnDefinition[] | null;
  readonly rows: readonly Row[];
}

interface Row {
  readonly cells: readonly unknown[];
  readonly object?: unknown;
}

export interface TableOptions {
  readonly includeObject: IncludeObject;
  readonly nowMs: number;
}

/** The compiled columns of each kind. A kind's columns never change while we run. */
const columnsOfType = new WeakMap<ResourceType, readonly Column[]>();

export function listTable(type: ResourceType, list: ListResult, options: TableOptions): Table {
  return table(type, listMetadata(list), list.items.map(({ object }) => object), options);
}

/** One object: the answer to a get, or a watch event. */
export function objectTable(type: ResourceType, object: KubeObject, options: TableOptions): Table {
  return table(type, { resourceVersion: object.metadata.resourceVersion }, [object], options);
}

function table(type: ResourceType, metadata: unknown, objects: readonly KubeObject[], options: TableOptions): Table {
  const columns = columnsOf(type);
  return {
    kind: 'Table',
    apiVersion: 'meta.k8s.io/v1',
    metadata,
    columnDefinitions: columns.map(({ definition }) => definition),
    rows: objects.map((object) => row(columns, object, options)),
  };
}

function row(columns: readonly Column[], object: KubeObject, { includeObject, nowMs }: TableOptions): Row {
  const cells = columns.map((column) => column.cell(object, nowMs));
  if (includeObject === 'None') return { cells };
  return { cells, object: includeObject === 'Object' ? object : partialMetadata(object) };
}

function columnsOf(type: ResourceType): readonly Column[] {
  const known = columnsOfType.get(type);
  if (known !== undefined) return known;
  const columns = builtinColumns(type) ?? customColumns(type.columns);
  columnsOfType.set(type, columns);
  return columns;
}
