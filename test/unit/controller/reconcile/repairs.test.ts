import { describe, expect, it } from 'vitest';
import { VolatileMap } from '../../../../controller/journal/durable-map.ts';
import { Aim } from '../../../../controller/reconcile/aim.ts';
import type { DriftEvent, LaneReport } from '../../../../controller/reconcile/lane-report.ts';
import { Lane } from '../../../../controller/reconcile/lane.ts';
import { Repairs } from '../../../../controller/reconcile/repairs.ts';
import { Settled } from '../../../../controller/reconcile/settled.ts';
import type { OwnerKey } from '../../../../controller/systems/owner.ts';
import type { StepOutcome } from '../../../../controller/systems/system.ts';
import { eventually } from '../../../fixtures/eventually.ts';
import { FakeClock } from '../../../fixtures/fake-clock.ts';
import { FixtureSystem, ownership, type FixtureDesired, type FixtureStep } from './fixture-system.ts';

const A: OwnerKey = 'Thing/a';
const B: OwnerKey = 'Thing/b';

/** A system that makes a new value at once, and whose apply then waits for the effect until it is let go. */
class SlowSystem extends FixtureSystem {
  /** Set while an apply waits. */
  letGo: (() => void) | undefined;

  override async apply(steps: readonly FixtureStep[], committed?: () => void): Promise<readonly StepOutcome<FixtureStep>[]> {
    const outcomes = await super.apply(steps);
    if (!steps.some(({ verb }) => verb === 'create')) return outcomes;
    committed?.();
    await new Promise<void>((resolve) => (this.letGo = resolve));
    this.letGo = undefined;
    return outcomes;
  }
}

class Bench {
  readonly system = new SlowSystem();
  readonly drift: DriftEvent[] = [];
  readonly reports: LaneReport<unknown>[] = [];
  readonly clock = new FakeClock();
  readonly lane: Lane<FixtureDesired, ReadonlyMap<string, string>, FixtureStep>;
  readonly #aim: Aim<FixtureDesired>;

  constructor(options: { readonly restShare?: number } = {}) {
    this.lane = new Lane({
      ...options,
      system: this.system,
      clock: this.clock,
      settled: new Settled(new VolatileMap()),
      listener: {
        reported: (report) => this.reports.push(report),
        drifted: (event) => this.drift.push(event),
        applied: () => undefined,
        failed: (error) => expect.unreachable(String(error)),
      },
    });
    this.#aim = new Aim(this.lane);
  }

  ask(values: FixtureDesired['values']): void {
    this.#aim.take({ values, ownership: ownership(A, B) }, new Map());
  }

  /** The value of `name` by hand. */
  set(name: string, value: string): void {
    this.system.values.set(name, value);
    this.lane.wake();
  }

  waits(): Promise<unknown> {
    return eventually(() => this.system.letGo);
  }
}

/** A bench where `x` of A is reached and the making of `y` of B waits for its effect. */
async function waitingBench(): Promise<Bench> {
  const bench = new Bench();
  bench.system.values.set('x', '1');
  bench.ask([{ owner: A, name: 'x', value: '1' }]);
  await eventually(() => bench.reports[0]);
  bench.ask([{ owner: A, name: 'x', value: '1' }, { owner: B, name: 'y', value: '1' }]);
  await bench.waits();
  return bench;
}

describe('a lane of a slow system', () => {
  /** A lane whose first pass took two seconds, and which was given another target at its end. */
  async function restingBench(): Promise<Bench> {
    const bench = new Bench({ restShare: 0.1 });
    bench.ask([{ owner: B, name: 'y', value: '1' }]);
    await bench.waits();
    bench.clock.advance(2_000);
    bench.ask([{ owner: B, name: 'y', value: '2' }]);
    bench.system.letGo?.();
    await eventually(() => bench.reports[0]);
    return bench;
  }

  async function advance(bench: Bench, ms: number): Promise<void> {
    bench.clock.advance(ms);
    for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
  }

  it('waits until the target keeps still, and takes a burst as a whole', async () => {
    const bench = await restingBench();
    await advance(bench, 150);
    bench.ask([{ owner: B, name: 'y', value: '3' }]);
    await advance(bench, 199);
    expect(bench.system.applied).toHaveLength(1);
    await advance(bench, 1);
    await eventually(() => bench.system.values.get('y') === '3');
    expect(bench.system.applied).toHaveLength(2);
  });

  it('goes on after two seconds though the target never keeps still', async () => {
    const bench = await restingBench();
    for (let value = 3; value < 23; value += 1) {
      bench.ask([{ owner: B, name: 'y', value: String(value) }]);
      await advance(bench, 100);
    }
    await eventually(() => bench.system.values.get('y') !== '1');
  });
});

describe('repairs', () => {
  it('are looked for once more when they are asked for in the middle of a look', async () => {
    let looks = 0;
    const repairs = new Repairs(async () => {
      looks += 1;
      await Promise.resolve();
      if (looks === 1) repairs.ask();
      await Promise.resolve();
    });
    await repairs.during((opened) => {
      opened();
      return new Promise((resolve) => setImmediate(resolve));
    });
    expect(looks).toBe(2);
    repairs.ask();
    expect(looks).toBe(2);
  });
});

describe('a lane that waits for an effect', () => {
  it('corrects drift meanwhile, as often as it comes, and tells it', async () => {
    const bench = await waitingBench();
    for (const wrong of ['8', '9', '8']) {
      bench.set('x', wrong);
      await eventually(() => bench.system.values.get('x') === '1');
    }
    expect(bench.system.letGo).toBeDefined();
    await eventually(() => bench.drift.length === 3);
    expect(bench.drift.map(({ action }) => action)).toEqual(['Corrected', 'Corrected', 'Corrected']);
  });

  it('leaves what the spec changed to the pass that follows', async () => {
    const bench = await waitingBench();
    bench.ask([{ owner: A, name: 'x', value: '2' }, { owner: B, name: 'y', value: '1' }]);
    for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
    expect(bench.system.applied).toHaveLength(1);
    bench.system.letGo?.();
    await eventually(() => bench.system.values.get('x') === '2');
    expect(bench.drift).toEqual([]);
  });

  it('puts back what it goes for, also where the spec changed since; the pass that follows brings the new about', async () => {
    const bench = await waitingBench();
    bench.ask([{ owner: A, name: 'x', value: '2' }, { owner: B, name: 'y', value: '1' }]);
    for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
    bench.set('x', '9');
    await eventually(() => bench.system.values.get('x') === '1');
    bench.system.letGo?.();
    await eventually(() => bench.system.values.get('x') === '2');
    expect(bench.drift.map(({ action }) => action)).toEqual(['Corrected']);
  });

  it('does not hammer at what a repair does not change', async () => {
    const bench = await waitingBench();
    bench.system.deaf.add('x');
    bench.set('x', '9');
    await eventually(() => bench.system.applied.length === 2);
    for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
    expect(bench.system.applied).toHaveLength(2);
    bench.system.letGo?.();
    await eventually(() => bench.reports.some(({ outstanding }) => outstanding.get(A)?.held[0]?.reason === 'unverified'));
  });

  it('reports once all of it has ended', async () => {
    const bench = await waitingBench();
    bench.set('x', '9');
    await eventually(() => bench.system.values.get('x') === '1');
    expect(bench.reports).toHaveLength(1);
    bench.system.letGo?.();
    await eventually(() => bench.reports.at(-1)?.version === 2);
    expect(bench.reports.at(-1)?.outstanding.size).toBe(0);
  });
});
