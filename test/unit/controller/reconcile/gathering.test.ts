import { describe, expect, it } from 'vitest';
import type { Clock } from '../../../../api/machinery/clock.ts';
import { Gathering } from '../../../../controller/reconcile/gathering.ts';
import { FakeClock } from '../../../fixtures/fake-clock.ts';

class Bench {
  readonly clock = new FakeClock();
  readonly startedAt = this.clock.now();
  /** When it was passed on, in milliseconds since the start. */
  readonly passedOn: number[] = [];
  readonly gathering = new Gathering(this.clock, () => this.passedOn.push(this.clock.now() - this.startedAt));

  /** So many changes, one each `everyMs`. */
  change(times: number, everyMs: number): void {
    for (let count = 0; count < times; count += 1) {
      this.gathering.add('new');
      this.clock.advance(everyMs);
    }
  }
}

describe('changes of what is ordered', () => {
  it('are passed on after a moment, and nothing is without a change', () => {
    const bench = new Bench();
    bench.change(1, 10_000);
    expect(bench.passedOn).toEqual([25]);
  });

  it('are passed on as one where they come together, and the more they are, the longer others are waited for', () => {
    for (const [count, calmMs] of [[2, 50], [5, 125], [40, 250]] as const) {
      const bench = new Bench();
      bench.change(count, 10);
      bench.clock.advance(10_000);
      expect(bench.passedOn).toEqual([(count - 1) * 10 + calmMs]);
    }
  });

  it('are waited for the longer, the slower they come', () => {
    for (const [everyMs, calmMs] of [[50, 250], [100, 300], [240, 720]] as const) {
      const bench = new Bench();
      bench.gathering.took(10_000);
      bench.change(12, everyMs);
      bench.clock.advance(10_000);
      expect(bench.passedOn.at(-1)).toBe(11 * everyMs + calmMs);
      expect(bench.passedOn.length).toBeLessThan(12);
    }
  });

  it('are passed on in time where the burst does not end: the later, the longer it took to bring about the last', () => {
    for (const [tookMs, mostMs] of [[0, 1_000], [600, 2_400], [10_000, 10_000]] as const) {
      const bench = new Bench();
      bench.gathering.took(tookMs);
      bench.change(2_500, 10);
      const pauses = bench.passedOn.map((at, index) => at - (bench.passedOn[index - 1] ?? 0));
      expect(pauses.every((pause) => pause >= mostMs && pause <= mostMs + 10)).toBe(true);
      expect(pauses.length).toBeGreaterThan(1);
    }
  });

  it('are waited for longer where many come fast: to bring about what has come takes its time anyhow', () => {
    const bench = new Bench();
    bench.change(1_500, 2);
    expect(bench.passedOn).toEqual([]);
    bench.clock.advance(250);
    expect(bench.passedOn).toEqual([1_499 * 2 + 250]);
    bench.change(10_000, 2);
    expect(bench.passedOn.length).toBeGreaterThan(1);
  });

  it('are passed on at once where one edits something after a pause; where more follow, those are gathered', () => {
    const bench = new Bench();
    bench.gathering.took(1_000);
    for (const _ of [1, 2]) {
      bench.gathering.add('edit');
      bench.clock.advance(300);
    }
    expect(bench.passedOn).toEqual([0, 300]);
    for (const _ of [1, 2, 3]) bench.gathering.add('edit');
    bench.clock.advance(5_000);
    expect(bench.passedOn.slice(2)).toHaveLength(2);
    expect(bench.passedOn[2]).toBe(600);
  });

  it('wait but a moment when they come some time after a burst', () => {
    const bench = new Bench();
    bench.change(100, 10);
    bench.gathering.took(600);
    bench.clock.advance(700);
    const at = bench.clock.now() - bench.startedAt;
    bench.change(1, 1_000);
    expect(bench.passedOn.at(-1)).toBe(at + 25);
  });

  it('are not kept back where the clock is set back', () => {
    const clock = new FakeClock();
    let setBackMs = 0;
    let passedOn = 0;
    const wall: Clock = { now: () => clock.now() - setBackMs, after: (delayMs, callback) => clock.after(delayMs, callback), sleep: (delayMs) => clock.sleep(delayMs) };
    new Gathering(wall, () => (passedOn += 1)).add('new');
    setBackMs = 3_600_000;
    clock.advance(100);
    expect(passedOn).toBe(1);
  });

  it('are passed on at once again after a calm', () => {
    const bench = new Bench();
    bench.change(100, 10);
    bench.clock.advance(5_000);
    bench.passedOn.length = 0;
    const at = bench.clock.now() - bench.startedAt;
    bench.change(1, 1_000);
    expect(bench.passedOn).toEqual([at + 25]);
  });

  it('are passed on no more after it was stopped', () => {
    const bench = new Bench();
    bench.gathering.add('new');
    bench.gathering.stop();
    bench.clock.advance(10_000);
    expect(bench.passedOn).toEqual([]);
  });
});
