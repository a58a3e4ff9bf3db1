import { describe, expect, it } from 'vitest';
import { Bursts } from '../../../../controller/drift/bursts.ts';
import type { DriftEvent } from '../../../../controller/reconcile/lane-report.ts';
import { FakeClock } from '../../../fixtures/fake-clock.ts';

class Bench {
  readonly clock = new FakeClock();
  readonly over: { readonly at: number; readonly count: number }[] = [];
  readonly #start = this.clock.now();
  readonly bursts = new Bursts(this.clock, (burst) => this.over.push({ at: this.clock.now() - this.#start, count: burst.length }));

  add(found: string, object = 'Port vnet100', pauseMs = 0): void {
    const step = { owner: 'VlanPort/vnet100', verb: 'update', object, leftover: false, differences: [{ path: 'tag', expected: '100', found }] } as const;
    const event: DriftEvent = { system: 'ovs', subject: { kind: 'step', step }, detectedAt: this.clock.now(), action: 'Corrected', correctedAt: this.clock.now(), cause: undefined };
    this.bursts.add(pauseMs === 0 ? event : { ...event, pauseMs });
  }
}

describe('changes of one object', () => {
  it('within a quarter of a second are one burst', () => {
    const bench = new Bench();
    bench.add('200');
    bench.clock.advance(100);
    bench.add('300');
    bench.clock.advance(149);
    expect(bench.over).toEqual([]);
    bench.clock.advance(1);
    expect(bench.over).toEqual([{ at: 250, count: 2 }]);
  });

  it('are told without end of waiting, however many there are', () => {
    const bench = new Bench();
    for (let each = 0; each < 10; each += 1) {
      bench.add(String(each));
      bench.clock.advance(100);
    }
    expect(bench.over.map(({ count }) => count)).toEqual([3, 3, 3]);
  });

  it('are apart from those of other objects', () => {
    const bench = new Bench();
    bench.add('200');
    bench.add('200', 'Port other');
    bench.clock.advance(250);
    expect(bench.over.map(({ count }) => count)).toEqual([1, 1]);
  });

  it('that are the same again and again are told ever more rarely, all of them counted', () => {
    const bench = new Bench();
    for (let each = 0; each < 1_400; each += 1) {
      bench.add('200');
      bench.clock.advance(50);
    }
    expect(bench.over).toHaveLength(8);
    bench.bursts.flush();
    expect(bench.over.reduce((sum, { count }) => sum + count, 0)).toBe(1_400);
  });

  it('that a person repeats are told without delay each time', () => {
    const bench = new Bench();
    for (let each = 0; each < 10; each += 1) {
      bench.add('200');
      bench.clock.advance(1_000);
    }
    expect(bench.over).toHaveLength(10);
  });

  it('are the same fight also after the rest that the correction took', () => {
    const bench = new Bench();
    bench.add('200', undefined, 8_000);
    bench.clock.advance(8_250);
    bench.add('200', undefined, 16_000);
    bench.clock.advance(499);
    expect(bench.over).toHaveLength(1);
    bench.clock.advance(1);
    expect(bench.over).toHaveLength(2);
  });

  it('are told at once when it was quiet for a while, or when it is another change', () => {
    const bench = new Bench();
    bench.add('200');
    bench.clock.advance(250);
    bench.add('300');
    bench.clock.advance(250);
    expect(bench.over).toHaveLength(2);
    bench.clock.advance(6_000);
    bench.add('300');
    bench.clock.advance(250);
    expect(bench.over).toHaveLength(3);
  });
});
