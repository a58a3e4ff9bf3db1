import { describe, expect, it } from 'vitest';
import { mergeConditions } from '../../../../controller/reconcile/status/conditions.ts';
import { judgeResource, type Case } from '../../../../controller/reconcile/status/judge-resource.ts';
import type { LaneReport } from '../../../../controller/reconcile/lane-report.ts';
import type { StepInfo } from '../../../../controller/systems/system.ts';

const step: StepInfo = { owner: 'VlanPort/p', verb: 'update', object: 'Port p', leftover: false, differences: [{ path: 'Port[p].tag', expected: '100', found: '200' }] };

function lane(rest: Partial<LaneReport<unknown>> = {}): LaneReport<unknown> {
  return { system: 'ovs', version: 1, outstanding: new Map(), findings: [], ...rest };
}

function judged(facts: Partial<Case>): Record<string, string> {
  const whole: Case = { owner: 'VlanPort/p', lifecycle: { state: 'present' }, problem: undefined, doubts: [], notYetActing: [], paused: false, reports: [lane()], liveness: undefined, guard: undefined, ...facts };
  return Object.fromEntries(judgeResource(whole).map(({ type, status, reason }) => [type, `${status} ${reason}`]));
}

describe('conditions', () => {
  it('says Ready of what is programmed and works', () => {
    expect(judged({})).toEqual({ Accepted: 'True Accepted', Programmed: 'True Programmed', Ready: 'True Ready' });
  });

  it('is Reconciling while it waits for what may come by itself', () => {
    const problem = { owner: 'VlanPort/p', reason: 'BridgeNotFound', message: 'm', needsPerson: false } as const;
    expect(judged({ problem })).toEqual({ Accepted: 'False BridgeNotFound', Programmed: 'False BridgeNotFound', Ready: 'False BridgeNotFound', Reconciling: 'True BridgeNotFound' });
  });

  it('is Stalled when a person must mend it', () => {
    const refusals = [{ owner: 'VlanPort/p', reason: 'NotOwned', message: 'm', needsPerson: true }] as const;
    expect(judged({ reports: [lane({ outstanding: new Map([['VlanPort/p', { held: [], refusals }]]) })] })).toMatchObject({ Ready: 'False NotOwned', Stalled: 'True NotOwned' });
  });

  it('is Stalled and Drifted when drift is kept', () => {
    const held = [{ step, drift: true, reason: 'reported' as const }];
    expect(judged({ reports: [lane({ outstanding: new Map([['VlanPort/p', { held, refusals: [] }]]) })] })).toMatchObject({
      Programmed: 'False Drifted',
      Ready: 'False Drifted',
      Stalled: 'True Drifted',
      Drifted: 'True DriftDetected',
    });
  });

  it('waits for a system that can not be reached', () => {
    expect(judged({ reports: [lane({ unreachable: { reason: 'OvsdbUnreachable', message: 'm' } })] })).toMatchObject({ Ready: 'False OvsdbUnreachable', Reconciling: 'True OvsdbUnreachable' });
  });

  it('is programmed but not Ready while it does not work yet', () => {
    expect(judged({ liveness: { reason: 'LinkDown', message: 'm' } })).toMatchObject({ Programmed: 'True Programmed', Ready: 'False LinkDown', Reconciling: 'True LinkDown' });
  });

  it('names the fields that do nothing yet', () => {
    expect(judged({ notYetActing: ['spec.rollback'] })).toMatchObject({ Accepted: 'True PartlyImplemented', Ready: 'True Ready' });
  });

  it('judges nothing of a paused resource but its drift', () => {
    expect(judged({ paused: true })).toEqual({});
    const held = [{ step, drift: true, reason: 'paused' as const }];
    expect(judged({ paused: true, reports: [lane({ outstanding: new Map([['VlanPort/p', { held, refusals: [] }]]) })] })).toEqual({ Drifted: 'True DriftDetected' });
  });
});

describe('mergeConditions', () => {
  const old = { type: 'Ready', status: 'True', reason: 'Ready', message: 'm', lastTransitionTime: 'then', observedGeneration: 1 } as const;

  it('moves lastTransitionTime only with status', () => {
    const same = mergeConditions([old], [{ type: 'Ready', status: 'True', reason: 'Other', message: 'n' }], 2, 'now');
    expect(same).toEqual([{ ...old, reason: 'Other', message: 'n', observedGeneration: 2 }]);
    const turned = mergeConditions([old], [{ type: 'Ready', status: 'False', reason: 'Other', message: 'n' }], 2, 'now');
    expect(turned[0]?.lastTransitionTime).toBe('now');
  });

  it('drops an abnormal condition that is no longer true and keeps the lasting three', () => {
    const stalled = { ...old, type: 'Stalled' };
    expect(mergeConditions([old, stalled], [], 2, 'now')).toEqual([old]);
  });
});
