import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readNetworkXml } from './network-xml.ts';
import { eventually } from '../fixtures/eventually.ts';
import { startLab, type Lab } from '../lab/lab.ts';
import { at, Daemon, ROOT } from './daemon.ts';

const ADDRESS = '192.168.105.253';
const PERSISTENT = ['/etc/openvswitch/conf.db', '/etc/netplan/90-bridgekeeper.yaml'];
const ALL_KINDS = 'host,bridge,vlanport,portgroup,virtualmachine';

let lab: Lab;
let daemon: Daemon;

beforeAll(async () => {
  lab = await startLab('luna');
  daemon = await Daemon.start(lab);
}, 60_000);

afterAll(async () => {
  await lab.down();
});

function hostState(): Promise<string> {
  return lab.run([
    'sh',
    '-c',
    'ovs-vsctl list-br; virsh net-list --all --name; virsh list --all --name; ls /etc/netplan; ip -br addr | grep -v "^lo"; virsh net-dumpxml default; virsh net-info default | grep -v Bridge',
  ]);
}

async function allReady(): Promise<void> {
  await daemon.bridgectl('wait', '--for=condition=Ready', '--all', ALL_KINDS, '--timeout=60s');
}

/** Size and time of every file that a change would touch. */
function stamps(): Promise<string> {
  return lab.run(['stat', '-c', '%n %s %y', ...PERSISTENT]);
}

describe('the host of the founding document', () => {
  let before = '';

  it('becomes Ready from the examples as they stand', async () => {
    before = await hostState();
    await daemon.bridgectl('apply', '-f', `${ROOT}/examples/luna`);
    await allReady();
  });

  it('has the bridge, the uplink as a trunk and the host’s port in VLAN 100', async () => {
    expect((await lab.run(['ovs-vsctl', 'list-ports', 'lunabr'])).split('\n')).toEqual(expect.arrayContaining(['eth0', 'vnet100']));
    expect(await lab.run(['ovs-vsctl', '--bare', '--columns=tag,trunks,vlan_mode', 'list', 'Port', 'eth0'])).toBe('\n\n\n');
    expect((await lab.run(['ovs-vsctl', 'get', 'Port', 'vnet100', 'tag'])).trim()).toBe('100');
    expect((await lab.run(['ovs-vsctl', 'get', 'Interface', 'vnet100', 'type'])).trim()).toBe('internal');
  });

  it('has the VMs’ ports with their VLANs and the given interface id', async () => {
    const ports = await lab.run(['ovs-vsctl', '--format=json', '--columns=name,tag,trunks', 'list', 'Port']);
    expect(ports).toContain('["set",[2,3,6,100]]');
    const ids = await lab.run(['ovs-vsctl', '--bare', '--columns=external_ids', 'find', 'Interface', 'external_ids:attached-mac="52:54:01:aa:01:01"']);
    expect(ids).toContain('iface-id=7d072813-014c-41f9-9f0d-4ebc350b9887');
  });

  it('has the libvirt network of the founding document in meaning, active and autostarted', async () => {
    const seed = readFileSync(`${ROOT}/examples/adopt/switch-lunabr.xml`, 'utf8');
    expect(readNetworkXml(await lab.run(['virsh', 'net-dumpxml', 'switch-lunabr']))).toEqual(readNetworkXml(seed));
    expect(await lab.run(['virsh', 'net-info', 'switch-lunabr'])).toMatch(/Active:\s+yes[\s\S]*Autostart:\s+yes/);
    expect(await lab.run(['virsh', 'net-list', '--all', '--name'])).not.toMatch(/^default$/m);
  });

  it('runs the VMs', async () => {
    expect((await lab.run(['virsh', 'list', '--name'])).trim().split('\n').sort()).toEqual(['guest1', 'lunafw.parchis.org']);
  });

  it('answers in VLAN 100 on the uplink, and not in VLAN 2', async () => {
    expect(await lab.arping({ vlan: 100, address: ADDRESS, timeoutMs: 3_000 })).toBeDefined();
    expect(await lab.arping({ vlan: 2, address: ADDRESS, timeoutMs: 1_000 })).toBeUndefined();
  });

  it('says what may not be meant', async () => {
    const open = await daemon.get('portgroup', 'sin-vlan');
    expect(JSON.stringify(at(open, 'status.conditions'))).toMatch(/every VLAN/);
  });

  it('moves a running VM with its portgroup, and calls that no drift', async () => {
    const tag = (): Promise<string> => lab.run(['ovs-vsctl', 'get', 'Port', guestPort, 'tag']).then((text) => text.trim());
    const guestPort = (await lab.run(['ovs-vsctl', '--bare', '--columns=name', 'find', 'Interface', 'external_ids:attached-mac="52:54:01:aa:02:01"'])).trim();
    const reports = (await daemon.items('driftreports')).length;
    for (const vlan of [3, 100]) {
      await daemon.apply(`apiVersion: bridgekeeper.dev/v1alpha1\nkind: Portgroup\nmetadata: {name: vlan-100}\nspec: {bridgeName: lunabr, libvirtName: Vlan 100, default: true, vlan: {mode: access, tag: ${vlan}}}\n`);
      await eventually(async () => (await tag()) === String(vlan), 60_000);
      await eventually(async () => (await lab.run(['virsh', 'net-dumpxml', 'switch-lunabr'])).includes(`<portgroup name='Vlan 100' default='yes'>\n    <vlan>\n      <tag id='${vlan}'/>`), 60_000);
    }
    await allReady();
    expect(await daemon.items('driftreports')).toHaveLength(reports);
  });

  it('touches nothing when it is applied again', async () => {
    const untouched = await stamps();
    const answer = await daemon.bridgectl('apply', '-f', `${ROOT}/examples/luna`);
    expect(answer.trim().split('\n').every((line) => line.endsWith(' unchanged'))).toBe(true);
    await allReady();
    expect(await stamps()).toBe(untouched);
  });

  it('touches nothing when the daemon is killed and started again', async () => {
    const untouched = await stamps();
    await daemon.kill();
    await daemon.restart();
    await allReady();
    expect(await stamps()).toBe(untouched);
  });

  it('undoes what was changed while it was not running', async () => {
    await daemon.kill();
    await lab.run(['ovs-vsctl', 'set', 'port', 'vnet100', 'tag=6']);
    await daemon.restart();
    await eventually(async () => (await lab.run(['ovs-vsctl', 'get', 'Port', 'vnet100', 'tag'])).trim() === '100', 60_000);
    await eventually(async () => JSON.stringify(await daemon.items('driftreports')).includes('set port vnet100 tag=6'), 60_000);
  });

  it('is as it was before when everything is deleted, but for the disks', async () => {
    await daemon.bridgectl('delete', '-f', `${ROOT}/examples/luna`, '--timeout=90s');
    expect(await hostState()).toBe(before);
    expect(await lab.run(['ls', '/var/lib/libvirt/images'])).toContain('lunafw.parchis.org-root.qcow2');
  });
});
