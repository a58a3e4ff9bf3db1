import { describe, expect, test } from 'vitest';
import type { LaneReport } from '../../../../controller/reconcile/lane-report.ts';
import { uplinkWaits, withWaits } from '../../../../controller/reconcile/uplink-order.ts';
import type { NetplanFacts, ObservedLink } from '../../../../controller/systems/netplan/observed.ts';
import type { OvsDesired } from '../../../../controller/systems/ovs/desired.ts';
import type { OvsFacts } from '../../../../controller/systems/ovs/observed.ts';
import type { OwnerKey } from '../../../../controller/systems/owner.ts';
import { desire, device } from '../systems/netplan/netplan-desired.ts';

const ADDRESS = '192.168.105.253/24';
const none: ReadonlySet<OwnerKey> = new Set();
const ovs: OvsDesired = {
  bridges: [
    {
      owner: 'Bridge/lunabr', name: 'lunabr', adoption: 'Always', datapathType: 'auto', stp: false, rstp: false, mcastSnooping: false,
      protocols: [], controllers: [], localPort: {}, mirrors: [], unmanagedPorts: 'Report',
      ports: [
        { owner: 'Bridge/lunabr', name: 'eth0', adoption: 'Always', interfaces: [{ name: 'eth0', type: '', optional: true }] },
        { owner: 'VlanPort/vnet100', name: 'vnet100', adoption: 'Always', interfaces: [{ name: 'vnet100', type: 'internal', optional: false }] },
      ],
    },
  ],
  vmPorts: [],
  portgroups: [],
  ownership: { present: none, leaving: none, released: none, frozen: none },
};
const uplink = device('Bridge/lunabr', 'eth0', { lasting: true });
const heir = device('VlanPort/vnet100', 'vnet100', { addresses: [ADDRESS] });

function ovsReport(attached: readonly string[]): LaneReport<OvsFacts> {
  const portNamed: OvsFacts['portNamed'] = (name) => (attached.includes(name) ? { name, interfaces: [{ name, type: '' }] } as never : undefined);
  const observed = { ovsVersion: '', schemaVersion: '', bridges: new Map(), portNamed, bridgeNameOf: () => undefined, portAttachedTo: () => undefined };
  return { system: 'ovs', version: 1, observed, outstanding: new Map(), findings: [] };
}

function netplanReport(addresses: Readonly<Record<string, readonly string[]>>, reason?: string): LaneReport<NetplanFacts> {
  const links = Object.entries(addresses).map(([name, has]): [string, ObservedLink] => [name, { name, mac: '', mtu: 1500, up: true, carrier: true, addresses: has, routes: [] }]);
  const refusals = reason === undefined ? [] : [{ owner: 'Bridge/lunabr' as const, reason, message: '', needsPerson: true }];
  return { system: 'netplan', version: 1, observed: { netplanVersion: '', links: new Map(links) }, outstanding: new Map([['Bridge/lunabr', { held: [], refusals }]]), findings: [] };
}

interface Seen {
  readonly attached?: readonly string[];
  readonly addresses?: Readonly<Record<string, readonly string[]>>;
  readonly refused?: string;
  readonly late?: boolean;
  readonly devices?: readonly ReturnType<typeof device>[];
}

function waits({ attached = [], addresses = {}, refused, late = false, devices = [uplink, heir] }: Seen): readonly string[] {
  const seen = { ovs: ovsReport(attached), netplan: netplanReport(addresses, refused), isLate: () => late };
  const { ovs: ofOvs, netplan } = uplinkWaits({ ovs, netplan: desire(devices) }, seen);
  return [...[...ofOvs].map(([nic, what]) => `ovs: ${nic} until ${what}`), ...[...netplan].map(([nic, what]) => `netplan: ${nic} until ${what}`)];
}

const KEEPS = 'netplan: eth0 until Open vSwitch has it in lunabr';

describe('a NIC with the host\'s address', () => {
  test('goes into its bridge once the address is at the device that asks for it, and loses it then', () => {
    expect(waits({ addresses: { eth0: [ADDRESS] } })).toEqual([`ovs: eth0 until vnet100 has ${ADDRESS}, which eth0 still has`, KEEPS]);
    expect(waits({ addresses: { eth0: [ADDRESS] }, late: true })).toHaveLength(2);
    expect(waits({ addresses: { eth0: [ADDRESS], vnet100: ['192.168.105.253/22'] } })).toEqual([KEEPS]);
    expect(waits({ addresses: { eth0: [ADDRESS], vnet100: [ADDRESS] }, attached: ['eth0'] })).toEqual([]);
  });

  test('waits for a device that asks for the address, but not for ever', () => {
    const devices = [uplink];
    expect(waits({ addresses: { eth0: [ADDRESS] }, devices })).toEqual([`ovs: eth0 until a device asks for ${ADDRESS}, which eth0 has`, KEEPS]);
    expect(waits({ addresses: { eth0: [ADDRESS] }, devices, late: true })).toEqual([KEEPS]);
    const dhcp = device('VlanPort/vnet100', 'vnet100', { dhcp4: true });
    expect(waits({ addresses: { eth0: [ADDRESS] }, devices: [uplink, dhcp] })).toEqual([KEEPS]);
  });

  test('is left alone for as long as netplan may not take the address from it', () => {
    expect(waits({ addresses: { eth0: [ADDRESS] }, refused: 'DefinedElsewhere', late: true })).toEqual([`ovs: eth0 until netplan may take ${ADDRESS} from eth0`, KEEPS]);
    expect(waits({ addresses: { eth0: [] }, refused: 'DefinedElsewhere' })).toEqual([]);
  });
});

test('nothing is attached before it is known what the NIC carries', () => {
  const unreachable: LaneReport<NetplanFacts> = { system: 'netplan', version: 1, outstanding: new Map(), findings: [], unreachable: { reason: 'x', message: '' } };
  const waiting = (isLate: boolean): readonly string[] => [
    ...uplinkWaits({ ovs, netplan: desire([uplink]) }, { ovs: ovsReport([]), netplan: unreachable, isLate: () => isLate }).ovs.values(),
  ];
  expect(waiting(false)).toEqual(['it is known which addresses eth0 has']);
  // A host without netplan keeps its bridges all the same.
  expect(waiting(true)).toEqual([]);
  const hanging = { ...unreachable, unreachable: { reason: 'NetplanHangs', message: '' } };
  expect([...uplinkWaits({ ovs, netplan: desire([uplink]) }, { ovs: ovsReport([]), netplan: hanging, isLate: () => true }).ovs.keys()]).toEqual(['eth0']);
});

test('only what waits is another object', () => {
  const desired = { ovs, netplan: desire([uplink, heir]) };
  const marked = withWaits(desired, { ovs: new Map([['eth0', 'x']]), netplan: new Map() });
  expect(marked.netplan).toBe(desired.netplan);
  expect(marked.ovs.bridges[0]?.ports).toEqual([{ ...ovs.bridges[0]?.ports[0], waitsFor: 'x' }, ovs.bridges[0]?.ports[1]]);
  expect(marked.ovs.bridges[0]?.ports[1]).toBe(ovs.bridges[0]?.ports[1]);
});
