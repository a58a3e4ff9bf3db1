import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../fixtures/eventually.ts';
import { startLab, type Lab } from '../lab/lab.ts';
import { at, CLIENT, Daemon } from './daemon.ts';
import { Reports, type Report } from './hand/reports.ts';

const WORLD = `
apiVersion: bridgekeeper.dev/v1alpha1
kind: Bridge
metadata: {name: br0}
spec: {uplinks: [{name: eth0}], libvirtNetwork: {name: net0}}
---
apiVersion: bridgekeeper.dev/v1alpha1
kind: VlanPort
metadata: {name: mgmt}
spec: {bridgeName: br0, vlan: {mode: access, tag: 100}, addresses: [10.1.2.3/24], routes: [{to: 10.9.0.0/16, via: 10.1.2.1}], routingPolicy: [{from: 10.1.2.0/24, table: 100, priority: 500}]}
---
apiVersion: bridgekeeper.dev/v1alpha1
kind: Portgroup
metadata: {name: blue}
spec: {bridgeName: br0, vlan: {mode: access, tag: 6}}
---
apiVersion: bridgekeeper.dev/v1alpha1
kind: VirtualMachine
metadata: {name: guest}
spec: {runStrategy: Always, memory: 64Mi, interfaces: [{name: eth0, macAddress: "52:54:01:aa:02:01", portgroupName: blue}]}
`;
const KINDS = 'bridge,vlanport,portgroup,virtualmachine';
const OUR_FILE = '/etc/netplan/90-bridgekeeper.yaml';
const WITHIN_MS = 20_000;

let lab: Lab;
let daemon: Daemon;
let reports: Reports;

beforeAll(async () => {
  lab = await startLab('other-drift');
  daemon = await Daemon.start(lab);
  await daemon.apply(WORLD);
  await daemon.bridgectl('wait', '--for=condition=Ready', '--all', KINDS, '--timeout=90s');
  reports = new Reports(lab, [...CLIENT, 'get', 'driftreports', '-o', 'json', '-w']);
}, 150_000);

afterAll(() => lab.down());

/** Does something by hand, and answers all reports of it once the host is as desired again. */
async function reportsOf(command: string, subject: string): Promise<readonly Report[]> {
  const known = new Set(reports.all().map(({ name }) => name));
  await lab.run(['sh', '-c', command]);
  await reports.since(known, (found) => found.some((report) => report.subject === subject), WITHIN_MS);
  await daemon.bridgectl('wait', '--for=condition=Ready', '--all', KINDS, '--timeout=60s');
  return reports.all().filter(({ name }) => !known.has(name));
}

function sh(command: string): Promise<string> {
  return lab.run(['sh', '-c', command]).then((text) => text.trim());
}

function portOf(domain: string): Promise<string> {
  return sh(`virsh domiflist ${domain} | awk '/vnet/ {print $1}'`);
}

describe('netplan’s files', () => {
  it('edited: undone, with the file, its time and its owner for a cause', async () => {
    const found = await reportsOf(`sed -i s/10.1.2.3/10.1.2.4/ ${OUR_FILE}`, 'VlanPort/mgmt');
    expect(found.filter(({ system }) => system === 'netplan')).toMatchObject([{ action: 'Corrected', commands: [`an edit of ${OUR_FILE}`] }]);
    expect(JSON.parse(found[0]?.text ?? '')).toMatchObject({ spec: { cause: { user: 'root', source: 'file' } } });
    expect(await sh(`cat ${OUR_FILE}`)).toContain('10.1.2.3');
  });

  it('shadowed by another: told once, and the resource says which', async () => {
    const known = new Set(reports.all().map(({ name }) => name));
    await sh("printf 'network:\\n  version: 2\\n  ethernets:\\n    mgmt: {addresses: [10.77.0.1/24]}\\n' > /etc/netplan/99-hand.yaml && chmod 600 /etc/netplan/99-hand.yaml");
    await daemon.bridgectl('wait', '--for=condition=Stalled', 'vlanport/mgmt', '--timeout=60s');
    const found = await reports.since(known, (all) => all.length > 0, WITHIN_MS);
    expect(found).toMatchObject([{ system: 'netplan', action: 'Reported', commands: ['an edit of /etc/netplan/99-hand.yaml'] }]);
    await sh('rm /etc/netplan/99-hand.yaml');
    await daemon.bridgectl('wait', '--for=condition=Ready', 'vlanport/mgmt', '--timeout=60s');
  });
});

describe('libvirt', () => {
  it.each([
    ['a portgroup edited', `EDITOR='sed -i s/id=.6./id=\\"66\\"/' virsh net-edit net0`, 'Portgroup/blue', 'virsh net-dumpxml net0 --inactive', "id='6'"],
    ['a network destroyed', 'virsh net-destroy net0', 'Bridge/br0', 'virsh net-info net0', 'Active:         yes'],
    ['autostart turned off', 'virsh net-autostart net0 --disable', 'Bridge/br0', 'virsh net-info net0', 'Autostart:      yes'],
    ['a NIC taken out of a definition', 'virsh detach-interface guest network --mac 52:54:01:aa:02:01 --config', 'VirtualMachine/guest', 'virsh dumpxml guest --inactive', '52:54:01:aa:02:01'],
  ])('is put right and reported once: %s', async (_what, command, subject, look, wanted) => {
    const found = await reportsOf(command, subject);
    expect(found).toMatchObject([{ system: 'libvirt', subject, action: 'Corrected' }]);
    await eventually(async () => (await sh(look)).includes(wanted), WITHIN_MS);
  });
});

describe('the port of a guest', () => {
  const stranger = (portgroup: string): string =>
    `<domain type='qemu'><name>stranger</name><memory unit='MiB'>32</memory><os><type arch='x86_64'>hvm</type></os><devices><interface type='network'><mac address='52:54:00:00:00:77'/><source network='net0' portgroup='${portgroup}'/></interface></devices></domain>`;

  async function startStranger(portgroup: string): Promise<string> {
    await lab.exec(['virsh', 'destroy', 'stranger']);
    await lab.exec(['virsh', 'undefine', 'stranger']);
    await lab.run(['tee', '/run/stranger.xml'], { input: stranger(portgroup) });
    await lab.run(['virsh', 'define', '/run/stranger.xml']);
    await lab.run(['virsh', 'start', 'stranger']);
    return portOf('stranger');
  }

  it('that was deleted is put back under the guest, with its VLAN and its ids', async () => {
    const [port, id, ids] = [await portOf('guest'), await sh('virsh domid guest'), await sh(`ovs-vsctl --bare --columns=external_ids list Interface $(virsh domiflist guest | awk '/vnet/ {print $1}')`)];
    const found = await reportsOf(`ovs-vsctl del-port ${port}`, 'VirtualMachine/guest');
    expect(found).toMatchObject([{ system: 'ovs', action: 'Corrected', commands: [`ovs-vsctl del-port ${port}`] }]);
    expect(await sh(`ovs-vsctl get Port ${port} tag`)).toBe('6');
    expect(await sh(`ovs-vsctl --bare --columns=external_ids list Interface ${port}`)).toBe(ids);
    expect(await sh('virsh domid guest')).toBe(id);
  });

  it('keeps the VLAN of its portgroup, though no resource describes the guest', async () => {
    const port = await startStranger('blue');
    const found = await reportsOf(`ovs-vsctl set Port ${port} tag=99`, 'Portgroup/blue');
    expect(found).toMatchObject([{ system: 'ovs', action: 'Corrected', commands: [`ovs-vsctl set Port ${port} tag=99`] }]);
    expect(await sh(`ovs-vsctl get Port ${port} tag`)).toBe('6');
  });

  it('is in the dead VLAN where the portgroup is gone, and that is told', async () => {
    const known = new Set(reports.all().map(({ name }) => name));
    const port = await startStranger('nowhere');
    const [report] = await reports.since(known, (all) => all.length > 0, WITHIN_MS);
    expect(report).toMatchObject({ subject: 'Bridge/br0', paths: [`Port[${port}].tag`], action: 'Corrected' });
    expect(report?.text).toContain('portgroup \\"nowhere\\" is gone');
    expect(await sh(`ovs-vsctl get Port ${port} tag`)).toBe('4095');
    await lab.run(['virsh', 'destroy', 'stranger']);
  });

  it('is told and swept when it is left of a guest that is gone', async () => {
    const add = 'ovs-vsctl add-port br0 vnet77 -- set Interface vnet77 external_ids:attached-mac=52\\:54\\:00\\:00\\:00\\:78 external_ids:vm-id=gone';
    expect(await reportsOf(add, 'Bridge/br0')).toMatchObject([{ system: 'ovs', action: 'Reported' }]);
    await eventually(async () => !(await sh('ovs-vsctl list-ports br0')).includes('vnet77'), WITHIN_MS);
  });
});

describe('a second daemon on the host', () => {
  it('changes nothing, and says who keeps the host', async () => {
    const data = '/tmp/second';
    const [bridgectl] = CLIENT;
    const second = lab.spawn([bridgectl.replace(/bridgectl$/, 'bridgekeeper'), 'serve', '--data-dir', data, '--listen', '127.0.0.1:7443', '--host-name', 'luna']);
    const ask = (args: readonly string[], input?: string) => lab.exec([bridgectl, '--kubeconfig', `${data}/admin.kubeconfig`, ...args], input === undefined ? {} : { input });
    await eventually(async () => (await ask(['version'])).code === 0, WITHIN_MS);
    await ask(['apply', '-f', '-'], WORLD.replace('tag: 100', 'tag: 300'));
    const message = await eventually(async () => {
      const { stdout, code } = await ask(['get', 'vlanport', 'mgmt', '-o', 'json']);
      const conditions: unknown = code === 0 ? at(JSON.parse(stdout), 'status.conditions') : undefined;
      return Array.isArray(conditions) && conditions.map((each: unknown) => String(at(each, 'message'))).find((text) => text.includes('another Bridgekeeper keeps this host'));
    }, WITHIN_MS);
    expect(message).toContain('stop one of the two');
    expect(await sh('ovs-vsctl get Port mgmt tag')).toBe('100');
    second.kill();
    await lab.run(['rm', '-rf', data]);
  });
});

// Last: for the first two seconds of a device's life its addresses are networkd's business, and nobody's drift.
describe('the kernel, changed with ip', () => {
  it.each([
    ['an address', 'ip addr del 10.1.2.3/24 dev mgmt', 'mgmt.addresses', 'ip -br addr show mgmt', '10.1.2.3/24'],
    ['a route', 'ip route del 10.9.0.0/16', 'mgmt.routes', 'ip route', '10.9.0.0/16 via 10.1.2.1'],
    ['a rule', 'ip rule del priority 500', 'mgmt.routing-policy', 'ip rule', 'from 10.1.2.0/24 lookup 100'],
    ['a link', 'ip link set mgmt down', 'mgmt.link', 'ip -br link show mgmt', 'UP'],
  ])('is put right and reported once: %s', async (_what, command, path, look, wanted) => {
    const found = await reportsOf(command, 'VlanPort/mgmt');
    expect(found).toMatchObject([{ system: 'kernel', subject: 'VlanPort/mgmt', action: 'Corrected' }]);
    expect(found[0]?.paths).toContain(path);
    await eventually(async () => (await sh(look)).includes(wanted), WITHIN_MS);
  });

  it('tells an address of others and leaves it', async () => {
    expect(await reportsOf('ip addr add 10.55.0.1/24 dev mgmt', 'VlanPort/mgmt')).toMatchObject([{ system: 'kernel', action: 'Reported' }]);
    expect(await sh('ip -br addr show mgmt')).toContain('10.55.0.1/24');
  });
});
