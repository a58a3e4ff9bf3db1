import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import type { OvsDesired } from '../../../../../../controller/systems/ovs/desired.ts';
import { changedPorts } from '../../../../../../controller/systems/ovs/plan/changed-ports.ts';
import type { OvsPlan } from '../../../../../../controller/systems/ovs/plan/draft.ts';
import { planOvs } from '../../../../../../controller/systems/ovs/plan/plan.ts';
import { OvsPlanner } from '../../../../../../controller/systems/ovs/plan/planner.ts';
import { Replica } from '../../../../../../controller/systems/ovs/replica/replica.ts';
import { desiredOf, eth0, internalPort, LUNABR, lunaBridge, VNET100, vnet100 } from '../luna-desired.ts';
import { lunaFixture, observedReplica, switchReply } from '../switch-fixture.ts';

const vmPort = { owner: 'VirtualMachine/guest1', bridgeName: 'lunabr', mac: '52:54:01:AA:02:01', isolated: false, vlan: { mode: 'access', tag: 100 } } as const;
const luna = { ...desiredOf([lunaBridge()]), vmPorts: [vmPort] };
const withoutVnet100 = desiredOf([lunaBridge({ ports: [eth0], unmanagedPorts: 'Remove' })]);

const withGuests = lunaFixture({
  bridge: {
    withPorts: [
      ...(lunaFixture().withPorts ?? []),
      { name: 'vnet0', tag: 100, ifaces: [{ name: 'vnet0', ids: { 'attached-mac': '52:54:01:aa:02:01' } }] },
      { name: 'stray' },
    ],
  },
});

const names = ['lunabr', 'eth0', 'vnet100', 'vnet0', 'stray'] as const;
/** Pairs that a map's difference puts in, or takes out when they are there already. */
const pair = fc.constantFrom(['bridgekeeper', 'VlanPort/vnet100'], ['bridgekeeper', 'Bridge/lunabr'], ['vm-id', 'c0ffee'], ['attached-mac', '52:54:01:aa:02:01'], ['iface-id', 'x']);
const portChange = fc.oneof(
  fc.record({ tag: fc.constantFrom(100, 200, ['set', []]) }),
  fc.record({ trunks: fc.constantFrom(['set', [5]], ['set', [6, 7]]) }),
  fc.record({ external_ids: pair.map((member) => ['map', [member]]) }),
  fc.record({ other_config: fc.constantFrom(['map', [['a', '1']]], ['map', [['b', '2']]]) }),
);
const interfaceChange = fc.oneof(
  fc.record({ mtu_request: fc.constantFrom(1400, ['set', []]) }),
  fc.record({ type: fc.constantFrom('internal', '', 'tap') }),
  fc.record({ error: fc.constantFrom('No such device', ['set', []]) }),
  fc.record({ external_ids: pair.map((member) => ['map', [member]]) }),
  fc.record({ other_config: fc.constantFrom(['map', [['c', '3']]]) }),
  // What vswitchd writes, alone and with what a plan depends on.
  fc.record({ ofport: fc.constantFrom(-1, 7), link_state: fc.constantFrom('up', 'down'), mtu: fc.constantFrom(1400, 1500), mac_in_use: fc.constant('0a:00:00:00:00:01') }),
  fc.record({ ofport: fc.constantFrom(-1, 8), error: fc.constantFrom('No such device', ['set', []]) }),
);
const update = fc.oneof(
  { weight: 6, arbitrary: fc.record({ name: fc.constantFrom(...names), change: portChange }).map(({ name, change }) => ({ Port: { [`Port-${name}`]: { modify: change } } })) },
  { weight: 6, arbitrary: fc.record({ name: fc.constantFrom(...names), change: interfaceChange }).map(({ name, change }) => ({ Interface: { [`Interface-${name}`]: { modify: change } } })) },
  fc.constantFrom<object>(
    { Bridge: { 'Bridge-lunabr': { modify: { stp_enable: true } } } },
    { Bridge: { 'Bridge-lunabr': { modify: { stp_enable: false } } } },
    { Bridge: { 'Bridge-lunabr': { modify: { ports: ['uuid', 'Port-stray'] } } } },
    { Open_vSwitch: { root: { modify: { next_cfg: 9, cur_cfg: 9 } } } },
    { Open_vSwitch: { root: { modify: { next_cfg: 10, cur_cfg: 9 } } }, Bridge: { 'Bridge-lunabr': { modify: { datapath_id: ['set', []] } } } },
    { Bridge: { 'Bridge-lunabr': { modify: { ports: ['uuid', 'Port-vnet100'] } } } },
    { Bridge: { 'Bridge-lunabr': { modify: { ports: ['uuid', 'Port-new'] } } }, Port: { 'Port-new': { insert: { name: 'vp1', interfaces: ['uuid', 'Interface-new'], tag: 7, external_ids: ['map', [['bridgekeeper', 'VlanPort/vp1']]] } } }, Interface: { 'Interface-new': { insert: { name: 'vp1', type: 'internal', external_ids: ['map', [['bridgekeeper', 'VlanPort/vp1']]] } } } },
    { Bridge: { 'Bridge-lunabr': { modify: { datapath_id: ['set', []] } } } },
  ),
);

/** What may be asked for one after the other; some share objects with others, as compiled states do. */
const vp1 = internalPort('vp1', 7);
const wishes: readonly OvsDesired[] = [
  luna,
  { ...luna, ownership: { ...luna.ownership } },
  withoutVnet100,
  { ...desiredOf([lunaBridge({ ports: [eth0, vnet100, vp1] })]), vmPorts: [vmPort] },
  { ...desiredOf([lunaBridge({ ports: [eth0, vnet100, internalPort('vp1', 8)] })]), vmPorts: [vmPort] },
  { ...desiredOf([lunaBridge({ ports: [eth0, vnet100] })], { present: new Set([LUNABR]), frozen: new Set(['VlanPort/vp1', VNET100]) }), vmPorts: [vmPort] },
  { ...desiredOf([lunaBridge({ ports: [eth0, vp1] })], { leaving: new Set([VNET100]), present: new Set([LUNABR, 'VlanPort/vp1']) }), vmPorts: [] },
  desiredOf([lunaBridge({ stp: true, mirrors: [{ name: 'm', selectAll: true, selectPorts: [], selectVlans: [], outputPort: { name: 'vnet100' } }] })]),
  desiredOf([], { released: new Set([LUNABR]), leaving: new Set([VNET100]) }),
  desiredOf([], { frozen: new Set([LUNABR, VNET100]) }),
  desiredOf([], { frozen: new Set([VNET100]) }),
];

function sorted({ steps, findings, refusals }: OvsPlan): unknown {
  const text = (values: readonly unknown[]) => values.map((value) => JSON.stringify(value)).sort();
  return { steps: text(steps), findings: text(findings), refusals: text(refusals) };
}

describe('OvsPlanner', () => {
  it('plans the same as a plan from nothing, whatever changed in between', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.array(update, { minLength: 1, maxLength: 3 }), fc.integer({ min: 0, max: wishes.length - 1 }), fc.integer({ min: 0, max: 9 }))), (rounds) => {
        const replica = new Replica();
        replica.load(switchReply([withGuests]));
        const planner = new OvsPlanner();
        planner.plan(luna, observedReplica(replica));
        for (const [updates, wish, dice] of rounds) {
          for (const one of updates) replica.update(one);
          const desired = wishes[wish] ?? luna;
          const observed = { ...observedReplica(replica), vswitchdResponds: dice !== 5 };
          // A copy: what was found of the same objects before must not count.
          expect(sorted(planner.plan(desired, observed))).toEqual(sorted(planOvs(structuredClone(desired), observed)));
          // A mended switch is what most plans start from.
          if (dice > 7) {
            replica.load(switchReply([withGuests]));
            planner.plan(luna, observedReplica(replica));
          }
        }
      }),
      { numRuns: 250 },
    );
  }, 60_000);

  it('tells of a datapath that is missing once vswitchd has done all that it was told', () => {
    const replica = new Replica();
    replica.load(switchReply([lunaFixture({ bridge: { datapath_id: ['set', []] } })], { next_cfg: 6 }));
    const planner = new OvsPlanner();
    expect(planner.plan(luna, observedReplica(replica)).refusals).toEqual([]);
    replica.update({ Open_vSwitch: { root: { modify: { cur_cfg: 6 } } } });
    expect(planner.plan(luna, observedReplica(replica)).refusals).toMatchObject([{ reason: 'DatapathUnavailable' }]);
  });

  it('looks at what changed, not at all there is, nor at what vswitchd tells of it', () => {
    const many = Array.from({ length: 50 }, (_, index) => internalPort(`t${index}`, index + 1));
    const desired = desiredOf([lunaBridge({ ports: [eth0, vnet100, ...many] })]);
    const rows = many.map((port) => ({ name: port.name, mark: port.owner, tag: port.vlan?.tag, ifaces: [{ name: port.name, type: 'internal', mark: port.owner }] }));
    const replica = new Replica();
    replica.load(switchReply([lunaFixture({ bridge: { withPorts: [...(lunaFixture().withPorts ?? []), ...rows] } })]));
    const before = { desired, rows: observedReplica(replica).rows };
    replica.update({ Port: { 'Port-t7': { modify: { tag: 3000 } } } });
    const changed = { desired, rows: observedReplica(replica).rows };
    expect(changedPorts(before, changed)).toEqual(new Set(['t7']));
    replica.update({ Interface: Object.fromEntries(many.map(({ name }) => [`Interface-${name}`, { modify: { ofport: 9, link_state: 'up' } }])) });
    const told = { desired, rows: observedReplica(replica).rows };
    expect(told.rows.named('Interface', 't7')).toMatchObject({ ofport: 9 });
    expect(changedPorts(changed, told)).toEqual(new Set());
  });
});
