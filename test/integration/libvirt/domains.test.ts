import { access, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { systemExec } from '../../../controller/systems/exec.ts';
import type { Exec } from '../../../controller/systems/exec.ts';
import type { LibvirtDomain, LibvirtInterface } from '../../../controller/systems/libvirt/desired.ts';
import { createLibvirt } from '../../../controller/systems/libvirt/libvirt.ts';
import { procedures } from '../../../controller/systems/libvirt/protocol/procedures.ts';
import { at, children, parseXml, remove } from '../../../controller/systems/libvirt/xml/dom.ts';
import type { Element } from '../../../controller/systems/libvirt/xml/dom.ts';
import { canonical } from '../../../controller/systems/libvirt/xml/equal.ts';
import { desire, domainOf, eventually, LibvirtHost, networkOf, portgroup, SEED_NETWORK } from './libvirt-host.ts';
import type { Converged } from './libvirt-host.ts';

let host: LibvirtHost;
beforeAll(async () => {
  host = await LibvirtHost.start('domains', { proxied: true });
});
afterAll(async () => {
  await host[Symbol.asyncDispose]();
});
afterEach(async () => {
  for (const name of (await host.virsh('list', '--all', '--name')).split('\n').filter(Boolean)) {
    await host.lab.exec(['virsh', 'destroy', name]);
    await host.virsh('undefine', '--nvram', name);
  }
  // Nothing of one test may be remembered in the next.
  await host.system.observe();
});

const FIREWALL_NIC: LibvirtInterface = {
  name: 'eth0',
  mac: '52:54:01:aa:01:01',
  source: { type: 'bridge', bridge: 'lunabr', vlan: { mode: 'trunk', trunks: [2, 3, 6, 100] } },
  interfaceId: '7d072813-014c-41f9-9f0d-4ebc350b9887',
  model: 'virtio',
  linkState: 'up',
};

function nicOn(group: string, more: Partial<LibvirtInterface> = {}): LibvirtInterface {
  const source = { type: 'network', network: 'switch-lunabr', portgroup: group } as const;
  return { name: 'eth0', mac: '52:54:01:aa:02:01', source, model: 'virtio', linkState: 'up', ...more };
}

function converge(...domains: LibvirtDomain[]): Promise<Converged> {
  return host.converge(desire({ networks: [SEED_NETWORK], domains }));
}

const QUIET = { steps: [], findings: [], refusals: [] };

async function stateOf(name: string): Promise<string> {
  return (await host.virsh('domstate', name)).trim();
}

async function definition(name: string): Promise<Element> {
  return parseXml(await host.virsh('dumpxml', '--inactive', name));
}

/** The definition without our mark, the names that we give to devices, its NICs and what `more` names. */
async function theRest(name: string, ...more: string[]): Promise<string> {
  const root = await definition(name);
  for (const alias of at(root, 'devices', 'disk', 'alias')) remove(alias);
  for (const element of [...children(root, 'metadata'), ...at(root, 'devices', 'interface'), ...more.flatMap((tag) => children(root, tag))]) remove(element);
  return canonical(root);
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

describe('the domains of the example host', () => {
  const disk = { name: 'root', sizeBytes: 1 << 30, format: 'qcow2', bus: 'virtio', readOnly: false } as const;

  test('run with their disk, their ports and their interface id, come back with the host, and need nothing more', async () => {
    const path = `${host.images}/lunafw/root.qcow2`;
    const firewall = domainOf('lunafw.parchis.org', { memoryKiB: 262_144, disks: [{ ...disk, path }], interfaces: [FIREWALL_NIC], serialConsole: true });
    const guest = domainOf('guest1', { memoryKiB: 131_072, interfaces: [nicOn('Vlan 100')] });
    const { failures, plan, observed } = await converge(firewall, guest);
    expect(failures).toEqual([]);
    expect(plan).toEqual(QUIET);
    expect([observed.domains.get('guest1'), observed.domains.get('lunafw.parchis.org')]).toMatchObject([
      { state: 'running', autostart: true, owner: 'VirtualMachine/guest1', interfaces: [{ network: 'switch-lunabr', portgroup: 'Vlan 100', targetDevice: expect.stringMatching(/^vnet/) }] },
      { state: 'running', autostart: true, interfaces: [{ bridge: 'lunabr' }] },
    ]);
    expect(await host.port('52:54:01:aa:01:01')).toMatchObject({ trunks: ['set', [2, 3, 6, 100]], ifaceId: '7d072813-014c-41f9-9f0d-4ebc350b9887' });
    expect(await host.port('52:54:01:aa:02:01')).toMatchObject({ tag: 100 });
    expect(await host.lab.run(['qemu-img', 'info', '-U', path])).toContain('virtual size: 1 GiB');
    expect(await host.virsh('domblklist', 'lunafw.parchis.org')).toMatch(/^ ?vda/);
    expect((await converge(firewall, guest)).steps).toEqual([]);
  });

  test.each([
    ['QEMU was killed', ['sh', '-c', 'kill -9 $(cat /run/libvirt/qemu/guest1.pid)']],
    ['it was destroyed', ['virsh', 'destroy', 'guest1']],
    ['it was suspended', ['virsh', 'suspend', 'guest1']],
    ['its autostart was disabled', ['virsh', 'autostart', '--disable', 'guest1']],
    ['its memory was changed', ['virsh', 'setmaxmem', '--config', 'guest1', '32768']],
    ['a NIC was added', ['virsh', 'attach-interface', 'guest1', 'bridge', 'lunabr', '--config']],
    ['it was undefined while it ran', ['virsh', 'undefine', 'guest1']],
    ['it was removed', ['sh', '-c', 'virsh destroy guest1 && virsh undefine guest1']],
  ] as const)('are mended when %s, and the change is noticed', async (_, command) => {
    const guest = domainOf('guest1', { interfaces: [nicOn('Vlan 100')] });
    await converge(guest);
    let isNoticed = false;
    const stopListening = host.system.changes(() => (isNoticed = true));
    await host.lab.run([...command]);
    await eventually('a notice of the change', () => Promise.resolve(isNoticed));
    await eventually('a plan to mend it', async () => (await host.plan(desire({ networks: [SEED_NETWORK], domains: [guest] }))).steps.length > 0);
    stopListening();
    const { failures, plan, observed } = await converge(guest);
    expect(failures).toEqual([]);
    expect(plan).toEqual(QUIET);
    expect(observed.domains.get('guest1')).toMatchObject({ state: 'running', autostart: true, persistent: true });
    expect(await host.port('52:54:01:aa:02:01')).toMatchObject({ tag: 100 });
  });

  test('keep apart: one that libvirt refuses does not hold up the other', async () => {
    const bad = domainOf('bad', { cpuModel: 'no-such-cpu' });
    const { failures, observed } = await converge(bad, domainOf('good'));
    expect(failures.length).toBeGreaterThan(0);
    expect(failures.every(({ owner }) => owner === 'VirtualMachine/bad')).toBe(true);
    expect(failures[0]).toMatchObject({ reason: 'LibvirtRefused', message: expect.stringContaining('no-such-cpu') });
    expect(observed.domains.get('good')).toMatchObject({ state: 'running' });
  });
});

describe('the NICs of a running domain', () => {
  const running = (...interfaces: LibvirtInterface[]): LibvirtDomain =>
    domainOf('guest1', { uuid: '00000000-0000-4000-9000-000000000001', interfaces });

  test('move to another portgroup, to another VLAN and to a link down without a restart', async () => {
    await converge(running(nicOn('Vlan 100'), { ...FIREWALL_NIC, name: 'eth1' }));
    const id = await host.virsh('domid', 'guest1');
    const straight = { ...FIREWALL_NIC, name: 'eth1', source: { type: 'bridge', bridge: 'lunabr', vlan: { mode: 'access', tag: 7 } }, linkState: 'down' } as const;
    const { failures, plan } = await converge(running(nicOn('Vlan 3', { linkState: 'down' }), straight));
    expect(failures).toEqual([]);
    expect(plan).toEqual(QUIET);
    expect(await host.port('52:54:01:aa:02:01')).toMatchObject({ tag: 3 });
    expect(await host.port('52:54:01:aa:01:01')).toMatchObject({ tag: 7, trunks: ['set', []] });
    expect(await host.virsh('dumpxml', 'guest1')).toContain("portgroup='Vlan 3'");
    expect((await host.virsh('dumpxml', 'guest1')).match(/<link state='down'\/>/g)).toHaveLength(2);
    expect(await host.virsh('domid', 'guest1')).toBe(id);
    const network = children(at(await definition('guest1'), 'devices')[0] ?? (await definition('guest1')), 'interface')[0];
    expect(network && children(network, 'vlan')).toEqual([]);
  });

  test('follow their portgroup when its VLAN changes', async () => {
    await converge(running(nicOn('Vlan 100')));
    const moved = networkOf([portgroup('Vlan 100', { mode: 'trunk', trunks: [5, 6] }, { isDefault: true })]);
    const { failures, plan } = await host.converge(desire({ networks: [moved], domains: [running(nicOn('Vlan 100'))] }));
    expect(failures).toEqual([]);
    expect(plan).toEqual(QUIET);
    expect(await host.port('52:54:01:aa:02:01')).toMatchObject({ tag: ['set', []], trunks: ['set', [5, 6]] });
    const open = networkOf([portgroup('Vlan 100', undefined, { isDefault: true })]);
    expect((await host.converge(desire({ networks: [open], domains: [running(nicOn('Vlan 100'))] }))).plan).toEqual(QUIET);
    expect(await host.port('52:54:01:aa:02:01')).toMatchObject({ tag: ['set', []], trunks: ['set', []] });
    await converge(running(nicOn('Vlan 100')));
    expect(await host.port('52:54:01:aa:02:01')).toMatchObject({ tag: 100, trunks: ['set', []] });
  });

  test('follow the bandwidth of their portgroup', async () => {
    const limited = (averageKiBps: number): ReturnType<typeof networkOf> =>
      networkOf([portgroup('Vlan 100', { mode: 'access', tag: 100 }, { bandwidth: { inbound: { averageKiBps } } })]);
    const guest = running(nicOn('Vlan 100'));
    for (const averageKiBps of [1000, 3000]) {
      const { failures, plan } = await host.converge(desire({ networks: [limited(averageKiBps)], domains: [guest] }));
      expect(failures).toEqual([]);
      expect(plan).toEqual(QUIET);
      expect(await host.lab.run(['ovs-vsctl', 'list', 'Queue'])).toContain(`min-rate="${averageKiBps * 8000}"`);
    }
    expect(await host.port('52:54:01:aa:02:01')).toMatchObject({ tag: 100 });
    const unlimited = desire({ networks: [networkOf([portgroup('Vlan 100', { mode: 'access', tag: 7 })])], domains: [guest] });
    const { plan } = await host.converge(unlimited);
    expect(plan).toMatchObject({ steps: [], refusals: [{ reason: 'RestartRequired', message: expect.stringContaining('bandwidth') }] });
    expect(await host.port('52:54:01:aa:02:01')).toMatchObject({ tag: 7 });
    await host.virsh('destroy', 'guest1');
    expect((await host.converge(unlimited)).plan).toEqual(QUIET);
    expect(await host.virsh('dumpxml', 'guest1')).not.toContain('<bandwidth>');
  });

  test('are plugged in; one that the guest does not let go needs a restart, and goes with it', async () => {
    await converge(running(nicOn('Vlan 100')));
    const second = nicOn('Vlan 2', { name: 'eth1', mac: '52:54:01:aa:02:02' });
    expect((await converge(running(nicOn('Vlan 100'), second))).plan).toEqual(QUIET);
    expect(await host.port('52:54:01:aa:02:02')).toMatchObject({ tag: 2 });
    const { plan } = await converge(running(nicOn('Vlan 100')));
    expect(plan.steps).toEqual([]);
    expect(plan.refusals).toMatchObject([{ reason: 'RestartRequired', needsPerson: true, message: expect.stringContaining('52:54:01:aa:02:02') }]);
    expect(await host.virsh('domiflist', '--inactive', 'guest1')).not.toContain('52:54:01:aa:02:02');
    await host.virsh('destroy', 'guest1');
    expect((await converge(running(nicOn('Vlan 100')))).plan).toEqual(QUIET);
    expect(await host.virsh('domiflist', 'guest1')).not.toContain('52:54:01:aa:02:02');
  });

  test('say when only a restart can change them', async () => {
    await converge(running(nicOn('Vlan 100')));
    const { plan } = await converge(running(nicOn('Vlan 100', { model: 'e1000e', mtu: 1400 })));
    expect(plan.steps).toEqual([]);
    expect(plan.refusals).toMatchObject([{ reason: 'RestartRequired', message: expect.stringMatching(/model is virtio and should be e1000e.*mtu/) }]);
  });

  test('on a portgroup that is not there keep the domain from starting, also with the host, until it comes', async () => {
    const guest = running(nicOn('Vlan 4'));
    const { plan, observed } = await converge(guest);
    expect(plan.refusals).toMatchObject([{ owner: 'VirtualMachine/guest1', reason: 'PortgroupNotFound', needsPerson: false, message: expect.stringContaining('Vlan 4') }]);
    expect(observed.domains.get('guest1')).toMatchObject({ state: 'shutoff', autostart: false });
    const network = networkOf([...SEED_NETWORK.portgroups, portgroup('Vlan 4', { mode: 'access', tag: 4 })]);
    expect((await host.converge(desire({ networks: [network], domains: [guest] }))).plan).toEqual(QUIET);
    expect(await host.port('52:54:01:aa:02:01')).toMatchObject({ tag: 4 });
  });

  test('never come up on a portgroup that went away just before the start', async () => {
    const guest = running(nicOn('Vlan 2'));
    await converge();
    const { steps } = await host.plan(desire({ networks: [SEED_NETWORK], domains: [guest] }));
    await host.virsh('net-update', 'switch-lunabr', 'delete', 'portgroup', "<portgroup name='Vlan 2'/>", '--live', '--config');
    const outcomes = await host.system.apply(steps);
    expect(outcomes.at(-1)).toMatchObject({ result: 'failed', refusal: { reason: 'PortgroupNotFound', needsPerson: false } });
    expect(await stateOf('guest1')).toBe('shut off');
  });
});

describe('a change that needs a restart', () => {
  test('is stored at once, told, and there after the next start', async () => {
    const guest = domainOf('guest1');
    await converge(guest);
    const bigger = { ...guest, vcpus: 2, memoryKiB: 131_072 };
    const { failures, plan } = await converge(bigger);
    expect(failures).toEqual([]);
    expect(plan.steps).toEqual([]);
    expect(plan.refusals).toMatchObject([{ reason: 'RestartRequired', needsPerson: true, message: expect.stringMatching(/vcpu is 1 and should be 2.*memory is 65536 KiB/) }]);
    await host.virsh('destroy', 'guest1');
    expect((await converge(bigger)).plan).toEqual(QUIET);
    expect(await host.virsh('vcpucount', 'guest1', '--live', '--current')).toContain('2');
  });
});

describe('run strategies', () => {
  test('Halted asks the guest first, waits without holding anything up, and then powers off', async () => {
    const guest = domainOf('guest1');
    await converge(guest);
    const halted = { ...guest, runStrategy: 'Halted' } as const;
    const { plan, steps } = await converge(halted);
    expect(steps.map(({ kind }) => kind)).toContain('domain-shutdown');
    expect(plan).toMatchObject({ steps: [], refusals: [{ reason: 'ShuttingDown', needsPerson: false }] });
    expect(await stateOf('guest1')).not.toBe('shut off');
    host.clock.advance(60_000);
    const { plan: after, observed } = await converge(halted);
    expect(after).toEqual(QUIET);
    expect(observed.domains.get('guest1')).toMatchObject({ state: 'shutoff', autostart: false });
    expect((await converge(guest)).observed.domains.get('guest1')).toMatchObject({ state: 'running' });
  });

  test('Manual leaves the domain as somebody put it', async () => {
    const guest = domainOf('guest1', { runStrategy: 'Manual' });
    expect((await converge(guest)).observed.domains.get('guest1')).toMatchObject({ state: 'shutoff' });
    await host.virsh('start', 'guest1');
    expect((await converge(guest)).steps).toEqual([]);
  });

  test('RerunOnFailure starts again after a crash and not after an end', async () => {
    const guest = domainOf('guest1', { runStrategy: 'RerunOnFailure' });
    expect((await converge(guest)).observed.domains.get('guest1')).toMatchObject({ state: 'running' });
    await host.lab.run(['sh', '-c', 'kill -9 $(cat /run/libvirt/qemu/guest1.pid)']);
    await eventually('the crash', async () => (await stateOf('guest1')) === 'shut off');
    expect((await converge(guest)).observed.domains.get('guest1')).toMatchObject({ state: 'running' });
    await host.virsh('destroy', 'guest1');
    expect((await converge(guest)).observed.domains.get('guest1')).toMatchObject({ state: 'shutoff' });
    await host.lab.run(['systemctl', 'restart', 'libvirtd']);
    await eventually('libvirt again', () => host.system.observe().catch(() => undefined));
    expect((await converge(guest)).observed.domains.get('guest1')).toMatchObject({ state: 'shutoff', stateReason: 'unknown' });
  });

  test('Always waits longer before each start of a domain that goes off at once', async () => {
    const guest = domainOf('guest1');
    await converge(guest);
    const ends = async (): Promise<Converged> => {
      await host.virsh('destroy', 'guest1');
      return converge(guest);
    };
    expect((await ends()).plan).toEqual(QUIET);
    const { plan } = await ends();
    expect(plan).toMatchObject({ steps: [], refusals: [{ reason: 'RestartBackOff', needsPerson: false }] });
    host.clock.advance(5_000);
    expect((await converge(guest)).plan).toEqual(QUIET);
  });

  test('do not start a domain that is to wait', async () => {
    const guest = domainOf('guest1', { startBlockedBy: { reason: 'BridgeNotFound', message: 'no bridge yet' } });
    const { plan, observed } = await converge(guest);
    expect(plan).toEqual(QUIET);
    expect(observed.domains.get('guest1')).toMatchObject({ state: 'shutoff', autostart: true });
  });
});

/** As virt-manager would have made it, with much that we know nothing of. */
const THEIRS = `<domain type='qemu' xmlns:qemu='http://libvirt.org/schemas/domain/qemu/1.0'><name>theirs</name><title>Not ours</title>
  <description>made by hand</description><metadata><app:info xmlns:app='http://example.com/app'>keep me</app:info></metadata>
  <memory unit='MiB'>64</memory><vcpu>1</vcpu><cputune><shares>512</shares></cputune>
  <os><type arch='x86_64' machine='pc'>hvm</type><bootmenu enable='yes' timeout='100'/></os>
  <features><acpi/><pae/></features><clock offset='localtime'/>
  <devices><disk type='file' device='disk'><driver name='qemu' type='raw' cache='none'/><source file='DISK'/><target dev='hda' bus='ide'/><serial>abc</serial></disk>
  <interface type='bridge'><mac address='52:54:00:00:00:77'/><source bridge='lunabr'/><virtualport type='openvswitch'/><model type='virtio'/>
  <driver queues='2'/><tune><sndbuf>1000</sndbuf></tune></interface>
  <graphics type='vnc' port='-1' passwd='secret12'/><watchdog model='i6300esb' action='poweroff'/></devices>
  <qemu:commandline><qemu:arg value='-no-user-config'/></qemu:commandline></domain>`;

describe('a domain that others made', () => {
  const nic: LibvirtInterface = {
    name: 'eth0', mac: '52:54:00:00:00:77', source: { type: 'bridge', bridge: 'lunabr' }, model: 'virtio', linkState: 'up',
  };
  const adopted = (more: Partial<LibvirtDomain> = {}): LibvirtDomain =>
    domainOf('theirs', {
      uuid: '00000000-0000-4000-9000-000000000077',
      runStrategy: 'Manual',
      interfaces: [nic],
      disks: [{ name: 'root', path: `${host.images}/theirs.img`, format: 'raw', bus: 'ide', readOnly: false }],
      ...more,
    });
  const make = async (): Promise<void> => {
    await writeFile(`${host.images}/theirs.img`, Buffer.alloc(1024));
    await host.defineByHand('define', THEIRS.replace('DISK', `${host.images}/theirs.img`));
  };

  test('is taken over when it is as desired, by nothing but its mark and names', async () => {
    await make();
    const before = await theRest('theirs');
    const { steps, plan } = await converge(adopted());
    expect(steps.filter(({ owner }) => owner === 'VirtualMachine/theirs').map(({ verb }) => verb)).toEqual(['claim']);
    expect(plan).toEqual(QUIET);
    expect(await theRest('theirs')).toBe(before);
    const xml = await host.virsh('dumpxml', '--inactive', '--security-info', 'theirs');
    for (const kept of ['keep me', "<serial>abc</serial>", "passwd='secret12'", 'i6300esb', "queues='2'", '-no-user-config', '<shares>512</shares>']) expect(xml).toContain(kept);
  });

  test('is refused when it is not as desired, with what differs, and taken over at once with Always', async () => {
    await make();
    const { plan } = await converge(adopted({ memoryKiB: 131_072 }));
    expect(plan.refusals).toMatchObject([{ reason: 'NotOwned', needsPerson: true, message: expect.stringContaining('memory is 65536 KiB and should be 131072 KiB') }]);
    const before = await theRest('theirs', 'memory', 'currentMemory', 'vcpu');
    expect((await converge(adopted({ memoryKiB: 131_072, vcpus: 2, adoption: 'Always' }))).plan).toEqual(QUIET);
    expect(await host.virsh('dominfo', 'theirs')).toContain('131072 KiB');
    expect(await theRest('theirs', 'memory', 'currentMemory', 'vcpu')).toBe(before);
  });

  test('whose NICs alone are ours is otherwise the same, through a change and through the end', async () => {
    await make();
    await host.virsh('start', 'theirs');
    const before = await theRest('theirs');
    const only = (vlan: number): LibvirtDomain =>
      adopted({ management: 'InterfacesOnly', adoption: 'Always', disks: [], vcpus: 4, memoryKiB: 1, runStrategy: 'Halted', interfaces: [{ ...nic, source: { type: 'bridge', bridge: 'lunabr', vlan: { mode: 'access', tag: vlan } } }] });
    expect((await converge(only(5))).plan).toEqual(QUIET);
    expect(await stateOf('theirs')).toBe('running');
    expect(await theRest('theirs')).toBe(before);
    expect(await host.port('52:54:00:00:00:77')).toMatchObject({ tag: 5 });
    expect((await host.converge(desire({ networks: [SEED_NETWORK] }, { leaving: ['VirtualMachine/theirs'] }))).plan).toEqual(QUIET);
    expect(await stateOf('theirs')).toBe('running');
    expect(await theRest('theirs')).toBe(before);
    expect(await host.virsh('dumpxml', '--inactive', 'theirs')).not.toContain('bridgekeeper:mark');
  });

  test('that is not there is waited for when its NICs alone are asked for', async () => {
    const { plan } = await converge(adopted({ management: 'InterfacesOnly', disks: [] }));
    expect(plan.refusals).toMatchObject([{ reason: 'DomainNotFound', needsPerson: false }]);
  });

  test('keeps everything but our mark when it is released', async () => {
    await make();
    await converge(adopted());
    const released = await host.converge(desire({ networks: [SEED_NETWORK] }, { released: ['VirtualMachine/theirs'] }));
    expect(released.plan).toEqual(QUIET);
    expect(await host.virsh('dumpxml', '--inactive', 'theirs')).toContain('keep me');
    expect(await host.virsh('dumpxml', '--inactive', 'theirs')).not.toContain('bridgekeeper:mark');
  });
});

describe('the end of a domain', () => {
  const disk = (name: string): LibvirtDomain['disks'][number] => ({ name, path: `${host.images}/end-${name}.qcow2`, sizeBytes: 1 << 20, format: 'qcow2', bus: 'virtio', readOnly: false });
  const leave = (name: string): Promise<Converged> => host.converge(desire({ networks: [SEED_NETWORK] }, { leaving: [`VirtualMachine/${name}`] }));

  test('comes ten seconds after the guest was asked, and keeps its disks', async () => {
    await converge(domainOf('guest1', { disks: [disk('kept')] }));
    expect((await leave('guest1')).plan.refusals).toMatchObject([{ reason: 'ShuttingDown' }]);
    host.clock.advance(10_000);
    expect((await leave('guest1')).plan).toEqual(QUIET);
    expect(await host.virsh('list', '--all', '--name')).not.toContain('guest1');
    expect(await exists(disk('kept').path)).toBe(true);
  });

  test('takes with it the disks that we made, where that is asked for, and no other', async () => {
    await writeFile(disk('found').path, 'not an image, but theirs');
    const guest = domainOf('guest1', { runStrategy: 'Manual', diskReclaim: 'Delete', disks: [disk('made'), disk('found')] });
    expect((await converge(guest)).plan).toEqual(QUIET);
    expect(await exists(disk('made').path)).toBe(true);
    expect(await readFile(disk('found').path, 'utf8')).toBe('not an image, but theirs');
    expect((await leave('guest1')).plan).toEqual(QUIET);
    expect(await exists(disk('made').path)).toBe(false);
    expect(await readFile(disk('found').path, 'utf8')).toBe('not an image, but theirs');
  });

  test('of a UEFI domain takes its variable store along', async () => {
    const guest = domainOf('guest1', { firmware: 'uefi', memoryKiB: 131_072 });
    const { failures, plan } = await converge(guest);
    expect(failures).toEqual([]);
    expect(plan).toEqual(QUIET);
    const nvram = /<nvram[^>]*>(.+)<\/nvram>/.exec(await host.virsh('dumpxml', 'guest1'))?.[1] ?? 'none';
    expect((await host.lab.exec(['test', '-e', nvram])).code).toBe(0);
    await leave('guest1');
    host.clock.advance(10_000);
    expect((await leave('guest1')).plan).toEqual(QUIET);
    expect((await host.lab.exec(['test', '-e', nvram])).code).toBe(1);
  });
});

describe('disk images', () => {
  test('are made on a base image, as qcow2 or raw', async () => {
    const base = `${host.images}/base.qcow2`;
    await host.lab.run(['qemu-img', 'create', '-q', '-f', 'qcow2', base, '1M']);
    const disks = (['qcow2', 'raw'] as const).map((format) => ({ name: format, path: `${host.images}/on-base.${format}`, sizeBytes: 2 << 20, baseImage: base, format, bus: 'virtio', readOnly: false }) as const);
    expect((await converge(domainOf('guest1', { disks }))).plan).toEqual(QUIET);
    expect(await host.lab.run(['qemu-img', 'info', '-U', `${host.images}/on-base.qcow2`])).toContain(`backing file: ${base}`);
    expect((await stat(`${host.images}/on-base.raw`)).size).toBe(2 << 20);
  });

  test('that take long hold up nothing else, and nothing is begun twice', async () => {
    const { promise: finish, resolve: release } = Promise.withResolvers<undefined>();
    let runs = 0;
    const slowExec: Exec = {
      run: async (argv, options) => {
        runs += 1;
        await finish;
        return systemExec.run(argv, options);
      },
    };
    const { lab, keep, clock, socketPath } = host;
    const system = createLibvirt({ exec: slowExec, keep, clock, socketPath, configDirectory: '/nowhere', kvmAvailable: () => false });
    await system.start();
    let notices = 0;
    const disks = [{ name: 'root', path: `${host.images}/slow.qcow2`, sizeBytes: 1 << 20, format: 'qcow2', bus: 'virtio', readOnly: false }] as const;
    const desired = desire({ networks: [SEED_NETWORK], domains: [domainOf('slow', { disks }), domainOf('quick')] });
    const outcomes = await system.apply(system.plan(desired, await system.observe()).steps);
    expect(outcomes.filter(({ result }) => result === 'failed')).not.toEqual([]);
    expect(outcomes.every((outcome) => outcome.result === 'applied' || outcome.refusal.reason === 'InProgress')).toBe(true);
    expect(await stateOf('quick')).toBe('running');
    await lab.run(['virsh', 'net-destroy', 'switch-lunabr']);
    const meanwhile = system.plan(desired, await system.observe());
    expect(meanwhile).toMatchObject({ steps: [{ kind: 'network-start' }], refusals: [{ owner: 'VirtualMachine/slow', reason: 'InProgress' }] });
    await system.apply(meanwhile.steps);
    system.changes(() => (notices += 1));
    release(undefined);
    await eventually('the end of the slow work', async () => notices > 0 && (await system.observe()).domains.get('slow')?.state === 'running');
    expect(system.plan(desired, await system.observe())).toEqual(QUIET);
    expect(runs).toBe(1);
    await system.stop();
  });

  test('that must be there and are not keep the domain from starting', async () => {
    const path = `${host.images}/missing.img`;
    const guest = domainOf('guest1', { disks: [{ name: 'root', path, format: 'raw', bus: 'sata', readOnly: false }] });
    const { plan } = await converge(guest);
    expect(plan.refusals).toMatchObject([{ reason: 'DiskNotFound', needsPerson: false, message: expect.stringContaining(path) }]);
    await writeFile(path, Buffer.alloc(1 << 20));
    expect((await converge(guest)).plan).toEqual(QUIET);
  });

  test('of every bus, CD-ROMs, graphics, console and boot order stand as asked and stay so', async () => {
    const buses = ['virtio', 'scsi', 'sata'] as const;
    const disks = buses.map((bus) => ({ name: bus, path: `${host.images}/bus-${bus}.qcow2`, sizeBytes: 1 << 20, format: 'qcow2', bus, readOnly: bus === 'scsi' }) as const);
    const iso = `${host.images}/cd.iso`;
    await writeFile(iso, Buffer.alloc(2048));
    const guest = domainOf('guest1', {
      disks, cdroms: [{ name: 'cd', path: iso }], interfaces: [nicOn('Vlan 2')], bootOrder: ['cd', 'eth0', 'sata'], graphics: { type: 'vnc' }, serialConsole: true, cpuModel: 'maximum', machine: 'q35',
    });
    const { failures, plan } = await converge(guest);
    expect(failures).toEqual([]);
    expect(plan).toEqual(QUIET);
    const without = { ...guest, disks: disks.slice(0, 1), cdroms: [], bootOrder: [], graphics: { type: 'none' }, serialConsole: false, runStrategy: 'Manual' } as const;
    await converge(without);
    await host.virsh('destroy', 'guest1');
    expect((await converge(without)).plan).toEqual(QUIET);
    await host.virsh('start', 'guest1');
    expect((await converge(without)).plan).toEqual(QUIET);
    expect(await host.virsh('domblklist', 'guest1')).not.toContain('cd.iso');
    expect(await host.virsh('dumpxml', 'guest1')).not.toMatch(/<serial|<console|<boot order|<graphics/);
  });

  test('for cloud-init are made with what they hold, replaced at the next start, and gone when nobody uses them', async () => {
    const seed = (text: string, digit: string) => ({ name: 'cloud-init', path: `${host.images}/guest1-cloud-init-${digit.repeat(12)}.iso`, files: { 'user-data': text, 'meta-data': 'instance-id: i\n' } });
    const [before, after] = [seed('one', 'a'), seed('two', 'b')];
    const guest = domainOf('guest1', { seed: before });
    expect((await converge(guest)).plan).toEqual(QUIET);
    expect(await volume(before.path)).toEqual({ id: 'cidata', userData: 'one' });
    expect((await stat(before.path)).mode & 0o077).toBe(0);

    const edited = await converge({ ...guest, seed: after });
    expect(edited.plan.refusals).toMatchObject([{ reason: 'RestartRequired', message: expect.stringContaining('cdrom[cloud-init]') }]);
    expect(await exists(before.path)).toBe(true);
    await host.virsh('destroy', 'guest1');
    expect((await converge({ ...guest, seed: after })).plan).toEqual(QUIET);
    expect(await volume(after.path)).toEqual({ id: 'cidata', userData: 'two' });
    expect(await exists(before.path)).toBe(false);

    await host.virsh('destroy', 'guest1');
    await converge();
    expect(await exists(after.path)).toBe(false);
  });
});

describe('the addresses of a running guest', () => {
  test('are those that the host has heard of, where nobody else knows them, and an agent that is not there is not asked', async () => {
    const guest = domainOf('guest1', { interfaces: [nicOn('Vlan 2')] });
    await converge(guest);
    await host.lab.run(['ip', 'neigh', 'replace', '192.0.2.77', 'lladdr', '52:54:01:aa:02:01', 'dev', 'lunabr', 'nud', 'reachable']);
    await eventually('the address is known', async () => (await host.system.observe()).domains.get('guest1')?.addresses?.get('52:54:01:aa:02:01')?.join() === '192.0.2.77', 60_000);
    expect(host.proxy?.callsOf(procedures.domainInterfaceAddresses.number)).toBe(0);
    await host.virsh('destroy', 'guest1');
    await eventually('it is forgotten', async () => (await host.system.observe()).domains.get('guest1')?.addresses?.size === 0, 10_000);
  }, 90_000);
});

/** What the image is called and holds, as xorriso reads it. */
async function volume(path: string): Promise<{ readonly id: string; readonly userData: string }> {
  const toc = await systemExec.run(['xorriso', '-indev', path, '-pvd_info'], { timeoutMs: 20_000 });
  const copy = `${path}.user-data`;
  await systemExec.run(['xorriso', '-osirrox', 'on', '-indev', path, '-extract', '/user-data', copy], { timeoutMs: 20_000 });
  const userData = await readFile(copy, 'utf8');
  await rm(copy);
  return { id: /Volume Id *: (\S+)/.exec(toc.stdout)?.[1] ?? '', userData };
}
