import { describe, expect, it } from 'vitest';

import type { GuestNic } from '../../../../../../controller/systems/guest-nic.ts';
import { Guests } from '../../../../../../controller/systems/ovs/guests.ts';
import { observedOf } from '../../../../../../controller/systems/ovs/observe.ts';
import type { OvsObserved } from '../../../../../../controller/systems/ovs/observed.ts';
import { planOvs } from '../../../../../../controller/systems/ovs/plan/plan.ts';
import { Replica } from '../../../../../../controller/systems/ovs/replica/replica.ts';
import { desiredOf, lunaBridge } from '../luna-desired.ts';
import { lunaFixture, switchReply, uuidOf, type PortFixture } from '../switch-fixture.ts';

const MAC = '52:54:01:aa:02:01';
const nic: GuestNic = { bridgeName: 'lunabr', mac: MAC, device: 'vnet0', guestUuid: 'c0ffee', interfaceId: 'if-1', network: 'net', portgroup: 'Blue', lacksPortgroup: false };
const blue = { owner: 'Portgroup/blue', name: 'Blue', network: 'net', bridgeName: 'lunabr', isDefault: false, isolated: false, vlan: { mode: 'access', tag: 6 } } as const;
const withBlue = { ...desiredOf([lunaBridge()]), portgroups: [blue] };
const withoutBlue = desiredOf([lunaBridge()]);
const ids = { 'attached-mac': MAC, 'vm-id': 'c0ffee', 'iface-id': 'if-1' };

/** A host with a guest, at the moment and after it. */
class Host {
  readonly #replica = new Replica();
  readonly devices = new Set(['vnet0']);
  readonly #guests = new Guests((name) => this.devices.has(name));

  /** `elsewhere`: ports on another bridge, which is nobody's. */
  sees(ports: readonly PortFixture[], nics?: readonly GuestNic[], elsewhere: readonly PortFixture[] = []): OvsObserved {
    const luna = lunaFixture({ bridge: { withPorts: [...(lunaFixture().withPorts ?? []), ...ports] } });
    this.#replica.load(switchReply([luna, { name: 'otherbr', withPorts: elsewhere }]));
    if (nics) this.#guests.take(nics);
    const rows = this.#replica.freeze();
    if (!rows) throw new Error('the fixture has no row in Open_vSwitch');
    return observedOf({ rows, guests: this.#guests.observe(rows), schemaVersion: '8.3.1', systemDatapath: false, vswitchdResponds: true });
  }
}

function port(columns: Record<string, unknown> = {}, iface: Record<string, unknown> = {}): PortFixture {
  return { name: 'vnet0', ...columns, ifaces: [{ name: 'vnet0', ids, ...iface }] };
}

function steps(...args: Parameters<typeof planOvs>): string[] {
  return planOvs(...args).steps.map(({ verb, object, owner, leftover, differences }) => {
    const changes = differences.map(({ path, expected, found }) => `${path} ${found || '-'} -> ${expected || '-'}`);
    return `${verb} ${object} (${owner})${leftover ? ' leftover' : ''}: ${changes.join(', ')}`;
  });
}

describe('the port of a guest that no resource describes', () => {
  it('has the VLAN of its portgroup kept', () => {
    expect(steps(withBlue, new Host().sees([port({ tag: 6 })], [nic]))).toEqual([]);
    expect(steps(withBlue, new Host().sees([port({ tag: 9 })], [nic]))).toEqual(['update Port vnet0 (Portgroup/blue): Port[vnet0].tag 9 -> 6']);
  });

  it('has that of the default portgroup where it names none, and is left alone where there is none', () => {
    const { portgroup: _none, ...plain } = nic;
    const withDefault = { ...withBlue, portgroups: [{ ...blue, isDefault: true }] };
    expect(steps(withDefault, new Host().sees([port()], [plain]))).toHaveLength(1);
    expect(steps(withBlue, new Host().sees([port()], [plain]))).toEqual([]);
  });

  it('is left alone as long as the hypervisor has said nothing', () => {
    expect(steps(withBlue, new Host().sees([port({ tag: 9 })]))).toEqual([]);
  });
});

describe('the port of a guest that was deleted', () => {
  it('is put back as it was, where its tap is still there', () => {
    const host = new Host();
    host.sees([port({ tag: 6 })], [nic]);
    const { steps: planned } = planOvs(withBlue, host.sees([]));
    expect(planned).toMatchObject([
      {
        owner: 'Portgroup/blue',
        verb: 'create',
        object: 'Port vnet0',
        differences: [{ path: 'Bridge[lunabr].ports', expected: 'vnet0', found: '' }],
        locators: [{ table: 'Interface', uuid: uuidOf('Interface', 'vnet0'), columns: [] }],
      },
    ]);
    const rows = planned.flatMap(({ edits }) => edits.flatMap((edit) => (edit.edit === 'insert' ? [edit.row] : [])));
    expect(rows).toEqual([
      { name: 'vnet0', external_ids: new Map([['attached-mac', MAC], ['vm-id', 'c0ffee'], ['iface-status', 'active'], ['iface-id', 'if-1']]) },
      { name: 'vnet0', interfaces: ['@Interface/vnet0'], tag: 6 },
    ]);
  });

  it('stays away with its tap, and with its guest', () => {
    const unplugged = new Host();
    unplugged.sees([port({ tag: 6 })], [nic]);
    unplugged.devices.clear();
    expect(steps(withBlue, unplugged.sees([]))).toEqual([]);
    const stopped = new Host();
    stopped.sees([port({ tag: 6 })], [nic]);
    expect(steps(withBlue, stopped.sees([], []))).toEqual([]);
  });

  it('gets back what says whose it is, where only that was taken away, and is not removed as foreign', () => {
    const nameless = { name: 'vnet0', tag: 6, ifaces: [{ name: 'vnet0' }] };
    const removing = { ...withBlue, bridges: [lunaBridge({ unmanagedPorts: 'Remove' })] };
    expect(steps(removing, new Host().sees([nameless], [nic]))).toEqual([
      'update Port vnet0 (Portgroup/blue): ' +
        `Interface[vnet0].external_ids:attached-mac - -> ${MAC}, Interface[vnet0].external_ids:vm-id - -> c0ffee, ` +
        'Interface[vnet0].external_ids:iface-status - -> active, Interface[vnet0].external_ids:iface-id - -> if-1',
    ]);
  });
});

describe('the port of a guest that was moved to another bridge', () => {
  it('goes back in one go with its VLAN, and with what says whose it is', () => {
    const back = 'Port[vnet0].bridge otherbr -> lunabr';
    expect(steps(withBlue, new Host().sees([], [nic], [port({ tag: 6 })]))).toEqual([`update Port vnet0 (Portgroup/blue): ${back}`]);
    expect(steps(withBlue, new Host().sees([], [nic], [{ name: 'vnet0', ifaces: [{ name: 'vnet0' }] }]))).toEqual([
      `update Port vnet0 (Portgroup/blue): ${back}, Interface[vnet0].external_ids:attached-mac - -> ${MAC}, Interface[vnet0].external_ids:vm-id - -> c0ffee, ` +
        'Interface[vnet0].external_ids:iface-status - -> active, Interface[vnet0].external_ids:iface-id - -> if-1, Port[vnet0].tag - -> 6',
    ]);
  });

  it('stays where the hypervisor says that it is', () => {
    expect(steps(withBlue, new Host().sees([], [{ ...nic, bridgeName: 'otherbr' }], [port({ tag: 6 })]))).toEqual([]);
  });
});

describe('a guest whose portgroup is gone', () => {
  const lost = { ...nic, lacksPortgroup: true };
  const dead = { ids: { 'bridgekeeper-dead-vlan': 'true' } };

  it('passes no VLAN when it comes up, and its own again when the portgroup is back', () => {
    const host = new Host();
    host.sees([], []);
    expect(steps(withoutBlue, host.sees([port()], [lost]))).toEqual([
      'update Port vnet0 (Bridge/lunabr): Port[vnet0].tag - -> 4095, the dead VLAN, for portgroup "Blue" is gone',
    ]);
    expect(steps(withoutBlue, host.sees([port({ tag: 4095, ...dead })]))).toEqual([]);
    expect(steps(withBlue, host.sees([port({ tag: 4095, ...dead })], [nic]))).toEqual([
      'update Port vnet0 (Portgroup/blue): Port[vnet0].tag 4095 -> 6',
      'update Port vnet0 (Bridge/lunabr): Port[vnet0].external_ids:bridgekeeper-dead-vlan true -> -',
    ]);
  });

  it('is not let out to every VLAN when a portgroup comes that is not ours, but left alone once somebody gives it a VLAN', () => {
    const host = new Host();
    host.sees([], []);
    host.sees([port()], [lost]);
    expect(steps(withoutBlue, host.sees([port({ tag: 4095, ...dead })], [nic]))).toEqual([]);
    expect(steps(withoutBlue, host.sees([port({ tag: 33, ...dead })]))).toEqual([
      'update Port vnet0 (Bridge/lunabr): Port[vnet0].external_ids:bridgekeeper-dead-vlan true -> -',
    ]);
  });

  it('passes no VLAN either where it ran before we looked, but is not cut off when the portgroup goes while we look on', () => {
    expect(steps(withoutBlue, new Host().sees([port()], [lost]))).toHaveLength(1);
    const host = new Host();
    host.sees([port()], [nic]);
    expect(steps(withoutBlue, host.sees([port()], [lost]))).toEqual([]);
  });

  it('comes alive again with the VLAN that a portgroup gives it that is not ours', () => {
    const host = new Host();
    host.sees([port()], [lost]);
    expect(steps(withoutBlue, host.sees([port({ tag: 4095, ...dead })], [{ ...nic, portgroupVlan: { mode: 'access', tag: 9 } }]))).toEqual([
      'update Port vnet0 (Bridge/lunabr): Port[vnet0].tag 4095 -> 9, Port[vnet0].external_ids:bridgekeeper-dead-vlan true -> -',
    ]);
  });

  it('is not cut off where it has a VLAN', () => {
    const host = new Host();
    host.sees([], []);
    expect(steps(withoutBlue, host.sees([port({ tag: 6 })], [lost]))).toEqual([]);
  });
});

describe('the port of a guest with the MAC address of another', () => {
  it('is left alone, whichever of the two is told first', () => {
    const ours: GuestNic = { ...nic, owner: 'VirtualMachine/guest' };
    const theirs: GuestNic = { ...nic, device: 'vnet7', guestUuid: 'other' };
    const ports = [port({ tag: 9 }), { name: 'vnet7', tag: 9, ifaces: [{ name: 'vnet7', ids: { ...ids, 'vm-id': 'other' } }] }];
    for (const nics of [[ours, theirs], [theirs, ours]]) {
      const host = new Host();
      host.devices.add('vnet7');
      expect(steps(withBlue, host.sees(ports, nics))).toEqual(['update Port vnet0 (Portgroup/blue): Port[vnet0].tag 9 -> 6']);
    }
  });
});

describe('what a guest left', () => {
  const left = port();

  it('is told, and goes when it is seen twice', () => {
    const host = new Host();
    host.devices.clear();
    const observed = host.sees([left], []);
    expect(steps(withBlue, observed)).toEqual(['delete Port vnet0 (Bridge/lunabr) leftover: Bridge[lunabr].ports vnet0, left of a guest that is gone -> -']);
    expect(planOvs(withBlue, observed).findings).toMatchObject([{ owner: 'Bridge/lunabr', object: 'Port vnet0' }]);
  });

  it('stays while its device is there, its guest runs, or nothing is known of guests', () => {
    expect(steps(withBlue, new Host().sees([left], []))).toEqual([]);
    const running = new Host();
    running.devices.clear();
    expect(steps(withoutBlue, running.sees([left], [nic]))).toEqual([]);
    const unknown = new Host();
    unknown.devices.clear();
    expect(steps(withBlue, unknown.sees([left]))).toEqual([]);
  });
});
