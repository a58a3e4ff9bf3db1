import type { Clock } from '../../../../api/machinery/clock.ts';
import { parseOvsdbAddress } from '../protocol/address.ts';
import { OvsdbUnreachable } from '../protocol/errors.ts';
import { asJsonArray, asJsonObject, isJsonObject } from '../protocol/json.ts';
import { checkResults, type Operation, type OperationResult } from '../protocol/operations.ts';
import { OvsdbSession } from '../protocol/session.ts';
import { openSocket } from '../protocol/socket.ts';
import type { WireRow } from '../schema/datum.ts';
import type { OvsSnapshot } from './snapshot.ts';

const DATABASE = 'Open_vSwitch';
const CONNECT_TIMEOUT_MS = 2_000;
const REQUEST_TIMEOUT_MS = 10_000;
/** Written by vswitchd though the schema does not call it ephemeral: no configuration. */
const WRITTEN_BY_VSWITCHD: Readonly<Record<string, readonly string[]>> = {
  Open_vSwitch: ['cur_cfg', 'next_cfg', 'datapath_types', 'iface_types', 'dpdk_initialized', 'dpdk_version', 'ovs_version'],
  Bridge: ['datapath_version'],
  Port: ['bond_active_slave'],
  Interface: ['ofport', 'error', 'cfm_flap_count'],
};
/** Never a matter of a bridge: other tables hold statistics or secrets of their own. */
const TABLES = [
  'Open_vSwitch', 'Bridge', 'Port', 'Interface', 'Mirror', 'Controller', 'QoS', 'Queue', 'NetFlow', 'sFlow', 'IPFIX', 'Flow_Table', 'AutoAttach',
];

/** The database over a connection of its own, for the few times when a checkpoint is taken or restored. */
export class CheckpointDatabase {
  readonly #session: OvsdbSession;

  private constructor(session: OvsdbSession) {
    this.#session = session;
  }

  /** Connects to `unix:PATH` or `tcp:HOST:PORT`. Throws `OvsdbUnreachable`. */
  static async open(address: string, clock: Clock): Promise<CheckpointDatabase> {
    const socket = await openSocket(parseOvsdbAddress(address), clock, CONNECT_TIMEOUT_MS);
    return new CheckpointDatabase(new OvsdbSession(socket, { clock, onNotification: () => undefined }));
  }

  close(): void {
    this.#session.close(new OvsdbUnreachable('closed'));
  }

  /** Reads the configuration of all bridges, in one transaction. */
  async read(): Promise<OvsSnapshot> {
    const schema = asJsonObject(asJsonObject(await this.#session.request('get_schema', [DATABASE], REQUEST_TIMEOUT_MS))['tables']);
    const tables = TABLES.filter((table) => table in schema);
    const results = await this.transact(
      tables.map((table) => ({ op: 'select', table, where: [], columns: ['_uuid', ...configurationColumns(table, schema[table])] })),
    );
    return { tables: Object.fromEntries(tables.map((table, index) => [table, rowsByUuid(results[index])])) };
  }

  /** The row that `next_cfg` and `cur_cfg` stand in. */
  async rootUuid(): Promise<string> {
    const [result] = await this.transact([{ op: 'select', table: 'Open_vSwitch', where: [], columns: ['_uuid'] }]);
    return Object.keys(rowsByUuid(result))[0] ?? '';
  }

  /** Sends one transaction. Throws `TransactionRefused` when nothing of it was done. */
  async transact(operations: readonly Operation[]): Promise<readonly OperationResult[]> {
    return checkResults(await this.#session.request('transact', [DATABASE, ...operations], REQUEST_TIMEOUT_MS), operations.length);
  }
}

function configurationColumns(table: string, tableSchema: unknown): readonly string[] {
  return Object.entries(asJsonObject(asJsonObject(tableSchema)['columns']))
    .filter(([name, column]) => asJsonObject(column)['ephemeral'] !== true && !WRITTEN_BY_VSWITCHD[table]?.includes(name))
    .map(([name]) => name);
}

function rowsByUuid(result: OperationResult | undefined): Readonly<Record<string, WireRow>> {
  const rows = asJsonArray(result?.['rows']).filter(isJsonObject);
  return Object.fromEntries(
    rows.map(({ _uuid, ...row }) => {
      const [, uuid] = asJsonArray(_uuid);
      return [String(uuid), row];
    }),
  );
}
