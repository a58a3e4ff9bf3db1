import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Vlan } from '../../../../../../controller/systems/vlan.ts';
import { newRoot, parseXml, toText } from '../../../../../../controller/systems/libvirt/xml/dom.ts';
import { libvirtVlan, readVlan, vlanText, writeVlan } from '../../../../../../controller/systems/libvirt/xml/vlan.ts';

const id = fc.integer({ min: 0, max: 4094 });
const trunks = fc.uniqueArray(id, { maxLength: 6 });
const vlan: fc.Arbitrary<Vlan | undefined> = fc.oneof(
  fc.constant(undefined),
  fc.record({ mode: fc.constant('access' as const), tag: id }),
  fc.record({ mode: fc.constant('dot1q-tunnel' as const), tag: id }),
  fc.record({ mode: fc.constant('trunk' as const), trunks }),
  fc.record({ mode: fc.constantFrom('native-tagged' as const, 'native-untagged' as const), tag: id, trunks }),
);

function written(setting: Vlan | undefined): string {
  const root = newRoot('portgroup');
  writeVlan(root, setting);
  return toText(root);
}

/** The VLANs that pass. */
function passes(setting: Vlan | undefined): ReadonlySet<number> | 'all' {
  if (!setting) return 'all';
  const isNativeOrTrunk = setting.mode !== 'access' && setting.mode !== 'dot1q-tunnel';
  if (isNativeOrTrunk && (setting.trunks ?? []).length === 0) return 'all';
  return new Set([...(isNativeOrTrunk ? (setting.trunks ?? []) : []), ...(setting.tag === undefined ? [] : [setting.tag])]);
}

describe('a VLAN setting', () => {
  test('reads back from XML as libvirt holds it', () => {
    fc.assert(
      fc.property(vlan, (setting) => {
        expect(readVlan(parseXml(written(setting)))).toEqual(libvirtVlan(setting));
      }),
    );
  });

  test('never lets more VLANs through in libvirt than it should', () => {
    fc.assert(
      fc.property(vlan, (setting) => {
        const allowed = passes(setting);
        const inLibvirt = passes(libvirtVlan(setting));
        if (allowed !== 'all' && inLibvirt !== 'all') expect([...inLibvirt].filter((tag) => !allowed.has(tag))).toEqual([]);
        if (allowed !== 'all') expect(inLibvirt).not.toBe('all');
      }),
    );
  });

  test('takes the place of the one before', () => {
    fc.assert(
      fc.property(vlan, vlan, (before, after) => {
        const root = parseXml(written(before));
        writeVlan(root, after);
        expect(toText(root)).toBe(written(after));
      }),
    );
  });

  test.each([
    [undefined, 'every VLAN'],
    [{ mode: 'access', tag: 100 }, 'access 100'],
    [{ mode: 'trunk', trunks: [100, 2, 2, 6] }, 'trunk 2,6,100'],
    [{ mode: 'native-untagged', tag: 1, trunks: [2] }, 'native-untagged 1 of 1,2'],
    [{ mode: 'dot1q-tunnel', tag: 7 }, 'access 7'],
  ] as const)('%j reads as "%s"', (setting, text) => {
    expect(vlanText(setting)).toBe(text);
  });
});
