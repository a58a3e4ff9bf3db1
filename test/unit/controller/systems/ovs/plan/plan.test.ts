import { describe, expect, it } from 'vitest';

import type { OvsBridge, OvsDesired, OvsPort } from '../../../../../../controller/systems/ovs/desired.ts';
import type { OvsObserved } from '../../../../../../controller/systems/ovs/observed.ts';
import { planOvs } from '../../../../../../controller/systems/ovs/plan/plan.ts';
import type { OwnerKey, Ownership } from '../../../../../../controller/systems/owner.ts';
import { desiredOf, eth0, internalPort, lunaBridge, VNET100_MAC, vnet100 } from '../luna-desired.ts';
import { lunaFixture, observedSwitch } from '../switch-fixture.ts';

const luna = desiredOf([lunaBridge()]);
const nothing = desiredOf([]);

/** A plan in short: what a person would read. */
function outline(desired: OvsDesired, observed: OvsObserved) {
  const { steps, findings, refusals } = planOvs(desired, observed);
  return {
    steps: steps.map(
      ({ verb, object, owner, leftover, differences }) =>
        `${verb} ${object} (${owner})${leftover ? ' leftover' : ''}: ${differences.map(({ path, expected, found }) => `${path} ${found || '-'} -> ${expected || '-'}`).join(', ')}`,
    ),
    findings: findings.map(({ object, difference }) => `${object}: ${difference.path} ${difference.found}`),
    refusals: refusals.map(({ owner, reason, message, needsPerson }) => `${owner} ${needsPerson ? 'stalls' : 'waits'} ${reason}: ${message}`),
  };
}

const EMPTY = { steps: [], findings: [], refusals: [] };

function withOwnership(set: keyof Ownership, ...owners: OwnerKey[]): OvsDesired {
  return desiredOf([], { [set]: new Set(owners) });
}

describe('creating', () => {
  it('makes bridge, uplink and internal port on an empty switch', () => {
    expect(outline(luna, observedSwitch([])).steps).toEqual([
      'create Bridge lunabr (Bridge/lunabr): Open_vSwitch.bridges - -> lunabr',
      'create Port eth0 (Bridge/lunabr): Bridge[lunabr].ports - -> eth0',
      'create Port vnet100 (VlanPort/vnet100): Bridge[lunabr].ports - -> vnet100',
    ]);
  });

  it('plans nothing where all is as desired', () => {
    expect(outline(luna, observedSwitch([lunaFixture()]))).toEqual(EMPTY);
  });

  it.each<[OvsBridge['datapathType'], boolean, string]>([
    ['auto', true, 'system'],
    ['auto', false, 'netdev'],
    ['system', false, 'system'],
    ['netdev', true, 'netdev'],
  ])('with datapathType %s and a kernel datapath %s gives %s', (datapathType, systemDatapath, expected) => {
    const [step] = planOvs(desiredOf([lunaBridge({ datapathType })]), observedSwitch([], { systemDatapath })).steps;
    const bridge = step?.edits.find((edit) => edit.edit === 'insert' && edit.table === 'Bridge');
    expect(bridge).toMatchObject({ row: { datapath_type: expected } });
  });

  it('gives an internal port its MAC and its columns, and leaves defaults out', () => {
    const [step] = planOvs(luna, observedSwitch([lunaFixture({ bridge: { withPorts: [] } })])).steps.filter(({ object }) => object === 'Port vnet100');
    expect(step?.edits.flatMap((edit) => (edit.edit === 'insert' ? [[edit.table, edit.row]] : []))).toEqual([
      ['Interface', { name: 'vnet100', type: 'internal', mac: VNET100_MAC, external_ids: new Map([['bridgekeeper', 'VlanPort/vnet100']]) }],
      ['Port', { name: 'vnet100', interfaces: ['@Interface/vnet100'], tag: 100, external_ids: new Map([['bridgekeeper', 'VlanPort/vnet100']]) }],
    ]);
  });

  it('says that a new bridge has no datapath once vswitchd has looked at it', () => {
    const observed = observedSwitch([lunaFixture({ bridge: { datapath_id: ['set', []], datapath_type: 'system' } })]);
    expect(outline(luna, observed).refusals).toEqual([
      "Bridge/lunabr waits DatapathUnavailable: bridge lunabr has no datapath: Open vSwitch can't use the kernel's; load the module (modprobe openvswitch), or set datapathType: netdev",
    ]);
    const busy = observedSwitch([lunaFixture({ bridge: { datapath_id: ['set', []] } })], { root: { next_cfg: 6 } });
    expect(outline(luna, busy)).toEqual(EMPTY);
  });
});

describe('an existing bridge of ours', () => {
  it.each<[string, Partial<OvsBridge>, Parameters<typeof lunaFixture>[0], string[]]>([
    ['never changes its datapath for auto', {}, { bridge: { datapath_type: 'system' } }, []],
    ['takes an empty datapath_type for system', { datapathType: 'system' }, { bridge: { datapath_type: '' } }, []],
    [
      'changes its datapath when told',
      { datapathType: 'system' },
      {},
      ['update Bridge lunabr (Bridge/lunabr): Bridge[lunabr].datapath_type netdev -> system'],
    ],
    [
      'gets the switch columns that it lacks, together',
      { stp: true, failMode: 'secure', mcastSnooping: true, protocols: ['OpenFlow14', 'OpenFlow13'] },
      {},
      [
        'update Bridge lunabr (Bridge/lunabr): Bridge[lunabr].fail_mode - -> secure, Bridge[lunabr].stp_enable false -> true, ' +
          'Bridge[lunabr].mcast_snooping_enable false -> true, Bridge[lunabr].protocols - -> OpenFlow13, OpenFlow14',
      ],
    ],
    ['keeps controllers in any order', { controllers: ['tcp:192.0.2.2', 'tcp:192.0.2.1'] }, { bridge: { withControllers: ['tcp:192.0.2.1', 'tcp:192.0.2.2'] } }, []],
    [
      'loses a controller that nobody asked for',
      { controllers: ['tcp:192.0.2.1'] },
      { bridge: { withControllers: ['tcp:192.0.2.1', 'tcp:203.0.113.9'] } },
      ['update Bridge lunabr (Bridge/lunabr): Bridge[lunabr].controller tcp:192.0.2.1, tcp:203.0.113.9 -> tcp:192.0.2.1'],
    ],
    [
      'has the VLAN and MTU of its own port kept',
      { localPort: { vlan: { mode: 'access', tag: 5 }, mtuRequest: 9000 } },
      {},
      ['update Port lunabr (Bridge/lunabr): Port[lunabr].tag - -> 5, Interface[lunabr].mtu_request - -> 9000'],
    ],
  ])('%s', (_name, change, fixture, steps) => {
    expect(outline(desiredOf([lunaBridge(change)]), observedSwitch([lunaFixture(fixture)]))).toEqual({ ...EMPTY, steps });
  });
});

describe('a port of ours', () => {
  it.each<[string, Partial<OvsPort>, Record<string, unknown>, string[]]>([
    ['is left alone in normal form', {}, { vlan_mode: 'access' }, []],
    [
      'is corrected in the columns that differ only',
      {},
      { tag: 200, bond_mode: 'balance-slb' },
      ['update Port vnet100 (VlanPort/vnet100): Port[vnet100].tag 200 -> 100, Port[vnet100].bond_mode balance-slb -> -'],
    ],
    [
      'gets its marks back',
      {},
      { mark: undefined },
      ['update Port vnet100 (VlanPort/vnet100): Port[vnet100].external_ids:bridgekeeper - -> VlanPort/vnet100'],
    ],
    [
      'loses an interface that was put beside its own',
      {},
      {
        ifaces: [
          { name: 'vnet100', type: 'internal', mac: VNET100_MAC, mark: 'VlanPort/vnet100' },
          { name: 'eth7', type: '' },
        ],
      },
      ['update Port vnet100 (VlanPort/vnet100): Port[vnet100].interfaces eth7, vnet100 -> vnet100'],
    ],
    [
      'keeps the MAC that it had when it was taken over',
      {},
      {
        ifaces: [{ name: 'vnet100', type: 'internal', mac: '02:00:00:00:00:77', mark: 'VlanPort/vnet100', ids: { 'bridgekeeper-adopted': 'true' } }],
      },
      [],
    ],
    [
      'gets the MAC back that it was made with',
      {},
      { ifaces: [{ name: 'vnet100', type: 'internal', mac: '02:00:00:00:00:77', mark: 'VlanPort/vnet100' }] },
      [`update Port vnet100 (VlanPort/vnet100): Interface[vnet100].mac 02:00:00:00:00:77 -> ${VNET100_MAC}`],
    ],
  ])('%s', (_name, change, fixture, steps) => {
    const desired = desiredOf([lunaBridge({ ports: [eth0, { ...vnet100, ...change }] })]);
    expect(outline(desired, observedSwitch([lunaFixture({ vnet100: fixture })]))).toEqual({ ...EMPTY, steps });
  });

  it('is moved when it is on another bridge', () => {
    const other = { name: 'br-other', withPorts: [{ name: 'br-other' }, { name: 'vnet100', mark: 'VlanPort/vnet100', tag: 100, ifaces: [{ name: 'vnet100', type: 'internal', mac: VNET100_MAC, mark: 'VlanPort/vnet100' }] }] };
    const fixture = lunaFixture();
    const bare = { ...fixture, withPorts: (fixture.withPorts ?? []).slice(0, 2) };
    expect(outline(luna, observedSwitch([bare, other])).steps).toEqual([
      'update Port vnet100 (VlanPort/vnet100): Port[vnet100].bridge br-other -> lunabr',
    ]);
  });

  it('whose device is missing says so, and only a needed one stalls', () => {
    const observed = observedSwitch([
      lunaFixture({
        bridge: {
          withPorts: [
            ...(lunaFixture().withPorts ?? []).slice(0, 1),
            { name: 'eth0', mark: 'Bridge/lunabr', ifaces: [{ name: 'eth0', mark: 'Bridge/lunabr', error: 'could not open network device eth0 (No such device)' }] },
          ],
        },
      }),
    ]);
    const text = "InterfaceError: Open vSwitch can't use interface eth0: could not open network device eth0 (No such device)";
    expect(outline(desiredOf([lunaBridge({ ports: [eth0] })]), observed).refusals).toEqual([`Bridge/lunabr waits ${text}`]);
    const needed: OvsPort = { ...eth0, interfaces: [{ name: 'eth0', type: '', optional: false }] };
    expect(outline(desiredOf([lunaBridge({ ports: [needed] })]), observed).refusals).toEqual([`Bridge/lunabr stalls ${text}`]);
  });
});

describe('a name that is taken', () => {
  const bare = (port: Record<string, unknown>) =>
    observedSwitch([lunaFixture({ vnet100: { mark: undefined, ifaces: [{ name: 'vnet100', type: 'internal' }], ...port } })]);

  it('is taken over when it already is as desired, and keeps its MAC', () => {
    const observed = bare({});
    expect(outline(luna, observed)).toEqual({
      ...EMPTY,
      steps: [
        'claim Port vnet100 (VlanPort/vnet100): Port[vnet100].external_ids:bridgekeeper - -> VlanPort/vnet100, ' +
          'Interface[vnet100].external_ids:bridgekeeper - -> VlanPort/vnet100',
      ],
    });
    const [claim] = planOvs(luna, observed).steps;
    expect(claim?.edits.every((edit) => edit.edit === 'keys' && edit.put.get('bridgekeeper-adopted') === 'true')).toBe(true);
  });

  it('is refused with what differs', () => {
    expect(outline(luna, bare({ tag: 7 }))).toEqual({
      ...EMPTY,
      refusals: [
        'VlanPort/vnet100 stalls NotOwned: port vnet100 is there, was not made by Bridgekeeper and differs: ' +
          'Port[vnet100].tag is 7, desired 100; make it so by hand, or set adoptionPolicy: Always',
      ],
    });
  });

  it('is taken over and changed with Always, left alone with Never', () => {
    const withPolicy = (adoption: OvsPort['adoption']) => desiredOf([lunaBridge({ ports: [eth0, { ...vnet100, adoption }] })]);
    expect(outline(withPolicy('Always'), bare({ tag: 7 })).steps.map((step) => step.split(' (')[0])).toEqual(['claim Port vnet100', 'update Port vnet100']);
    expect(outline(withPolicy('Never'), bare({}))).toMatchObject({ steps: [], refusals: [expect.stringContaining('adoptionPolicy Never')] });
  });

  it("is a conflict when it is a VM's, whatever mark it carries", () => {
    for (const mark of [undefined, 'VlanPort/vnet100']) {
      const ids = { 'vm-id': 'c0ffee', 'attached-mac': '52:54:01:aa:02:01' };
      const observed = bare({ mark, ifaces: [{ name: 'vnet100', ids }] });
      expect(outline(luna, observed)).toEqual({
        ...EMPTY,
        refusals: [
          'VlanPort/vnet100 stalls DeviceConflict: port vnet100 on bridge lunabr belongs to VM c0ffee (NIC 52:54:01:aa:02:01); choose another name (spec.deviceName)',
        ],
      });
    }
  });

  it('is a conflict on another bridge, naming the bridge', () => {
    const fixture = lunaFixture();
    const bareBridge = { ...fixture, withPorts: (fixture.withPorts ?? []).slice(0, 2) };
    const other = { name: 'br-other', withPorts: [{ name: 'vnet100', tag: 100, ifaces: [{ name: 'vnet100', type: 'internal' }] }] };
    expect(outline(luna, observedSwitch([bareBridge, other])).refusals).toEqual([
      'VlanPort/vnet100 stalls DeviceConflict: port vnet100 is on bridge br-other; take it off there or choose another name',
    ]);
  });

  it('is free at once when the port that has its interface goes in the same plan', () => {
    const bond = { name: 'bond0', mark: 'Bridge/lunabr', ifaces: [{ name: 'eth0', mark: 'Bridge/lunabr' }] };
    const fixture = lunaFixture({ bridge: { withPorts: [(lunaFixture().withPorts ?? [])[0] ?? { name: 'lunabr' }, bond] } });
    expect(outline(desiredOf([lunaBridge({ ports: [eth0] })]), observedSwitch([fixture]))).toEqual({
      ...EMPTY,
      steps: [
        'create Port eth0 (Bridge/lunabr): Bridge[lunabr].ports - -> eth0',
        'delete Port bond0 (Bridge/lunabr): Bridge[lunabr].ports bond0 -> -',
      ],
    });
  });

  it('is a conflict when its interface is inside of another port', () => {
    const bond = { name: 'bond0', ifaces: [{ name: 'eth0' }, { name: 'eth1' }] };
    const fixture = lunaFixture({ bridge: { withPorts: [(lunaFixture().withPorts ?? [])[0] ?? { name: 'lunabr' }, bond] } });
    expect(outline(desiredOf([lunaBridge({ ports: [eth0] })]), observedSwitch([fixture])).refusals).toEqual([
      'Bridge/lunabr stalls DeviceConflict: interface eth0 is in use by port bond0 on bridge lunabr',
    ]);
  });

  it.each<[string, Partial<Ownership>, 'stalls' | 'waits']>([
    ['of a resource that is there', { present: new Set<OwnerKey>(['Bridge/lunabr', 'VlanPort/vnet100', 'VlanPort/other']) }, 'stalls'],
    ['of a resource that is on its way out', { leaving: new Set<OwnerKey>(['VlanPort/other']) }, 'waits'],
  ])('is a conflict when it carries the mark %s', (_name, ownership, verb) => {
    const observed = bare({ mark: 'VlanPort/other', ifaces: [{ name: 'vnet100', type: 'internal', mark: 'VlanPort/other' }] });
    expect(outline(desiredOf([lunaBridge()], ownership), observed).refusals).toEqual([
      `VlanPort/vnet100 ${verb} DeviceConflict: port vnet100 on bridge lunabr is marked as belonging to VlanPort/other`,
    ]);
  });

  it('by a bridge of others that differs leaves all that would be on it waiting', () => {
    const observed = observedSwitch([{ name: 'lunabr', fail_mode: 'secure', withPorts: [{ name: 'lunabr', ifaces: [{ name: 'lunabr', type: 'internal' }] }] }]);
    expect(outline(luna, observed)).toEqual({
      ...EMPTY,
      refusals: [
        'Bridge/lunabr stalls NotOwned: bridge lunabr is there, was not made by Bridgekeeper and differs: ' +
          'Bridge[lunabr].fail_mode is secure, desired not set; Bridge[lunabr].ports is not set, desired eth0; make it so by hand, or set adoptionPolicy: Always',
        'VlanPort/vnet100 waits BridgeNotReady: waits for bridge lunabr (Bridge/lunabr), which is refused',
      ],
    });
  });

  it('by the same host made by hand is taken over with claims alone', () => {
    const byHand = {
      name: 'lunabr',
      datapath_type: 'netdev',
      withPorts: [
        { name: 'lunabr', ifaces: [{ name: 'lunabr', type: 'internal' }] },
        { name: 'eth0' },
        { name: 'vnet100', tag: 100, ifaces: [{ name: 'vnet100', type: 'internal' }] },
      ],
    };
    const { steps, refusals } = outline(luna, observedSwitch([byHand]));
    expect(refusals).toEqual([]);
    expect(steps.map((step) => step.split(' (')[0])).toEqual(['claim Bridge lunabr', 'claim Port lunabr', 'claim Port eth0', 'claim Port vnet100']);
  });
});

describe('what is not desired any more', () => {
  const observed = observedSwitch([lunaFixture()]);
  const OWNERS: OwnerKey[] = ['Bridge/lunabr', 'VlanPort/vnet100'];

  it.each<[string, OvsDesired, string[]]>([
    [
      'goes at once with its resource',
      withOwnership('leaving', ...OWNERS),
      [
        'delete Bridge lunabr (Bridge/lunabr): Open_vSwitch.bridges lunabr -> -',
        'delete Port vnet100 (VlanPort/vnet100): Bridge[lunabr].ports vnet100 -> -',
      ],
    ],
    [
      'goes after a second look when nobody knows its resource',
      nothing,
      [
        'delete Bridge lunabr (Bridge/lunabr) leftover: Open_vSwitch.bridges lunabr -> -',
        'delete Port vnet100 (VlanPort/vnet100) leftover: Bridge[lunabr].ports vnet100 -> -',
      ],
    ],
    ['stays while its resource can not be judged', withOwnership('frozen', ...OWNERS), []],
    [
      'stays without its marks when it is let go',
      withOwnership('released', ...OWNERS),
      [
        'release Bridge lunabr (Bridge/lunabr): Bridge[lunabr].external_ids:bridgekeeper Bridge/lunabr -> -, ' +
          'Port[lunabr].external_ids:bridgekeeper Bridge/lunabr -> -, Interface[lunabr].external_ids:bridgekeeper Bridge/lunabr -> -, ' +
          'Port[eth0].external_ids:bridgekeeper Bridge/lunabr -> -, Interface[eth0].external_ids:bridgekeeper Bridge/lunabr -> -',
        'release Port vnet100 (VlanPort/vnet100): Port[vnet100].external_ids:bridgekeeper VlanPort/vnet100 -> -, ' +
          'Interface[vnet100].external_ids:bridgekeeper VlanPort/vnet100 -> -',
      ],
    ],
  ])('%s', (_name, desired, steps) => {
    expect(outline(desired, observed).steps).toEqual(steps);
  });

  it('by its own resource that is still there goes at once', () => {
    expect(outline(desiredOf([lunaBridge({ ports: [vnet100] })]), observed).steps).toEqual([
      'delete Port eth0 (Bridge/lunabr): Bridge[lunabr].ports eth0 -> -',
    ]);
  });

  it('is not taken from under the ports of others', () => {
    const withForeign = observedSwitch([
      lunaFixture({
        bridge: {
          withPorts: [
            ...(lunaFixture().withPorts ?? []),
            { name: 'tap9' },
            { name: 'vnet3', ifaces: [{ name: 'vnet3', ids: { 'vm-id': 'beef', 'attached-mac': '52:54:00:00:00:01' } }] },
          ],
        },
      }),
    ]);
    const { steps, refusals } = outline(withOwnership('leaving', ...OWNERS), withForeign);
    expect(refusals).toEqual([
      "Bridge/lunabr waits InUse: bridge lunabr can't be deleted while ports of others are on it: tap9, vnet3 of VM beef (NIC 52:54:00:00:00:01)",
    ]);
    expect(steps).toEqual(['delete Port vnet100 (VlanPort/vnet100): Bridge[lunabr].ports vnet100 -> -']);
  });

  it("is only let go where a VM came to use it", () => {
    const ids = { 'vm-id': 'beef' };
    const used = observedSwitch([lunaFixture({ vnet100: { ifaces: [{ name: 'vnet100', mark: 'VlanPort/vnet100', ids }] } })]);
    const { steps } = outline(desiredOf([lunaBridge({ ports: [eth0] })], { leaving: new Set<OwnerKey>(['VlanPort/vnet100']) }), used);
    expect(steps.map((step) => step.split(' (')[0])).toEqual(['release Port vnet100']);
  });

  it('never takes what does not carry a mark', () => {
    const fixture = { name: 'br0', withPorts: [{ name: 'br0' }, { name: 'p1', ids: { bridgekeeper: 'not a mark' } }] };
    expect(outline(nothing, observedSwitch([fixture]))).toEqual(EMPTY);
  });
});

describe('things of others on a bridge of ours', () => {
  const withPorts = [
    ...(lunaFixture().withPorts ?? []),
    { name: 'stray' },
    { name: 'vnet3', ifaces: [{ name: 'vnet3', ids: { 'attached-mac': '52:54:00:00:00:01' } }] },
    { name: 'tapx', ifaces: [{ name: 'tapx', ids: { 'iface-id': 'abc' } }] },
  ];
  const observed = observedSwitch([lunaFixture({ bridge: { withPorts } })]);

  it.each<[OvsBridge['unmanagedPorts'], string[], string[]]>([
    ['Ignore', [], []],
    ['Report', [], ['Port stray: Bridge[lunabr].ports stray']],
    ['Remove', ['delete Port stray (Bridge/lunabr): Bridge[lunabr].ports stray -> -'], []],
  ])('are treated as unmanagedPorts %s says, guests apart', (unmanagedPorts, steps, findings) => {
    expect(outline(desiredOf([lunaBridge({ unmanagedPorts })]), observed)).toEqual({ steps, findings, refusals: [] });
  });

  it('in other_config are told and left alone', () => {
    const config = ['map', [['rstp-path-cost', '5']]];
    expect(outline(luna, observedSwitch([lunaFixture({ bridge: { other_config: config }, vnet100: { other_config: config } })]))).toEqual({
      ...EMPTY,
      findings: ['Port vnet100: Port[vnet100].other_config:rstp-path-cost 5', 'Bridge lunabr: Bridge[lunabr].other_config:rstp-path-cost 5'],
    });
  });
});

describe('mirrors', () => {
  const mirror = { name: 'span', selectAll: false, selectPorts: [{ name: 'eth0' }], selectVlans: [7, 3], outputPort: { name: 'vnet100' } };
  const mirrored = desiredOf([lunaBridge({ mirrors: [mirror] })]);
  const row = {
    name: 'span',
    mark: 'Bridge/lunabr',
    select_src_port: ['uuid', 'Port-eth0'],
    select_dst_port: ['uuid', 'Port-eth0'],
    select_vlan: ['set', [3, 7]],
    output_port: ['uuid', 'Port-vnet100'],
  };
  const withMirror = (change: Record<string, unknown>) => observedSwitch([lunaFixture({ bridge: { withMirrors: [{ ...row, ...change }] } })]);

  it('are made with references to ports of the same plan', () => {
    const steps = planOvs(mirrored, observedSwitch([])).steps;
    const inserted = steps.flatMap((step) => step.edits.filter((edit) => edit.edit === 'insert' && edit.table === 'Mirror'));
    expect(inserted).toMatchObject([{ row: { select_src_port: ['@Port/eth0'], select_dst_port: ['@Port/eth0'], output_port: '@Port/vnet100', select_vlan: [3, 7] } }]);
  });

  it.each<[string, Record<string, unknown>, string[]]>([
    ['as desired are left alone', {}, []],
    [
      'are brought back, with ports by name',
      { select_src_port: ['set', []], output_port: ['uuid', 'Port-eth0'] },
      ['update Mirror span of lunabr (Bridge/lunabr): Mirror[span].select_src_port - -> eth0, Mirror[span].output_port eth0 -> vnet100'],
    ],
  ])('%s', (_name, change, steps) => {
    expect(outline(mirrored, withMirror(change))).toEqual({ ...EMPTY, steps });
  });

  it('that nobody asked for go', () => {
    expect(outline(luna, withMirror({})).steps).toEqual(['delete Mirror span of lunabr (Bridge/lunabr): Bridge[lunabr].mirrors span -> -']);
  });

  it('wait for a port that is not there', () => {
    const missing = desiredOf([lunaBridge({ mirrors: [{ ...mirror, outputPort: { name: 'vnet3' } }] })]);
    expect(outline(missing, observedSwitch([lunaFixture()])).refusals).toEqual([
      'Bridge/lunabr waits MirrorPortNotFound: mirror span of bridge lunabr waits for port vnet3, which is not on the bridge',
    ]);
  });
});

describe('what another program keeps', () => {
  const always = desiredOf([lunaBridge({ adoption: 'Always', ports: [{ ...eth0, adoption: 'Always' }, { ...vnet100, adoption: 'Always' }] })]);
  const bare = { ids: {}, mark: undefined };

  it.each([
    ['netplan', { netplan: 'true' }, 'OwnedByNetplan'],
    ['netplan, by a setting', { 'netplan/mcast_snooping_enable': 'true' }, 'OwnedByNetplan'],
    ['NetworkManager', { 'NM.connection.uuid': 'c0ffee' }, 'OwnedByNetworkManager'],
  ])('is not taken over, whatever the policy: a bridge of %s', (_who, ids, reason) => {
    const { steps, refusals } = outline(always, observedSwitch([{ ...lunaFixture(), ...bare, ids, withPorts: [{ name: 'lunabr' }] }]));
    expect(steps).toEqual([]);
    expect(refusals[0]).toMatch(new RegExp(`^Bridge/lunabr stalls ${reason}: bridge lunabr is kept by`));
  });

  it('is the bridge of OVN, by the name that it has in the database', () => {
    const root = { external_ids: ['map', [['ovn-remote', 'ssl:192.0.2.1:6642'], ['ovn-bridge', 'lunabr']]] };
    expect(outline(luna, observedSwitch([{ ...lunaFixture(), ...bare }], { root })).refusals[0]).toMatch(/OwnedByOvn: bridge lunabr is kept by OVN/);
    expect(outline(luna, observedSwitch([lunaFixture()], { root: { external_ids: ['map', [['ovn-remote', 'x']]] } }))).toEqual(EMPTY);
  });

  it('is said of what is ours, each time it is looked at, and ours is kept all the same', () => {
    const observed = observedSwitch([lunaFixture({ vnet100: { ids: { netplan: 'true' }, tag: 9 } })]);
    for (const _ of [1, 2]) {
      expect(outline(luna, observed).steps).toEqual(['update Port vnet100 (VlanPort/vnet100): Port[vnet100].tag 9 -> 100']);
      expect(outline(luna, observed).refusals[0]).toMatch(/^VlanPort\/vnet100 stalls OwnedByNetplan: /);
    }
  });

  it('stays on a bridge of ours, even where strange ports are removed', () => {
    const patch = { name: 'patch-br-int', ids: { 'ovn-localnet-port': 'provnet' } };
    const observed = observedSwitch([lunaFixture({ bridge: { withPorts: [...(lunaFixture().withPorts ?? []), patch] } })]);
    expect(outline(desiredOf([lunaBridge({ unmanagedPorts: 'Remove' })]), observed)).toEqual({ ...EMPTY, findings: ['Port patch-br-int: Bridge[lunabr].ports patch-br-int of OVN'] });
  });
});

describe('what no resource can ask for', () => {
  it.each([
    ['Port', { vnet100: { qos: ['uuid', 'some-qos'] } }, 'Port vnet100: Port[vnet100].qos some-qos'],
    ['Port', { vnet100: { other_config: ['map', [['x', '1']]] } }, 'Port vnet100: Port[vnet100].other_config:x 1'],
    ['Bridge', { bridge: { other_config: ['map', [['datapath-id', '1']]] } }, 'Bridge lunabr: Bridge[lunabr].other_config:datapath-id 1'],
  ])('in a row of ours is told and left: %s', (_table, change, finding) => {
    expect(outline(luna, observedSwitch([lunaFixture(change)]))).toEqual({ ...EMPTY, findings: [finding] });
  });

  it('in an interface is told, however often the port is looked at', () => {
    const iface = { name: 'vnet100', type: 'internal', mac: VNET100_MAC, mark: 'VlanPort/vnet100', ingress_policing_rate: 1000 };
    const observed = observedSwitch([lunaFixture({ vnet100: { ifaces: [iface] } })]);
    for (const _ of [1, 2]) expect(outline(luna, observed).findings).toEqual(['Interface vnet100: Interface[vnet100].ingress_policing_rate 1000']);
  });
});

describe('a port of ours that carries the mark of a resource that is gone', () => {
  it('is taken back in place', () => {
    expect(outline(luna, observedSwitch([lunaFixture({ vnet100: { mark: 'VlanPort/gone' } })])).steps).toEqual([
      'update Port vnet100 (VlanPort/vnet100): Port[vnet100].external_ids:bridgekeeper VlanPort/gone -> VlanPort/vnet100',
    ]);
    expect(outline(luna, observedSwitch([lunaFixture({ bridge: { mark: 'Bridge/gone' } })])).steps).toEqual([
      'update Bridge lunabr (Bridge/lunabr): Bridge[lunabr].external_ids:bridgekeeper Bridge/gone -> Bridge/lunabr',
    ]);
  });
});

describe('the port of a running VM', () => {
  const vmPort = { owner: 'VirtualMachine/guest1', bridgeName: 'lunabr', mac: '52:54:01:AA:02:01', isolated: false, vlan: { mode: 'trunk', trunks: [2, 3] } } as const;
  const withVm = { ...luna, vmPorts: [vmPort] };
  const port = (change: Record<string, unknown>) => ({
    name: 'vnet0',
    ...change,
    ifaces: [{ name: 'vnet0', mtu_request: 1400, ids: { 'attached-mac': '52:54:01:aa:02:01', 'vm-id': 'c0ffee' } }],
  });
  const observed = (change: Record<string, unknown>) => observedSwitch([lunaFixture({ bridge: { withPorts: [...(lunaFixture().withPorts ?? []), port(change)] } })]);

  it('has its VLAN kept and nothing else', () => {
    expect(outline(withVm, observed({ trunks: ['set', [2, 3]], bond_mode: 'balance-slb' }))).toEqual(EMPTY);
    expect(outline(withVm, observed({ tag: 9 })).steps).toEqual([
      'update Port vnet0 (VirtualMachine/guest1): Port[vnet0].tag 9 -> -, Port[vnet0].trunks - -> 2, 3',
    ]);
  });

  it('is not missed when it is not there, nor touched on another bridge', () => {
    expect(outline(withVm, observedSwitch([lunaFixture()]))).toEqual(EMPTY);
    expect(outline(withVm, observedSwitch([lunaFixture(), { name: 'br-other', withPorts: [port({ tag: 9 })] }]))).toEqual(EMPTY);
  });
});

it('a vswitchd that does not work is told to every bridge', () => {
  expect(outline(luna, observedSwitch([lunaFixture()], { vswitchdResponds: false })).refusals).toEqual([
    expect.stringMatching(/^Bridge\/lunabr waits VswitchdNotResponding: /),
  ]);
});

it('a plan for a thousand ports is made in one go', () => {
  const ports = Array.from({ length: 1000 }, (_, index) => internalPort(`p${index}`, index % 4000));
  const { steps } = planOvs(desiredOf([lunaBridge({ ports })]), observedSwitch([lunaFixture({ bridge: { withPorts: [] } })]));
  expect(steps.filter(({ verb }) => verb === 'create')).toHaveLength(1001);
});
