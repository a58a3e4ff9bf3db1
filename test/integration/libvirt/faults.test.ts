// Kills libvirtd in the middle of each kind of call: BRIDGEKEEPER_LIBVIRT_FAULTS=all vitest run test/integration/libvirt/faults.test.ts
import { readdir, readFile, readlink } from 'node:fs/promises';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { LibvirtDesired, LibvirtDomain, LibvirtInterface } from '../../../controller/systems/libvirt/desired.ts';
import { procedures } from '../../../controller/systems/libvirt/protocol/procedures.ts';
import { desire, domainOf, eventually, LibvirtHost, networkOf, portgroup } from './libvirt-host.ts';
import { MOMENTS, type Moment } from './libvirt-proxy.ts';

/** Every call at every moment takes minutes; without this, those that leave most behind. */
const ALL = process.env['BRIDGEKEEPER_LIBVIRT_FAULTS'] === 'all';
const RECOVERS_MS = 60_000;

let host: LibvirtHost;
beforeAll(async () => {
  host = await LibvirtHost.start('faults', { proxied: true });
});
afterAll(() => host[Symbol.asyncDispose]());
afterEach(async () => {
  for (const name of (await host.virsh('list', '--all', '--name')).split('\n').filter(Boolean)) {
    await host.lab.exec(['virsh', 'destroy', name]);
    await host.virsh('undefine', '--nvram', name);
  }
  await host.lab.exec(['virsh', 'net-destroy', NETWORK.name]);
  await host.lab.exec(['virsh', 'net-undefine', NETWORK.name]);
  await host.system.observe();
});

const BLUE = portgroup('blue', { mode: 'access', tag: 6 });
const NETWORK = networkOf([BLUE]);
const NIC: LibvirtInterface = { name: 'eth0', mac: '52:54:01:aa:03:01', source: { type: 'network', network: NETWORK.name, portgroup: 'blue' }, model: 'virtio', linkState: 'up' };
const SECOND: LibvirtInterface = { ...NIC, name: 'eth1', mac: '52:54:01:aa:03:02' };
const GUEST = domainOf('guest1', { interfaces: [NIC] });

const want = (domain: LibvirtDomain): LibvirtDesired => desire({ networks: [NETWORK], domains: [domain] });
const LEAVING = desire({ networks: [NETWORK] }, { leaving: [GUEST.owner] });

interface Case {
  readonly call: keyof typeof procedures;
  readonly before: LibvirtDesired | undefined;
  readonly after: LibvirtDesired;
  /** What is run without all cases asked for. */
  readonly inShort?: Moment;
}

/** What is there, what is asked for then, and the call of that change at which libvirtd is killed. */
const CASES: readonly Case[] = [
  { call: 'networkDefineXml', before: undefined, after: want(GUEST) },
  { call: 'networkCreate', before: undefined, after: want(GUEST) },
  { call: 'networkSetAutostart', before: undefined, after: want(GUEST) },
  { call: 'networkUpdate', before: want(GUEST), after: desire({ networks: [networkOf([portgroup('blue', { mode: 'access', tag: 7 })])], domains: [GUEST] }), inShort: 'during' },
  { call: 'networkDestroy', before: desire({ networks: [NETWORK] }), after: desire({}, { leaving: [NETWORK.owner, BLUE.owner] }) },
  { call: 'networkUndefine', before: desire({ networks: [NETWORK] }), after: desire({}, { leaving: [NETWORK.owner, BLUE.owner] }) },
  { call: 'domainDefineXmlFlags', before: desire({ networks: [NETWORK] }), after: want(GUEST) },
  { call: 'domainCreateWithFlags', before: desire({ networks: [NETWORK] }), after: want(GUEST), inShort: 'after' },
  { call: 'domainSetAutostart', before: desire({ networks: [NETWORK] }), after: want(GUEST) },
  { call: 'domainAttachDeviceFlags', before: want(GUEST), after: want({ ...GUEST, interfaces: [NIC, SECOND] }), inShort: 'during' },
  { call: 'domainDetachDeviceFlags', before: want({ ...GUEST, interfaces: [NIC, SECOND] }), after: want(GUEST) },
  { call: 'domainUpdateDeviceFlags', before: want(GUEST), after: want({ ...GUEST, interfaces: [{ ...NIC, linkState: 'down' }] }), inShort: 'after' },
  { call: 'domainShutdownFlags', before: want(GUEST), after: want({ ...GUEST, runStrategy: 'Halted' }) },
  { call: 'domainDestroyFlags', before: want(GUEST), after: LEAVING, inShort: 'during' },
  { call: 'domainUndefineFlags', before: want(GUEST), after: LEAVING },
];

/** libvirtd's process as this side of the host's namespaces knows it. */
async function libvirtdPid(): Promise<number> {
  const inside = (await host.lab.run(['cat', '/run/libvirtd.pid'])).trim();
  const home = await readlink(`/proc/${host.initPid}/ns/pid`);
  for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
    const namespaces = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
    const isSo = new RegExp(`^NSpid:.*\\t${inside}$`, 'm').test(namespaces) && (await readlink(`/proc/${pid}/ns/pid`).catch(() => '')) === home;
    if (isSo) return Number(pid);
  }
  throw new Error(`no process is ${inside} in the host`);
}

/** As the lane does, for as long as it takes; time that only passes is skipped. */
async function recovers(desired: LibvirtDesired): Promise<void> {
  let last: unknown;
  await eventually(`a plan with nothing to do, but: ${JSON.stringify(last)}`, async () => {
    const plan = await host.converge(desired).then(({ plan: found }) => found, (error: unknown) => void (last = error));
    if (!plan) return false;
    last = plan;
    // Killed at the very wrong moment, libvirtd 9.0 hangs on the domain for good: then we say what a person must do.
    const stuck = plan.refusals.find(({ reason }) => reason === 'LibvirtStuck');
    if (stuck) await host.lab.run(['sh', '-c', `kill -9 $(cat /run/libvirtd.pid); ${/: (rm .*)$/.exec(stuck.message)?.[1] ?? 'false'}; systemctl start libvirtd`]);
    // A guest without a system does not let a NIC go: what only a restart brings is told, and that is an end too.
    const told = plan.refusals.filter(({ reason }) => reason !== 'RestartRequired');
    if (told.length > 0) host.clock.advance(10_000);
    return plan.steps.length + told.length === 0;
  }, RECOVERS_MS);
}

const SHORT = CASES.flatMap(({ inShort, ...rest }) => (inShort === undefined ? [] : [{ ...rest, moment: inShort }]));
const EVERY = CASES.flatMap((each) => MOMENTS.map((moment) => ({ ...each, moment })));

describe('libvirtd killed', () => {
  test.each(ALL ? EVERY : SHORT)('$moment $call leaves nothing that is not mended', async ({ call, moment, before, after }) => {
    if (before) expect((await host.converge(before)).failures).toEqual([]);
    const pid = await libvirtdPid();
    const killed = host.proxy?.waitFor(procedures[call].number, moment, () => process.kill(pid, 'SIGKILL'));
    let isOver = false;
    const restarted = killed?.then(() => host.lab.run(['systemctl', 'start', 'libvirtd'])).then(() => (isOver = true));
    await eventually('the call', async () => {
      await host.converge(after).catch(() => undefined);
      if (!isOver) host.clock.advance(10_000);
      return isOver;
    }, RECOVERS_MS);
    await restarted;
    await recovers(after);
    const { observed } = await host.converge(after);
    const guest = observed.domains.get('guest1');
    const wanted = after.domains[0];
    expect(guest?.state).toBe(wanted === undefined ? undefined : wanted.runStrategy === 'Halted' ? 'shutoff' : 'running');
    expect([...(observed.networks.get(NETWORK.name)?.portgroups.keys() ?? [])]).toEqual(after.networks.flatMap(({ portgroups }) => portgroups.map(({ name }) => name)));
    const tag = after.networks[0]?.portgroups[0]?.vlan;
    if (guest?.state === 'running') expect(await host.port(NIC.mac)).toMatchObject({ tag: tag && 'tag' in tag ? tag.tag : undefined });
  });
});
