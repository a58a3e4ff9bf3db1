import { readFile } from 'node:fs/promises';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { children, parseXml, remove } from '../../../controller/systems/libvirt/xml/dom.ts';
import type { Element } from '../../../controller/systems/libvirt/xml/dom.ts';
import { canonical } from '../../../controller/systems/libvirt/xml/equal.ts';
import { desire, eventually, LibvirtHost, networkOf, portgroup, SEED_NETWORK } from './libvirt-host.ts';

const SEED_XML = new URL('../../../examples/adopt/switch-lunabr.xml', import.meta.url);
const SEED = desire({ networks: [SEED_NETWORK] });

/** What a network's XML means, without what libvirt or we add to say whose it is. */
function meaning(xml: string): string {
  const root = parseXml(xml);
  for (const name of ['uuid', 'metadata']) for (const element of children(root, name)) remove(element);
  root.removeAttribute('connections');
  return canonical(root);
}

let host: LibvirtHost;
beforeAll(async () => {
  host = await LibvirtHost.start('networks');
});
afterAll(async () => {
  await host[Symbol.asyncDispose]();
});

async function removeAll(): Promise<void> {
  for (const name of (await host.virsh('list', '--all', '--name')).split('\n').filter(Boolean)) {
    await host.lab.exec(['virsh', 'destroy', name]);
    await host.virsh('undefine', name);
  }
  for (const name of (await host.virsh('net-list', '--all', '--name')).split('\n').filter((line) => line !== '' && line !== 'default')) {
    await host.lab.exec(['virsh', 'net-destroy', name]);
    await host.lab.exec(['virsh', 'net-undefine', name]);
  }
}

async function stored(name = 'switch-lunabr'): Promise<Element> {
  return parseXml(await host.virsh('net-dumpxml', '--inactive', name));
}

function names(root: Element): string[] {
  return children(root, 'portgroup').map((element) => element.getAttribute('name') ?? '');
}

describe('the network of the founding document', () => {
  afterEach(removeAll);

  test('is made, means what the document says, and is active and started with the host', async () => {
    const { failures, plan } = await host.converge(SEED);
    expect(failures).toEqual([]);
    expect(plan).toEqual({ steps: [], findings: [], refusals: [] });
    expect(meaning(await host.virsh('net-dumpxml', 'switch-lunabr'))).toBe(meaning(await readFile(SEED_XML, 'utf8')));
    expect(names(await stored())).toEqual(SEED_NETWORK.portgroups.map(({ name }) => name));
    expect(await host.virsh('net-list', '--autostart', '--name')).toContain('switch-lunabr');
  });

  test('is left alone once it is there', async () => {
    await host.converge(SEED);
    const file = await host.lab.run(['stat', '-c', '%Y %i', '/etc/libvirt/qemu/networks/switch-lunabr.xml']);
    expect((await host.converge(SEED)).steps).toEqual([]);
    expect(await host.lab.run(['stat', '-c', '%Y %i', '/etc/libvirt/qemu/networks/switch-lunabr.xml'])).toBe(file);
  });

  test.each([
    ['destroyed', ['net-destroy', 'switch-lunabr']],
    ['kept from starting with the host', ['net-autostart', '--disable', 'switch-lunabr']],
    ['undefined while it is active', ['net-undefine', 'switch-lunabr']],
    ['given another VLAN', ['net-update', 'switch-lunabr', 'modify', 'portgroup', "<portgroup name='Vlan 2'><vlan><tag id='22'/></vlan></portgroup>", '--live', '--config']],
    ['given another VLAN in what is stored alone', ['net-update', 'switch-lunabr', 'modify', 'portgroup', "<portgroup name='Vlan 2'><vlan><tag id='22'/></vlan></portgroup>", '--config']],
    ['given another VLAN in what is active alone', ['net-update', 'switch-lunabr', 'modify', 'portgroup', "<portgroup name='Vlan 2'><vlan><tag id='22'/></vlan></portgroup>", '--live']],
    ['robbed of a portgroup', ['net-update', 'switch-lunabr', 'delete', 'portgroup', "<portgroup name='Vlan 100'/>", '--live', '--config']],
    ['robbed of its default', ['net-update', 'switch-lunabr', 'modify', 'portgroup', "<portgroup name='Vlan 100'><vlan><tag id='100'/></vlan></portgroup>", '--live', '--config']],
  ])('is mended when it was %s by hand, and the change is noticed', async (_, command) => {
    await host.converge(SEED);
    let isNoticed = false;
    const stopListening = host.system.changes(() => (isNoticed = true));
    await host.virsh(...command);
    await eventually('a notice of the change', () => Promise.resolve(isNoticed || command.at(-1) === '--live'));
    stopListening();
    const { steps, failures, plan } = await host.converge(SEED);
    expect(steps.length).toBeGreaterThan(0);
    expect(failures).toEqual([]);
    expect(plan.steps).toEqual([]);
    for (const inactive of [[], ['--inactive']]) {
      const xml = await host.virsh('net-dumpxml', 'switch-lunabr', ...inactive);
      expect(meaning(xml)).toBe(meaning(await readFile(SEED_XML, 'utf8')));
    }
    expect(await host.virsh('net-list', '--autostart', '--name')).toContain('switch-lunabr');
  });

  test('is known for ours when its mark was edited away, and gets it back without anything else', async () => {
    await host.converge(SEED);
    const before = await stored();
    const unmarked = await stored();
    for (const metadata of children(unmarked, 'metadata')) remove(metadata);
    await host.defineByHand('net-define', unmarked.toString());
    const { steps } = await host.converge(desire({ networks: [{ ...SEED_NETWORK, adoption: 'Never' }] }));
    expect(new Set(steps.map(({ verb }) => verb))).toEqual(new Set(['claim']));
    expect(canonical(await stored())).toBe(canonical(before));
  });

  test('gets portgroups and loses others in one pass, each marked from its beginning', async () => {
    await host.converge(SEED);
    const [first, ...others] = SEED_NETWORK.portgroups;
    const added = ['Vlan 7', 'Vlan 8', 'Vlan 9'].map((name, index) => portgroup(name, { mode: 'access', tag: 7 + index }));
    const desired = desire({ networks: [networkOf([...added, ...others])] });
    await host.system.apply(host.system.plan(desired, await host.system.observe()).steps);
    expect(host.system.plan(desired, await host.system.observe())).toEqual({ steps: [], findings: [], refusals: [] });
    const xml = await host.virsh('net-dumpxml', '--inactive', 'switch-lunabr');
    expect(xml).toContain('portgroup name="Vlan 7" owner="Portgroup/vlan-7"');
    expect(xml).not.toContain(first?.name);
  });

  test('is made anew with another bridge only when nobody runs on it', async () => {
    await host.lab.run(['ovs-vsctl', '--may-exist', 'add-br', 'other', '--', 'set', 'bridge', 'other', 'datapath_type=netdev']);
    await host.converge(SEED);
    await host.defineByHand('define', runningOn('Vlan 2'));
    await host.virsh('start', 'theirs');
    const moved = desire({ networks: [{ ...SEED_NETWORK, bridgeName: 'other' }] });
    const { plan } = await host.converge(moved);
    expect(plan.refusals).toMatchObject([{ reason: 'RestartRequired', message: expect.stringContaining('theirs') }]);
    expect(await host.virsh('net-dumpxml', 'switch-lunabr')).toContain("<bridge name='lunabr'/>");
    await host.virsh('destroy', 'theirs');
    expect((await host.converge(moved)).plan).toMatchObject({ steps: [], refusals: [] });
    expect(await host.virsh('net-dumpxml', 'switch-lunabr')).toContain("<bridge name='other'/>");
  });
});

function runningOn(group: string): string {
  return `<domain type='qemu'><name>theirs</name><memory unit='MiB'>32</memory><vcpu>1</vcpu><os><type arch='x86_64'>hvm</type></os><devices>
    <interface type='network'><source network='switch-lunabr' portgroup='${group}'/></interface></devices></domain>`;
}

describe('portgroups', () => {
  afterEach(removeAll);

  test('change in place, live and stored, with bandwidth and native VLANs', async () => {
    await host.converge(SEED);
    const changed = networkOf([
      portgroup('Vlan 2', { mode: 'native-untagged', tag: 2, trunks: [3] }, { bandwidth: { inbound: { averageKiBps: 1000, peakKiBps: 2000, burstKiB: 100 } } }),
      portgroup('Vlan 100', { mode: 'access', tag: 100 }, { isDefault: true, trustGuestRxFilters: true }),
    ]);
    const { failures, plan } = await host.converge(desire({ networks: [changed] }));
    expect(failures).toEqual([]);
    expect(plan).toEqual({ steps: [], findings: [], refusals: [] });
    for (const inactive of [[], ['--inactive']]) {
      const root = parseXml(await host.virsh('net-dumpxml', 'switch-lunabr', ...inactive));
      expect(names(root)).toEqual(['Vlan 2', 'Vlan 100']);
      expect(canonical(children(root, 'portgroup')[0] ?? root)).toBe(
        canonical(
          parseXml(`<portgroup name='Vlan 2'><vlan trunk='yes'><tag id='2' nativeMode='untagged'/><tag id='3'/></vlan>
            <bandwidth><inbound average='1000' peak='2000' burst='100'/></bandwidth></portgroup>`),
        ),
      );
    }
  });

  test('give the default from one to the other, whichever stands first', async () => {
    const groups = (first: boolean): ReturnType<typeof portgroup>[] => [
      portgroup('a', { mode: 'access', tag: 1 }, { isDefault: first }),
      portgroup('b', { mode: 'access', tag: 2 }, { isDefault: !first }),
    ];
    for (const first of [true, false, true]) {
      const { failures, plan } = await host.converge(desire({ networks: [networkOf(groups(first))] }));
      expect(failures).toEqual([]);
      expect(plan.steps).toEqual([]);
    }
  });

  test('with settings that libvirt does not know are stored as what lets less through', async () => {
    const groups = [portgroup('tunnel', { mode: 'dot1q-tunnel', tag: 7 }), portgroup('native', { mode: 'native-tagged', tag: 8 })];
    const { plan } = await host.converge(desire({ networks: [networkOf(groups)] }));
    expect(plan.steps).toEqual([]);
    expect((await host.virsh('net-dumpxml', 'switch-lunabr')).match(/<tag id='[78]'\/>/g)).toHaveLength(2);
  });

  test('that others added to our network stay and are told', async () => {
    await host.converge(SEED);
    await host.virsh('net-update', 'switch-lunabr', 'add', 'portgroup', "<portgroup name='theirs'><vlan><tag id='7'/></vlan></portgroup>", '--live', '--config');
    const { plan, steps } = await host.converge(SEED);
    expect(steps).toEqual([]);
    expect(plan.findings).toEqual([
      {
        owner: 'Bridge/lunabr',
        object: 'portgroup theirs of network switch-lunabr',
        difference: { path: 'network[switch-lunabr].portgroup[theirs]', expected: '', found: 'access 7' },
      },
    ]);
    const { plan: after } = await host.converge(desire({ networks: [networkOf([])] }));
    expect(after.steps).toEqual([]);
    expect(names(await stored())).toEqual(['theirs']);
  });

  test('that a domain of anybody names are not deleted, until it names them no more', async () => {
    await host.converge(SEED);
    await host.defineByHand('define', runningOn('Vlan 2'));
    const without = desire({ networks: [networkOf(SEED_NETWORK.portgroups.filter(({ name }) => name !== 'Vlan 2'))] }, { leaving: ['Portgroup/vlan-2'] });
    const { plan } = await host.converge(without);
    expect(plan.refusals).toMatchObject([{ owner: 'Portgroup/vlan-2', reason: 'InUse', message: expect.stringContaining('theirs'), needsPerson: false }]);
    expect(names(await stored())).toContain('Vlan 2');
    await host.virsh('undefine', 'theirs');
    expect((await host.converge(without)).plan.refusals).toEqual([]);
    expect(names(await stored())).not.toContain('Vlan 2');
    expect(await host.virsh('net-dumpxml', '--inactive', 'switch-lunabr')).not.toContain('Vlan 2');
  });

  test('of one refused by libvirt leave the others alone', async () => {
    const groups = [portgroup('good', { mode: 'access', tag: 5 }), portgroup('bad', { mode: 'access', tag: 5000 }), portgroup('fine')];
    const { failures } = await host.converge(desire({ networks: [networkOf(groups)] }));
    expect(new Set(failures.map(({ owner }) => owner))).toEqual(new Set(['Portgroup/bad']));
    expect(names(await stored())).toEqual(['good', 'fine']);
    expect(await host.virsh('net-list', '--name')).toContain('switch-lunabr');
  });
});

describe('a network that others made', () => {
  afterEach(removeAll);
  const makeSeed = async (): Promise<void> => host.defineByHand('net-define', await readFile(SEED_XML, 'utf8'));

  test('is taken over when it is as desired, by nothing but its mark', async () => {
    await makeSeed();
    await host.virsh('net-start', 'switch-lunabr');
    await host.virsh('net-autostart', 'switch-lunabr');
    const before = await host.virsh('net-dumpxml', 'switch-lunabr');
    const { steps, plan } = await host.converge(SEED);
    expect(new Set(steps.map(({ verb }) => verb))).toEqual(new Set(['claim']));
    expect(plan).toEqual({ steps: [], findings: [], refusals: [] });
    expect(await host.virsh('net-dumpxml', 'switch-lunabr')).toBe(before);
    expect(meaning(await host.virsh('net-dumpxml', '--inactive', 'switch-lunabr'))).toBe(meaning(before));
  });

  test('is refused when it is not as desired, with what differs', async () => {
    await makeSeed();
    const { steps, plan } = await host.converge(desire({ networks: [{ ...SEED_NETWORK, bridgeName: 'otherbr' }] }));
    expect(steps).toEqual([]);
    expect(plan.refusals[0]).toMatchObject({ owner: 'Bridge/lunabr', reason: 'NotOwned', needsPerson: true });
    expect(plan.refusals[0]?.message).toContain('bridge is lunabr and should be otherbr');
    expect(plan.refusals).toContainEqual(expect.objectContaining({ owner: 'Portgroup/vlan-2', reason: 'NetworkNotReady', needsPerson: false }));
  });

  test('is never taken over with adoption Never, and at once with Always', async () => {
    await makeSeed();
    const never = desire({ networks: [{ ...SEED_NETWORK, adoption: 'Never' }] });
    expect((await host.converge(never)).plan.refusals[0]).toMatchObject({ reason: 'NotOwned' });
    const always = desire({ networks: [{ ...SEED_NETWORK, bridgeName: 'otherbr', adoption: 'Always' }] });
    expect((await host.converge(always)).plan).toEqual({ steps: [], findings: [], refusals: [] });
    expect(await host.virsh('net-dumpxml', 'switch-lunabr')).toContain("<bridge name='otherbr'/>");
  });

  test('keeps a portgroup that differs from what is desired, and says how', async () => {
    await makeSeed();
    const wanted = desire({ networks: [networkOf([portgroup('Vlan 2', { mode: 'access', tag: 20 })])] });
    const { plan } = await host.converge(wanted);
    expect(plan.refusals).toMatchObject([{ owner: 'Portgroup/vlan-2', reason: 'NotOwned', message: expect.stringContaining('vlan is access 2 and should be access 20') }]);
    expect(plan.findings.map(({ object }) => object)).toContain('portgroup Sin vlan of network switch-lunabr');
    expect(names(await stored())).toHaveLength(6);
  });

  test('loses only our mark when it is released', async () => {
    await makeSeed();
    const before = meaning(await host.virsh('net-dumpxml', '--inactive', 'switch-lunabr'));
    await host.converge(SEED);
    const released = desire({}, { released: ['Bridge/lunabr', ...SEED_NETWORK.portgroups.map(({ owner }) => owner)] });
    expect((await host.converge(released)).plan).toEqual({ steps: [], findings: [], refusals: [] });
    const xml = await host.virsh('net-dumpxml', '--inactive', 'switch-lunabr');
    expect(xml).not.toContain('bridgekeeper');
    expect(meaning(xml)).toBe(before);
  });
});

describe('the end of a network', () => {
  afterEach(removeAll);

  test('comes at once for a resource that is deleted, and after a second look for a leftover', async () => {
    await host.converge(SEED);
    const owners = ['Bridge/lunabr' as const, ...SEED_NETWORK.portgroups.map(({ owner }) => owner)];
    expect((await host.plan(desire({}, { frozen: owners }))).steps).toEqual([]);
    const leftover = await host.plan(desire({}));
    expect(leftover.steps.length).toBeGreaterThan(0);
    expect(leftover.steps.every((step) => step.leftover)).toBe(true);
    const { plan, steps } = await host.converge(desire({}, { leaving: owners }));
    expect(steps.some((step) => step.leftover)).toBe(false);
    expect(plan).toEqual({ steps: [], findings: [], refusals: [] });
    expect(await host.virsh('net-list', '--all', '--name')).not.toContain('switch-lunabr');
  });

  test('waits for the domains that name it', async () => {
    await host.converge(SEED);
    await host.defineByHand('define', runningOn('Vlan 2'));
    const { plan } = await host.converge(desire({}, { leaving: ['Bridge/lunabr'] }));
    expect(plan.refusals).toContainEqual(expect.objectContaining({ owner: 'Bridge/lunabr', reason: 'InUse', message: expect.stringContaining('theirs') }));
    expect(await host.virsh('net-list', '--name')).toContain('switch-lunabr');
  });
});

describe("libvirt's default network", () => {
  const ABSENT = desire({ defaultNetwork: { owner: 'Host/luna', policy: 'Absent' } });

  test('goes, and comes back as it was', async () => {
    await host.virsh('net-autostart', 'default');
    const before = await host.virsh('net-dumpxml', '--inactive', 'default');
    expect((await host.converge(ABSENT)).failures).toEqual([]);
    expect(await host.virsh('net-list', '--all', '--name')).not.toContain('default');
    expect((await host.converge(desire({}, { frozen: ['Host/luna'] }))).steps).toEqual([]);
    const { plan } = await host.converge(desire({}, { leaving: ['Host/luna'] }));
    expect(plan.steps).toEqual([]);
    expect(await host.virsh('net-dumpxml', '--inactive', 'default')).toBe(before);
    expect(await host.virsh('net-list', '--all', '--autostart', '--name')).toContain('default');
    expect(await host.virsh('net-list', '--name')).not.toContain('default');
    expect(host.keep.entries.size).toBe(0);
  });

  test('comes back active when it was, or says why not', async () => {
    const started = await host.lab.exec(['virsh', 'net-start', 'default']);
    await host.converge(ABSENT);
    expect(await host.virsh('net-list', '--all', '--name')).not.toContain('default');
    const { failures } = await host.converge(desire({}));
    const isActive = (await host.virsh('net-list', '--name')).includes('default');
    expect(isActive).toBe(started.code === 0 && failures.length === 0);
    await host.lab.exec(['virsh', 'net-destroy', 'default']);
  });

  test('stays while a domain names it, running or not', async () => {
    await host.defineByHand('define', runningOn('x').replace('switch-lunabr', 'default').replace(" portgroup='x'", ''));
    const { plan } = await host.converge(ABSENT);
    expect(plan.refusals).toMatchObject([{ owner: 'Host/luna', reason: 'InUse', message: expect.stringContaining('theirs') }]);
    expect(await host.virsh('net-list', '--all', '--name')).toContain('default');
    await host.virsh('undefine', 'theirs');
  });
});
