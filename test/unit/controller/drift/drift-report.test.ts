import { describe, expect, it } from 'vitest';
import { driftMessage, driftReport, driftStatus } from '../../../../controller/drift/drift-report.ts';
import type { DriftEvent } from '../../../../controller/reconcile/lane-report.ts';

const event: DriftEvent = {
  system: 'ovs',
  subject: {
    kind: 'step',
    step: { owner: 'VlanPort/vnet100', verb: 'update', object: 'Port vnet100', leftover: false, differences: [{ path: 'Port[vnet100].tag', expected: '100', found: '200' }] },
  },
  detectedAt: Date.parse('2026-01-01T03:00:00.000Z'),
  action: 'Corrected',
  correctedAt: Date.parse('2026-01-01T03:00:00.004Z'),
  cause: { command: 'ovs-vsctl set port vnet100 tag=200', process: 'bash', user: 'Unknown', source: 'ovsdb-log' },
};

describe('a DriftReport', () => {
  it('says what was found where, who did it, and what became of it', () => {
    expect(driftReport(event, 'luna', 'x')).toMatchObject({
      metadata: { name: 'vnet100-x' },
      spec: {
        hostName: 'luna',
        system: 'ovs',
        subject: { kind: 'VlanPort', name: 'vnet100', object: 'Port vnet100' },
        differences: [{ path: 'Port[vnet100].tag', expected: '100', found: '200' }],
        cause: { command: 'ovs-vsctl set port vnet100 tag=200' },
      },
    });
    expect(driftStatus(event)).toMatchObject({ action: 'Corrected', latencyMilliseconds: 4 });
    expect(driftMessage(event)).toBe('Port vnet100: Port[vnet100].tag was 200, expected 100, by "ovs-vsctl set port vnet100 tag=200"');
  });

  it('says Unknown where the cause is not known', () => {
    expect(driftReport({ ...event, cause: undefined }, 'luna', 'x')).toMatchObject({ spec: { cause: { command: 'Unknown', source: 'Unknown' } } });
  });

  it('keeps its name within what an object may have', () => {
    const owner = `VlanPort/${'a'.repeat(253)}` as const;
    const long: DriftEvent = { ...event, subject: { kind: 'finding', finding: { owner, object: 'o', difference: { path: 'p', expected: '', found: 'f' } } } };
    expect(driftReport(long, 'luna', 'suffix').metadata.name).toHaveLength(253);
  });
});
