import { describe, expect, test } from 'vitest';
import type { NetplanDesired } from '../../../../../controller/systems/netplan/desired.ts';
import { fileText } from '../../../../../controller/systems/netplan/file-text.ts';
import { planNetplan } from '../../../../../controller/systems/netplan/plan.ts';
import { stanzaOf } from '../../../../../controller/systems/netplan/stanza.ts';
import { putBack, takeOut } from '../../../../../controller/systems/netplan/taken-over.ts';
import type { TakenDevice, TakenFile } from '../../../../../controller/systems/netplan/taken-over.ts';
import type { OwnerKey } from '../../../../../controller/systems/owner.ts';
import { desire, device, lunaDevices } from './netplan-desired.ts';
import { link, observed } from './netplan-observed.ts';
import type { ObservedParts } from './netplan-observed.ts';

const OURS = '/etc/netplan/90-bridgekeeper.yaml';
const THEIRS = '/etc/netplan/00-red-luna.yaml';
const MAC = '94:c6:91:1a:a6:3e';
const SEED = `# by hand
network:
  version: 2
  renderer: networkd
  ethernets:
    eth0:
      optional: true
      match:
        macaddress: "${MAC}"
        name: eno1
        name: eth0
      set-name: eth0
      dhcp4: no
    lunabr:
      dhcp4: no
    vnet100:
      optional: true
      addresses: [192.168.105.253/24]
      routes:
      - to: default
        via: 192.168.105.1
      nameservers: {addresses: [192.168.105.224], search: [parchis.org]}
`;
const INSTALLER = `network:
  ethernets:
    nic: {match: {macaddress: "${MAC}"}, set-name: eth0, addresses: [10.0.0.5/24]}
`;
const uplink = device('Bridge/lunabr', 'eth0', { lasting: true, noLinkLocal: true, optional: false });
const none: ReadonlySet<OwnerKey> = new Set();

function told(desired: NetplanDesired, parts: ObservedParts): readonly string[] {
  const { steps, refusals } = planNetplan(desired, observed(parts));
  return [
    ...steps.map(({ verb, object, differences }) => `${verb} ${object}; ${differences.map((d) => `${d.path}: ${d.found} -> ${d.expected}`).join('; ')}`),
    ...refusals.map(({ owner, reason, message }) => `${reason} for ${owner}: ${message}`),
  ];
}

function taken(devices: readonly Partial<TakenDevice>[], original: string, path = THEIRS): TakenFile {
  const all = devices.map((each) => ({ section: 'ethernets', id: each.name ?? '', name: '', owner: 'Bridge/lunabr' as const, lasting: false, matched: false, ...each }));
  return { path, mode: 0o644, original, devices: all };
}

describe('a device that another file defines', () => {
  test('as desired is claimed: the founding document\'s host asks for nothing else', () => {
    const parts = { files: { [THEIRS]: SEED }, links: [link('vnet100', ['192.168.105.253/24'])] };
    const [eth0, lunabr] = lunaDevices;
    if (!eth0 || !lunabr) throw new Error('luna has an uplink and a bridge');
    // The seed says `optional` of its NIC and its port, not of the bridge's own device.
    const devices = [eth0, { ...lunabr, optional: false }, ...lunaDevices.slice(2)];
    expect(told(desire(devices), parts)).toEqual([
      `claim device eth0 in ${OURS}; ${THEIRS}:6: ethernets.eth0 -> `,
      `claim device lunabr in ${OURS}; ${THEIRS}:14: ethernets.lunabr -> `,
      `claim device vnet100 in ${OURS}; ${THEIRS}:16: ethernets.vnet100 -> `,
    ]);
    const [step] = planNetplan(desire(devices), observed(parts)).steps;
    // Nobody asked for no link-local address: what is there by default stays, or the device would be set up anew.
    expect(step).toMatchObject({ stanza: { optional: 'true', 'set-name': 'eth0' }, takes: [{ device: { lasting: true, matched: true } }] });
    expect(step).not.toHaveProperty('stanza.link-local');
  });

  test('otherwise is refused, with what would mend it; with Always it is taken over, and keeps what finds and names the NIC', () => {
    const parts = { files: { [THEIRS]: INSTALLER }, links: [link('eth0', ['10.0.0.5/24'], { mac: MAC, kind: undefined })] };
    expect(told(desire([uplink]), parts)).toEqual([
      expect.stringMatching(/^DefinedElsewhere for Bridge\/lunabr: \/etc\/netplan\/00-red-luna.yaml:3 defines eth0 too .* set spec.adoptionPolicy: Always to have it taken over, or take nic out of/),
    ]);
    const always = desire([{ ...uplink, adoption: 'Always' }]);
    expect(told(always, parts)).toEqual([expect.stringContaining(`${THEIRS}:3: ethernets.nic -> `)]);
    expect(planNetplan(always, observed(parts)).steps[0]).toMatchObject({
      verb: 'create',
      stanza: { match: { macaddress: MAC }, 'set-name': 'eth0', 'link-local': [] },
      takes: [{ device: { id: 'nic', name: 'eth0', matched: false } }],
    });
  });

  test.each([
    ['by a pattern that may match others', { files: { [THEIRS]: 'network:\n  ethernets:\n    all: {match: {name: "e*"}, dhcp4: true}\n' } }],
    ['as another kind of device', { files: { [THEIRS]: 'network:\n  bridges:\n    eth0: {}\n' } }],
    ['in a folder that is not ours', { files: { '/run/netplan/x.yaml': 'network:\n  ethernets:\n    eth0: {dhcp4: true}\n' } }],
  ])('%s is nobody\'s to take', (_, parts) => {
    expect(told(desire([{ ...uplink, adoption: 'Always' }]), parts)).toEqual([expect.stringMatching(/^DefinedElsewhere .* netplan would mix the two: take \S+ out of \S+$/)]);
  });

  test('and that may never be taken over stays with its file where both say the same', () => {
    const text = 'network:\n  ethernets:\n    eth0: {link-local: []}\n';
    expect(told(desire([{ ...uplink, adoption: 'Never' }]), { files: { [THEIRS]: text } })).toEqual([expect.stringMatching(/^create device eth0/)]);
    expect(planNetplan(desire([{ ...uplink, adoption: 'Never' }]), observed({ files: { [THEIRS]: text } })).steps[0]).not.toHaveProperty('takes');
  });

  test('in cloud-init\'s own file is taken with Always only, and cloud-init is told', () => {
    const files = { '/etc/netplan/50-cloud-init.yaml': INSTALLER };
    expect(told(desire([uplink]), { files, cloudInit: 'writes' })).toEqual([expect.stringMatching(/^OwnedByCloudInit .*tells cloud-init to leave the network alone\)$/)]);
    const plan = (cloudInit: 'writes' | 'off'): unknown => planNetplan(desire([{ ...uplink, adoption: 'Always' }]), observed({ files, cloudInit })).steps[0];
    expect(plan('writes')).toMatchObject({ takes: [{ ofCloudInit: true }] });
    expect(plan('off')).toMatchObject({ takes: [{ ofCloudInit: false }] });
  });
});

describe('a device that was taken over', () => {
  const ours = (name: string, stanza: object): string => fileText('Host/luna', '90-bridgekeeper.yaml', [{ name, owner: 'Bridge/lunabr', stanza: stanza as never }]);

  test('stays as it was adopted', () => {
    const [eth0] = lunaDevices;
    if (!eth0) throw new Error('luna has an uplink');
    const stanza = { match: { macaddress: MAC }, 'set-name': 'eth0', optional: 'true', dhcp4: 'false' };
    const parts = { files: { [OURS]: ours('eth0', stanza) }, takenOver: [taken([{ name: 'eth0', lasting: true, matched: true }], SEED)] };
    expect(told(desire([eth0]), parts)).toEqual([]);
  });

  test('is given back as it was when nothing asks for the NIC any more, but not while its address is at work elsewhere', () => {
    const gone = { leaving: new Set<OwnerKey>(['Bridge/lunabr']) };
    const parts = { files: { [OURS]: ours('eth0', stanzaOf(uplink)) }, takenOver: [taken([{ name: 'eth0', id: 'nic', lasting: true }], INSTALLER)] };
    expect(told(desire([], gone), parts)).toEqual([expect.stringContaining(`${THEIRS}:  -> ethernets.nic`)]);
    expect(planNetplan(desire([], gone), observed(parts)).steps[0]).toMatchObject({ verb: 'delete', givesBack: 'original' });

    const busy = desire([device('VlanPort/v', 'v', { addresses: ['10.0.0.5/22'] })], gone);
    expect(planNetplan(busy, observed(parts)).steps.find((step) => step.kind === 'stanza' && step.device === 'eth0')).not.toHaveProperty('givesBack');
    const later = { files: { [OURS]: ours('v', {}) }, takenOver: parts.takenOver };
    expect(told(desire([], { present: none, ...gone }), later)).toContainEqual(`release device eth0 in ${THEIRS}; ${THEIRS}:  -> ethernets.nic`);
  });

  test('that goes with its resource leaves nothing to come back', () => {
    const parts = { files: { [OURS]: ours('vnet100', { dhcp4: 'true' }) }, takenOver: [taken([{ name: 'vnet100' }], SEED)] };
    expect(planNetplan(desire([], { leaving: new Set(['Bridge/lunabr']) }), observed(parts)).steps).toMatchObject([{ verb: 'delete', givesBack: 'none' }]);
  });

  test('and is released goes back as it was, or as it is where it has changed since', () => {
    const released = { released: new Set<OwnerKey>(['Bridge/lunabr']) };
    const plan = (stanza: object): unknown =>
      planNetplan(desire([], released), observed({ files: { [OURS]: ours('lunabr', stanza) }, takenOver: [taken([{ name: 'lunabr' }], SEED)] })).steps;
    expect(plan({})).toMatchObject([{ verb: 'release', givesBack: 'original' }]);
    expect(plan({ mtu: '9000' })).toMatchObject([{ verb: 'release', givesBack: 'present' }]);
  });
});

describe('what is kept of a file', () => {
  const places = (...names: readonly string[]): readonly TakenDevice[] => taken(names.map((name) => ({ name })), '').devices;
  const file = { path: THEIRS, mode: 0o644, text: SEED };

  test('brings every byte back, in whatever order the devices come back', () => {
    for (const order of [['eth0', 'lunabr', 'vnet100'], ['vnet100', 'eth0', 'lunabr']]) {
      let state = takeOut(file, places('eth0', 'lunabr', 'vnet100'), undefined);
      for (const name of order) state = state && putBack(state.text, name, state.taken);
      expect(state?.text).toBe(SEED);
      expect(state?.taken.devices).toEqual([]);
    }
  });

  test('holds what was taken out at different times', () => {
    const first = takeOut(file, places('vnet100'), undefined);
    const second = first && takeOut({ ...file, text: first.text }, places('eth0'), first.taken);
    expect(second?.taken.original).toBe(SEED);
    const half = second && putBack(second.text, 'vnet100', second.taken);
    expect(half && putBack(half.text, 'eth0', half.taken)?.text).toBe(SEED);
  });

  test('is put into a file that was edited since, and asks for nothing where it is back already or the file is gone', () => {
    const out = takeOut(file, places('lunabr'), undefined);
    if (!out) throw new Error('it can be taken out');
    const edited = `${out.text}    mine: {dhcp4: yes}\n`;
    expect(putBack(edited, 'lunabr', out.taken)?.text).toBe(`${edited}    lunabr:\n      dhcp4: no\n`);
    expect(putBack(SEED, 'lunabr', out.taken)).toMatchObject({ text: SEED, taken: { devices: [] } });
    expect(putBack(undefined, 'lunabr', out.taken)).toBeUndefined();
  });
});
