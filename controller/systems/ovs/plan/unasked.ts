import type { Columns, Datum } from '../schema/datum.ts';
import { describeDatum } from '../schema/datum.ts';

/** Columns that no resource can express: what others set there is told, and left, for nobody could ask for it in another way. */
const COLUMNS = {
  Bridge: ['auto_attach'],
  Port: ['qos', 'cvlans', 'mac', 'fake_bridge', 'bond_fake_iface'],
  Interface: [
    ...['options', 'ofport_request', 'lldp', 'bfd', 'cfm_mpid'],
    ...['ingress_policing_rate', 'ingress_policing_burst', 'ingress_policing_kpkts_rate', 'ingress_policing_kpkts_burst'],
  ],
} as const;

export type UnaskedTable = keyof typeof COLUMNS;
export type UnaskedRow = Columns & { readonly other_config: ReadonlyMap<string, string> };

export interface UnaskedValue {
  /** A column, or one key of a map as `other_config:mac`. */
  readonly column: string;
  /** As text. */
  readonly value: string;
}

/** What somebody has set in a row of ours and no resource could have asked for; `keys` of `other_config` are ours. */
export function unaskedValues(table: UnaskedTable, row: UnaskedRow, keys: ReadonlySet<string>): UnaskedValue[] {
  const columns = COLUMNS[table].filter((column) => !isEmpty(row[column])).map((column) => ({ column, value: describeDatum(row[column]) }));
  const foreign = [...row.other_config].filter(([key]) => !keys.has(key)).map(([key, value]) => ({ column: `other_config:${key}`, value }));
  return [...columns, ...foreign];
}

function isEmpty(datum: Datum): boolean {
  if (datum instanceof Map) return datum.size === 0;
  if (Array.isArray(datum)) return datum.length === 0;
  return datum === undefined || datum === '' || datum === 0 || datum === false;
}
