import type { OwnerKey } from '../../owner.ts';
import type { Uuid } from '../schema/datum.ts';
import type { BridgeRow, InterfaceRow, OpenvSwitchRow, PortRow, TableName, TableRows } from '../schema/rows.ts';
import type { FrozenMap } from './row-map.ts';

export type NamedTable = 'Bridge' | 'Port' | 'Interface';

/** A row of ours that others took away, or took the mark from: enough to ask the log who did, and to know whose it was. */
export interface LostRow {
  readonly uuid: Uuid;
  readonly owner: OwnerKey;
}

export type FrozenTables = { readonly [Table in TableName]: FrozenMap<TableRows[Table]> };

/** The maps that an `OvsRows` reads; all of one moment. */
export interface RowIndexes {
  readonly tables: FrozenTables;
  readonly uuidByName: { readonly [Table in NamedTable]: FrozenMap<Uuid> };
  readonly bridgeOfPort: FrozenMap<Uuid>;
  readonly portOfInterface: FrozenMap<Uuid>;
  readonly interfacesByAttachedMac: FrozenMap<readonly Uuid[]>;
  /** Owner marks of ports and interfaces by the row's UUID, and of bridges. */
  readonly marks: { readonly [Table in NamedTable]: FrozenMap<OwnerKey> };
  readonly lost: FrozenMap<LostRow>;
  /** By attached MAC: interfaces of VMs that went, or lost what says whose they are. */
  readonly lostGuests: FrozenMap<Uuid>;
}

/** The database as it was at one moment. Never changes. */
export class OvsRows {
  readonly root: OpenvSwitchRow;
  readonly indexes: RowIndexes;

  constructor(root: OpenvSwitchRow, indexes: RowIndexes) {
    this.root = root;
    this.indexes = indexes;
  }

  /** Whether these are the same rows, but for the counters of configurations. */
  isSameAs(other: OvsRows): boolean {
    const [mine, theirs] = [this.indexes.tables, other.indexes.tables];
    return Object.entries(mine).every(([table, rows]) => table === 'Open_vSwitch' || rows === Object.entries(theirs).find(([name]) => name === table)?.[1]);
  }

  get bridges(): Iterable<BridgeRow> {
    return this.indexes.tables.Bridge.values();
  }

  /** The row of that UUID, if it (still) exists. */
  row<Table extends TableName>(table: Table, uuid: Uuid | undefined): TableRows[Table] | undefined {
    return uuid === undefined ? undefined : this.indexes.tables[table].get(uuid);
  }

  /** The rows of a column of references. */
  rows<Table extends TableName>(table: Table, uuids: readonly Uuid[]): TableRows[Table][] {
    return uuids.map((uuid) => this.row(table, uuid)).filter((row) => row !== undefined);
  }

  named<Table extends NamedTable>(table: Table, name: string): TableRows[Table] | undefined {
    return this.row(table, this.indexes.uuidByName[table].get(name));
  }

  bridgeOf(port: PortRow): BridgeRow | undefined {
    return this.row('Bridge', this.indexes.bridgeOfPort.get(port.uuid));
  }

  portOf(iface: InterfaceRow): PortRow | undefined {
    return this.row('Port', this.indexes.portOfInterface.get(iface.uuid));
  }

  interfacesOf(port: PortRow): InterfaceRow[] {
    return this.rows('Interface', port.interfaces);
  }

  /** Interfaces that libvirt attached for a VM's NIC of that MAC. */
  attachedTo(mac: string): InterfaceRow[] {
    return this.rows('Interface', this.indexes.interfacesByAttachedMac.get(mac.toLowerCase()) ?? []);
  }

  /** All interfaces that libvirt attached for VMs' NICs. */
  guestInterfaces(): InterfaceRow[] {
    return [...this.indexes.interfacesByAttachedMac.values()].flatMap((uuids) => this.rows('Interface', uuids));
  }

  /** The interface that a VM's NIC of that MAC had last, where it has none now. */
  lostGuest(mac: string): Uuid | undefined {
    return this.indexes.lostGuests.get(mac);
  }

  /** The owner mark of a row. */
  mark(table: NamedTable, uuid: Uuid): OwnerKey | undefined {
    return this.indexes.marks[table].get(uuid);
  }

  /** The last row of that name that was ours, unless we gave it up ourselves or have one again. */
  lost(table: NamedTable, name: string): LostRow | undefined {
    return this.indexes.lost.get(`${table}/${name}`);
  }
}
