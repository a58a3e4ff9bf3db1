import { describe, expect, it } from 'vitest';
import { VolatileMap, type DurableMap } from '../../../../controller/journal/durable-map.ts';
import { Aim } from '../../../../controller/reconcile/aim.ts';
import { Lane } from '../../../../controller/reconcile/lane.ts';
import type { AppliedPlan, DriftEvent, LaneReport } from '../../../../controller/reconcile/lane-report.ts';
import type { OwnerPolicy } from '../../../../controller/reconcile/lane-target.ts';
import { Settled } from '../../../../controller/reconcile/settled.ts';
import type { OwnerKey } from '../../../../controller/systems/owner.ts';
import { eventually } from '../../../fixtures/eventually.ts';
import { FakeClock } from '../../../fixtures/fake-clock.ts';
import { FixtureSystem, ownership, type FixtureDesired, type FixtureStep } from './fixture-system.ts';

const A: OwnerKey = 'Thing/a';
const B: OwnerKey = 'Thing/b';

class Bench {
  readonly system: FixtureSystem;
  readonly clock = new FakeClock();
  readonly memory: DurableMap;
  readonly reports: LaneReport<unknown>[] = [];
  readonly drift: DriftEvent[] = [];
  readonly plans: AppliedPlan[] = [];
  readonly errors: unknown[] = [];
  readonly lane: Lane<FixtureDesired, ReadonlyMap<string, string>, FixtureStep>;
  readonly #aim: Aim<FixtureDesired>;

  constructor(system = new FixtureSystem(), memory: DurableMap = new VolatileMap()) {
    this.system = system;
    this.memory = memory;
    this.lane = new Lane({
      system,
      clock: this.clock,
      settled: new Settled(memory),
      listener: {
        reported: (report) => this.reports.push(report),
        drifted: (event) => this.drift.push(event),
        applied: (plan) => this.plans.push(plan),
        failed: (error) => this.errors.push(error),
      },
    });
    this.#aim = new Aim(this.lane);
  }

  /** Asks for these values, each `owner name value`, and waits for the pass. */
  async ask(values: readonly string[], policies: readonly (readonly [OwnerKey, OwnerPolicy])[] = []): Promise<LaneReport<unknown>> {
    const desired = values.map((text) => {
      const [owner = '', name = '', value = ''] = text.split(' ');
      return { owner: owner === 'a' ? A : B, name, value };
    });
    const passes = this.reports.length;
    this.#aim.take({ values: desired, ownership: ownership(A, B) }, new Map(policies));
    return this.next(passes);
  }

  async next(after: number): Promise<LaneReport<unknown>> {
    return eventually(() => this.reports[after]);
  }
}

describe('lane', () => {
  it('brings the system to its target and reports nothing outstanding', async () => {
    const bench = new Bench();
    const report = await bench.ask(['a x 1', 'b y 2']);
    expect(Object.fromEntries(bench.system.values)).toEqual({ x: '1', y: '2' });
    expect(report.outstanding.size).toBe(0);
    expect(bench.drift).toEqual([]);
  });

  it('touches nothing when the system is as desired', async () => {
    const bench = new Bench();
    bench.system.values.set('x', '1');
    await bench.ask(['a x 1']);
    expect(bench.system.applied).toEqual([]);
  });

  it('calls what the spec changed a pending change, and what the host changed drift', async () => {
    const bench = new Bench();
    await bench.ask(['a x 1']);
    await bench.ask(['a x 2']);
    expect(bench.drift).toEqual([]);
    bench.system.change('x', '9');
    const [event] = await eventually(() => bench.drift.length > 0 && bench.drift);
    expect(event).toMatchObject({ action: 'Corrected', cause: { commands: [{ command: 'somebody changed x' }] } });
    expect(event?.subject).toMatchObject({ step: { differences: [{ path: 'x', expected: '2', found: '9' }] } });
    expect(bench.system.values.get('x')).toBe('2');
  });

  it('tells what comes of others while a correction is under way, once', async () => {
    const bench = new Bench();
    await bench.ask(['a x 1']);
    bench.system.whileApplying = () => bench.system.foreign.add('stray');
    bench.system.change('x', '9');
    await eventually(() => bench.drift.length === 2);
    bench.system.hint();
    await bench.next(bench.reports.length);
    expect(bench.drift.map(({ action, subject }) => [action, subject.kind])).toEqual(expect.arrayContaining([['Corrected', 'step'], ['Reported', 'finding']]));
    expect(bench.drift).toHaveLength(2);
  });

  it('does not call failed what somebody else changed again before it could be corrected', async () => {
    const bench = new Bench();
    await bench.ask(['a x 1']);
    bench.system.refuse.set('x', { reason: 'StalePlan', message: 'x was changed by somebody else', needsPerson: false });
    bench.system.whileApplying = () => bench.system.values.set('x', '1');
    bench.system.change('x', '9');
    await eventually(() => bench.drift.length > 0);
    expect(bench.drift).toMatchObject([{ action: 'Superseded', cause: { commands: [{ command: 'somebody changed x' }] } }]);
  });

  it('tells what came and went between two looks, of what was as desired before', async () => {
    const bench = new Bench();
    await bench.ask(['a x 1']);
    const missed = (owner: OwnerKey) => ({
      finding: { owner, object: 'x', difference: { path: 'x', expected: '1', found: '7' } },
      cause: { commands: [{ command: 'there and back', process: 'bash' }], user: 'Unknown', source: 'fixture' },
    });
    bench.system.missedChanges.push(missed(A), missed(B));
    bench.system.hint();
    await eventually(() => bench.drift.length > 0);
    expect(bench.drift).toMatchObject([{ action: 'Superseded', subject: { finding: { owner: A } }, cause: { commands: [{ command: 'there and back' }] } }]);
    expect(bench.system.applied).toHaveLength(1);
  });

  it('knows drift that happened while it was not running', async () => {
    const memory = new VolatileMap();
    const before = new Bench(new FixtureSystem(), memory);
    await before.ask(['a x 1']);
    await before.lane.stop();
    before.system.values.set('x', '9');
    const after = new Bench(before.system, memory);
    await after.ask(['a x 1']);
    await eventually(() => after.drift.length === 1);
    expect(before.system.values.get('x')).toBe('1');
  });

  it('keeps drift and tells it once when the policy is to report', async () => {
    const bench = new Bench();
    const policy = [[A, { paused: false, drift: 'Report' }]] as const;
    await bench.ask(['a x 1'], policy);
    const passes = bench.reports.length;
    bench.system.change('x', '9');
    const report = await bench.next(passes);
    bench.system.hint();
    await bench.next(passes + 1);
    expect(bench.system.values.get('x')).toBe('9');
    expect(report.outstanding.get(A)?.held[0]?.reason).toBe('reported');
    expect(bench.drift.map(({ action }) => action)).toEqual(['Reported']);
  });

  it('neither undoes nor tells drift that is ignored, until the spec says something new there', async () => {
    const bench = new Bench();
    const ignoring = (asked: string) => [[A, { paused: false, drift: 'Correct', ignore: { paths: ['x', 'stray'], asked } }]] as const;
    await bench.ask(['a x 1', 'a y 1'], ignoring('1'));
    bench.system.foreign.add('stray');
    bench.system.change('x', '9');
    bench.system.change('y', '9');
    await eventually(() => bench.drift.length > 0);
    expect(bench.drift.map(({ subject }) => subject)).toMatchObject([{ kind: 'step', step: { object: 'y' } }]);
    expect(Object.fromEntries(bench.system.values)).toEqual({ x: '9', y: '1' });
    const kept = await bench.ask(['a x 1', 'a y 2'], ignoring('1'));
    expect(kept.outstanding.size).toBe(0);
    expect(Object.fromEntries(bench.system.values)).toEqual({ x: '9', y: '2' });
    await bench.ask(['a x 3', 'a y 2'], ignoring('3'));
    expect(bench.system.values.get('x')).toBe('3');
    expect(bench.drift).toHaveLength(1);
  });

  it('carries out a new spec though the policy is to report drift', async () => {
    const bench = new Bench();
    const policy = [[A, { paused: false, drift: 'Report' }]] as const;
    await bench.ask(['a x 1'], policy);
    await bench.ask(['a x 2'], policy);
    expect(bench.system.values.get('x')).toBe('2');
  });

  it('changes nothing for a paused owner', async () => {
    const bench = new Bench();
    const report = await bench.ask(['a x 1', 'b y 2'], [[A, { paused: true, drift: 'Correct' }]]);
    expect(Object.fromEntries(bench.system.values)).toEqual({ y: '2' });
    expect(report.outstanding.get(A)?.held[0]?.reason).toBe('paused');
  });

  it('tells drift of a paused owner, and leaves it', async () => {
    const bench = new Bench();
    await bench.ask(['a x 1']);
    await bench.ask(['a x 1'], [[A, { paused: true, drift: 'Correct' }]]);
    bench.system.change('x', '9');
    await eventually(() => bench.drift.length > 0);
    expect(bench.drift.map(({ action }) => action)).toEqual(['Reported']);
    expect(bench.system.values.get('x')).toBe('9');
  });

  it('does one owner though another is refused, and tries the refused again after a while', async () => {
    const bench = new Bench();
    bench.system.refuse.set('x', { reason: 'Busy', message: 'not now', needsPerson: false });
    const report = await bench.ask(['a x 1', 'b y 2']);
    expect(bench.system.values.get('y')).toBe('2');
    expect(report.outstanding.get(A)?.refusals).toMatchObject([{ reason: 'Busy' }]);
    bench.system.refuse.clear();
    const tries = bench.system.applied.length;
    bench.system.hint();
    await bench.next(1);
    expect(bench.system.applied.length).toBe(tries);
    bench.clock.advance(1_000);
    await eventually(() => bench.system.values.get('x') === '1');
  });

  it('says what was refused last, once, and nothing of what is asked no more', async () => {
    const bench = new Bench();
    const said = (report: LaneReport<unknown> | undefined) => report?.outstanding.get(A)?.refusals.map(({ message }) => message).join();
    bench.system.refuse.set('x', { reason: 'Busy', message: 'at noon', needsPerson: false });
    expect(said(await bench.ask(['a x 1']))).toBe('at noon');
    bench.system.refuse.set('x', { reason: 'Busy', message: 'at one', needsPerson: false });
    bench.clock.advance(1_000);
    await eventually(() => said(bench.reports.at(-1)) === 'at one');
    bench.system.refuse.set('x', { reason: 'Worse', message: 'at two', needsPerson: true });
    expect(said(await bench.ask(['a x 3']))).toBe('at two');
  });

  it('does not try again what only a person can mend, until the spec changes', async () => {
    const bench = new Bench();
    bench.system.refuse.set('x', { reason: 'Refused', message: 'never', needsPerson: true });
    await bench.ask(['a x 1']);
    bench.clock.advance(120_000);
    bench.system.hint();
    await bench.next(1);
    expect(bench.system.applied.length).toBe(1);
    bench.system.refuse.clear();
    await bench.ask(['a x 2']);
    expect(bench.system.values.get('x')).toBe('2');
  });

  it('says unverified, and goes on trying slowly, when what it did has no effect', async () => {
    const bench = new Bench();
    bench.system.deaf.add('x');
    const report = await bench.ask(['a x 1']);
    expect(bench.system.applied.length).toBe(1);
    expect(report.outstanding.get(A)?.held[0]?.reason).toBe('unverified');
    bench.system.deaf.clear();
    bench.clock.advance(1_000);
    await eventually(() => bench.system.values.get('x') === '1');
  });

  it('takes a leftover away only when it saw it twice', async () => {
    const bench = new Bench();
    bench.system.leftovers.add('old');
    await bench.ask(['a x 1']);
    expect(bench.system.leftovers.has('old')).toBe(true);
    bench.clock.advance(1_000);
    await eventually(() => !bench.system.leftovers.has('old'));
    expect(bench.drift).toEqual([]);
  });

  it('says so when the system can not be reached, and goes on when it can', async () => {
    const bench = new Bench();
    bench.system.unreachable = true;
    const report = await bench.ask(['a x 1']);
    expect(report.unreachable).toEqual({ reason: 'OvsdbUnreachable', message: 'nobody answers at unix:/nowhere' });
    bench.system.unreachable = false;
    bench.clock.advance(1_000);
    await eventually(() => bench.system.values.get('x') === '1');
  });

  it('tells a foreign thing once, and not the ones that were there from the start', async () => {
    const bench = new Bench();
    bench.system.foreign.add('old');
    await bench.ask(['a x 1']);
    bench.system.foreign.add('new');
    bench.system.hint();
    await eventually(() => bench.drift.length > 0);
    const passes = bench.reports.length;
    bench.system.hint();
    await bench.next(passes);
    expect(bench.drift.map(({ subject }) => subject)).toMatchObject([{ kind: 'finding', finding: { object: 'new' } }]);
  });

  it('runs once more, not once each, for many hints while it is busy', async () => {
    const bench = new Bench();
    await bench.ask(['a x 1']);
    const before = bench.system.observations;
    for (let i = 0; i < 100; i++) bench.system.hint();
    await bench.next(2);
    expect(bench.system.observations - before).toBe(2);
  });

  it('does not settle an owner that still waits for something', async () => {
    const bench = new Bench();
    const values = [{ owner: A, name: 'x', value: '1', startBlockedBy: 'a bridge' }];
    const aim = new Aim<FixtureDesired>(bench.lane);
    aim.take({ values, ownership: ownership(A) }, new Map());
    await bench.next(0);
    bench.system.change('x', '9');
    await eventually(() => bench.system.values.get('x') === '1');
    expect(bench.drift).toEqual([]);
  });
});
