import { describe, expect, it } from 'vitest';
import { doubtsOf } from '../../../../controller/desired/doubts.ts';
import { driftIgnoreOf } from '../../../../controller/desired/drift-ignore.ts';
import { resource } from '../../../fixtures/resources.ts';

const bridge = {
  uplinks: [{ name: 'eth0' }, { name: 'bond0', mtu: 9000, bond: { interfaces: [{ name: 'eth1' }, { name: 'eth2' }], mode: 'active-backup', lacp: 'off' } }],
  mirrors: [{ name: 'span', selectAll: true, outputPort: 'mon' }],
  libvirtNetwork: { name: 'net' },
};

function pathsOf(kind: string, spec: Record<string, unknown>, ...driftIgnore: string[]): readonly string[] | undefined {
  return driftIgnoreOf(resource(kind, 'x', { ...spec, driftIgnore }))?.paths;
}

describe('driftIgnore', () => {
  it.each([
    ['/spec/mtu', ['Interface[x].mtu_request', 'Interface[eth0].mtu_request']],
    ['/spec/uplinks/1/mtu', ['Interface[eth1].mtu_request', 'Interface[eth2].mtu_request']],
    ['/spec/uplinks/0/vlan', ['Port[eth0].vlan_mode', 'Port[eth0].tag', 'Port[eth0].trunks']],
    ['/spec/uplinks/0/vlan/trunks', ['Port[eth0].trunks']],
    ['/spec/uplinks/1/bond/lacpTime', ['Port[bond0].other_config:lacp-time']],
    ['/spec/mirrors', ['Bridge[x].mirrors', 'Bridge[x].flood_vlans', 'Mirror[span].*']],
    ['/spec/mirrors/0', ['Mirror[span].*']],
    ['/spec/controllers/3', ['Bridge[x].controller']],
    ['/spec/sflow/sampling', ['sFlow[x].sampling']],
    ['/spec/libvirtNetwork', ['network[net].autostart']],
  ])('of a Bridge names what %s shows in', (pointer, paths) => {
    expect(pathsOf('Bridge', bridge, pointer)).toEqual(paths);
  });

  it('of every kind names what it shows in', () => {
    expect(pathsOf('VlanPort', { bridgeName: 'br' }, '/spec/routes/0/via', '/spec/vlan/tag')).toEqual(['x.routes', 'Port[x].tag']);
    expect(pathsOf('Portgroup', { bridgeName: 'br', libvirtName: 'Vlan 2' }, '/spec/bandwidth')).toEqual([
      'network[*].portgroup[Vlan 2].bandwidth.inbound',
      'Port[*].qos',
      'QoS[*].*',
      'Queue[*].*',
      'network[*].portgroup[Vlan 2].bandwidth.outbound',
      'Interface[*].ingress_policing_*',
    ]);
    expect(pathsOf('Portgroup', { bridgeName: 'br' }, '/spec/isolated')).toEqual(['Port[*].protected']);
    const vm = { interfaces: [{ name: 'eth0', macAddress: '52:54:00:AA:00:01', bridgeName: 'br' }] };
    expect(pathsOf('VirtualMachine', vm, '/spec/interfaces/0/linkState')).toEqual(['domain[x].interface[52:54:00:aa:00:01].link']);
    expect(pathsOf('VirtualMachine', vm, '/spec/interfaces/0/vlan/tag')).toEqual(['domain[x].interface[52:54:00:aa:00:01].vlan', 'Port[*].vlan_mode', 'Port[*].tag', 'Port[*].trunks']);
    const two = { interfaces: [...vm.interfaces, { name: 'eth1', macAddress: '52:54:00:aa:00:02', bridgeName: 'br' }] };
    expect(pathsOf('VirtualMachine', two, '/spec/interfaces/1/vlan')).toEqual(['domain[x].interface[52:54:00:aa:00:02].vlan']);
  });

  it('remembers what the spec asks of these fields', () => {
    const asked = (spec: Record<string, unknown>): string | undefined => driftIgnoreOf(resource('VlanPort', 'x', { ...spec, driftIgnore: ['/spec/mtu'] }))?.asked;
    expect(asked({ mtu: 1400 })).toBe(asked({ mtu: 1400, vlan: { mode: 'access', tag: 5 } }));
    expect(asked({ mtu: 1400 })).not.toBe(asked({ mtu: 1500 }));
    expect(asked({})).not.toBe(asked({ mtu: 1500 }));
  });

  it('that names nothing is doubted', () => {
    const port = resource('VlanPort', 'x', { bridgeName: 'br', vlan: { mode: 'access', tag: 5 }, driftIgnore: ['/spec/mtu', '/spec/mtu2'] });
    expect(doubtsOf(port)).toEqual(['spec.driftIgnore: /spec/mtu2 names nothing on the host that could drift']);
    expect(driftIgnoreOf(resource('VlanPort', 'x', { bridgeName: 'br' }))).toBeUndefined();
  });
});
