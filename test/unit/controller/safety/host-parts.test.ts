import { describe, expect, it } from 'vitest';
import { pathOf } from '../../../../controller/safety/impact/host-parts.ts';
import { observedSwitch, type PortFixture } from '../systems/ovs/switch-fixture.ts';
import { link, observed } from '../systems/netplan/netplan-observed.ts';

const patch = (name: string, peer: string): PortFixture => ({ name, ifaces: [{ name, type: 'patch', options: ['map', [['peer', peer]]] }] });

describe('the path of a way in', () => {
  it('goes over patch ports to further bridges, and comes to an end where they go round', () => {
    const { rows } = observedSwitch([
      { name: 'inner', withPorts: [{ name: 'mgmt', ifaces: [{ name: 'mgmt', type: 'internal' }] }, patch('to-outer', 'to-inner'), { name: 'guest', ifaces: [{ name: 'guest', ids: { 'vm-id': 'a' } }] }] },
      { name: 'outer', withPorts: [patch('to-inner', 'to-outer'), { name: 'eth0' }] },
      { name: 'other', withPorts: [{ name: 'eth9' }] },
    ]);
    const path = [...pathOf('mgmt', { rows, kernel: observed().kernel })].sort();
    expect(path).toEqual(['bridge:inner', 'bridge:outer', 'device:eth0', 'device:mgmt', 'device:to-inner', 'device:to-outer', 'port:eth0', 'port:mgmt', 'port:to-inner', 'port:to-outer']);
  });

  it('goes down in the kernel: from a VLAN to the bond that it is made on, and to the NICs of the bond', () => {
    const { kernel } = observed({ links: [link('eth0', [], { master: 'bond0' }), link('eth1', [], { master: 'bond0' }), link('bond0'), link('bond0.5', [], { below: 'bond0' }), link('eth2')] });
    expect([...pathOf('bond0.5', { rows: undefined, kernel })].sort()).toEqual(['device:bond0', 'device:bond0.5', 'device:eth0', 'device:eth1']);
  });

  it('goes on below the uplink of a bridge', () => {
    const { rows } = observedSwitch([{ name: 'br0', withPorts: [{ name: 'br0', ifaces: [{ name: 'br0', type: 'internal' }] }, { name: 'bond0' }] }]);
    const { kernel } = observed({ links: [link('br0'), link('bond0'), link('eth0', [], { master: 'bond0' })] });
    expect(pathOf('br0', { rows, kernel })).toContain('device:eth0');
  });
});
