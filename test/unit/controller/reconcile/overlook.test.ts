import { describe, expect, it } from 'vitest';
import { VolatileMap } from '../../../../controller/journal/durable-map.ts';
import type { LaneTarget } from '../../../../controller/reconcile/lane-target.ts';
import { Overlook } from '../../../../controller/reconcile/overlook.ts';
import { Settled } from '../../../../controller/reconcile/settled.ts';
import type { OwnerKey } from '../../../../controller/systems/owner.ts';
import { planOvs } from '../../../../controller/systems/ovs/plan/plan.ts';
import type { OvsStep } from '../../../../controller/systems/ovs/plan/step.ts';
import { withoutPaths } from '../../../../controller/systems/ovs/plan/without.ts';
import type { Plan } from '../../../../controller/systems/system.ts';
import { desiredOf, eth0, LUNABR, lunaBridge, VNET100, vnet100 } from '../systems/ovs/luna-desired.ts';
import { lunaFixture, observedSwitch } from '../systems/ovs/switch-fixture.ts';

const memory = new VolatileMap();
const settled = new Settled(memory);
const overlook = new Overlook<OvsStep>(settled, withoutPaths);

function target(owner: OwnerKey, intent: string, asked: string, ...paths: string[]): LaneTarget<unknown> {
  const policy = { paused: false, drift: 'Correct', ignore: { paths, asked } } as const;
  return { version: 1, desired: undefined, fingerprints: new Map([[owner, { intent, gate: '' }]]), policies: new Map([[owner, policy]]) };
}

const outline = ({ steps }: Plan<OvsStep>): string[] => steps.flatMap(({ differences }) => differences.map(({ path }) => path));

describe('drift that is ignored', () => {
  const planned = planOvs(desiredOf([lunaBridge()]), observedSwitch([lunaFixture({ vnet100: { tag: 7, trunks: ['set', [1, 2]] } })]));

  it('is left out once the spec was reached, and the rest is done', () => {
    const ignoring = target(VNET100, 'one', 'asked', 'Port[vnet100].tag');
    expect(outline(overlook.apply(planned, ignoring))).toEqual(['Port[vnet100].tag', 'Port[vnet100].trunks']);
    overlook.record(ignoring, new Map([[VNET100, {}]]));
    expect(outline(overlook.apply(planned, ignoring))).toHaveLength(2);
    overlook.record(ignoring, new Map());
    const { steps } = overlook.apply(planned, ignoring);
    expect(steps).toMatchObject([{ differences: [{ path: 'Port[vnet100].trunks' }], locators: [{ columns: ['trunks'] }] }]);
    expect(steps[0]?.edits).toEqual([{ edit: 'update', table: 'Port', uuid: 'Port-vnet100', before: { trunks: [1, 2] }, after: { trunks: [] } }]);
    expect(overlook.apply(planned, target(VNET100, 'one', 'asked', 'Port[vnet100].*')).steps).toEqual([]);
  });

  it('stays ignored when another field of the spec changes, over a restart, and not when its own does', () => {
    const again = new Overlook<OvsStep>(new Settled(memory), withoutPaths);
    expect(outline(again.apply(planned, target(VNET100, 'two', 'asked', 'Port[vnet100].tag')))).toEqual(['Port[vnet100].trunks']);
    expect(outline(again.apply(planned, target(VNET100, 'two', 'asked otherwise', 'Port[vnet100].tag')))).toHaveLength(2);
  });

  it('is left out of what others put beside', () => {
    const finding = { owner: VNET100, object: 'device vnet100', difference: { path: 'vnet100.addresses', expected: '', found: '10.0.0.1/24' } };
    const ignoring = target(VNET100, 'one', 'asked', 'vnet100.addresses');
    expect(overlook.apply({ steps: [], findings: [finding], refusals: [] }, ignoring).findings).toEqual([]);
    expect(overlook.ignores(finding, target(LUNABR, 'one', 'asked', '*'))).toBe(false);
  });
});

describe('a step without some paths', () => {
  const others = observedSwitch([
    lunaFixture({
      bridge: {
        withControllers: ['tcp:203.0.113.9'],
        stp_enable: true,
        withPorts: [
          { name: 'lunabr', mark: 'Bridge/lunabr', ifaces: [{ name: 'lunabr', type: 'internal', mark: 'Bridge/lunabr' }] },
          { name: 'eth0', mark: 'Bridge/lunabr', ifaces: [{ name: 'eth1', mark: 'Bridge/lunabr' }], tag: 9, other_config: ['map', [['lacp-time', 'fast'], ['bond-primary', 'x']]] },
        ],
      },
    }),
  ]);
  const { steps } = planOvs(desiredOf([lunaBridge({ ports: [eth0], controllers: ['tcp:192.0.2.1'], sflow: { targets: ['192.0.2.2:6343'] } })]), others);
  const without = (object: string, ...paths: string[]): OvsStep | undefined => {
    const step = steps.find((candidate) => candidate.object === object && candidate.verb === 'update');
    return step && withoutPaths(step, (path) => paths.includes(path));
  };

  it('makes no row that nothing refers to any more', () => {
    const rest = without('Bridge lunabr', 'Bridge[lunabr].controller', 'Bridge[lunabr].sflow');
    expect(rest?.edits).toEqual([{ edit: 'update', table: 'Bridge', uuid: 'Bridge-lunabr', before: { stp_enable: true }, after: { stp_enable: false } }]);
    const members = without('Port eth0', 'Port[eth0].interfaces', 'Port[eth0].other_config:bond-primary');
    expect(members?.differences.map(({ path }) => path)).toEqual(['Port[eth0].tag', 'Port[eth0].other_config:lacp-time']);
    expect(members?.edits).toMatchObject([{ edit: 'update', after: { tag: undefined } }, { edit: 'keys', drop: ['lacp-time'] }]);
  });

  it('that makes something can not be parted', () => {
    const [create] = planOvs(desiredOf([lunaBridge({ ports: [vnet100] })]), observedSwitch([])).steps;
    expect(create && withoutPaths(create, () => true)).toBeUndefined();
  });
});
