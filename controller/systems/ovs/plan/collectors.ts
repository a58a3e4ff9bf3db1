import { OWNER_MARK } from '../../owner.ts';
import type { OvsBridge, OvsIpfix, OvsNetflow, OvsSflow } from '../desired.ts';
import type { OvsRows } from '../replica/rows.ts';
import { describeDatum } from '../schema/datum.ts';
import type { Columns, Uuid } from '../schema/datum.ts';
import type { BridgeRow } from '../schema/rows.ts';
import { compareColumns, compareMark, joinChanges, NO_CHANGE, removeMark } from './change.ts';
import type { Change } from './change.ts';
import { withoutDefaults } from './defaults.ts';
import type { Handle, RowEdit } from './step.ts';

type CollectorTable = 'NetFlow' | 'sFlow' | 'IPFIX';
type CollectorColumn = 'netflow' | 'sflow' | 'ipfix';

/** One way in which a bridge tells of its flows. The row lives as long as a bridge refers to it. */
interface Collector {
  readonly table: CollectorTable;
  /** The bridge's reference to it. */
  readonly column: CollectorColumn;
  /** Absent: none is wanted. */
  readonly wanted: Columns | undefined;
}

type CollectorInsert = Extract<RowEdit, { edit: 'insert' }>;

/** The collectors' rows of a bridge that is not there yet, and the columns that refer to them. */
export function insertCollectors(bridge: OvsBridge): { readonly inserts: readonly RowEdit[]; readonly columns: Columns } {
  const made = collectorsOf(bridge).flatMap(({ table, column, wanted }) =>
    wanted === undefined ? [] : [{ column, insert: insertCollector(bridge, table, wanted) }],
  );
  return {
    inserts: made.map(({ insert }) => insert),
    columns: Object.fromEntries(made.map(({ column, insert }) => [column, insert.handle])),
  };
}

/** What of the bridge's collectors differs from desired, marks aside. */
export function compareCollectors(bridge: OvsBridge, row: BridgeRow, rows: OvsRows): Change {
  return joinChanges(...collectorsOf(bridge).map((collector) => compareCollector(collector, bridge, row, rows)));
}

/** The marks that collectors' rows should carry. */
export function compareCollectorMarks(bridge: OvsBridge, row: BridgeRow, rows: OvsRows): Change {
  return joinChanges(
    ...collectorsOf(bridge).map(({ table, column, wanted }) => {
      const found = rows.row(table, row[column]);
      if (!found || wanted === undefined || isOfAnother(found.uuid, bridge, column, rows)) return NO_CHANGE;
      return compareMark(table, { ...found, name: bridge.name }, bridge.owner);
    }),
  );
}

/** Takes our marks off the collectors of a bridge that stays. */
export function releaseCollectors(row: BridgeRow, rows: OvsRows): Change {
  return joinChanges(
    ...([['NetFlow', row.netflow], ['sFlow', row.sflow], ['IPFIX', row.ipfix]] as const).map(([table, uuid]) => {
      const found = rows.row(table, uuid);
      return found ? removeMark(table, { ...found, name: row.name }) : NO_CHANGE;
    }),
  );
}

function compareCollector({ table, column, wanted }: Collector, bridge: OvsBridge, row: BridgeRow, rows: OvsRows): Change {
  const found = rows.row(table, row[column]);
  if (wanted === undefined) return found ? setReference(row, column, undefined, '', describeTargets(found)) : NO_CHANGE;
  if (found && !isOfAnother(found.uuid, bridge, column, rows)) return compareColumns(table, { ...found, name: row.name }, wanted);
  const insert = insertCollector(bridge, table, wanted);
  const reference = setReference(row, column, insert.handle, describeDatum(wanted['targets']), found ? describeTargets(found) : '');
  return { ...reference, edits: [insert, ...reference.edits] };
}

/** Two bridges may refer to one row; each of ours has its own, since what one asks need not suit the other. */
function isOfAnother(uuid: Uuid, bridge: OvsBridge, column: CollectorColumn, rows: OvsRows): boolean {
  return [...rows.bridges].some((other) => other.name !== bridge.name && other[column] === uuid);
}

function setReference(row: BridgeRow, column: CollectorColumn, reference: Uuid | undefined, expected: string, found: string): Change {
  return {
    edits: [{ edit: 'update', table: 'Bridge', uuid: row.uuid, before: { [column]: row[column] }, after: { [column]: reference } }],
    differences: [{ path: `Bridge[${row.name}].${column}`, expected, found }],
    locators: [{ table: 'Bridge', uuid: row.uuid, columns: [column] }],
  };
}

function describeTargets({ targets }: { readonly targets: readonly string[] }): string {
  return targets.length === 0 ? 'no targets' : targets.join(', ');
}

function insertCollector(bridge: OvsBridge, table: CollectorTable, wanted: Columns): CollectorInsert {
  const handle: Handle = `@${table}/${bridge.name}`;
  return { edit: 'insert', table, handle, row: { ...withoutDefaults(table, wanted), external_ids: new Map([[OWNER_MARK, bridge.owner]]) } };
}

function collectorsOf({ netflow, sflow, ipfix }: OvsBridge): readonly Collector[] {
  return [
    { table: 'NetFlow', column: 'netflow', wanted: netflow && netflowColumns(netflow) },
    { table: 'sFlow', column: 'sflow', wanted: sflow && sflowColumns(sflow) },
    { table: 'IPFIX', column: 'ipfix', wanted: ipfix && ipfixColumns(ipfix) },
  ];
}

function netflowColumns({ targets, activeTimeoutSeconds, engineType, engineId, addIdToInterface }: OvsNetflow): Columns {
  return {
    targets: [...targets].sort(),
    active_timeout: activeTimeoutSeconds ?? 0,
    engine_type: engineType,
    engine_id: engineId,
    add_id_to_interface: addIdToInterface ?? false,
  };
}

function sflowColumns({ targets, agent, sampling, pollingSeconds, headerBytes }: OvsSflow): Columns {
  return { targets: [...targets].sort(), agent, sampling, polling: pollingSeconds, header: headerBytes };
}

function ipfixColumns({ targets, sampling, obsDomainId, obsPointId, cacheActiveTimeoutSeconds, cacheMaxFlows }: OvsIpfix): Columns {
  return {
    targets: [...targets].sort(),
    sampling,
    obs_domain_id: obsDomainId,
    obs_point_id: obsPointId,
    cache_active_timeout: cacheActiveTimeoutSeconds,
    cache_max_flows: cacheMaxFlows,
  };
}
