import type { Columns, Datum } from '../schema/datum.ts';
import { columnType } from '../schema/encode.ts';
import type { TableName } from '../schema/rows.ts';

/** The columns of a new row that must be told: the others have their defaults without. */
export function withoutDefaults(table: TableName, columns: Columns): Columns {
  return Object.fromEntries(Object.entries(columns).filter(([column, datum]) => !isDefault(table, column, datum)));
}

/** In a column that may be empty, 0 and false are values like any other: VLAN 0, engine 0. */
function isDefault(table: TableName, column: string, datum: Datum): boolean {
  switch (columnType(table, column).kind) {
    case 'optional':
      return datum === undefined;
    case 'scalar':
      return datum === undefined || datum === '' || datum === 0 || datum === false;
    case 'set':
      return Array.isArray(datum) && datum.length === 0;
    case 'map':
    case 'numbered':
      return datum instanceof Map && datum.size === 0;
  }
}
