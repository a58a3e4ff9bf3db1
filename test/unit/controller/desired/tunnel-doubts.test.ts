import { describe, expect, it } from 'vitest';
import { doubtsOf } from '../../../../controller/desired/doubts.ts';
import { tunnelDoubts } from '../../../../controller/desired/tunnel-doubts.ts';
import { onLuna, resource } from '../../../fixtures/resources.ts';

const vlan = { mode: 'dot1q-tunnel', tag: 30 };
const bridge = resource('Bridge', 'br', { localPort: {}, uplinks: [{ name: 'eth0' }, { name: 'eth1', vlan }] });
const port = resource('VlanPort', 'p', { bridgeName: 'br', vlan });
const vm = resource('VirtualMachine', 'vm', { interfaces: [{ name: 'eth0', bridgeName: 'br', vlan }] });

describe('a tunnel of VLANs', () => {
  it.each([undefined, 1])('is doubted where the Host looks at one header (vlanLimit %s)', (vlanLimit) => {
    const doubts = tunnelDoubts(onLuna(resource('Host', 'luna', { ovs: { vlanLimit } }), bridge, port, vm));
    expect([...doubts.keys()]).toEqual(['Bridge/br', 'VlanPort/p', 'VirtualMachine/vm']);
    expect(doubts.get('Bridge/br')).toEqual(['spec.uplinks[1].vlan: dot1q-tunnel needs spec.ovs.vlanLimit 2 on the Host, or Open vSwitch does not look at the tag within']);
  });

  it.each([0, 2])('is not where it looks at enough (vlanLimit %s)', (vlanLimit) => {
    expect(tunnelDoubts(onLuna(resource('Host', 'luna', { ovs: { vlanLimit } }), bridge, port))).toEqual(new Map());
  });
});

describe('a mirror into a VLAN', () => {
  it('is doubted beside a bond that can not do without learning', () => {
    const bond = { interfaces: [{ name: 'eth0' }, { name: 'eth1' }], mode: 'balance-slb', lacp: 'off' };
    const doubts = doubtsOf(resource('Bridge', 'br', { uplinks: [{ name: 'bond0', bond }], mirrors: [{ name: 'm', selectAll: true, outputVlan: 9 }] }));
    expect(doubts).toEqual([expect.stringContaining('a bond of mode balance-slb (bond0) do not go together')]);
  });
});
