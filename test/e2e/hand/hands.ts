import { Ovsdb, type Operation } from '../../../bench/host/ovsdb.ts';
import type { Lab } from '../../lab/lab.ts';
import type { HandChange } from './kinds.ts';
import type { Random } from './random.ts';

const DATABASE = 'Open_vSwitch';
export const TOOLS = ['ovs-vsctl', 'raw OVSDB', 'raw OVSDB with a comment', 'ovsdb-client'] as const;
export type Tool = (typeof TOOLS)[number];

/** A change that was made. */
export interface Done {
  readonly change: HandChange;
  readonly tool: Tool;
  /** What a report must say of it: the command line, the comment, or that there is none. */
  readonly says: string;
}

export const NO_COMMENT = 'a transaction without a comment';

/** Columns that a hand may change. What Open vSwitch itself writes there is left out. */
const TABLES: Readonly<Record<string, readonly string[]>> = {
  Open_vSwitch: ['bridges', 'other_config', 'manager_options'],
  Bridge: ['name', 'ports', 'mirrors', 'controller', 'netflow', 'sflow', 'ipfix', 'datapath_type', 'fail_mode', 'stp_enable', 'rstp_enable', 'mcast_snooping_enable', 'protocols', 'other_config', 'external_ids', 'flood_vlans'],
  Port: ['name', 'interfaces', 'tag', 'trunks', 'vlan_mode', 'bond_mode', 'lacp', 'bond_updelay', 'bond_downdelay', 'qos', 'other_config', 'external_ids', 'protected'],
  Interface: ['name', 'type', 'mac', 'mtu_request', 'options', 'other_config', 'external_ids'],
  Mirror: ['name', 'select_all', 'select_src_port', 'select_dst_port', 'select_vlan', 'output_port', 'output_vlan'],
  Controller: ['target'],
};

type Row = Readonly<Record<string, unknown>>;

/** Hands on a host: they change Open vSwitch with one tool or another, and see what is there. */
export class Hands {
  readonly #lab: Lab;
  readonly #client: Ovsdb;

  private constructor(lab: Lab, client: Ovsdb) {
    this.#lab = lab;
    this.#client = client;
  }

  static async on(lab: Lab, socket: string): Promise<Hands> {
    return new Hands(lab, await Ovsdb.connect(socket));
  }

  close(): void {
    this.#client.close();
  }

  /** Makes the change with that tool; throws when the tool fails. */
  async make(change: HandChange, tool: Tool, random: Random): Promise<Done> {
    if (tool === 'ovs-vsctl') {
      const argv = ['ovs-vsctl', '--no-wait', ...change.argv] as const;
      await this.#lab.run(argv);
      return { change, tool, says: argv.map(asLogged).join(' ') };
    }
    const operations = change.operations(await this.#finder());
    if (tool === 'ovsdb-client') {
      await this.#lab.run(['ovsdb-client', 'transact', JSON.stringify([DATABASE, ...operations])]);
      return { change, tool, says: NO_COMMENT };
    }
    const comment = tool === 'raw OVSDB' ? undefined : `by hand ${random.integer(0, 1e9)}`;
    await this.#client.transact(...operations, ...(comment === undefined ? [] : [{ op: 'comment', comment }]));
    return { change, tool, says: comment ?? NO_COMMENT };
  }

  /** Sets a port's tag and puts it back, so fast that a look may come after both. */
  async thereAndBack(port: string, tags: readonly [there: number, back: number], round: number): Promise<string> {
    const [there, back] = tags.map((tag, index): readonly Operation[] => [
      { op: 'update', table: 'Port', where: [['name', '==', port]], row: { tag } },
      { op: 'comment', comment: `${index === 0 ? 'there' : 'back'} ${round}` },
    ]);
    await Promise.all([this.#client.transact(...(there ?? [])), this.#client.transact(...(back ?? []))]);
    return `there ${round}`;
  }

  async undo({ undo }: HandChange): Promise<void> {
    if (undo !== undefined) await this.#lab.run(['ovs-vsctl', '--no-wait', '--if-exists', ...undo]);
  }

  /** What is in the database, with names in the place of UUIDs. */
  async state(): Promise<string> {
    const tables = await this.#read();
    const names = new Map(Object.values(tables).flatMap((rows) => rows.map((row) => [rowId(row), String(row['name'] ?? row['target'])] as const)));
    const translate = (value: unknown): unknown => {
      if (!Array.isArray(value)) return value;
      const [tag, content]: unknown[] = value;
      if (tag === 'uuid') return names.get(String(content)) ?? 'a row';
      if ((tag === 'set' || tag === 'map') && Array.isArray(content)) return content.map(translate).map((each) => JSON.stringify(each)).sort();
      return value.map(translate);
    };
    const lines = Object.entries(tables).flatMap(([table, rows]) =>
      rows.flatMap((row) => Object.entries(row).filter(([name]) => name !== '_uuid').map(([name, value]) => `${table} ${String(row['name'] ?? row['target'] ?? '')} ${name} ${JSON.stringify(translate(value))}`)),
    );
    return lines.sort().join('\n');
  }

  /** The port that libvirt made for the NIC of that MAC. */
  async portOf(mac: string): Promise<string> {
    const { Interface = [] } = await this.#read();
    const found = Interface.find(({ external_ids }) => JSON.stringify(external_ids).includes(mac));
    if (found === undefined) throw new Error(`no port of ${mac}`);
    return String(found['name']);
  }

  async #finder(): Promise<(table: string, name: string) => unknown> {
    const tables = await this.#read();
    return (table, name) => {
      const row = tables[table]?.find((each) => each['name'] === name);
      if (row === undefined) throw new Error(`there is no ${table} ${name}`);
      return rowId(row);
    };
  }

  async #read(): Promise<Readonly<Record<string, readonly Row[]>>> {
    const names = Object.keys(TABLES);
    const selects = names.map((table): Operation => ({ op: 'select', table, where: [], columns: ['_uuid', ...(TABLES[table] ?? [])] }));
    const results = await this.#client.transact(...selects);
    return Object.fromEntries(names.map((table, index) => [table, rowsOf(results[index]?.['rows'])]));
  }
}

/** As ovs-vsctl writes its own arguments into the log (process_escape_args). */
function asLogged(argument: string): string {
  return /[\s"'\\]/.test(argument) ? JSON.stringify(argument) : argument;
}

function rowsOf(value: unknown): Row[] {
  return Array.isArray(value) ? value.map((row: unknown) => Object.fromEntries(Object.entries(row ?? {}))) : [];
}

function rowId(row: Row): string {
  const id = row['_uuid'];
  return Array.isArray(id) ? String(id[1]) : '';
}
