import { describe, expect, it } from 'vitest';
import { describeBurst, driftReport, driftStatus } from '../../../../controller/drift/drift-report.ts';
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
  cause: { commands: [{ command: 'ovs-vsctl set port vnet100 tag=200', process: 'bash', at: Date.parse('2026-01-01T02:59:59.998Z') }], user: 'Unknown', source: 'ovsdb-log' },
};

/** The same port changed again `afterMs` later, by another command. */
function again(afterMs: number, found: string, command: string): DriftEvent {
  const step = { owner: 'VlanPort/vnet100', verb: 'update', object: 'Port vnet100', leftover: false, differences: [{ path: 'Port[vnet100].tag', expected: '100', found }] } as const;
  const detectedAt = event.detectedAt + afterMs;
  return { ...event, subject: { kind: 'step', step }, detectedAt, correctedAt: detectedAt + 9, cause: { commands: [{ command, process: 'bash', at: detectedAt - 2 }], user: 'Unknown', source: 'ovsdb-log' } };
}

describe('a DriftReport', () => {
  it('says what was found where, who did it, and what became of it', () => {
    expect(driftReport([event], 'luna', 'x')).toMatchObject({
      metadata: { name: 'vnet100-x' },
      spec: {
        hostName: 'luna',
        system: 'ovs',
        subject: { kind: 'VlanPort', name: 'vnet100', object: 'Port vnet100' },
        differences: [{ path: 'Port[vnet100].tag', expected: '100', found: '200' }],
        cause: { command: 'ovs-vsctl set port vnet100 tag=200' },
      },
    });
    expect(driftStatus([event], [])).toMatchObject({ action: 'Corrected', latencyMilliseconds: 4 });
    expect(describeBurst([event])).toBe('Port vnet100: Port[vnet100].tag was 200, expected 100, by "ovs-vsctl set port vnet100 tag=200"');
  });

  it('says Unknown where the cause is not known', () => {
    expect(driftReport([{ ...event, cause: undefined }], 'luna', 'x')).toMatchObject({ spec: { cause: { command: 'Unknown', source: 'Unknown' } } });
  });

  it('of what was put back before anybody looked is Superseded, unless something else had to be undone with it', () => {
    const { correctedAt: _never, ...uncorrected } = event;
    const missed: DriftEvent = { ...uncorrected, action: 'Superseded' };
    expect(driftStatus([missed], [])).toMatchObject({ action: 'Superseded', message: expect.stringMatching(/as desired again/) });
    expect(driftStatus([missed, event, missed], [])).toMatchObject({ action: 'Corrected' });
  });

  it('keeps its name within what an object may have', () => {
    const owner = `VlanPort/${'a'.repeat(253)}` as const;
    const long: DriftEvent = { ...event, subject: { kind: 'finding', finding: { owner, object: 'o', difference: { path: 'p', expected: '', found: 'f' } } } };
    expect(driftReport([long], 'luna', 'suffix').metadata.name).toHaveLength(253);
  });

  it('of a burst counts the changes, and lists what was found and the commands, one a line', () => {
    const burst = [event, again(10, '300', 'ovs-vsctl set port vnet100 tag=300'), again(20, '200', 'ovs-vsctl set port vnet100 tag=200')] as const;
    expect(driftReport(burst, 'luna', 'x').spec).toMatchObject({
      count: 3,
      detectedAt: '2026-01-01T03:00:00.000Z',
      differences: [{ path: 'Port[vnet100].tag', expected: '100', found: '200, 300' }],
      cause: {
        command: 'ovs-vsctl set port vnet100 tag=200\novs-vsctl set port vnet100 tag=300',
        process: 'bash',
        commands: [
          { command: 'ovs-vsctl set port vnet100 tag=200', process: 'bash', time: '2026-01-01T02:59:59.998Z' },
          { command: 'ovs-vsctl set port vnet100 tag=300', process: 'bash', time: '2026-01-01T03:00:00.008Z' },
          { command: 'ovs-vsctl set port vnet100 tag=200', process: 'bash', time: '2026-01-01T03:00:00.018Z' },
        ],
      },
    });
    expect(driftStatus(burst, ['ops'])).toMatchObject({
      action: 'Corrected',
      correctedAt: '2026-01-01T03:00:00.029Z',
      latencyMilliseconds: 9,
      alerts: [{ receiverName: 'ops', state: 'Pending' }],
      summary: { by: 'ovs-vsctl' },
    });
  });

  it('counts what one pass mended of an object as one change', () => {
    expect(driftReport([event, again(0, '200', 'ovs-vsctl set port vnet100 tag=200')], 'luna', 'x').spec).toMatchObject({ count: 1 });
  });

  it('of a fight says that it is corrected only now and then, and what ends it', () => {
    expect(driftStatus([{ ...event, pauseMs: 4_000 }], [])).toMatchObject({ message: expect.stringContaining('only every 4 s') as unknown });
  });
});
