import { Guests } from '../../../../../controller/systems/ovs/guests.ts';
import { observedOf } from '../../../../../controller/systems/ovs/observe.ts';
import type { OvsObserved } from '../../../../../controller/systems/ovs/observed.ts';
import { Replica } from '../../../../../controller/systems/ovs/replica/replica.ts';

type WireRow = Record<string, unknown>;

export interface InterfaceFixture extends WireRow {
  readonly name: string;
  /** Other keys than the mark. */
  readonly ids?: Readonly<Record<string, string>>;
  readonly mark?: string;
}

export interface PortFixture extends WireRow {
  readonly name: string;
  readonly mark?: string;
  readonly ids?: Readonly<Record<string, string>>;
  readonly ifaces?: readonly InterfaceFixture[];
}

export interface BridgeFixture extends WireRow {
  readonly name: string;
  readonly mark?: string;
  readonly ids?: Readonly<Record<string, string>>;
  readonly withPorts?: readonly PortFixture[];
  readonly withMirrors?: readonly (WireRow & { readonly name: string; readonly mark?: string })[];
  readonly withControllers?: readonly string[];
}

/** UUIDs of fixtures say what they stand for. */
export const uuidOf = (table: string, name: string): string => `${table}-${name}`;

const ref = (table: string, name: string) => ['uuid', uuidOf(table, name)] as const;

/** A monitor's reply for a switch with these bridges; other columns than those given are at their defaults. */
export function switchReply(bridges: readonly BridgeFixture[], root: WireRow = {}): Record<string, Record<string, { initial: WireRow }>> {
  const ports = bridges.flatMap((bridge) => bridge.withPorts ?? []);
  const interfaces = ports.flatMap(interfacesOf);
  return {
    Open_vSwitch: {
      root: { initial: { bridges: set(bridges.map(({ name }) => ref('Bridge', name))), next_cfg: 5, cur_cfg: 5, ovs_version: '3.1.0', ...root } },
    },
    Bridge: table('Bridge', bridges.map(bridgeRow)),
    Port: table('Port', ports.map(portRow)),
    Interface: table('Interface', interfaces.map(interfaceRow)),
    Mirror: table('Mirror', bridges.flatMap((bridge) => (bridge.withMirrors ?? []).map(({ mark, ...row }) => ({ ...row, ...externalIds(mark) })))),
    Controller: Object.fromEntries(
      bridges.flatMap((bridge) => (bridge.withControllers ?? []).map((target) => [uuidOf('Controller', target), { initial: { target } }])),
    ),
  };
}

/** What `observe` gives for a switch with these bridges. */
export function observedSwitch(
  bridges: readonly BridgeFixture[],
  { root = {}, systemDatapath = false, vswitchdResponds = true } = {},
): OvsObserved {
  const replica = new Replica();
  replica.load(switchReply(bridges, root));
  return observedReplica(replica, { systemDatapath, vswitchdResponds });
}

const knownGuests = new WeakMap<Replica, Guests>();

export function observedReplica(replica: Replica, { systemDatapath = false, vswitchdResponds = true } = {}): OvsObserved {
  const rows = replica.freeze();
  if (!rows) throw new Error('the fixture has no row in Open_vSwitch');
  const guests = knownGuests.get(replica) ?? new Guests(() => false);
  knownGuests.set(replica, guests);
  return observedOf({ guests: guests.observe(rows), rows, schemaVersion: '8.3.1', systemDatapath, vswitchdResponds });
}

/** Luna as it should be: bridge, uplink, internal port, local port. */
export function lunaFixture(change: { readonly bridge?: Partial<BridgeFixture>; readonly vnet100?: Partial<PortFixture> } = {}): BridgeFixture {
  return {
    name: 'lunabr',
    mark: 'Bridge/lunabr',
    datapath_type: 'netdev',
    datapath_id: '000094c6911aa63e',
    withPorts: [
      { name: 'lunabr', mark: 'Bridge/lunabr', ifaces: [{ name: 'lunabr', type: 'internal', mark: 'Bridge/lunabr' }] },
      { name: 'eth0', mark: 'Bridge/lunabr' },
      {
        name: 'vnet100',
        mark: 'VlanPort/vnet100',
        tag: 100,
        ifaces: [{ name: 'vnet100', type: 'internal', mac: '02:00:00:aa:01:00', mark: 'VlanPort/vnet100' }],
        ...change.vnet100,
      },
    ],
    ...change.bridge,
  };
}

function bridgeRow({ mark, ids, withPorts = [], withMirrors = [], withControllers = [], ...columns }: BridgeFixture): WireRow & { name: string } {
  return {
    datapath_id: '0000000000000001',
    ...columns,
    ports: set(withPorts.map(({ name }) => ref('Port', name))),
    mirrors: set(withMirrors.map(({ name }) => ref('Mirror', name))),
    controller: set(withControllers.map((target) => ref('Controller', target))),
    ...externalIds(mark, ids),
  };
}

function portRow({ mark, ids, ifaces: _ifaces, ...columns }: PortFixture): WireRow & { name: string } {
  const interfaces = interfacesOf({ mark, ifaces: _ifaces, ...columns });
  return { ...columns, interfaces: set(interfaces.map(({ name }) => ref('Interface', name))), ...externalIds(mark, ids) };
}

function interfaceRow({ mark, ids, ...columns }: InterfaceFixture): WireRow & { name: string } {
  return { ...columns, ...externalIds(mark, ids) };
}

function interfacesOf({ name, mark, ifaces }: PortFixture): readonly InterfaceFixture[] {
  return ifaces ?? [{ name, ...(mark === undefined ? {} : { mark }) }];
}

function externalIds(mark: string | undefined, ids: Readonly<Record<string, string>> = {}): WireRow {
  const all = mark === undefined ? ids : { ...ids, bridgekeeper: mark };
  return { external_ids: ['map', Object.entries(all)] };
}

function table(name: string, rows: readonly (WireRow & { readonly name: string })[]) {
  return Object.fromEntries(rows.map((row) => [uuidOf(name, row.name), { initial: row }]));
}

function set(members: readonly unknown[]): readonly [string, readonly unknown[]] {
  return ['set', members];
}
