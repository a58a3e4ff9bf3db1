import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../../cli/api/json.ts';
import { Paint } from '../../../../cli/output/paint.ts';
import { drawTopology } from '../../../../cli/topology/drawing.ts';
import { svgOf } from '../../../../cli/topology/svg.ts';
import { topologyOf, vlanText } from '../../../../cli/topology/topology.ts';

const PLAIN = new Paint({ write: () => undefined, isTerminal: false }, {});

function object(name: string, spec: JsonObject, status: JsonObject = {}, ready = 'True'): JsonObject {
  return { metadata: { name }, spec, status: { ...status, conditions: [{ type: 'Ready', status: ready, reason: ready === 'True' ? 'Ready' : 'NotOwned', message: '' }] } };
}

const vlanOf = (tag: number): JsonObject => ({ mode: 'access', tag });

function bigHost() {
  const groups = [2, 3, 6, 7, 8, 100];
  return topologyOf(
    {
      host: object('mars', {}, { versions: { ovs: '3.1.0', libvirt: '9.0.0', kernel: '6.1.0' }, interfaces: [{ name: 'eth0', linkState: 'up' }, { name: 'eth1', linkState: 'down' }] }),
      bridges: [object('br0', { uplinks: [{ name: 'bond0', bond: { interfaces: [{ name: 'eth0' }, { name: 'eth1' }] } }], libvirtNetwork: { name: 'lan' } }, { datapathType: 'system' })],
      vlanPorts: [object('mgmt', { bridgeName: 'br0', vlan: vlanOf(100), addresses: ['192.0.2.10/24'] }), object('storage', { bridgeName: 'br0', vlan: vlanOf(7) }, {}, 'False')],
      portgroups: groups.map((tag) => object(`vlan-${tag}`, { bridgeName: 'br0', vlan: vlanOf(tag), ...(tag === 100 && { default: true }) })),
      virtualMachines: Array.from({ length: 50 }, (_, index) =>
        object(`vm${index + 10}.example.org`, { interfaces: [{ name: 'eth0', portgroupName: `vlan-${groups[index % 6] ?? 2}` }] }, { state: 'running', interfaces: [{ name: 'eth0', portName: `vnet${index}` }] }, index === 13 ? 'False' : 'True'),
      ),
    },
    'mars',
  );
}

describe('a host as a drawing', () => {
  it('stays readable with fifty VMs on six portgroups', () => {
    const lines = drawTopology(bigHost(), PLAIN, { isUnicode: true });
    expect(lines.every((line) => line.length <= 80)).toBe(true);
    expect(lines.length).toBeLessThan(60);
    const text = lines.join('\n');
    for (let index = 0; index < 50; index += 1) expect(text).toContain(`vm${index + 10}.example.org`);
    expect(text).toContain('bond0 (bond of eth0, eth1)  every VLAN  link partly up');
  });

  it('gives what is not well a line of its own, with the reason', () => {
    const lines = drawTopology(bigHost(), PLAIN, { isUnicode: true });
    expect(lines.find((line) => line.includes('vm23.example.org'))).toMatch(/✗ vm23\.example\.org\/eth0 .*running NotOwned$/);
    expect(lines.find((line) => line.includes('storage'))).toMatch(/✗ storage +VLAN 7 +no address NotOwned$/);
  });

  it('does without Unicode', () => {
    expect(drawTopology(bigHost(), PLAIN, { isUnicode: false }).join('')).toMatch(/^[\x20-\x7e]*$/);
  });

  it('is a well-formed picture that no name can break out of', async () => {
    const topology = topologyOf({ host: object('h', {}), bridges: [object('br0', { uplinks: [{ name: '</text><script>"\'&' }] })], vlanPorts: [], portgroups: [], virtualMachines: [] }, 'h');
    const { DOMParser } = await import('@xmldom/xmldom');
    const svg = new DOMParser({ onError: (level, message) => { throw new Error(`${level}: ${message}`); } }).parseFromString(svgOf(topology), 'image/svg+xml');
    expect(svg.getElementsByTagName('script').length).toBe(0);
    expect([...svg.getElementsByTagName('text')].some((text) => text.textContent === '</text><script>"\'&')).toBe(true);
  });
});

describe('a VLAN setting in words', () => {
  it.each([
    [undefined, 'every VLAN'],
    [{ mode: 'access', tag: 100 }, 'VLAN 100'],
    [{ mode: 'trunk', trunks: [6, 2, 3, 4, 100] }, 'trunk 2-4,6,100'],
    [{ mode: 'native-untagged', tag: 5, trunks: [6, 7] }, 'native 5, trunk 6,7'],
    [{ mode: 'native-tagged', tag: 5 }, 'native 5, trunk all'],
    [{ mode: 'dot1q-tunnel', tag: 9 }, 'tunnel 9'],
  ])('%j is %s', (vlan, words) => {
    expect(vlanText(vlan)).toBe(words);
  });
});
