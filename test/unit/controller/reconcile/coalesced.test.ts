import { describe, expect, it } from 'vitest';
import { Coalesced } from '../../../../controller/reconcile/coalesced.ts';
import { eventually } from '../../../fixtures/eventually.ts';
import { FakeClock } from '../../../fixtures/fake-clock.ts';

class Bench {
  readonly clock = new FakeClock();
  runs = 0;
  takesMs = 0;
  readonly work = new Coalesced({
    clock: this.clock,
    failed: (error) => expect.unreachable(String(error)),
    work: () => {
      this.runs += 1;
      this.clock.advance(this.takesMs);
    },
  });

  async ran(times: number): Promise<void> {
    await eventually(() => this.runs === times);
    await new Promise((resolve) => setImmediate(resolve));
  }
}

describe('coalesced work', () => {
  it('runs once for many asks, and again for the next', async () => {
    const bench = new Bench();
    for (let ask = 0; ask < 5; ask += 1) bench.work.ask();
    await bench.ran(1);
    bench.work.ask();
    await bench.ran(2);
  });

  it('rests in proportion to what it took, and no longer than a quarter of a second', async () => {
    const bench = new Bench();
    for (const [takesMs, restMs] of [[10, 40], [1_000, 250]] as const) {
      const before = bench.runs;
      bench.takesMs = takesMs;
      bench.work.ask();
      await bench.ran(before + 1);
      bench.work.ask();
      bench.clock.advance(restMs - 1);
      await bench.ran(before + 1);
      bench.clock.advance(1);
      await bench.ran(before + 2);
      bench.clock.advance(1_000);
    }
  });

  it('does not run after it was stopped, be it at rest', async () => {
    const bench = new Bench();
    bench.takesMs = 10;
    bench.work.ask();
    await bench.ran(1);
    bench.work.ask();
    await bench.work.stop();
    bench.clock.advance(1_000);
    await bench.ran(1);
  });
});
