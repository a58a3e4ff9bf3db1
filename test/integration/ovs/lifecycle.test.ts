import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';

import type { OwnerKey } from '../../../controller/systems/owner.ts';
import { desiredOf, eth0, internalPort, LUNABR, lunaBridge, VNET100, vnet100 } from '../../unit/controller/systems/ovs/luna-desired.ts';
import { startOvsHost } from './ovs-host.ts';
import type { OvsHost } from './ovs-host.ts';

let host: OvsHost;

beforeAll(async () => {
  host = await startOvsHost('ovs-lifecycle');
});
afterAll(() => host[Symbol.asyncDispose]());
afterEach(async () => {
  await host.vsctl('--if-exists', 'del-br', 'lunabr', '--', '--if-exists', 'del-br', 'br-other');
});

const luna = desiredOf([lunaBridge()]);
const nothing = desiredOf([]);
const OWNERS: ReadonlySet<OwnerKey> = new Set([LUNABR, VNET100]);

async function makeByHand(tag = 100): Promise<void> {
  await host.vsctl('add-br', 'lunabr', '--', 'set', 'bridge', 'lunabr', 'datapath_type=netdev');
  await host.vsctl('add-port', 'lunabr', 'eth0');
  await host.vsctl('add-port', 'lunabr', 'vnet100', `tag=${tag}`, '--', 'set', 'Interface', 'vnet100', 'type=internal');
}

async function rowsByHand(): Promise<string> {
  const ports = await host.vsctl('--columns=_uuid,name,external_ids,tag,trunks,vlan_mode', 'list', 'port', 'lunabr', 'eth0', 'vnet100');
  return ports + (await host.vsctl('--columns=_uuid,name,external_ids,type,mac,ofport', 'list', 'interface', 'lunabr', 'eth0', 'vnet100'));
}

function verbs(steps: readonly { readonly verb: string; readonly object: string }[]): string[] {
  return steps.map(({ verb, object }) => `${verb} ${object}`);
}

describe('a host made by hand', () => {
  it('is taken over with claims alone, keeps its MAC, and is given back as it was', async () => {
    await makeByHand();
    const macBefore = await host.vsctl('get', 'interface', 'vnet100', 'mac_in_use');
    const rowsBefore = await rowsByHand();
    expect(verbs((await host.plan(luna)).steps)).toEqual(['claim Bridge lunabr', 'claim Port lunabr', 'claim Port eth0', 'claim Port vnet100']);
    await host.converge(luna);
    expect(await host.plan(luna)).toEqual({ steps: [], findings: [], refusals: [] });
    expect(await host.vsctl('get', 'interface', 'vnet100', 'mac_in_use')).toBe(macBefore);
    const released = { ...nothing, ownership: { ...nothing.ownership, released: OWNERS } };
    await host.converge(released);
    expect((await host.plan(released)).steps).toEqual([]);
    expect(await rowsByHand()).toBe(rowsBefore);
  });

  it('that differs is refused, and nothing is written', async () => {
    await makeByHand(7);
    const before = host.records().length;
    const { refusals } = await host.plan(luna);
    expect(refusals).toMatchObject([{ owner: VNET100, reason: 'NotOwned', message: expect.stringContaining('Port[vnet100].tag is 7, desired 100') }]);
    expect(host.records().length).toBe(before);
  });

  it('let go and made otherwise is not taken for ours', async () => {
    await host.converge(luna);
    const released = { ...nothing, ownership: { ...nothing.ownership, released: OWNERS } };
    await host.converge(released);
    await host.vsctl('set', 'port', 'vnet100', 'tag=7');
    expect((await host.plan(luna)).refusals).toMatchObject([{ owner: VNET100, reason: 'NotOwned' }]);
  });
});

describe('what is deleted', () => {
  it('leaves a host as it was before', async () => {
    await host.vsctl('add-br', 'br-other', '--', 'set', 'bridge', 'br-other', 'datapath_type=netdev', '--', 'add-port', 'br-other', 'theirs', '--', 'set', 'interface', 'theirs', 'type=internal');
    await host.converge(luna);
    const leaving = { ...nothing, ownership: { ...nothing.ownership, leaving: OWNERS } };
    expect((await host.converge(leaving)).map(({ result }) => result)).toEqual(['applied', 'applied']);
    expect((await host.plan(leaving)).steps).toEqual([]);
    expect(await host.vsctl('list-br')).toBe('br-other\n');
    expect(await host.vsctl('list-ports', 'br-other')).toBe('theirs\n');
    expect(await host.vsctl('--bare', '--columns=name', 'list', 'port')).not.toMatch(/lunabr|eth0|vnet100/);
  });

  it('waits for the ports of others, naming them', async () => {
    await host.converge(luna);
    await host.vsctl('add-port', 'lunabr', 'theirs', '--', 'set', 'interface', 'theirs', 'type=internal');
    const leaving = { ...nothing, ownership: { ...nothing.ownership, leaving: OWNERS } };
    await host.converge(leaving);
    expect(await host.plan(leaving)).toMatchObject({ steps: [], refusals: [{ owner: LUNABR, reason: 'InUse', message: expect.stringContaining('theirs') }] });
    expect(await host.vsctl('list-ports', 'lunabr')).toBe('eth0\ntheirs\n');
    await host.vsctl('del-port', 'theirs');
    await host.converge(leaving);
    expect(await host.vsctl('list-br')).toBe('');
  });

  it('of nobody known is marked as a leftover', async () => {
    await host.converge(luna);
    expect((await host.plan(nothing)).steps.map(({ leftover }) => leftover)).toEqual([true, true]);
    expect((await host.plan({ ...nothing, ownership: { ...nothing.ownership, frozen: OWNERS } })).steps).toEqual([]);
  });
});

describe('a bridge in full', () => {
  const full = desiredOf([
    lunaBridge({
      failMode: 'standalone',
      rstp: true,
      mcastSnooping: true,
      protocols: ['OpenFlow13', 'OpenFlow10'],
      controllers: ['tcp:192.0.2.1:6653', 'ptcp:6654:127.0.0.1'],
      localPort: { vlan: { mode: 'access', tag: 9 }, mtuRequest: 1400 },
      ports: [
        {
          ...eth0,
          name: 'bond0',
          vlan: { mode: 'native-untagged', tag: 5, trunks: [2, 3] },
          bond: { mode: 'active-backup', lacp: 'passive', updelayMilliseconds: 200, downdelayMilliseconds: 100 },
          interfaces: [
            { name: 'eth0', type: '', optional: true },
            { name: 'dummy1', type: 'internal', optional: false },
          ],
        },
        vnet100,
        { ...internalPort('q1', 30), vlan: { mode: 'dot1q-tunnel', tag: 30 } },
        { ...internalPort('t1', 0), vlan: { mode: 'trunk', trunks: [7, 8] } },
      ],
      mirrors: [
        { name: 'span', selectAll: false, selectPorts: [{ name: 'vnet100' }, { name: 't1' }], selectVlans: [], outputPort: { name: 'q1' } },
        { name: 'rspan', selectAll: true, selectPorts: [], selectVlans: [3, 2], outputVlan: 99 },
      ],
    }),
  ]);

  it('is made at once, and Open vSwitch has it all', async () => {
    const outcomes = await host.converge(full);
    expect(outcomes.filter(({ result }) => result === 'failed')).toEqual([]);
    expect(await host.plan(full)).toEqual({ steps: [], findings: [], refusals: [] });
    expect(await host.vsctl('get', 'port', 'bond0', 'tag', 'trunks', 'vlan_mode', 'bond_mode', 'lacp', 'bond_updelay', 'bond_downdelay')).toBe(
      '5\n[2, 3, 5]\nnative-untagged\nactive-backup\npassive\n200\n100\n',
    );
    expect((await host.vsctl('get-controller', 'lunabr')).split('\n').sort()).toEqual(['', 'ptcp:6654:127.0.0.1', 'tcp:192.0.2.1:6653']);
    expect(await host.lab.run(['ovs-appctl', 'bond/show', 'bond0'])).toMatch(/bond_mode: active-backup/);
    expect(await host.vsctl('get', 'mirror', 'rspan', 'select_all', 'select_vlan', 'output_vlan')).toBe('true\n[2, 3]\n99\n');
  });

  it('keeps its mirror when a port of it is replaced', async () => {
    await host.converge(full);
    await host.vsctl('del-port', 'q1');
    const { steps } = await host.plan(full);
    expect(verbs(steps)).toEqual(['create Port q1', 'update Mirror span of lunabr']);
    expect((await host.ovs.apply(steps)).map(({ result }) => result)).toEqual(['applied', 'applied']);
    expect((await host.plan(full)).steps).toEqual([]);
  });

  it('goes back to the plain one', async () => {
    await host.converge(full);
    expect((await host.converge(luna)).filter(({ result }) => result === 'failed')).toEqual([]);
    expect(await host.plan(luna)).toEqual({ steps: [], findings: [], refusals: [] });
    expect(await host.vsctl('list-ports', 'lunabr')).toBe('eth0\nvnet100\n');
  });
});

describe('what vswitchd can not do', () => {
  it('is an interface that is not there, told with its own words', async () => {
    const needed = { ...eth0, name: 'eth9', interfaces: [{ name: 'eth9', type: '' as const, optional: false }] };
    const desired = desiredOf([lunaBridge({ ports: [needed, vnet100] })]);
    await host.converge(desired);
    expect(await host.plan(desired)).toMatchObject({
      steps: [],
      refusals: [
        {
          owner: LUNABR,
          reason: 'InterfaceError',
          message: "Open vSwitch can't use interface eth9: could not open network device eth9 (No such device)",
          needsPerson: true,
        },
      ],
    });
  });

  it('is a datapath without its kernel module', async () => {
    const desired = desiredOf([lunaBridge({ datapathType: 'system', ports: [] })]);
    await host.converge(desired);
    expect(await host.plan(desired)).toMatchObject({ steps: [], refusals: [{ reason: 'DatapathUnavailable', message: expect.stringContaining('modprobe openvswitch') }] });
  });
});
