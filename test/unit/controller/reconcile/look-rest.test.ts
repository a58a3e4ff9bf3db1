import { describe, expect, it } from 'vitest';
import { LookRest } from '../../../../controller/reconcile/look-rest.ts';
import { FakeClock } from '../../../fixtures/fake-clock.ts';

/** How long it rests after a look that took so long; `askedAfterMs`: something new is asked for meanwhile. */
async function restMs(tookMs: number, askedAfterMs = Infinity): Promise<number> {
  const clock = new FakeClock();
  const endedAt = clock.now();
  const rest = new LookRest(clock);
  rest.looked(tookMs);
  let isOver = false;
  void rest.over(() => (clock.now() - endedAt >= askedAfterMs ? clock.now() : -Infinity)).then(() => (isOver = true));
  for (;;) {
    await new Promise((resolve) => setImmediate(resolve));
    if (isOver) return clock.now() - endedAt;
    clock.advance(1);
  }
}

describe('the rest between two looks', () => {
  it('is in proportion to what a look takes, and half a second at most', async () => {
    expect([await restMs(0), await restMs(10), await restMs(100), await restMs(5_000)]).toEqual([0, 30, 300, 500]);
  });

  it('ends when something new is asked for', async () => {
    expect(await restMs(5_000, 120)).toBe(150);
  });

  it('is none before the first look', async () => {
    await new LookRest(new FakeClock()).over(() => -Infinity);
  });
});
