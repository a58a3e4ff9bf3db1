import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { desiredOf, eth0, LUNABR, lunaBridge, VNET100, VNET100_MAC, vnet100 } from '../../unit/controller/systems/ovs/luna-desired.ts';
import { nextChange, startOvsHost } from './ovs-host.ts';
import type { OvsHost } from './ovs-host.ts';

let host: OvsHost;

beforeAll(async () => {
  host = await startOvsHost('ovs-drift');
});
afterAll(() => host[Symbol.asyncDispose]());

const luna = desiredOf([lunaBridge()]);

describe('luna on a bare Open vSwitch', () => {
  it('is made in one transaction that says what it does', async () => {
    const before = host.records().length;
    const outcomes = await host.converge(luna);
    expect(outcomes.map(({ step, result }) => `${result} ${step.verb} ${step.object}`)).toEqual([
      'applied create Bridge lunabr',
      'applied create Port eth0',
      'applied create Port vnet100',
    ]);
    const ours = host.records().slice(before).filter((record) => record.includes('"_comment"'));
    expect(ours).toHaveLength(1);
    expect(ours[0]).toContain('bridgekeeper: create Bridge lunabr for Bridge/lunabr; create Port eth0 for Bridge/lunabr');
  });

  it('has the rows, marks and devices that it should have', async () => {
    expect((await host.vsctl('get', 'port', 'vnet100', 'tag', 'vlan_mode', 'trunks', 'external_ids')).split('\n')).toEqual([
      '100', '[]', '[]', '{bridgekeeper="VlanPort/vnet100"}', '',
    ]);
    expect(await host.vsctl('get', 'interface', 'vnet100', 'type', 'mac_in_use')).toBe(`internal\n"${VNET100_MAC}"\n`);
    for (const [table, name] of [['bridge', 'lunabr'], ['port', 'lunabr'], ['interface', 'lunabr'], ['port', 'eth0'], ['interface', 'eth0']] as const) {
      expect(await host.vsctl('get', table, name, 'external_ids:bridgekeeper')).toBe(`"${LUNABR}"\n`);
    }
    const bridge = (await host.ovs.observe()).bridges.get('lunabr');
    expect(bridge?.datapathType).toBe('netdev');
    expect(bridge?.datapathId).toMatch(/^[0-9a-f]{16}$/);
    expect(await host.lab.run(['ip', '-br', 'link', 'show', 'vnet100'])).toContain(VNET100_MAC);
  });

  it('leaves an empty plan and no trace in the log when it is asked for again', async () => {
    const before = host.records().length;
    expect(await host.plan(luna)).toEqual({ steps: [], findings: [], refusals: [] });
    await host.vsctl('--no-wait', 'set', 'open_vswitch', '.', 'external_ids:fence=1');
    expect(host.records().length).toBe(before + 1);
  });
});

interface ByHand {
  readonly name: string;
  readonly args: readonly string[];
  /** What the plan must say: path, expected, found. */
  readonly differences: readonly (readonly [string, string, string])[];
  readonly verb?: string;
}

const byHand: readonly ByHand[] = [
  { name: 'tag', args: ['set', 'port', 'vnet100', 'tag=200'], differences: [['Port[vnet100].tag', '100', '200']] },
  { name: 'no tag', args: ['clear', 'port', 'vnet100', 'tag'], differences: [['Port[vnet100].tag', '100', '']] },
  { name: 'trunks', args: ['set', 'port', 'vnet100', 'trunks=2,3'], differences: [['Port[vnet100].trunks', '', '2, 3']] },
  {
    name: 'vlan_mode',
    args: ['set', 'port', 'vnet100', 'vlan_mode=native-untagged'],
    differences: [['Port[vnet100].vlan_mode', '', 'native-untagged']],
  },
  { name: 'the tag of an uplink', args: ['set', 'port', 'eth0', 'tag=7'], differences: [['Port[eth0].tag', '', '7']] },
  { name: 'port deleted', args: ['del-port', 'vnet100'], differences: [['Bridge[lunabr].ports', 'vnet100', '']], verb: 'create' },
  {
    name: 'port replaced',
    args: ['del-port', 'vnet100', '--', 'add-port', 'lunabr', 'vnet100', 'tag=200', '--', 'set', 'interface', 'vnet100', 'type=internal'],
    differences: [
      ['Port[vnet100].external_ids:bridgekeeper', VNET100, ''],
      ['Interface[vnet100].external_ids:bridgekeeper', VNET100, ''],
      ['Port[vnet100].tag', '100', '200'],
      ['Interface[vnet100].mac', VNET100_MAC, ''],
    ],
  },
  { name: 'interface type', args: ['set', 'interface', 'vnet100', 'type=tap'], differences: [['Interface[vnet100].type', 'internal', 'tap']] },
  {
    name: 'mark removed from the port',
    args: ['remove', 'port', 'vnet100', 'external_ids', 'bridgekeeper'],
    differences: [['Port[vnet100].external_ids:bridgekeeper', VNET100, '']],
  },
  {
    name: 'all marks removed',
    args: ['clear', 'port', 'vnet100', 'external_ids', '--', 'clear', 'interface', 'vnet100', 'external_ids'],
    differences: [
      ['Port[vnet100].external_ids:bridgekeeper', VNET100, ''],
      ['Interface[vnet100].external_ids:bridgekeeper', VNET100, ''],
    ],
  },
  {
    name: 'mark of the bridge removed',
    args: ['remove', 'bridge', 'lunabr', 'external_ids', 'bridgekeeper'],
    differences: [['Bridge[lunabr].external_ids:bridgekeeper', LUNABR, '']],
  },
  {
    name: 'mirror',
    args: ['--', '--id=@p', 'get', 'port', 'eth0', '--', '--id=@m', 'create', 'mirror', 'name=spy', 'select-all=true', 'output-port=@p', '--', 'set', 'bridge', 'lunabr', 'mirrors=@m'],
    differences: [['Bridge[lunabr].mirrors', '', 'spy']],
    verb: 'delete',
  },
  { name: 'controller', args: ['set-controller', 'lunabr', 'tcp:192.0.2.1:6653'], differences: [['Bridge[lunabr].controller', '', 'tcp:192.0.2.1:6653']] },
  { name: 'fail_mode', args: ['set-fail-mode', 'lunabr', 'secure'], differences: [['Bridge[lunabr].fail_mode', '', 'secure']] },
  { name: 'stp', args: ['set', 'bridge', 'lunabr', 'stp_enable=true'], differences: [['Bridge[lunabr].stp_enable', 'false', 'true']] },
  { name: 'protocols', args: ['set', 'bridge', 'lunabr', 'protocols=OpenFlow13'], differences: [['Bridge[lunabr].protocols', '', 'OpenFlow13']] },
  { name: 'mtu_request', args: ['set', 'interface', 'vnet100', 'mtu_request=1400'], differences: [['Interface[vnet100].mtu_request', '', '1400']] },
  { name: 'lacp', args: ['set', 'port', 'eth0', 'lacp=active'], differences: [['Port[eth0].lacp', '', 'active']] },
];

/** How ovs-vsctl is known to write its own command line into the log. */
function commandOf({ args }: ByHand): string {
  return ['ovs-vsctl', ...args].join(' ');
}

describe('a change by hand', () => {
  it.each(byHand)('of $name is seen, named, and mended', async (change) => {
    const seen = nextChange(host.ovs, 5_000);
    await host.vsctl(...change.args);
    await seen;
    const { steps } = await host.plan(luna);
    expect(steps.flatMap((step) => step.differences.map(({ path, expected, found }) => [path, expected, found]))).toEqual(change.differences);
    expect(steps.map((step) => step.verb)).toEqual([change.verb ?? 'update']);
    for (const step of steps) {
      const cause = await host.ovs.causeOf?.(step);
      expect(cause).toEqual({
        commands: [{ command: commandOf(change), process: expect.stringMatching(/./), at: expect.any(Number) }],
        user: 'Unknown',
        source: 'ovsdb-log',
      });
    }
    expect((await host.ovs.apply(steps)).map(({ result }) => result)).toEqual(['applied']);
    expect(await host.plan(luna)).toEqual({ steps: [], findings: [], refusals: [] });
  });

  it('that deletes the bridge is mended as a whole, with the same MAC', async () => {
    await host.vsctl('del-br', 'lunabr');
    const { steps } = await host.plan(luna);
    expect(steps.map(({ verb, object }) => `${verb} ${object}`)).toEqual(['create Bridge lunabr', 'create Port eth0', 'create Port vnet100']);
    for (const step of steps) expect((await host.ovs.causeOf?.(step))?.commands.map(({ command }) => command)).toEqual(['ovs-vsctl del-br lunabr']);
    expect((await host.ovs.apply(steps)).map(({ result }) => result)).toEqual(['applied', 'applied', 'applied']);
    expect((await host.plan(luna)).steps).toEqual([]);
    expect(await host.vsctl('get', 'interface', 'vnet100', 'mac_in_use')).toBe(`"${VNET100_MAC}"\n`);
  });

  it('to other_config is told and left alone', async () => {
    await host.vsctl('set', 'port', 'vnet100', 'other_config:foo=bar');
    const { steps, findings } = await host.plan(luna);
    expect(steps).toEqual([]);
    expect(findings).toMatchObject([
      { owner: VNET100, object: 'Port vnet100', difference: { path: 'Port[vnet100].other_config:foo', expected: '', found: 'bar' } },
    ]);
    const [finding] = findings;
    expect(finding && (await host.ovs.causeOf?.(finding))?.commands.map(({ command }) => command)).toEqual(['ovs-vsctl set port vnet100 other_config:foo=bar']);
    await host.vsctl('clear', 'port', 'vnet100', 'other_config');
  });

  it('that adds a port is told, and undone only where the bridge asks for it', async () => {
    await host.vsctl('add-port', 'lunabr', 'stray', '--', 'set', 'interface', 'stray', 'type=internal');
    const { steps, findings } = await host.plan(luna);
    expect(steps).toEqual([]);
    expect(findings).toMatchObject([{ owner: LUNABR, object: 'Port stray', difference: { path: 'Bridge[lunabr].ports', expected: '', found: 'stray' } }]);
    const [finding] = findings;
    expect(finding && (await host.ovs.causeOf?.(finding))?.commands[0]?.command).toMatch(/^ovs-vsctl add-port lunabr stray/);
    expect((await host.plan(desiredOf([lunaBridge({ unmanagedPorts: 'Ignore' })]))).findings).toEqual([]);
    await host.converge(desiredOf([lunaBridge({ unmanagedPorts: 'Remove' })]));
    expect(await host.vsctl('list-ports', 'lunabr')).toBe('eth0\nvnet100\n');
  });

  it('of a guest port is none of our business', async () => {
    await host.vsctl('add-port', 'lunabr', 'vnet7', '--', 'set', 'interface', 'vnet7', 'type=internal', 'external_ids:attached-mac="52:54:01:aa:02:01"', 'external_ids:vm-id=0f3c');
    expect(await host.plan(desiredOf([lunaBridge({ unmanagedPorts: 'Remove' })]))).toEqual({ steps: [], findings: [], refusals: [] });
    const vmPort = { owner: 'VirtualMachine/guest1', bridgeName: 'lunabr', mac: '52:54:01:AA:02:01', isolated: false, vlan: { mode: 'access', tag: 100 } } as const;
    const withVm = { ...luna, vmPorts: [vmPort] };
    expect((await host.converge(withVm)).map(({ step }) => step.differences)).toEqual([[{ path: 'Port[vnet7].tag', expected: '100', found: '' }]]);
    expect((await host.plan(withVm)).steps).toEqual([]);
    await host.vsctl('set', 'port', 'vnet7', 'tag=5', 'trunks=1,2');
    const { steps } = await host.plan(withVm);
    expect(steps.flatMap((step) => step.differences.map(({ path }) => path))).toEqual(['Port[vnet7].tag', 'Port[vnet7].trunks']);
    await host.vsctl('del-port', 'vnet7');
  });

  it('is told apart from a change of what is desired, whose last change was our own', async () => {
    const { steps } = await host.plan(desiredOf([lunaBridge({ ports: [eth0, { ...vnet100, vlan: { mode: 'access', tag: 300 } }] })]));
    expect(steps).toHaveLength(1);
    const [step] = steps;
    expect(step && (await host.ovs.causeOf?.(step))).toBeUndefined();
  });
});
