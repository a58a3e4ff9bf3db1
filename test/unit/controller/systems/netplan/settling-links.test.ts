import { expect, test } from 'vitest';
import type { IpLink } from '../../../../../controller/systems/netplan/ip-json.ts';
import { createSettlingMemory } from '../../../../../controller/systems/netplan/settling-links.ts';
import { link } from './netplan-observed.ts';

const NO_ROUTES = new Map();
const full: IpLink = link('vnet100', ['10.0.0.1/24'], { index: 4 });
const bare: IpLink = link('vnet100', [], { index: 4 });

test('what is there at the first look has settled', () => {
  expect(createSettlingMemory()([bare], NO_ROUTES, 1_000)).toMatchObject({ links: new Set() });
});

test('a new device settles within two seconds, and one made anew is new', () => {
  const look = createSettlingMemory();
  look([full], NO_ROUTES, 1_000);
  const anew = { ...bare, index: 5 };
  expect(look([anew], NO_ROUTES, 2_000)).toMatchObject({ links: new Set([5]), nextAt: 4_000 });
  expect(look([anew], NO_ROUTES, 3_999).links).toEqual(new Set([5]));
  expect(look([anew], NO_ROUTES, 4_000)).toMatchObject({ links: new Set() });
});

test('a device that changed settles when it has been quiet for 200 ms', () => {
  const look = createSettlingMemory();
  look([full], NO_ROUTES, 0);
  expect(look([bare], NO_ROUTES, 10_000)).toMatchObject({ links: new Set([4]), nextAt: 10_200 });
  expect(look([bare], NO_ROUTES, 10_199).links.size).toBe(1);
  expect(look([bare], NO_ROUTES, 10_200).links.size).toBe(0);
});

test('a device that never comes to rest has settled after two seconds all the same', () => {
  const look = createSettlingMemory();
  look([full], NO_ROUTES, 0);
  for (let now = 10_000; now < 12_000; now += 100) expect(look([now % 200 ? full : bare], NO_ROUTES, now).links.size).toBe(1);
  expect(look([bare], NO_ROUTES, 12_000).links.size).toBe(0);
});

test('a new device has been set up by nobody as long as it has never been up, whatever else it was given', () => {
  const look = createSettlingMemory();
  look([], NO_ROUTES, 0);
  const nic = { ...bare, up: false };
  look([nic], NO_ROUTES, 1_000);
  look([{ ...nic, mtu: 1600 }], NO_ROUTES, 2_000);
  expect(look([{ ...nic, mtu: 1600 }], NO_ROUTES, 9_000)).toEqual({ links: new Set(), untouched: new Set([4]) });
  look([{ ...bare, mtu: 1600 }], NO_ROUTES, 10_000);
  expect(look([{ ...nic, mtu: 1600 }], NO_ROUTES, 20_000).untouched).toEqual(new Set());
});
