import { describe, expect, it } from 'vitest';
import { ageAt, humanDuration } from '../../../../../../api/server/answer/table/human-duration.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** The table of k8s.io/apimachinery `pkg/util/duration/duration_test.go`, in our units. */
describe('humanDuration', () => {
  it.each([
    [-2 * SECOND, '<invalid>'],
    [-1 * SECOND, '0s'],
    [0, '0s'],
    [SECOND - 1, '0s'],
    [70 * SECOND, '70s'],
    [2 * MINUTE - 1, '119s'],
    [2 * MINUTE, '2m'],
    [8 * MINUTE + 3 * SECOND, '8m3s'],
    [10 * MINUTE, '10m'],
    [179 * MINUTE, '179m'],
    [3 * HOUR, '3h'],
    [7 * HOUR + 10 * MINUTE, '7h10m'],
    [8 * HOUR, '8h'],
    [47 * HOUR, '47h'],
    [2 * DAY, '2d'],
    [2 * DAY + 5 * HOUR, '2d5h'],
    [8 * DAY, '8d'],
    [100 * DAY, '100d'],
    [2 * 365 * DAY, '2y'],
    [2 * 365 * DAY + DAY, '2y1d'],
    [8 * 365 * DAY, '8y'],
  ])('shows %d ms as %s', (durationMs, expected) => {
    expect(humanDuration(durationMs)).toBe(expected);
  });
});

describe('ageAt', () => {
  it('counts from the timestamp', () => {
    expect(ageAt(Date.parse('2026-01-01T00:01:00Z'), '2026-01-01T00:00:00Z')).toBe('60s');
  });

  it('says so when there is no timestamp, or none that can be read', () => {
    expect(ageAt(0, undefined)).toBe('<unknown>');
    expect(ageAt(0, 'yesterday')).toBe('<invalid>');
  });
});
