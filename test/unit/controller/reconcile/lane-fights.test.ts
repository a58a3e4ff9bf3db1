import { describe, expect, it } from 'vitest';
import { VolatileMap } from '../../../../controller/journal/durable-map.ts';
import { Aim } from '../../../../controller/reconcile/aim.ts';
import { Lane } from '../../../../controller/reconcile/lane.ts';
import type { DriftEvent, LanePass, LaneReport } from '../../../../controller/reconcile/lane-report.ts';
import { Settled } from '../../../../controller/reconcile/settled.ts';
import { eventually } from '../../../fixtures/eventually.ts';
import { FakeClock } from '../../../fixtures/fake-clock.ts';
import { FixtureSystem, ownership } from './fixture-system.ts';

const OWNER = 'Thing/a';

/** A lane that has reached x=1, and what it tells of. */
async function settledLane(): Promise<{ system: FixtureSystem; clock: FakeClock; drift: DriftEvent[]; reports: LaneReport<unknown>[]; passes: LanePass[] }> {
  const system = new FixtureSystem();
  const clock = new FakeClock();
  const drift: DriftEvent[] = [];
  const reports: LaneReport<unknown>[] = [];
  const passes: LanePass[] = [];
  const lane = new Lane({
    system,
    clock,
    settled: new Settled(new VolatileMap()),
    listener: {
      reported: (report) => reports.push(report),
      drifted: (event) => drift.push(event),
      applied: () => undefined,
      passed: (pass) => passes.push(pass),
      failed: (error) => {
        throw error;
      },
    },
  });
  new Aim(lane).take({ values: [{ owner: OWNER, name: 'x', value: '1' }], ownership: ownership(OWNER) }, new Map());
  await eventually(() => reports[0]);
  return { system, clock, drift, reports, passes };
}

describe('a lane that is fought', () => {
  it('corrects the same change ten times, rests, and corrects again, for the last word is the policy\'s', async () => {
    const { system, clock, drift, reports } = await settledLane();
    for (let round = 1; round <= 10; round += 1) {
      system.change('x', '2');
      await eventually(() => drift.length === round && system.values.get('x') === '1');
    }
    expect(drift.map(({ pauseMs }) => pauseMs)).toEqual([...new Array<undefined>(9).fill(undefined), 1_000]);
    const before = reports.length;
    system.change('x', '2');
    const report = await eventually(() => reports[before]);
    expect(report.outstanding.get(OWNER)?.held).toMatchObject([{ reason: 'waiting', drift: true }]);
    expect(system.values.get('x')).toBe('2');
    clock.advance(999);
    expect(system.values.get('x')).toBe('2');
    clock.advance(1);
    await eventually(() => system.values.get('x') === '1');
    await eventually(() => drift[10]?.pauseMs === 2_000);
  });

  it('corrects another change of that object at once', async () => {
    const { system, drift } = await settledLane();
    for (let round = 1; round <= 10; round += 1) {
      system.change('x', '2');
      await eventually(() => drift.length === round && system.values.get('x') === '1');
    }
    system.change('x', '3');
    await eventually(() => system.values.get('x') === '1');
  });
});

describe('a pass', () => {
  it('is told of, with how often the lane was woken for it', async () => {
    const { system, passes } = await settledLane();
    expect(passes).toEqual([{ system: 'ovs', tookMs: 0, wakeups: 1 }]);
    for (let each = 0; each < 3; each += 1) system.hint();
    await eventually(() => passes.reduce((sum, { wakeups }) => sum + wakeups, 0) === 4);
    expect(passes.length).toBeLessThan(4);
  });
});
