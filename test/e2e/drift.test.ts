import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../fixtures/eventually.ts';
import { startLab, type Lab } from '../lab/lab.ts';
import { at, Daemon } from './daemon.ts';

const BRIDGE = `
apiVersion: bridgekeeper.dev/v1alpha1
kind: Bridge
metadata: {name: br0}
spec: {uplinks: [{name: eth0}], mtu: 1400}
`;
const PORT = `
apiVersion: bridgekeeper.dev/v1alpha1
kind: VlanPort
metadata: {name: mgmt}
spec: {bridgeName: br0, vlan: {mode: access, tag: 100}, addresses: [10.1.2.3/24]}
`;

let lab: Lab;
let daemon: Daemon;

beforeAll(async () => {
  lab = await startLab('drift');
  daemon = await Daemon.start(lab);
  await daemon.apply(`${BRIDGE}---${PORT}`);
  await daemon.bridgectl('wait', '--for=condition=Ready', '--all', 'bridge,vlanport', '--timeout=60s');
}, 120_000);

afterAll(async () => {
  await lab.down();
});

/** Runs a command by hand, and answers the report that names it. */
async function reportOf(command: string): Promise<Record<string, unknown>> {
  await lab.run(['sh', '-c', command]);
  return eventually(async () => {
    const reports = await daemon.items('driftreports');
    return reports.find((report) => String(at(report, 'spec.cause.command')).includes(command) && at(report, 'status.action') !== undefined);
  }, 60_000);
}

function get(table: string, record: string, column: string): Promise<string> {
  return lab.run(['ovs-vsctl', '--if-exists', 'get', table, record, column]).then((text) => text.trim());
}

describe('a change of Open vSwitch behind our back', () => {
  it.each([
    ['tag', 'ovs-vsctl set port mgmt tag=200', 'Port', 'mgmt', 'tag', '100'],
    ['trunks', 'ovs-vsctl set port mgmt trunks=5,6', 'Port', 'mgmt', 'trunks', '[]'],
    ['vlan_mode', 'ovs-vsctl set port mgmt vlan_mode=native-untagged', 'Port', 'mgmt', 'vlan_mode', '[]'],
    ['port deleted', 'ovs-vsctl del-port mgmt', 'Port', 'mgmt', 'tag', '100'],
    ['interface type', 'ovs-vsctl set interface mgmt type=dummy', 'Interface', 'mgmt', 'type', 'internal'],
    ['mark removed', 'ovs-vsctl remove port mgmt external_ids bridgekeeper', 'Port', 'mgmt', 'external_ids', '{bridgekeeper="VlanPort/mgmt"}'],
    ['mtu_request', 'ovs-vsctl set interface mgmt mtu_request=1300', 'Interface', 'mgmt', 'mtu_request', '1400'],
    ['controller', 'ovs-vsctl set-controller br0 tcp:127.0.0.1:6653', 'Bridge', 'br0', 'controller', '[]'],
    ['mirror', 'ovs-vsctl -- --id=@m create Mirror name=spy select_all=true -- set bridge br0 mirrors=@m', 'Bridge', 'br0', 'mirrors', '[]'],
    ['bridge deleted', 'ovs-vsctl del-br br0', 'Port', 'mgmt', 'tag', '100'],
  ])('is undone and reported with its command: %s', async (_what, command, table, record, column, wanted) => {
    const report = await reportOf(command);
    expect(at(report, 'status.action')).toBe('Corrected');
    await eventually(async () => (await get(table, record, column)) === wanted, 60_000);
    await daemon.bridgectl('wait', '--for=condition=Ready', '--all', 'bridge,vlanport', '--timeout=60s');
    expect(await lab.run(['ip', '-br', 'addr', 'show', 'mgmt'])).toContain('10.1.2.3/24');
  });

  it.each([
    ['a foreign port', 'ovs-vsctl add-port br0 tap9 -- set interface tap9 type=internal', 'ovs-vsctl port-to-br tap9', 'br0'],
    ['a foreign key', 'ovs-vsctl set bridge br0 other_config:mac-table-size=4096', 'ovs-vsctl get bridge br0 other_config:mac-table-size', '"4096"'],
  ])('that touches nothing desired is reported and left: %s', async (_what, command, look, wanted) => {
    const report = await reportOf(command);
    expect(at(report, 'status.action')).toBe('Reported');
    expect((await lab.run(['sh', '-c', look])).trim()).toBe(wanted);
  });

  it('is kept where the policy says Report, and undone when it says Correct again', async () => {
    await daemon.apply(PORT.replace('spec: {', 'spec: {driftPolicy: Report, '));
    await daemon.bridgectl('wait', '--for=condition=Ready', 'vlanport/mgmt', '--timeout=60s');
    const report = await reportOf('ovs-vsctl set port mgmt tag=300');
    expect(at(report, 'status.action')).toBe('Reported');
    expect(await get('Port', 'mgmt', 'tag')).toBe('300');
    await daemon.bridgectl('wait', '--for=condition=Drifted', 'vlanport/mgmt', '--timeout=60s');
    await daemon.apply(PORT);
    await eventually(async () => (await get('Port', 'mgmt', 'tag')) === '100', 60_000);
    await daemon.bridgectl('wait', '--for=condition=Ready', 'vlanport/mgmt', '--timeout=60s');
  });

  it('is an Event about its resource', async () => {
    expect(await daemon.bridgectl('describe', 'vlanport', 'mgmt')).toMatch(/DriftCorrected/);
  });
});

describe('wrong input', () => {
  const vlanPort = (spec: string, name = 'x'): string => `apiVersion: bridgekeeper.dev/v1alpha1\nkind: VlanPort\nmetadata: {name: ${name}}\nspec: ${spec}\n`;

  it.each([
    ['a tag out of range', vlanPort('{bridgeName: br0, vlan: {mode: access, tag: 5000}}'), /spec\.vlan\.tag/],
    ['access with trunks', vlanPort('{bridgeName: br0, vlan: {mode: access, tag: 5, trunks: [6]}}'), /spec\.vlan\.trunks/],
    ['an unknown field', vlanPort('{bridgeName: br0, vlam: {mode: access}}'), /spec\.vlam/],
    ['a name that is too long for a device', vlanPort('{bridgeName: br0}', 'a-name-of-17-byte'), /metadata\.name/],
    ['bad YAML', 'kind: [unclosed', /standard input:\d+:\d+/],
  ])('is refused by its field and stores nothing: %s', async (_what, manifest, field) => {
    const { code, stdout, stderr } = await daemon.apply(manifest);
    expect(code).not.toBe(0);
    expect(stdout + stderr).toMatch(field);
    expect((await daemon.try(['get', 'vlanport', 'x'])).code).not.toBe(0);
  });
});
