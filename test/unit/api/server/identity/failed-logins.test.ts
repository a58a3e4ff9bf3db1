import { describe, expect, it } from 'vitest';
import { systemClock } from '../../../../../api/machinery/clock.ts';
import { failedLogins } from '../../../../../api/server/identity/failed-logins.ts';

describe('failedLogins', () => {
  it('counts by address, a minute at a time', () => {
    let nowMs = 0;
    const failures = failedLogins({ ...systemClock, now: () => nowMs }, 2);
    expect([failures.record('a'), failures.record('a'), failures.record('a')]).toEqual([true, true, false]);
    expect(failures.record('b')).toBe(true);
    nowMs = 59_999;
    expect(failures.record('a')).toBe(false);
    nowMs = 60_000;
    expect(failures.record('a')).toBe(true);
  });
});
