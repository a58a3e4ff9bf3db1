import { describe, expect, it } from 'vitest';
import type { KubeObject } from '../../../../api/machinery/object.ts';
import { neighbourDoubts } from '../../../../controller/desired/neighbour-doubts.ts';
import { onLuna, resource } from '../../../fixtures/resources.ts';

function port(name: string, tag: number, ...addresses: readonly string[]): KubeObject {
  return resource('VlanPort', name, { bridgeName: 'br0', vlan: { mode: 'access', tag }, addresses });
}

function doubts(...ports: readonly KubeObject[]): Record<string, readonly string[]> {
  return Object.fromEntries(neighbourDoubts(onLuna(...ports)));
}

describe('neighbour doubts', () => {
  it('names both ports whose addresses are in one network by the shorter prefix only', () => {
    expect(doubts(port('a', 5, '10.0.0.1/24'), port('b', 5, '10.0.0.2/16'))).toEqual({
      'VlanPort/a': ['spec.addresses: 10.0.0.1/24 has another prefix length than its neighbour 10.0.0.2/16 of VlanPort/b'],
      'VlanPort/b': ['spec.addresses: 10.0.0.2/16 has another prefix length than its neighbour 10.0.0.1/24 of VlanPort/a'],
    });
  });

  it.each([
    ['another VLAN', port('a', 5, '10.0.0.1/24'), port('b', 6, '10.0.0.2/16')],
    ['the same prefix length', port('a', 5, '10.0.0.1/24'), port('b', 5, '10.0.0.2/24')],
    ['another network', port('a', 5, '10.0.0.1/24'), port('b', 5, '10.1.0.2/16')],
    ['IPv6', port('a', 5, 'fd00::1/64'), port('b', 5, 'fd00::2/48')],
    ['no address', port('a', 5), port('b', 5, '10.0.0.1/24')],
  ])('has nothing to say of %s', (_what, a, b) => {
    expect(doubts(a, b)).toEqual({});
  });

  it('does not compare the addresses of one port, and looks past them for a neighbour', () => {
    expect(doubts(port('a', 5, '10.0.0.1/24', '10.0.0.2/16'))).toEqual({});
    expect(Object.keys(doubts(port('a', 5, '10.0.0.1/24', '10.0.0.2/16'), port('b', 5, '10.0.0.3/16')))).toEqual(['VlanPort/a', 'VlanPort/b']);
  });

  it('finds the one odd port among many in one network', () => {
    const ports = Array.from({ length: 250 }, (_, index) => port(`p${index}`, 5, `10.0.0.${index + 1}/24`));
    const found = doubts(...ports, port('odd', 5, '10.0.0.254/25'));
    expect(found['VlanPort/odd']).toHaveLength(1);
    expect(Object.keys(found)).toHaveLength(251);
  });
});
