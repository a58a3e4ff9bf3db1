import type { Columns, ColumnType, Datum, Uuid } from './datum.ts';
import { COLUMNS } from './rows.ts';
import type { TableName } from './rows.ts';

/** A value as it goes over the wire (RFC 7047 section 5.1, <value>). */
export type WireValue = string | number | boolean | readonly [string, unknown];

/** How a reference to a row is written: `["uuid", …]`, or `["named-uuid", …]` for a row of the same transaction. */
export type EncodeUuid = (uuid: Uuid) => readonly [string, string];

export const plainUuid: EncodeUuid = (uuid) => ['uuid', uuid];

/** Writes columns of a table; a column that is there with the value `undefined` becomes an empty set, which clears it. */
export function encodeColumns(table: TableName, columns: Columns, encodeUuid: EncodeUuid): Record<string, WireValue> {
  return Object.fromEntries(
    Object.entries(columns).map(([name, datum]) => [name, encodeDatum(columnType(table, name), datum, encodeUuid)]),
  );
}

/** How a followed column is written. */
export function columnType(table: TableName, column: string): ColumnType {
  const types: Readonly<Record<string, ColumnType>> = COLUMNS[table];
  const type = types[column];
  if (!type) throw new Error(`${table} has no followed column ${column}`);
  return type;
}

function encodeDatum(type: ColumnType, datum: Datum, encodeUuid: EncodeUuid): WireValue {
  if (datum === undefined) return ['set', []];
  if (typeof datum === 'string') return type.atom === 'uuid' ? encodeUuid(datum) : datum;
  if (typeof datum === 'number' || typeof datum === 'boolean') return datum;
  if (datum instanceof Map) return encodeMap(type, [...datum], encodeUuid);
  return encodeSet(type, [...datum], encodeUuid);
}

function encodeMap(type: ColumnType, entries: readonly (readonly [string | number, string])[], encodeUuid: EncodeUuid): WireValue {
  if (type.atom !== 'uuid') return ['map', entries];
  return ['map', entries.map(([key, value]) => [key, encodeUuid(value)])];
}

function encodeSet(type: ColumnType, members: readonly unknown[], encodeUuid: EncodeUuid): WireValue {
  if (type.atom !== 'uuid') return ['set', members];
  return ['set', members.map((member) => encodeUuid(String(member)))];
}
