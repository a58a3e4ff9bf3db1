import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../fixtures/eventually.ts';
import { startLab, type Lab } from '../lab/lab.ts';
import { at, Daemon } from './daemon.ts';

const VLANS = [11, 12, 13, 14, 15, 16];
const BRIDGE = 'apiVersion: bridgekeeper.dev/v1alpha1\nkind: Bridge\nmetadata: {name: br0}\nspec: {uplinks: [{name: eth0}], libvirtNetwork: {name: net0}}\n';

function port(vlan: number): string {
  return `apiVersion: bridgekeeper.dev/v1alpha1\nkind: VlanPort\nmetadata: {name: v${vlan}}\nspec: {bridgeName: br0, vlan: {mode: access, tag: ${vlan}}, addresses: [10.${vlan}.0.1/24]}\n`;
}

function portgroup(vlan: number): string {
  return `apiVersion: bridgekeeper.dev/v1alpha1\nkind: Portgroup\nmetadata: {name: pg${vlan}}\nspec: {bridgeName: br0, vlan: {mode: access, tag: ${vlan}}}\n`;
}

let lab: Lab;
let daemon: Daemon;

beforeAll(async () => {
  lab = await startLab('crash');
  daemon = await Daemon.start(lab);
}, 60_000);

afterAll(async () => {
  await lab.down();
});

describe('the daemon killed with -9 in the middle of its work', () => {
  it('has what it said yes to, and converges to it', async () => {
    const acknowledged: string[] = [];
    for (const [index, manifest] of [BRIDGE, ...VLANS.map(port), ...VLANS.map(portgroup)].entries()) {
      const { code } = await daemon.apply(manifest);
      expect(code).toBe(0);
      acknowledged.push(manifest);
      // The longer the loop has been at it, the further it has come: each kill meets it somewhere else.
      if (index % 4 === 1) {
        await daemon.kill();
        await daemon.restart();
      }
    }
    await daemon.bridgectl('wait', '--for=condition=Ready', '--all', 'bridge,vlanport,portgroup', '--timeout=60s');
    const ports = (await lab.run(['ovs-vsctl', 'list-ports', 'br0'])).trim().split('\n').sort();
    expect(ports).toEqual(['eth0', ...VLANS.map((vlan) => `v${vlan}`)]);
    for (const vlan of VLANS) expect((await lab.run(['ovs-vsctl', 'get', 'port', `v${vlan}`, 'tag'])).trim()).toBe(String(vlan));
    expect((await lab.run(['virsh', 'net-dumpxml', 'net0'])).match(/<portgroup/g)).toHaveLength(VLANS.length);
    for (const manifest of acknowledged) expect((await daemon.apply(manifest)).stdout).toContain('unchanged');
  }, 240_000);

  it('has in its history what it had only just done, once', async () => {
    await daemon.apply(port(17));
    await daemon.bridgectl('wait', '--for=condition=Ready', 'vlanport/v17', '--timeout=60s');
    await daemon.kill();
    await daemon.restart();
    const told = await eventually(async () => {
      const subjects = (await daemon.items('changes')).map(({ spec }) => at(spec, 'subject.name'));
      return subjects.includes('v17') && subjects;
    }, 30_000);
    expect(told.filter((name) => name === 'v17')).toHaveLength(1);
    const change = await daemon.get('change', 'vlanport-v17-1');
    expect(at(change, 'spec.steps')).toMatchObject([{ system: 'ovs', verb: 'create', object: 'Port v17' }, { system: 'netplan' }]);
  }, 120_000);

  it('finishes a deletion that it was killed in', async () => {
    await daemon.bridgectl('delete', 'vlanport,portgroup,bridge', '--all', '--wait=false');
    await daemon.kill();
    await daemon.restart();
    await daemon.bridgectl('wait', '--for=delete', '--all', 'vlanport,portgroup,bridge', '--timeout=60s');
    expect((await lab.run(['ovs-vsctl', 'list-br'])).trim()).toBe('');
    expect(await lab.run(['virsh', 'net-list', '--all', '--name'])).not.toContain('net0');
    expect((await lab.run(['ls', '/etc/netplan'])).trim()).toBe('');
  }, 120_000);
});

describe('Open vSwitch killed with -9', () => {
  it('is found again, and what was changed meanwhile is mended', async () => {
    await daemon.apply(BRIDGE);
    await daemon.apply(port(11));
    await daemon.bridgectl('wait', '--for=condition=Ready', '--all', 'bridge,vlanport', '--timeout=60s');
    await lab.run(['pkill', '-9', 'ovsdb-server']);
    await daemon.bridgectl('wait', '--for=condition=Ready=False', 'vlanport/v11', '--timeout=60s');
    await lab.run(['systemctl', 'start', 'ovsdb-server']);
    await lab.run(['ovs-vsctl', '--timeout=10', 'set', 'port', 'v11', 'tag=99']);
    await daemon.bridgectl('wait', '--for=condition=Ready', 'vlanport/v11', '--timeout=60s');
    expect((await lab.run(['ovs-vsctl', 'get', 'port', 'v11', 'tag'])).trim()).toBe('11');
  }, 120_000);
});
