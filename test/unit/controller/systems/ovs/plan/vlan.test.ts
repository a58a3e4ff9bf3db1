import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { sameVlan, vlanColumns, vlanOfColumns } from '../../../../../../controller/systems/ovs/plan/vlan.ts';
import type { VlanColumns } from '../../../../../../controller/systems/ovs/plan/vlan.ts';
import type { Vlan } from '../../../../../../controller/systems/vlan.ts';

function columns(tag: number | undefined, trunks: readonly number[] = [], vlan_mode?: string): VlanColumns {
  return { tag, trunks, vlan_mode };
}

const tag = fc.integer({ min: 0, max: 4094 });
const trunks = fc.uniqueArray(tag, { maxLength: 8 });
const anyVlan: fc.Arbitrary<Vlan> = fc.oneof(
  fc.record({ mode: fc.constant('access' as const), tag }),
  fc.record({ mode: fc.constant('trunk' as const), trunks }),
  fc.record({ mode: fc.constantFrom('native-tagged' as const, 'native-untagged' as const), tag, trunks }),
  fc.record({ mode: fc.constant('dot1q-tunnel' as const), tag }),
);

describe('the columns of a VLAN setting', () => {
  it.each<[string, Vlan | undefined, VlanColumns]>([
    ['no setting', undefined, columns(undefined)],
    ['an access port is its tag alone', { mode: 'access', tag: 100 }, columns(100)],
    ['a trunk is its trunks alone', { mode: 'trunk', trunks: [100, 2, 6, 3] }, columns(undefined, [2, 3, 6, 100])],
    ['a native tag stands among the trunks', { mode: 'native-untagged', tag: 5, trunks: [9, 2] }, columns(5, [2, 5, 9], 'native-untagged')],
    ['a native port without trunks carries all', { mode: 'native-tagged', tag: 5 }, columns(5, [], 'native-tagged')],
    ['a tunnel is named', { mode: 'dot1q-tunnel', tag: 5 }, columns(5, [], 'dot1q-tunnel')],
  ])('%s', (_name, vlan, expected) => {
    expect(vlanColumns(vlan)).toEqual(expected);
  });

  it('mean what was asked for, read back', () => {
    fc.assert(
      fc.property(anyVlan, (vlan) => {
        const written = vlanColumns(vlan);
        expect(sameVlan(vlanColumns(vlanOfColumns(written)), written)).toBe(true);
      }),
    );
  });

  it('are the same setting in any order of trunks, with the mode named or not, and the native tag among the trunks or not', () => {
    fc.assert(
      fc.property(anyVlan, (vlan) => {
        const written = vlanColumns(vlan);
        const named = { tag: vlan.tag, trunks: [...(vlan.trunks ?? [])].reverse(), vlan_mode: vlan.mode };
        expect(sameVlan(named, written)).toBe(true);
      }),
    );
  });

  it.each<[string, VlanColumns, VlanColumns]>([
    ['another tag', columns(100), columns(200)],
    ['no tag', columns(100), columns(undefined)],
    ['trunks beside an access tag', columns(100), columns(100, [5])],
    ['another mode', columns(100), columns(100, [], 'native-untagged')],
    ['a trunk more', columns(undefined, [2]), columns(undefined, [2, 3])],
    ['all VLANs against some', columns(undefined), columns(undefined, [1])],
    ['tagged against untagged native', columns(5, [5], 'native-tagged'), columns(5, [5], 'native-untagged')],
  ])('differ by %s', (_name, a, b) => {
    expect(sameVlan(a, b)).toBe(false);
    expect(sameVlan(b, a)).toBe(false);
  });
});
