import { describe, expect, it } from 'vitest';
import { PerResource } from '../../../../controller/desired/per-resource.ts';
import { compile } from '../../../../controller/desired/compile.ts';
import { onLuna, resource } from '../../../fixtures/resources.ts';

const FACTS = { hostName: 'luna', imagesDirectory: '/images', workingBridges: new Set<string>() };

describe('what is made per resource', () => {
  it('is made once for the same inputs, and anew for others or for another object', () => {
    const made = new PerResource<object, object>();
    const [a, b] = [{}, {}];
    const first = made.of(a, [1, 'x'], () => ({}));
    expect(made.of(a, [1, 'x'], () => ({}))).toBe(first);
    expect(made.of(b, [1, 'x'], () => ({}))).not.toBe(first);
    expect(made.of(a, [2, 'x'], () => ({}))).not.toBe(first);
    expect(made.of(a, [2], () => ({}))).not.toBe(first);
  });

  it('stays the same port and device for a VlanPort that did not change, whatever else did', () => {
    const bridge = resource('Bridge', 'br0', { uplinks: [] });
    const port = resource('VlanPort', 'a', { bridgeName: 'br0' });
    const before = compile(onLuna(bridge, port), FACTS).desired;
    const after = compile(onLuna(bridge, port, resource('VlanPort', 'b', { bridgeName: 'br0' })), FACTS).desired;
    expect(after.ovs.bridges[0]?.ports[0]).toBe(before.ovs.bridges[0]?.ports[0]);
    expect(after.netplan.devices.find(({ name }) => name === 'a')).toBe(before.netplan.devices.find(({ name }) => name === 'a'));
  });

  it('follows what a VlanPort takes from its bridge and its host', () => {
    const port = resource('VlanPort', 'a', { bridgeName: 'br0' });
    const mtuOf = (mtu: number): number | undefined =>
      compile(onLuna(resource('Bridge', 'br0', { uplinks: [], mtu }), port), FACTS).desired.ovs.bridges[0]?.ports[0]?.interfaces[0]?.mtuRequest;
    expect([mtuOf(9000), mtuOf(1400)]).toEqual([9000, 1400]);
    const rendererOf = (renderer: string): string | undefined =>
      compile(onLuna(resource('Host', 'luna', { netplan: { renderer } }), resource('Bridge', 'br0', { uplinks: [] }), port), FACTS).desired.netplan.devices.find(
        ({ name }) => name === 'a',
      )?.renderer;
    expect([rendererOf('networkd'), rendererOf('NetworkManager')]).toEqual(['networkd', 'NetworkManager']);
  });
});
