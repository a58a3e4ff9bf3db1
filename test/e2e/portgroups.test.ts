// The rest of it: BRIDGEKEEPER_GUEST_CASES=all vitest run test/e2e/portgroups.test.ts test/e2e/virtual-machines.test.ts
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../fixtures/eventually.ts';
import { ALL_CASES, foreignDomain, GuestHost, machine, NETWORK, portgroup } from './guests.ts';

const GUEST_MAC = '52:54:01:aa:06:01';
const FOREIGN_MAC = '52:54:01:aa:06:02';
const WITHIN_MS = 20_000;

let host: GuestHost;
beforeAll(async () => {
  host = await GuestHost.start('portgroups', `${NETWORK}---\n${machine('guest', { mac: GUEST_MAC, portgroup: 'blue' })}`);
}, 150_000);
afterAll(() => host[Symbol.asyncDispose]());

/** The VLAN tags that libvirt's network, stored and active, gives the portgroup. */
function networkTags(name: string): Promise<string> {
  const tag = (more: string): string => `virsh net-dumpxml net0 ${more} | sed -n "/<portgroup name='${name}'/,/<\\/portgroup>/s/.*tag id='\\([0-9]*\\)'.*/\\1/p"`;
  return host.sh(`echo $(${tag('')}) $(${tag('--inactive')})`);
}

describe('a Portgroup', () => {
  it('whose VLAN is edited takes its running guest along, and the next start of it', async () => {
    const pid = await host.pidOf('guest');
    await host.apply(portgroup('blue', 8));
    await eventually(async () => (await host.tagOf('guest')) === '8', WITHIN_MS);
    await host.ready('virtualmachine/guest');
    expect(await networkTags('blue')).toBe('8 8');
    expect(await host.sh('virsh dumpxml guest')).toContain("<tag id='8'/>");
    expect(await host.pidOf('guest')).toBe(pid);
    await host.sh('virsh destroy guest');
    await eventually(async () => (await host.tagOf('guest')) === '8', WITHIN_MS);
    expect(await host.pidOf('guest')).not.toBe(pid);
  });

  it.each(([
    ['whose network is destroyed and undefined by hand', 'virsh net-destroy net0 && virsh net-undefine net0'],
    ['edited by hand', "virsh net-update net0 modify portgroup \"<portgroup name='blue'><vlan><tag id='99'/></vlan></portgroup>\" --live --config"],
    ['deleted by hand', "virsh net-update net0 delete portgroup \"<portgroup name='blue'/>\" --live --config"],
  ] as const).slice(0, ALL_CASES ? 3 : 1))('%s comes back, and the guest on it goes on', async (_what, command) => {
    const [pid, port] = [await host.pidOf('guest'), await host.portOf('guest')];
    await host.sh(command);
    await eventually(async () => (await networkTags('blue').catch(() => '')) === '8 8', WITHIN_MS);
    await host.allReady();
    expect(await host.sh('virsh net-info net0')).toMatch(/Active: +yes\nPersistent: +yes\nAutostart: +yes/);
    expect([await host.pidOf('guest'), await host.portOf('guest'), await host.tagOf('guest')]).toEqual([pid, port, '8']);
  });

  it('that is deleted waits for each domain that names it, and says which: running or not, ours or not', async () => {
    await host.define(foreignDomain('theirs', FOREIGN_MAC, 'blue'));
    await host.daemon.bridgectl('delete', 'portgroup', 'blue', '--wait=false');
    const waiting = await eventually(async () => {
      const found = await host.condition('portgroup/blue', 'Ready');
      return found?.includes('InUse') === true && found;
    }, WITHIN_MS);
    expect(waiting).toContain('guest, theirs');
    const { status } = await host.daemon.get('portgroup', 'blue');
    expect(status).toMatchObject({ networkName: 'net0', summary: { ports: 1, virtualMachines: 2 }, virtualMachines: [{ virtualMachineName: 'guest' }, { domainName: 'theirs', running: false }] });
    expect(await networkTags('blue')).toBe('8 8');
    expect(await host.tagOf('guest')).toBe('8');
    await host.apply(machine('guest', { mac: GUEST_MAC, portgroup: 'green' }));
    await eventually(async () => (await host.tagOf('guest')) === '7', WITHIN_MS);
    await eventually(async () => /these domains name it: theirs;/.test((await host.condition('portgroup/blue', 'Ready')) ?? ''), WITHIN_MS);
    await host.remove('theirs');
    await eventually(async () => (await host.daemon.try(['get', 'portgroup/blue'])).code !== 0, WITHIN_MS);
    expect(await networkTags('blue')).toBe('');
    await host.allReady();
  });

  it.runIf(ALL_CASES)('that is not there keeps a VM that names it from starting, and says so, until it comes', async () => {
    await host.apply(machine('early', { mac: '52:54:01:aa:06:03', portgroup: 'blue' }));
    const why = await eventually(() => host.condition('virtualmachine/early', 'Accepted'), WITHIN_MS);
    expect(why).toMatch(/^False PortgroupNotFound: spec.interfaces\[0\].*"blue"/);
    expect(await host.sh('virsh list --all --name')).not.toContain('early');
    await host.apply(portgroup('blue', 6));
    await host.ready('virtualmachine/early');
    expect(await host.tagOf('early')).toBe('6');
  });
});

describe('the port of a guest', () => {
  it.each(([
    ['by its row', (port: string) => `ovs-vsctl -- --id=@p get Port ${port} -- remove Bridge br0 ports @p -- add Bridge elsewhere ports @p`],
    ['by del-port and add-port', (port: string) => `ovs-vsctl del-port ${port} -- add-port elsewhere ${port}`],
  ] as const).slice(ALL_CASES ? 0 : 1))('that is moved to another bridge %s is moved back, with its VLAN and its ids', async (_how, command) => {
    await host.sh('ovs-vsctl --may-exist add-br elsewhere -- set Bridge elsewhere datapath_type=netdev');
    const port = await host.portOf('guest');
    await host.sh(command(port));
    await eventually(async () => (await host.sh(`ovs-vsctl port-to-br ${port}`)) === 'br0', WITHIN_MS);
    expect(await host.tagOf('guest')).toBe('7');
    expect(await host.sh(`ovs-vsctl get Interface ${port} external_ids`)).toContain(GUEST_MAC);
    expect(await host.sh('ovs-vsctl list-ports elsewhere')).toBe('');
    await host.allReady();
  });

  it('that was found without its portgroup passes no VLAN, and lives again when somebody brings the portgroup back', async () => {
    await host.daemon.stop();
    await host.define(foreignDomain('theirs', FOREIGN_MAC, 'red'));
    await host.sh('virsh start theirs');
    expect(await host.tagOf('theirs')).toBe('[]');
    await host.daemon.restart();
    await eventually(async () => (await host.tagOf('theirs')) === '4095', WITHIN_MS);
    await host.sh("virsh net-update net0 add portgroup \"<portgroup name='red'><vlan><tag id='33'/></vlan></portgroup>\" --live --config");
    await eventually(async () => (await host.tagOf('theirs')) === '33', WITHIN_MS);
    await host.remove('theirs');
  });
});
