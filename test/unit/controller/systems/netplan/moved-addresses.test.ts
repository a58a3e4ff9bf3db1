import { expect, test } from 'vitest';
import { createMoveMemory } from '../../../../../controller/systems/netplan/moved-addresses.ts';
import type { KernelLink } from '../../../../../controller/systems/netplan/observed.ts';
import { link, observed } from './netplan-observed.ts';

const eth0 = (...addresses: readonly string[]): KernelLink => link('eth0', addresses, { mac: '02:00:00:00:00:01' });
const vnet100 = (...addresses: readonly string[]): KernelLink => link('vnet100', addresses, { mac: '02:00:00:00:00:02' });
const ADDRESS = '192.168.105.253/24';

/** The devices whose neighbours are told at each of these looks, a second apart unless said otherwise. */
function told(looks: readonly (readonly KernelLink[])[], stepMs = 1_000): readonly string[] {
  const note = createMoveMemory();
  return looks.map((links, index) => note(observed({ links }).kernel, index * stepMs).map(({ name }) => name).join());
}

test('an address that moves is told once, as soon as only the new device has it', () => {
  const looks = [[eth0(ADDRESS)], [eth0(ADDRESS), vnet100(ADDRESS)], [eth0(), vnet100(ADDRESS)], [eth0(), vnet100(ADDRESS)]];
  expect(told(looks)).toEqual(['', '', 'vnet100', '']);
});

test('so is one that nobody has had for a while, and one whose device has another MAC address now', () => {
  expect(told([[eth0(ADDRESS)], [eth0()], [eth0(), vnet100(ADDRESS)]])).toEqual(['', '', 'vnet100']);
  expect(told([[eth0(ADDRESS)], [eth0()], [eth0(), vnet100(ADDRESS)]], 40_000)).toEqual(['', '', '']);
  expect(told([[eth0(ADDRESS)], [link('eth0', [ADDRESS], { mac: '02:00:00:00:00:99' })]])).toEqual(['', 'eth0']);
});

test('what is there at the first look, comes back to its device, or is new, is nothing to tell', () => {
  expect(told([[vnet100(ADDRESS)], [vnet100()], [vnet100(ADDRESS)], [vnet100(ADDRESS, '10.0.0.1/24')]])).toEqual(['', '', '', '']);
});
