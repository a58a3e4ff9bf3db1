import { beforeEach, describe, expect, it } from 'vitest';
import { Refreshed } from '../../../../controller/safety/refreshed.ts';
import { FakeClock } from '../../../fixtures/fake-clock.ts';

let clock: FakeClock;
let reads: { answer(value: string): void; fail(): void }[];
let refreshed: Refreshed<string>;

beforeEach(() => {
  clock = new FakeClock();
  reads = [];
  const read = (): Promise<string> => new Promise((resolve, reject) => reads.push({ answer: resolve, fail: () => reject(new Error('not now')) }));
  refreshed = new Refreshed({ clock, read, refreshAfterMs: 500, useForMs: 1_000 });
});

/** What is known, from a first reading. */
async function known(): Promise<void> {
  const first = refreshed.get();
  reads[0]?.answer('first');
  await first;
}

describe('a value that is read now and then', () => {
  it('is waited for at first, by all who ask, and is read once', async () => {
    const asked = [refreshed.get(), refreshed.get()];
    reads[0]?.answer('first');
    expect(await Promise.all(asked)).toEqual(['first', 'first']);
    expect(reads).toHaveLength(1);
  });

  it('is read anew beside while it is still used, and the new one counts from when it is there', async () => {
    await known();
    clock.advance(499);
    await refreshed.get();
    expect(reads).toHaveLength(1);
    clock.advance(1);
    expect(await refreshed.get()).toBe('first');
    expect(await refreshed.get()).toBe('first');
    expect(reads).toHaveLength(2);
    reads[1]?.answer('second');
    await new Promise((resolve) => setImmediate(resolve));
    clock.advance(600);
    expect(await refreshed.get()).toBe('second');
  });

  it.each([['too old', 1_000], ['from a clock that was set back', -1]])('is waited for where it is %s', async (_, ms) => {
    await known();
    clock.advance(ms);
    const asked = refreshed.get();
    reads[1]?.answer('second');
    expect(await asked).toBe('second');
  });

  it('is used though it is old where that is enough, and read beside', async () => {
    await known();
    clock.advance(5_000);
    expect(await refreshed.get({ refreshAfterMs: 5_001, useForMs: Infinity })).toBe('first');
    expect(reads).toHaveLength(1);
    expect(await refreshed.get({ refreshAfterMs: 5_000, useForMs: Infinity })).toBe('first');
    expect(reads).toHaveLength(2);
  });

  it('is kept where it can not be read beside, and whoever waits for it hears why', async () => {
    await known();
    clock.advance(500);
    expect(await refreshed.get()).toBe('first');
    reads[1]?.fail();
    await new Promise((resolve) => setImmediate(resolve));
    clock.advance(500);
    const asked = refreshed.get();
    reads[2]?.fail();
    await expect(asked).rejects.toThrow('not now');
  });
});
