import { describe, expect, it } from 'vitest';
import { humanDuration, parseDurationMs } from '../../../../cli/arguments/duration.ts';
import { UsageError } from '../../../../cli/errors.ts';

describe('parseDurationMs', () => {
  it.each([
    ['30s', 30_000],
    ['1m30s', 90_000],
    ['500ms', 500],
    ['1.5s', 1_500],
    ['-1s', -1_000],
    ['0', 0],
    ['20', 20_000],
    ['1d', 86_400_000],
  ])('reads %s', (text, ms) => {
    expect(parseDurationMs(text, '--timeout')).toBe(ms);
  });

  it.each(['', 'soon', '5 s', '5x', 's5', '1m-3s'])('refuses %j', (text) => {
    expect(() => parseDurationMs(text, '--timeout')).toThrow(UsageError);
  });
});

describe('humanDuration', () => {
  it.each([
    [0, '0s'],
    [-5_000, '0s'],
    [119_999, '119s'],
    [120_000, '2m'],
    [310_000, '5m10s'],
    [600_000, '10m'],
    [3 * 3_600_000 + 60_000, '3h1m'],
    [47 * 3_600_000, '47h'],
    [3 * 86_400_000, '3d'],
    [12.5 * 86_400_000, '12d'],
    [800 * 86_400_000, '2y70d'],
  ])('shows %d ms as %s', (ms, text) => {
    expect(humanDuration(ms)).toBe(text);
  });
});
