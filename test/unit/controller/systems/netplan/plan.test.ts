import { describe, expect, test } from 'vitest';
import type { NetplanDesired, NetplanDevice } from '../../../../../controller/systems/netplan/desired.ts';
import { fileText, releasedFileText } from '../../../../../controller/systems/netplan/file-text.ts';
import { planNetplan } from '../../../../../controller/systems/netplan/plan.ts';
import { stanzaOf } from '../../../../../controller/systems/netplan/stanza.ts';
import type { OwnerKey } from '../../../../../controller/systems/owner.ts';
import { desire, device, lunaDevices } from './netplan-desired.ts';
import { link, observed, route } from './netplan-observed.ts';
import type { ObservedParts } from './netplan-observed.ts';

const PATH = '/etc/netplan/90-bridgekeeper.yaml';
const vnet100 = device('VlanPort/vnet100', 'vnet100', {
  addresses: ['192.168.105.253/24'],
  routes: [{ to: 'default', via: '192.168.105.1' }],
});
const inKernel = {
  links: [link('vnet100', ['192.168.105.253/24'])],
  routes: [route('vnet100', '192.168.105.0/24', undefined, { protocol: 2 }), route('vnet100', '0.0.0.0/0', '192.168.105.1')],
};

function textOf(devices: readonly NetplanDevice[]): string {
  return fileText('Host/luna', '90-bridgekeeper.yaml', devices.map((each) => ({ name: each.name, owner: each.owner, stanza: stanzaOf(each) })));
}

/** What the plan of these is, each step and refusal on a line. */
function told(desired: NetplanDesired, parts: ObservedParts): readonly string[] {
  const { steps, findings, refusals } = planNetplan(desired, observed(parts));
  return [
    ...steps.map(({ owner, verb, object, leftover, differences }) =>
      [`${verb} ${object} for ${owner}${leftover ? ' (leftover)' : ''}`, ...differences.map((d) => `${d.path}: ${d.found} -> ${d.expected}`)].join('; '),
    ),
    // A file in the way is told as a refusal too.
    ...findings.filter((finding) => !('filePath' in finding)).map(({ owner, difference }) => `finding for ${owner}: ${difference.path} ${difference.found}`),
    ...refusals.map(({ owner, reason, needsPerson }) => `${reason} for ${owner}${needsPerson ? '' : ' (comes by itself)'}`),
  ];
}

test('a file that defines a device otherwise is a finding as well, with the file for who asks when it was written', () => {
  const path = '/etc/netplan/99-hand.yaml';
  const text = 'network:\n  ethernets:\n    vnet100: {addresses: [10.77.0.1/24]}\n';
  const { findings } = planNetplan(desire([vnet100]), observed({ files: { [path]: text, [PATH]: textOf([vnet100]) }, ...inKernel }));
  expect(findings).toMatchObject([{ owner: 'VlanPort/vnet100', object: `device vnet100 in ${path}`, filePath: path, difference: { path: `${path}:ethernets.vnet100` } }]);
});

describe('our file', () => {
  test('that is right, with a kernel that has what it says, asks for nothing', () => {
    expect(told(desire([vnet100]), { files: { [PATH]: textOf([vnet100]) }, ...inKernel })).toEqual([]);
  });

  test('is not made where nothing is desired', () => {
    expect(told(desire([]), {})).toEqual([]);
  });

  test('is made for what is desired, also where the device does not exist yet', () => {
    expect(told(desire([device('Bridge/b', 'b')]), {})).toEqual([
      `create device b in ${PATH} for Bridge/b; b.optional:  -> true; b.dhcp4:  -> false`,
    ]);
  });

  test('edited by hand is put right, by device and key, and the kernel waits for it', () => {
    const text = textOf([vnet100]).replace('105.253', '105.77').replace('optional: true', 'optional: true\n      mtu: 9000');
    expect(told(desire([vnet100]), { files: { [PATH]: text }, links: [link('vnet100')] })).toEqual([
      `update device vnet100 in ${PATH} for VlanPort/vnet100; vnet100.addresses: [192.168.105.77/24] -> [192.168.105.253/24]; vnet100.mtu: 9000 -> `,
    ]);
  });

  test.each([
    ['a comment', (text: string) => text.replace('Do not edit', 'Do edit'), `${PATH}: edited in its form or comments -> as written`],
    ['a renderer at the top', (text: string) => text.replace('version: 2', 'version: 2\n  renderer: NetworkManager'), 'network.renderer: NetworkManager -> '],
    ['a device of another kind', (text: string) => `${text}  vlans:\n    v5: {id: 5, link: eth0}\n`, 'vlans.v5: defined -> '],
  ])('with %s added is put right in the name of the Host', (_, edit, difference) => {
    expect(told(desire([vnet100]), { files: { [PATH]: edit(textOf([vnet100])) }, ...inKernel })).toEqual([
      `update file ${PATH} for Host/luna; ${difference}`,
    ]);
  });

  test('that is no YAML any more is written anew', () => {
    const lines = told(desire([vnet100]), { files: { [PATH]: `${textOf([vnet100])}  [\n` }, ...inKernel });
    expect(lines).toEqual([expect.stringMatching(/^update file .* for Host\/luna; .*: line \d+: .* -> YAML$/)]);
  });

  test('that we were stopped in the middle of changing is applied again', () => {
    const parts = { files: { [PATH]: textOf([vnet100]) }, ...inKernel, interrupted: ['90-bridgekeeper.yaml'] };
    expect(told(desire([vnet100]), parts)).toEqual([
      `apply file ${PATH} for Host/luna (leftover); ${PATH}: interrupted in the middle -> applied`,
    ]);
  });

  test('of an earlier name moves', () => {
    const renamed = desire([vnet100], {}, '70-network.yaml');
    expect(told(renamed, { files: { [PATH]: textOf([vnet100]) }, ...inKernel })).toEqual([
      expect.stringMatching(/^create device vnet100 in \/etc\/netplan\/70-network.yaml/),
      `delete file ${PATH} for Host/luna; ${PATH}: written under an earlier file name -> `,
    ]);
  });
});

describe('a stanza that nothing desires', () => {
  const other = device('VlanPort/gone', 'gone');
  const none: ReadonlySet<OwnerKey> = new Set();
  const gone: ReadonlySet<OwnerKey> = new Set(['VlanPort/gone']);
  const parts = { files: { [PATH]: textOf([vnet100, other]) }, ...inKernel };

  test.each([
    ['of a resource that is there, goes', { present: new Set([...gone, 'VlanPort/vnet100'] as OwnerKey[]) }, [expect.stringMatching(/^delete device gone .* for VlanPort\/gone; /)]],
    ['of a resource that is being deleted, goes', { leaving: gone }, [expect.stringMatching(/^delete device gone .* for VlanPort\/gone; /)]],
    ['of a resource that gives it up, is released', { released: gone }, [`release device gone in ${PATH} for VlanPort/gone`]],
    ['of a resource that can not be judged, stays', { frozen: gone }, []],
    ['of a resource that is unknown, is a leftover', {}, [expect.stringMatching(/^delete device gone .* for VlanPort\/gone \(leftover\); /)]],
  ])('%s', (_, ownership, expected) => {
    expect(told(desire([vnet100], { present: none, ...ownership }), parts)).toEqual(expected);
  });

  test('and was put there by hand, goes in the name of the Host, but not while somebody is frozen', () => {
    const text = textOf([vnet100]) + '    zhand0:\n      dhcp4: true\n';
    const byHand = { files: { [PATH]: text }, ...inKernel };
    expect(told(desire([vnet100]), byHand)).toEqual([`delete device zhand0 in ${PATH} for Host/luna; zhand0.dhcp4: true -> `]);
    expect(told(desire([vnet100], { frozen: gone }), byHand)).toEqual([]);
  });
});

describe('other files', () => {
  const elsewhere = '/etc/netplan/00-red-luna.yaml';

  test.each([
    ['by its name', 'network:\n  ethernets:\n    vnet100: {dhcp4: yes}\n'],
    ['as a bridge', 'network:\n  bridges:\n    vnet100: {}\n'],
    ['by set-name', 'network:\n  ethernets:\n    x: {match: {macaddress: "02:00:00:00:00:99"}, set-name: vnet100}\n'],
    ['by a pattern', 'network:\n  ethernets:\n    all: {match: {name: "vnet*"}, dhcp4: true}\n'],
  ])('that define the device %s hold just that device up, with file and line', (_, text) => {
    const bridge = device('Bridge/b', 'b');
    const parts = { files: { [elsewhere]: text, [PATH]: textOf([vnet100]) }, links: [link('vnet100')] };
    expect(told(desire([vnet100, bridge]), parts)).toEqual([
      expect.stringMatching(/^create device b /),
      'DefinedElsewhere for VlanPort/vnet100',
    ]);
    const [refusal] = planNetplan(desire([vnet100]), observed(parts)).refusals;
    expect(refusal?.message).toContain(`${elsewhere}:3 `);
  });

  test.each([
    ['another device by a pattern', 'network:\n  ethernets:\n    all: {match: {name: "en*"}, dhcp4: true}\n'],
    ['a NIC by its MAC, which a bridge shows too', 'network:\n  ethernets:\n    x: {match: {macaddress: "02:00:00:00:00:07"}}\n'],
  ])('that define %s are in nobody\'s way', (_, text) => {
    expect(told(desire([vnet100]), { files: { [elsewhere]: text, [PATH]: textOf([vnet100]) }, ...inKernel })).toEqual([]);
  });

  test('that match the NIC of an uplink by its MAC are in the way', () => {
    const uplink = device('Bridge/b', 'eth0', { match: { macAddress: '94:C6:91:1A:A6:3E' } });
    const text = 'network:\n  ethernets:\n    eno1: {match: {macaddress: "94:c6:91:1a:a6:3e"}, dhcp4: true}\n';
    expect(told(desire([uplink]), { files: { [elsewhere]: text } })).toEqual(['DefinedElsewhere for Bridge/b']);
  });

  test('under our name without our mark are left alone, and everybody is told', () => {
    expect(told(desire([vnet100]), { files: { [PATH]: 'network: {}\n' }, ...inKernel })).toEqual([
      'NotOwned for Host/luna',
      'NotOwned for VlanPort/vnet100',
    ]);
    expect(told(desire([]), { files: { [PATH]: 'network: {}\n' } })).toEqual([]);
  });

  test('under our name that say just what is desired are claimed', () => {
    const text = textOf([vnet100]).replace(/^ *#.*\n/gm, '');
    expect(told(desire([vnet100]), { files: { [PATH]: text }, ...inKernel })).toEqual([
      `claim device vnet100 in ${PATH} for VlanPort/vnet100; vnet100.owner:  -> VlanPort/vnet100`,
      `claim file ${PATH} for Host/luna`,
    ]);
  });

  test('of our name in a stronger folder hold everything up', () => {
    const hidden = { [PATH]: '/run/netplan/90-bridgekeeper.yaml' };
    expect(told(desire([vnet100]), { hidden })).toEqual(['DefinedElsewhere for Host/luna', 'DefinedElsewhere for VlanPort/vnet100']);
  });

  test('that we left behind are taken back with their device', () => {
    const left = '/etc/netplan/90-bridgekeeper-left-vnet100.yaml';
    const text = releasedFileText('VlanPort/vnet100', 'vnet100', stanzaOf({ ...vnet100, addresses: ['10.0.0.1/24'] }));
    expect(told(desire([vnet100]), { files: { [left]: text }, ...inKernel })).toEqual([
      expect.stringMatching(/^create device vnet100 /),
      `claim file ${left} for VlanPort/vnet100`,
    ]);
    expect(told(desire([]), { files: { [left]: text } })).toEqual([]);
    expect(told(desire([vnet100]), { files: { [left]: `${text}# mine\n` }, ...inKernel })).toEqual(['DefinedElsewhere for VlanPort/vnet100']);
  });
});

describe('the kernel', () => {
  const files = { [PATH]: textOf([vnet100]) };
  const apply = (differences: string): string => `apply device vnet100 for VlanPort/vnet100; ${differences}`;

  test.each<[string, ObservedParts, readonly string[]]>([
    ['without the device asks for nothing', {}, []],
    ['without the address', { links: [link('vnet100')], routes: inKernel.routes }, [apply('vnet100.addresses:  -> 192.168.105.253/24')]],
    ['without the route', { links: inKernel.links }, [apply('vnet100.routes:  -> default via 192.168.105.1')]],
    ['with the route by another gateway', { links: inKernel.links, routes: [route('vnet100', '0.0.0.0/0', '192.168.105.9')] }, [
      apply('vnet100.routes:  -> default via 192.168.105.1'),
      'finding for VlanPort/vnet100: vnet100.routes default via 192.168.105.9',
    ]],
    ['with the device down, which has lost its routes too', { links: [link('vnet100', ['192.168.105.253/24'], { up: false, carrier: false })] }, [apply('vnet100.link: down -> up')]],
    ['with a device without carrier, which networkd leaves without addresses', { links: [link('vnet100', [], { carrier: false })] }, []],
    ['with a device that is just being set up', { links: [link('vnet100', [], { settling: true })] }, ['DeviceSettling for VlanPort/vnet100 (comes by itself)']],
    ['with an address of somebody else', { ...inKernel, links: [link('vnet100', ['192.168.105.253/24', '10.1.1.1/32'])] }, [
      'finding for VlanPort/vnet100: vnet100.addresses 10.1.1.1/32',
    ]],
    ['with a route of a routing daemon', { ...inKernel, routes: [...inKernel.routes, route('vnet100', '10.0.0.0/8', '192.168.105.2', { protocol: 186 })] }, []],
  ])('%s', (_, parts, expected) => {
    expect(told(desire([vnet100]), { files, ...parts })).toEqual(expected);
  });

  test('is left what it, DHCP and router advertisements add on their own', () => {
    const dynamic = device('VlanPort/vnet100', 'vnet100', { dhcp4: true });
    const addresses = [
      { address: 'fe80::1', prefixLength: 64, scope: 'link', dynamic: false },
      { address: '10.0.0.7', prefixLength: 24, scope: 'global', dynamic: true },
      { address: '10.0.0.8', prefixLength: 24, scope: 'global', dynamic: false },
      { address: 'fd00::7', prefixLength: 64, scope: 'global', dynamic: true },
    ];
    const routes = [
      route('vnet100', '0.0.0.0/0', '10.0.0.1', { protocol: 16 }),
      route('vnet100', '::/0', 'fe80::9', { family: 6, protocol: 9 }),
      route('vnet100', '10.0.0.0/24', undefined, { protocol: 2 }),
    ];
    expect(told(desire([dynamic]), { files: { [PATH]: textOf([dynamic]) }, links: [link('vnet100', [], { addresses })], routes })).toEqual([]);
  });

  test.each([
    ['what the file says', { servers: ['192.0.2.53'], search: ['example.org'] }, []],
    ['more, as DHCP adds it', { servers: ['192.0.2.53', '192.0.2.54'], search: ['example.org', 'lan'] }, []],
    ['something else', { servers: ['192.0.2.99'], search: ['example.org'] }, [
      'apply resolver of vnet100 for VlanPort/vnet100; vnet100.nameservers.addresses: 192.0.2.99 -> 192.0.2.53',
    ]],
  ])('and whose networkd tells the resolver %s', (_, resolver, expected) => {
    const named = { ...vnet100, nameservers: { addresses: ['192.0.2.53'], search: ['example.org'] } };
    expect(told(desire([named]), { ...inKernel, files: { [PATH]: textOf([named]) }, resolvers: { vnet100: resolver } })).toEqual(expected);
    expect(told(desire([named]), { ...inKernel, files: { [PATH]: textOf([named]) } })).toEqual([]);
  });

  test('of a new device is incomplete in the making, but a rule alone that is missing somebody took away', () => {
    const ruled = device('VlanPort/vnet100', 'vnet100', { addresses: ['192.168.105.253/24'], routingPolicy: [{ from: '192.168.105.0/24', table: 100 }] });
    const freshWith = (addresses: readonly string[]): unknown =>
      planNetplan(desire([ruled]), observed({ files: { [PATH]: textOf([ruled]) }, links: [link('vnet100', addresses, { untouched: true })] })).steps[0];
    expect(freshWith([])).toMatchObject({ fresh: true });
    expect(freshWith(['192.168.105.253/24'])).toMatchObject({ fresh: false, differences: [{ path: 'vnet100.routing-policy' }] });
  });

  test('is asked for the MTU that the file says', () => {
    const jumbo = device('Bridge/b', 'eth0', { mtu: 9000 });
    expect(told(desire([jumbo]), { files: { [PATH]: textOf([jumbo]) }, links: [link('eth0')] })).toEqual([
      'apply device eth0 for Bridge/b; eth0.mtu: 1500 -> 9000',
    ]);
  });

  test('compares IPv6 in one form, and knows its own metric', () => {
    const six = device('VlanPort/six', 'six', { addresses: ['2001:DB8:0:0::1/64'], routes: [{ to: 'default', via: '2001:DB8::FE', metric: 1024 }] });
    const parts = { links: [link('six', ['2001:db8::1/64'])], routes: [route('six', '::/0', '2001:db8::fe', { family: 6, metric: 1024 })] };
    expect(told(desire([six]), { files: { [PATH]: textOf([six]) }, ...parts })).toEqual([]);
  });

  test('with the NIC of an uplink under another name has it renamed; a bridge that shows its MAC is none', () => {
    const [uplink] = lunaDevices;
    if (!uplink) throw new Error('luna has an uplink');
    const mac = '94:c6:91:1a:a6:3e';
    const nic = link('eno1', [], { mac, kind: undefined });
    const bridge = link('lunabr', [], { mac, kind: 'openvswitch' });
    const parts = { files: { [PATH]: textOf([uplink]) } };
    expect(told(desire([uplink]), { ...parts, links: [nic, bridge] })).toEqual([
      'apply device eth0 for Bridge/lunabr; eth0.set-name: eno1 -> eth0',
    ]);
    expect(told(desire([uplink]), { ...parts, links: [bridge] })).toEqual([]);
  });

  test('with the NIC of an uplink just there leaves its name to udev', () => {
    const [uplink] = lunaDevices;
    if (!uplink) throw new Error('luna has an uplink');
    const nic = link('eno1', [], { mac: '94:c6:91:1a:a6:3e', kind: undefined, settling: true });
    expect(told(desire([uplink]), { files: { [PATH]: textOf([uplink]) }, links: [nic] })).toEqual(['DeviceSettling for Bridge/lunabr (comes by itself)']);
  });
});
