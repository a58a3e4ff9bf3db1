import { describe, expect, it } from 'vitest';
import { outdated } from '../../../../controller/drift/pruner.ts';
import { resource } from '../../../fixtures/resources.ts';

const NOW = Date.parse('2026-06-01T00:00:00Z');
const DAY_MS = 24 * 3_600_000;

function report(ageMs: number, hostName = 'luna'): ReturnType<typeof resource> {
  return resource('DriftReport', `r${ageMs}`, { hostName }, { creationTimestamp: new Date(NOW - ageMs).toISOString() });
}

describe('outdated', () => {
  it('names what is older than 30 days', () => {
    expect(outdated([report(29 * DAY_MS), report(31 * DAY_MS)], 'luna', NOW).map(({ metadata }) => metadata.name)).toEqual([`r${31 * DAY_MS}`]);
  });

  it('names the oldest when there are more than 1,000', () => {
    const reports = Array.from({ length: 1_002 }, (_, index) => report(index * 1000));
    expect(outdated(reports, 'luna', NOW).map(({ metadata }) => metadata.name)).toEqual(['r1000000', 'r1001000']);
  });

  it('leaves the reports of other hosts alone', () => {
    expect(outdated([report(31 * DAY_MS, 'sol')], 'luna', NOW)).toEqual([]);
  });
});
