import { OWNER_MARK } from '../../owner.ts';
import type { OvsBond, OvsInterface, OvsPort } from '../desired.ts';
import type { OvsRows } from '../replica/rows.ts';
import type { InterfaceRow, PortRow } from '../schema/rows.ts';
import { ADOPTED_MARK, compareColumns, compareKeys, compareMark, joinChanges, NO_CHANGE } from './change.ts';
import type { Change } from './change.ts';
import { withoutDefaults } from './defaults.ts';
import type { Handle, RowEdit } from './step.ts';
import { sameVlan, vlanColumns } from './vlan.ts';

export function portHandle(portName: string): Handle {
  return `@Port/${portName}`;
}

function interfaceHandle(name: string): Handle {
  return `@Interface/${name}`;
}

/** The rows of a port that is not there yet. */
export function insertPort(port: OvsPort): readonly RowEdit[] {
  return [
    ...port.interfaces.map((iface) => insertInterface(port, iface)),
    {
      edit: 'insert',
      table: 'Port',
      handle: portHandle(port.name),
      row: withoutDefaults('Port', {
        name: port.name,
        interfaces: port.interfaces.map((iface) => interfaceHandle(iface.name)),
        ...vlanColumns(port.vlan),
        ...bondColumns(port.bond),
        other_config: new Map(Object.entries(bondKeys(port.bond)).flatMap(([key, value]) => (value === undefined ? [] : [[key, value] as const]))),
        external_ids: new Map([[OWNER_MARK, port.owner]]),
      }),
    },
  ];
}

/** Whether the rows say that the port was made by others and taken over: then it keeps the MAC that it has. */
export function isAdopted(row: PortRow, rows: OvsRows): boolean {
  return [row, ...rows.interfacesOf(row)].some((found) => found.external_ids.has(ADOPTED_MARK));
}

/** What of a port that is there differs from desired, marks aside. */
export function comparePort(port: OvsPort, row: PortRow, rows: OvsRows, mac: 'keep' | 'set'): Change {
  return joinChanges(
    sameVlan(row, vlanColumns(port.vlan)) ? NO_CHANGE : compareColumns('Port', row, vlanColumns(port.vlan)),
    compareColumns('Port', row, bondColumns(port.bond)),
    compareKeys('Port', row, 'other_config', bondKeys(port.bond)),
    compareMembers(port, row, rows),
    ...interfacePairs(port, row, rows).map(([iface, found]) => compareInterface(iface, found, mac)),
  );
}

/** The marks that a port of ours should carry; `origin` is remembered with them. */
export function comparePortMarks(port: OvsPort, row: PortRow, rows: OvsRows, origin: 'made' | 'adopted'): Change {
  const extra = origin === 'adopted' ? new Map([[ADOPTED_MARK, 'true']]) : new Map<string, string>();
  return joinChanges(
    compareMark('Port', row, port.owner, extra),
    ...interfacePairs(port, row, rows).map(([, found]) => compareMark('Interface', found, port.owner, extra)),
  );
}

function compareInterface(iface: OvsInterface, row: InterfaceRow, mac: 'keep' | 'set'): Change {
  const keepsItsMac = iface.mac === undefined || mac === 'keep';
  return compareColumns('Interface', row, {
    type: iface.type,
    mtu_request: iface.mtuRequest,
    ...(keepsItsMac || sameMac(iface.mac, row.mac) ? {} : { mac: iface.mac }),
  });
}

/** Interfaces that the port lacks, and those that it should not have. */
function compareMembers(port: OvsPort, row: PortRow, rows: OvsRows): Change {
  const found = rows.interfacesOf(row);
  const wantedNames = new Set(port.interfaces.map((iface) => iface.name));
  const missing = port.interfaces.filter((iface) => !found.some((other) => other.name === iface.name));
  const surplus = found.filter((iface) => !wantedNames.has(iface.name));
  if (missing.length === 0 && surplus.length === 0) return NO_CHANGE;
  return {
    edits: [
      ...missing.map((iface) => insertInterface(port, iface)),
      { edit: 'expect', table: 'Port', uuid: row.uuid, columns: { interfaces: row.interfaces } },
      {
        edit: 'members',
        table: 'Port',
        holder: row.uuid,
        column: 'interfaces',
        add: missing.map((iface) => interfaceHandle(iface.name)),
        remove: surplus.map((iface) => iface.uuid),
      },
    ],
    differences: [
      {
        path: `Port[${row.name}].interfaces`,
        expected: [...wantedNames].sort().join(', '),
        found: found.map((iface) => iface.name).sort().join(', '),
      },
    ],
    locators: [{ table: 'Port', uuid: row.uuid, columns: ['interfaces'] }],
  };
}

function interfacePairs(port: OvsPort, row: PortRow, rows: OvsRows): (readonly [OvsInterface, InterfaceRow])[] {
  const found = rows.interfacesOf(row);
  return port.interfaces.flatMap((iface) => {
    const match = found.find((other) => other.name === iface.name);
    return match ? [[iface, match] as const] : [];
  });
}

function insertInterface(port: OvsPort, iface: OvsInterface): RowEdit {
  return {
    edit: 'insert',
    table: 'Interface',
    handle: interfaceHandle(iface.name),
    row: withoutDefaults('Interface', {
      name: iface.name,
      type: iface.type,
      mac: iface.mac,
      mtu_request: iface.mtuRequest,
      external_ids: new Map([[OWNER_MARK, port.owner]]),
    }),
  };
}

function bondColumns(bond: OvsBond | undefined) {
  return {
    bond_mode: bond?.mode,
    lacp: bond?.lacp,
    bond_updelay: bond?.updelayMilliseconds ?? 0,
    bond_downdelay: bond?.downdelayMilliseconds ?? 0,
  };
}

/** What of a bond stands in `other_config`. */
function bondKeys(bond: OvsBond | undefined): Readonly<Record<BondKey, string | undefined>> {
  return {
    'lacp-time': bond?.lacpTime,
    'bond-rebalance-interval': bond?.rebalanceIntervalMilliseconds?.toString(),
    'bond-primary': bond?.primary,
  };
}

type BondKey = (typeof BOND_KEYS)[number];

/** Keys of `Port.other_config` that a resource can ask for. */
export const BOND_KEYS = ['lacp-time', 'bond-rebalance-interval', 'bond-primary'] as const;

function sameMac(a: string | undefined, b: string | undefined): boolean {
  return a?.toLowerCase() === b?.toLowerCase();
}
