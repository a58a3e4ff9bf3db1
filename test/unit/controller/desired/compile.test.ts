import { describe, expect, it } from 'vitest';
import { compile } from '../../../../controller/desired/compile.ts';
import type { Compiled } from '../../../../controller/desired/host-desired.ts';
import type { KubeObject } from '../../../../api/machinery/object.ts';
import { exampleObjects, onLuna, resource } from '../../../fixtures/resources.ts';

function compileOnLuna(objects: readonly KubeObject[], workingBridges: readonly string[] = []): Compiled {
  return compile(onLuna(...objects), { hostName: 'luna', imagesDirectory: '/images', workingBridges: new Set(workingBridges) });
}

const host = resource('Host', 'luna', {});
const bridge = resource('Bridge', 'br', { uplinks: [{ name: 'eth0' }], libvirtNetwork: { name: 'net' } });
const deleted = { deletionTimestamp: '2026-02-01T00:00:00Z' };

describe('compile', () => {
  it('makes of the founding document what it says', () => {
    const { desired, problems } = compileOnLuna(exampleObjects('luna'), ['lunabr']);
    expect([...problems]).toEqual([]);
    const [lunabr] = desired.ovs.bridges;
    expect(lunabr?.ports).toMatchObject([
      { owner: 'Bridge/lunabr', name: 'eth0', interfaces: [{ name: 'eth0', type: '', optional: true }] },
      { owner: 'VlanPort/vnet100', name: 'vnet100', vlan: { mode: 'access', tag: 100 }, interfaces: [{ type: 'internal' }] },
    ]);
    expect(desired.netplan.devices).toMatchObject([
      { name: 'eth0', match: { macAddress: '94:c6:91:1a:a6:3e' }, optional: true, addresses: [], noLinkLocal: true },
      { name: 'lunabr', addresses: [], noLinkLocal: true },
      { name: 'vnet100', addresses: ['192.168.105.253/24'], routes: [{ to: 'default', via: '192.168.105.1' }], noLinkLocal: false },
    ]);
    expect(desired.libvirt.networks).toMatchObject([{ name: 'switch-lunabr', bridgeName: 'lunabr', autostart: true }]);
    expect(desired.libvirt.networks[0]?.portgroups.map(({ name }) => name)).toEqual(['Sin vlan', 'Trunk Core', 'Vlan 2', 'Vlan 3', 'Vlan 6', 'Vlan 100']);
    expect(desired.libvirt.defaultNetwork).toEqual({ owner: 'Host/luna', policy: 'Absent' });
    expect(desired.libvirt.domains.map(({ name, memoryKiB }) => [name, memoryKiB])).toEqual([
      ['lunafw.parchis.org', 262_144],
      ['guest1', 131_072],
    ]);
    expect(desired.ovs.vmPorts).toEqual([
      { owner: 'VirtualMachine/lunafw.parchis.org', bridgeName: 'lunabr', mac: '52:54:01:aa:01:01', isolated: false, vlan: { mode: 'trunk', trunks: [2, 3, 6, 100] } },
      { owner: 'VirtualMachine/guest1', bridgeName: 'lunabr', mac: '52:54:01:aa:02:01', isolated: false, vlan: { mode: 'access', tag: 100 } },
    ]);
  });

  it('is the same every time', () => {
    const objects = exampleObjects('luna');
    expect(compileOnLuna(objects)).toEqual(compileOnLuna(objects));
  });

  it('leaves out what belongs to another host', () => {
    const other = resource('Bridge', 'sol', { hostName: 'sol' });
    const { desired, lifecycles } = compileOnLuna([host, other]);
    expect(desired.ovs.bridges).toEqual([]);
    expect(lifecycles.has('Bridge/sol')).toBe(false);
  });

  it('holds a VM back until its bridge works', () => {
    const vm = resource('VirtualMachine', 'vm', { interfaces: [{ name: 'eth0', bridgeName: 'br' }] });
    expect(compileOnLuna([bridge, vm]).desired.libvirt.domains[0]?.startBlockedBy).toMatchObject({ reason: 'BridgeNotProgrammed' });
    expect(compileOnLuna([bridge, vm], ['br']).desired.libvirt.domains[0]?.startBlockedBy).toBeUndefined();
  });

  it.each([
    ['BridgeNotFound', 'spec.bridgeName: there is no Bridge "nope"', resource('VlanPort', 'p', { bridgeName: 'nope' })],
    ['BridgeNotFound', 'spec.interfaces[0].bridgeName', resource('VirtualMachine', 'p', { interfaces: [{ name: 'e', bridgeName: 'nope' }] })],
    ['PortgroupNotFound', 'spec.interfaces[0].portgroupName', resource('VirtualMachine', 'p', { interfaces: [{ name: 'e', portgroupName: 'nope' }] })],
    ['DeviceConflict', 'spec.uplinks: device eth0 belongs to Bridge/br', resource('Bridge', 'p', { uplinks: [{ name: 'eth0' }] })],
    ['DeviceConflict', 'metadata.name: device eth0 belongs to Bridge/br', resource('VlanPort', 'p', { bridgeName: 'br', deviceName: 'eth0' })],
    ['DeviceConflict', 'libvirt network net belongs to Bridge/br', resource('Bridge', 'p', { libvirtNetwork: { name: 'net' } })],
  ])('gives %s to the one that asks for it, and leaves the others alone', (reason, message, asking) => {
    const port = resource('VlanPort', 'good', { bridgeName: 'br', vlan: { mode: 'access', tag: 5 } });
    const { problems, desired } = compileOnLuna([bridge, port, asking]);
    const [[owner, problem] = []] = [...problems];
    expect([problems.size, owner, problem?.reason]).toEqual([1, `${asking.kind}/p`, reason]);
    expect(problem?.message).toContain(message);
    expect(desired.ovs.bridges[0]?.ports.map(({ name }) => name)).toEqual(['eth0', 'good']);
    expect(desired.ovs.ownership.frozen).toEqual(new Set([`${asking.kind}/p`]));
  });

  it('gives a VLAN that no uplink carries to its port as a problem', () => {
    const limited = resource('Bridge', 'br', { uplinks: [{ name: 'eth0', vlan: { mode: 'trunk', trunks: [2, 3] } }] });
    const port = resource('VlanPort', 'p', { bridgeName: 'br', vlan: { mode: 'access', tag: 5 } });
    expect(compileOnLuna([limited, port]).problems.get('VlanPort/p')).toMatchObject({ reason: 'VlanNotOnUplink', needsPerson: true });
  });

  it('keeps a deleted bridge for as long as something stands on it', () => {
    const going = resource('Bridge', 'br', {}, deleted);
    const port = resource('VlanPort', 'p', { bridgeName: 'br', vlan: { mode: 'access', tag: 5 } });
    const held = compileOnLuna([going, port]);
    expect(held.lifecycles.get('Bridge/br')).toEqual({ state: 'held', by: ['VlanPort/p'] });
    expect(held.desired.ovs.bridges.map(({ name }) => name)).toEqual(['br']);
    const free = compileOnLuna([going]);
    expect(free.desired.ovs.bridges).toEqual([]);
    expect(free.desired.ovs.ownership.leaving).toEqual(new Set(['Bridge/br']));
  });

  it('only takes the mark off what is to be orphaned', () => {
    const port = resource('VlanPort', 'p', { bridgeName: 'br', deletionPolicy: 'Orphan' }, deleted);
    expect(compileOnLuna([bridge, port]).desired.ovs.ownership.released).toEqual(new Set(['VlanPort/p']));
  });

  it('asks nothing for a resource whose finalizer is not written', () => {
    const port = resource('VlanPort', 'p', { bridgeName: 'br' }, { finalizers: [] });
    const { desired } = compileOnLuna([bridge, port]);
    expect(desired.ovs.bridges[0]?.ports.map(({ name }) => name)).toEqual(['eth0']);
    expect(desired.ovs.ownership.frozen).toEqual(new Set(['VlanPort/p']));
  });

  it('doubts a port without VLAN, a name of libvirt, and a neighbour with another prefix', () => {
    const a = resource('VlanPort', 'vnet7', { bridgeName: 'br', addresses: ['10.0.0.1/24'] });
    const b = resource('VlanPort', 'mgmt', { bridgeName: 'br', addresses: ['10.0.0.2/22'] });
    const doubts = compileOnLuna([bridge, a, b]).doubts.get('VlanPort/vnet7');
    expect(doubts).toHaveLength(3);
    expect(doubts?.join()).toMatch(/every VLAN.*libvirt names.*another prefix length than its neighbour 10.0.0.2\/22/);
  });
});
