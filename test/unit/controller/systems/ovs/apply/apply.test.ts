import { expect, it } from 'vitest';

import { applySteps } from '../../../../../../controller/systems/ovs/apply/apply.ts';
import type { Transact } from '../../../../../../controller/systems/ovs/apply/committer.ts';
import { planOvs } from '../../../../../../controller/systems/ovs/plan/plan.ts';
import type { OvsStep } from '../../../../../../controller/systems/ovs/plan/step.ts';
import { desiredOf, internalPort, lunaBridge } from '../luna-desired.ts';
import { lunaFixture, observedSwitch } from '../switch-fixture.ts';

const [CREATION] = planOvs(desiredOf([lunaBridge({ ports: [internalPort('p0', 1)] })]), observedSwitch([lunaFixture()])).steps.filter(({ verb }) => verb === 'create');
if (!CREATION) throw new Error('no port is made');
const REPAIR: OvsStep = { ...CREATION, verb: 'update' };

/** Applies a step to a server that takes all, with interfaces that fail until vswitchd was told `failsUntil`; gives the operations of each transaction. */
async function transactions(step: OvsStep, failsUntil: number): Promise<readonly (readonly string[])[]> {
  const made: string[][] = [];
  const transact: Transact = async (operations) => {
    made.push(operations.map(({ op }) => op));
    return operations.map(({ op }) => (op === 'select' ? { rows: [{ next_cfg: made.length }] } : { uuid: ['uuid', 'u'] }));
  };
  let configuredTo = 0;
  const outcomes = await applySteps([step], {
    transact,
    rootUuid: 'root',
    seen: async () => undefined,
    configured: async (nextCfg) => {
      configuredTo = nextCfg;
      return true;
    },
    hasFailed: (names) => names.includes('p0') && configuredTo < failsUntil,
    restoreFlooding: async () => undefined,
  });
  expect(outcomes).toEqual([{ step, result: 'applied' }]);
  expect(configuredTo).toBe(made.length);
  return made;
}

it('tells vswitchd once more of a repaired interface that it does not take', async () => {
  const [, again, ...others] = await transactions(REPAIR, 2);
  expect(again).toEqual(['comment', 'mutate', 'select']);
  expect(others).toEqual([]);
});

it('tells it no third time', async () => {
  expect(await transactions(REPAIR, 9)).toHaveLength(2);
});

it.each([
  ['of an interface that works', REPAIR, 1],
  ['of a new one, which fails for a reason', CREATION, 9],
])('tells it once %s', async (_, step, failsUntil) => {
  expect(await transactions(step, failsUntil)).toHaveLength(1);
});
