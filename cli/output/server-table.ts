import { listAt, numberAt, objectsAt, shown, textAt, type Json, type JsonObject } from '../api/json.ts';

export interface Column {
  readonly name: string;
  /** 0 is always shown, more only with -o wide. */
  readonly priority: number;
}

export interface Row {
  readonly cells: readonly string[];
  /** The object itself or its metadata, as the server sent it. */
  readonly object: JsonObject;
  readonly name: string;
  readonly namespace: string | undefined;
  readonly uid: string;
  readonly resourceVersion: string;
}

/** The columns of a `Table` (meta.k8s.io/v1); undefined where it carries none, as later events of a watch do. */
export function columnsOf(table: JsonObject): readonly Column[] | undefined {
  const columns = objectsAt(table, 'columnDefinitions').map((column) => ({
    name: textAt(column, 'name') ?? '',
    priority: numberAt(column, 'priority') ?? 0,
  }));
  return columns.length === 0 ? undefined : columns;
}

export function rowsOf(table: JsonObject): Row[] {
  return objectsAt(table, 'rows').map((row) => {
    const object = objectOf(row);
    return {
      cells: listAt(row, 'cells').map(cellText),
      object,
      name: textAt(object, 'metadata', 'name') ?? '',
      namespace: textAt(object, 'metadata', 'namespace'),
      uid: textAt(object, 'metadata', 'uid') ?? '',
      resourceVersion: textAt(object, 'metadata', 'resourceVersion') ?? '',
    };
  });
}

function objectOf(row: JsonObject): JsonObject {
  const object = row['object'];
  return typeof object === 'object' && object !== null && !Array.isArray(object) ? object : {};
}

/** Nothing is shown as a dash, so that each line has as many words as the heads. */
function cellText(cell: Json): string {
  return shown(cell) || '-';
}
