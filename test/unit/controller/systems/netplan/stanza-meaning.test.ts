import { expect, test } from 'vitest';
import { sameMeaning } from '../../../../../controller/systems/netplan/stanza-meaning.ts';
import type { Stanza } from '../../../../../controller/systems/netplan/stanza.ts';

const MAC = '94:c6:91:1a:a6:3e';

test.each<[string, Stanza, Stanza, string | undefined, boolean]>([
  ['the same', { dhcp4: 'true' }, { dhcp4: 'true' }, undefined, true],
  ['another word for true', { dhcp4: 'true' }, { dhcp4: 'Yes' }, undefined, true],
  ['false and nothing', { dhcp4: 'false' }, {}, undefined, true],
  ['true and nothing', { dhcp4: 'true' }, {}, undefined, false],
  ['addresses in another order', { addresses: ['10.0.0.1/24', 'fd00::1/64'] }, { addresses: ['FD00:0::1/64', '10.0.0.1/24'] }, undefined, true],
  ['another prefix', { addresses: ['10.0.0.1/24'] }, { addresses: ['10.0.0.1/22'] }, undefined, false],
  ['default and 0.0.0.0/0', { routes: [{ to: 'default', via: '10.0.0.1' }] }, { routes: [{ to: '0.0.0.0/0', via: '10.0.0.1' }] }, undefined, true],
  ['another gateway', { routes: [{ to: 'default', via: '10.0.0.1' }] }, { routes: [{ to: 'default', via: '10.0.0.2' }] }, undefined, false],
  ['the own name in match', { match: { macaddress: MAC }, 'set-name': 'eth0' }, { match: { macaddress: MAC.toUpperCase(), name: 'eth0' }, 'set-name': 'eth0' }, undefined, true],
  ['no match', { match: { macaddress: MAC }, 'set-name': 'eth0' }, {}, undefined, false],
  ['networkd at the top', {}, {}, 'networkd', true],
  ['NetworkManager at the top', {}, {}, 'NetworkManager', false],
  ['link-local switched off', { 'link-local': [] }, {}, undefined, false],
  ['link-local as it is by default', {}, { 'link-local': ['ipv6'] }, undefined, true],
  ['another name server', { nameservers: { addresses: ['10.0.0.1'] } }, { nameservers: { addresses: ['10.0.0.2'] } }, undefined, false],
  ['a key that we never write', {}, { wakeonlan: 'true' }, undefined, false],
  ['an MTU', { mtu: '1500' }, {}, undefined, false],
])('%s', (_, ours, theirs, renderer, expected) => {
  expect(sameMeaning('eth0', ours, theirs, renderer)).toBe(expected);
});
