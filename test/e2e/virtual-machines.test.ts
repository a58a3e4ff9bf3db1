// The rest of it: BRIDGEKEEPER_GUEST_CASES=all vitest run test/e2e/portgroups.test.ts test/e2e/virtual-machines.test.ts
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { children, parseXml, remove } from '../../controller/systems/libvirt/xml/dom.ts';
import { canonical } from '../../controller/systems/libvirt/xml/equal.ts';
import { eventually } from '../fixtures/eventually.ts';
import { ALL_CASES, foreignDomain, GuestHost, machine, NETWORK } from './guests.ts';

const MAC = '52:54:01:aa:07:01';
const OTHER_MAC = '52:54:01:aa:07:02';
const WITHIN_MS = 30_000;

const GUEST = machine('guest', { mac: MAC, portgroup: 'blue', more: 'disks: [{name: root, size: 1Mi}]' });

let host: GuestHost;
beforeAll(async () => {
  host = await GuestHost.start('virtual-machines', `${NETWORK}---\n${GUEST}`);
}, 150_000);
afterAll(() => host[Symbol.asyncDispose]());
afterEach(async () => {
  await host.remove('theirs');
  await host.apply(GUEST);
  await host.ready('virtualmachine/guest');
});

function conditionOf(object: string, type: string, pattern: RegExp): Promise<string> {
  return eventually(async () => {
    const found = await host.condition(object, type);
    return found !== undefined && pattern.test(found) && found;
  }, WITHIN_MS);
}

describe('a guest', () => {
  it.runIf(ALL_CASES)('that crashed runs again, in its VLAN', async () => {
    const pid = await host.pidOf('guest');
    await host.sh('kill -9 $(cat /run/libvirt/qemu/guest.pid)');
    await eventually(async () => (await host.tagOf('guest')) === '6' && (await host.pidOf('guest')) !== pid, WITHIN_MS);
  });

  it.runIf(ALL_CASES)('that reboots goes on in its VLAN, and nothing is done about it', async () => {
    const [pid, port] = [await host.pidOf('guest'), await host.portOf('guest')];
    await host.sh('virsh reset guest');
    expect([await host.pidOf('guest'), await host.portOf('guest'), await host.tagOf('guest')]).toEqual([pid, port, '6']);
    expect(await host.condition('virtualmachine/guest', 'Ready')).toMatch(/^True/);
  });

  it('whose snapshot of another portgroup is reverted to is in its own VLAN at once, and its books are mended', async () => {
    await host.sh('virsh snapshot-create-as guest before');
    await host.apply(GUEST.replace('portgroupName: blue', 'portgroupName: green'));
    await eventually(async () => (await host.tagOf('guest')) === '7', WITHIN_MS);
    await host.ready('virtualmachine/guest');
    await host.sh('virsh snapshot-revert guest before --force');
    await eventually(async () => (await host.tagOf('guest')) === '7', WITHIN_MS);
    await host.ready('virtualmachine/guest');
    expect(await host.sh('virsh dumpxml --inactive guest')).toContain("portgroup='green'");
    expect(await host.sh('virsh dumpxml guest')).toContain("portgroup='green'");
    await host.sh('virsh snapshot-delete guest before');
  });

  it('that was renamed needs a person, who is told the command; it works', async () => {
    await host.apply(machine('named', { mac: OTHER_MAC, portgroup: 'green', more: 'runStrategy: Manual' }));
    await host.ready('virtualmachine/named');
    await host.sh('virsh domrename named elsewhere');
    const why = await conditionOf('virtualmachine/named', 'Stalled', /DomainRenamed/);
    await host.sh(/virsh domrename .*$/.exec(why)?.[0] ?? 'false');
    await host.ready('virtualmachine/named');
    await host.daemon.bridgectl('delete', 'virtualmachine', 'named');
  });

  it.each(([
    ['machine', 'memory: 32Mi, machine: pc-nothing-0.1', /^False MachineNotFound: spec\.machine: QEMU on this host has no machine pc-nothing-0\.1/],
    ['memory', 'memory: 900Ti', /^False LibvirtRefused: libvirt refused to start domain refused: .*the host has not that much memory free: lower spec\.memory/],
  ] as const).slice(0, ALL_CASES ? 2 : 1))('whose %s the host can not give says so, and starts when that is mended', async (_what, spec, pattern) => {
    await eventually(async () => (await host.daemon.try(['get', 'virtualmachine/refused'])).code !== 0, WITHIN_MS);
    const refused = machine('refused', { mac: OTHER_MAC, portgroup: 'green' });
    await host.apply(refused.replace('memory: 32Mi', spec));
    const why = await conditionOf('virtualmachine/refused', 'Ready', pattern);
    expect(why.match(/refused to start/g)?.length ?? 1).toBe(1);
    await host.apply(refused.replace('memory: 32Mi', 'memory: 32Mi, machine: pc'));
    await host.ready('virtualmachine/refused');
    await host.daemon.bridgectl('delete', 'virtualmachine', 'refused', '--wait=false');
  });
});

describe('the same MAC address twice', () => {
  it.runIf(ALL_CASES)('in two of our VMs: the newer is not carried out, and says with whom it collides', async () => {
    await host.apply(machine('twin', { mac: MAC, portgroup: 'green' }));
    expect(await conditionOf('virtualmachine/twin', 'Stalled', /^True/)).toMatch(new RegExp(`DeviceConflict: .*${MAC}.*VirtualMachine/guest`));
    expect(await host.sh('virsh list --all --name')).not.toContain('twin');
    expect(await host.condition('virtualmachine/guest', 'Ready')).toMatch(/^True/);
    await host.daemon.bridgectl('delete', 'virtualmachine', 'twin');
  });

  it('in a running domain of others: its port is left alone, and our VM says whose it is', async () => {
    await host.define(foreignDomain('theirs', MAC, 'green'));
    await host.sh('virsh start theirs');
    const why = await conditionOf('virtualmachine/guest', 'Stalled', /^True/);
    expect(why).toContain(MAC);
    expect(why).toContain('theirs');
    expect([await host.tagOf('guest'), await host.tagOf('theirs')]).toEqual(['6', '7']);
    await host.remove('theirs');
    await host.ready('virtualmachine/guest');
  });
});

describe('a definition edited by hand', () => {
  const EDIT = "sed -e s/portgroup=.blue./portgroup=\\'green\\'/ -e s/32768/65536/";

  it.runIf(ALL_CASES)('is put back where the VM is ours in full, but for what we say nothing of', async () => {
    await host.sh(`EDITOR="${EDIT} -e 's/<clock offset=.utc.\\/>/<clock offset=\\"localtime\\"\\/>/' -i" virsh edit guest`);
    await eventually(async () => /portgroup='blue'/.test(await host.sh('virsh dumpxml --inactive guest')), WITHIN_MS);
    const xml = await eventually(async () => {
      const found = await host.sh('virsh dumpxml --inactive guest');
      return found.includes('>32768<') && found;
    }, WITHIN_MS);
    expect(xml).toContain("clock offset='localtime'");
    expect(await host.tagOf('guest')).toBe('6');
  });

  it('is left alone where only the NICs are ours, but for those', async () => {
    await eventually(async () => (await host.daemon.try(['get', 'virtualmachine/refused'])).code !== 0, WITHIN_MS);
    await host.define(foreignDomain('theirs', OTHER_MAC, 'blue'));
    await host.sh('virsh start theirs');
    await host.apply(machine('theirs', { mac: OTHER_MAC, portgroup: 'blue' }).replace('memory: 32Mi', 'managementPolicy: InterfacesOnly'));
    await host.ready('virtualmachine/theirs');
    const before = await withoutOurs('theirs');
    await host.sh(`EDITOR="${EDIT} -i" virsh edit theirs`);
    await eventually(async () => /portgroup='blue'/.test(await host.sh('virsh dumpxml --inactive theirs')), WITHIN_MS);
    await host.ready('virtualmachine/theirs');
    expect(await withoutOurs('theirs')).toBe(before.replaceAll('32768', '65536'));
    await host.daemon.bridgectl('delete', 'virtualmachine', 'theirs');
    expect(await host.sh('virsh domstate theirs')).toBe('running');
    expect(await withoutOurs('theirs')).toBe(before.replaceAll('32768', '65536'));
    await host.remove('theirs');
  });
});

/** The stored definition in canonical form, but for our mark. */
async function withoutOurs(domain: string): Promise<string> {
  const root = parseXml(await host.sh(`virsh dumpxml --inactive ${domain}`));
  for (const metadata of children(root, 'metadata')) remove(metadata);
  return canonical(root);
}
