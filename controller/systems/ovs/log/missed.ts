import type { OwnerKey } from '../../owner.ts';
import type { Difference, MissedChange } from '../../system.ts';
import type { Wanted } from '../plan/wanted.ts';
import { ATTACHED_MAC, ownerOf } from '../replica/mark.ts';
import type { OvsRows } from '../replica/rows.ts';
import { describeDatum, sameDatum } from '../schema/datum.ts';
import type { Columns, Datum, Uuid, WireRow } from '../schema/datum.ts';
import { COLUMNS, READERS } from '../schema/rows.ts';
import type { TableName } from '../schema/rows.ts';
import { causeOfChanges } from './cause-finder.ts';
import type { RowChange } from './history.ts';

/** Others come and go there; and whose a key of a map is, only a plan can tell. */
const NOT_JUDGED: ReadonlySet<string> = new Set(['ports', 'bridges', 'external_ids', 'other_config']);

export interface MissedOptions {
  readonly rows: OvsRows;
  readonly wanted: Wanted;
  /** Whose part of the switch was as desired before. */
  readonly owners: (owner: OwnerKey) => boolean;
}

/**
 * Of changes that no plan has shown, those to rows of ours that are as they were again: somebody put them back, or we wrote over
 * them for another reason.
 */
export function missedChanges(changes: readonly RowChange[], options: MissedOptions): MissedChange[] {
  const byRow = Map.groupBy(changes.filter(({ kind }) => kind === 'changed'), ({ table, uuid }) => `${table}/${uuid}`);
  return [...byRow.values()].flatMap((ofRow) => missedOfRow(ofRow, options));
}

function missedOfRow(changes: readonly RowChange[], { rows, wanted, owners }: MissedOptions): MissedChange[] {
  const [first] = changes;
  if (!first || !isTableName(first.table)) return [];
  const found = lookUp(first.table, first.uuid, rows);
  const owner = found && (ownerOf(found.row) ?? guestOwner(first, rows, wanted));
  const cause = causeOfChanges(changes.map(({ change }) => change));
  if (!found || owner === undefined || !owners(owner) || !cause) return [];
  const object = `${first.table} ${found.name}`;
  return changes
    .flatMap(({ values }) => found.differences(values))
    .map((difference) => ({ finding: { owner, object, difference }, cause }));
}

interface Found {
  readonly name: string;
  readonly row: { readonly external_ids: ReadonlyMap<string, string> };
  /** What the row had instead of what it has now, when a transaction wrote these columns. */
  readonly differences: (values: WireRow) => Difference[];
}

// eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters -- it ties the row to its reader
function lookUp<Table extends TableName>(table: Table, uuid: Uuid, rows: OvsRows): Found | undefined {
  const row = rows.row(table, uuid);
  if (!row) return undefined;
  const name = nameOf(row) ?? table;
  const now: Columns = row;
  return {
    name,
    row,
    differences(values) {
      // For sets the log has what came or went, which leads back from what there is now as well.
      const then: Columns = READERS[table](uuid, values, row);
      return Object.keys(values)
        .filter((column) => column in COLUMNS[table] && !NOT_JUDGED.has(column) && !sameDatum(stillThere(column, then[column], rows), now[column]))
        .map((column) => ({ path: `${table}[${name}].${column}`, expected: describeDatum(now[column]), found: describeDatum(then[column]) }));
    },
  };
}

/** The ports of a mirror that are deleted leave it by themselves. */
function stillThere(column: string, then: Datum, rows: OvsRows): Datum {
  const isThere = (uuid: Uuid): boolean => rows.row('Port', uuid) !== undefined;
  if (column === 'output_port') return typeof then === 'string' && isThere(then) ? then : undefined;
  const isSelection = column === 'select_src_port' || column === 'select_dst_port';
  return isSelection && isStrings(then) ? then.filter(isThere) : then;
}

function isStrings(datum: Datum): datum is readonly string[] {
  return Array.isArray(datum) && datum.every((member) => typeof member === 'string');
}

function nameOf(row: Columns): string | undefined {
  return typeof row['name'] === 'string' ? row['name'] : undefined;
}

/** A VM's port carries no mark of ours, yet its VLAN is the VM's. */
function guestOwner({ table, uuid }: RowChange, rows: OvsRows, wanted: Wanted): OwnerKey | undefined {
  const port = table === 'Port' ? rows.row('Port', uuid) : undefined;
  const macs = port ? rows.interfacesOf(port).map(({ external_ids: ids }) => ids.get(ATTACHED_MAC)?.toLowerCase() ?? '') : [];
  return macs.flatMap((mac) => wanted.vmPorts.get(mac) ?? [])[0]?.owner;
}

function isTableName(name: string): name is TableName {
  return name in COLUMNS;
}
