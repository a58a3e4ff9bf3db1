import { isJsonObject, asJsonObject } from '../protocol/json.ts';
import type { JsonObject } from '../protocol/json.ts';
import type { Uuid } from '../schema/datum.ts';
import { COLUMNS, READERS } from '../schema/rows.ts';
import type { OpenvSwitchRow, TableName } from '../schema/rows.ts';
import { Indexer } from './indexer.ts';
import { OvsRows } from './rows.ts';
import { ReplicaTable } from './table.ts';

/** What we bring about ourselves and others bump at every turn: no reason to look at anything again. */
const CONFIGURATION_COUNTERS: ReadonlySet<string> = new Set(['next_cfg', 'cur_cfg']);

/** A copy of the rows that are followed, kept by the monitor's reply and updates. */
export class Replica {
  readonly #indexer = new Indexer();
  readonly #tables = {
    Open_vSwitch: new ReplicaTable({ read: READERS.Open_vSwitch, index: () => undefined }),
    Manager: new ReplicaTable({ read: READERS.Manager, index: () => undefined }),
    Bridge: new ReplicaTable({
      read: READERS.Bridge,
      index: (before, after) => this.#indexer.bridge(before, after),
    }),
    Port: new ReplicaTable({ read: READERS.Port, index: (before, after) => this.#indexer.port(before, after) }),
    Interface: new ReplicaTable({
      read: READERS.Interface,
      index: (before, after) => this.#indexer.interface(before, after),
    }),
    Mirror: new ReplicaTable({ read: READERS.Mirror, index: () => undefined }),
    Controller: new ReplicaTable({ read: READERS.Controller, index: () => undefined }),
    NetFlow: new ReplicaTable({ read: READERS.NetFlow, index: () => undefined }),
    sFlow: new ReplicaTable({ read: READERS.sFlow, index: () => undefined }),
    IPFIX: new ReplicaTable({ read: READERS.IPFIX, index: () => undefined }),
    QoS: new ReplicaTable({ read: READERS.QoS, index: () => undefined }),
    Queue: new ReplicaTable({ read: READERS.Queue, index: () => undefined }),
  };
  #frozen: OvsRows | undefined;

  /** Takes a complete read, the reply to `monitor_cond`. Says whether anything differs from before. */
  load(reply: unknown): boolean {
    this.#frozen = undefined;
    const updates = asJsonObject(reply);
    return TABLE_NAMES.map((name) => this.#tables[name].replaceAll(asJsonObject(updates[name]))).includes(true);
  }

  /** Takes one `update2`. Says whether it may matter to a plan: the counters of `next_cfg` and `cur_cfg` alone do not. */
  update(message: unknown): boolean {
    this.#frozen = undefined;
    const updates = asJsonObject(message);
    for (const name of TABLE_NAMES) {
      const rows = updates[name];
      if (isJsonObject(rows)) this.#tables[name].update(rows);
    }
    return Object.entries(updates).some(([name, rows]) => name !== 'Open_vSwitch' || touchesMoreThanCounters(asJsonObject(rows)));
  }

  /** While these rows are given up by ourselves, that they lose their mark is not remembered. */
  expectLossOf(uuids: ReadonlySet<Uuid>): void {
    this.#indexer.expectLossOf(uuids);
  }

  /** The one row of the table Open_vSwitch; undefined in a database that was never initialized. */
  root(): OpenvSwitchRow | undefined {
    const [root] = this.#tables.Open_vSwitch.rows.freeze().values();
    return root;
  }

  /** The rows as they are now; undefined in a database that was never initialized. */
  freeze(): OvsRows | undefined {
    const root = this.root();
    if (!root) return undefined;
    this.#frozen ??= new OvsRows(
      root,
      this.#indexer.freeze({
        Open_vSwitch: this.#tables.Open_vSwitch.rows.freeze(),
        Manager: this.#tables.Manager.rows.freeze(),
        Bridge: this.#tables.Bridge.rows.freeze(),
        Port: this.#tables.Port.rows.freeze(),
        Interface: this.#tables.Interface.rows.freeze(),
        Mirror: this.#tables.Mirror.rows.freeze(),
        Controller: this.#tables.Controller.rows.freeze(),
        NetFlow: this.#tables.NetFlow.rows.freeze(),
        sFlow: this.#tables.sFlow.rows.freeze(),
        IPFIX: this.#tables.IPFIX.rows.freeze(),
        QoS: this.#tables.QoS.rows.freeze(),
        Queue: this.#tables.Queue.rows.freeze(),
      }),
    );
    return this.#frozen;
  }
}

const TABLE_NAMES: readonly TableName[] = [
  'Manager',
  'Open_vSwitch',
  'Bridge',
  'Port',
  'Interface',
  'Mirror',
  'Controller',
  'NetFlow',
  'sFlow',
  'IPFIX',
  'QoS',
  'Queue',
];

/** What `monitor_cond` is asked for (ovsdb-server(7), "Monitor_cond"). */
export const MONITOR_REQUESTS = Object.fromEntries(
  TABLE_NAMES.map((name) => [name, [{ columns: Object.keys(COLUMNS[name]) }]] as const),
);

function touchesMoreThanCounters(rows: JsonObject): boolean {
  return Object.values(rows).some((row) => {
    const { modify } = asJsonObject(row);
    return !isJsonObject(modify) || Object.keys(modify).some((column) => !CONFIGURATION_COUNTERS.has(column));
  });
}
