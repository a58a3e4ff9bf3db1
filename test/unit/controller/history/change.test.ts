import { describe, expect, it } from 'vitest';
import type { KubeObject } from '../../../../api/machinery/object.ts';
import { change, changeStatus, reasonOf, type Work } from '../../../../controller/history/change.ts';
import { requestedBy } from '../../../../controller/history/requested-by.ts';
import type { Refusal, StepInfo } from '../../../../controller/systems/system.ts';
import { resource } from '../../../fixtures/resources.ts';

const AT = Date.parse('2026-01-01T03:00:00.000Z');
const REFUSAL: Refusal = { owner: 'VlanPort/p', reason: 'DeviceBusy', message: 'it is busy', needsPerson: false };
const port = resource('VlanPort', 'p', { bridgeName: 'br0' }, { generation: 2 });

function step(verb: StepInfo['verb'] = 'update'): StepInfo {
  return { owner: 'VlanPort/p', verb, object: 'Port p', leftover: false, differences: [{ path: 'Port[p].tag', expected: '100', found: '200' }] };
}

function work(changes: Partial<Work> = {}): Work {
  return { owner: 'VlanPort/p', object: port, drift: false, steps: [{ system: 'ovs', step: step() }], startedAt: AT, endedAt: AT + 12, ...changes };
}

describe('why a plan was carried out', () => {
  const last = { revision: 3, uid: port.metadata.uid, generation: 2 };
  const leaving = resource('VlanPort', 'p', {}, { deletionTimestamp: '2026-01-01T00:00:00Z' });

  it.each([
    ['SpecChanged', 'first', work(), undefined],
    ['SpecChanged', 'a new generation', work(), { ...last, generation: 1 }],
    ['SpecChanged', 'another object of that name', work(), { ...last, uid: 'other' }],
    ['Resync', 'the same generation once more', work(), last],
    ['Resync', 'the same generation long after', work(), { ...last, carriedOutAt: AT - 60_001 }],
    ['SpecChanged', 'what had to wait for something else', work(), { ...last, carriedOutAt: AT - 60_000 }],
    ['Adopted', 'only marks were written', work({ steps: [{ system: 'ovs', step: step('claim') }] }), undefined],
    ['DriftCorrected', 'drift', work({ drift: true }), last],
    ['Deleted', 'it is going', work({ object: leaving }), last],
    ['Deleted', 'it is gone', work({ object: undefined }), undefined],
  ])('is %s: %s', (reason, _why, done, before) => {
    expect(reasonOf(done, before)).toBe(reason);
  });
});

describe('a Change', () => {
  it('says for whom, what, before and after', () => {
    const made = change(work(), { revision: 4, last: { revision: 3, spec: 'bridgeName: old\n' }, spec: 'bridgeName: br0\n', hostName: 'luna' });
    expect(made).toMatchObject({
      metadata: { name: 'vlanport-p-4' },
      spec: {
        hostName: 'luna',
        reason: 'SpecChanged',
        subject: { kind: 'VlanPort', name: 'p', uid: port.metadata.uid, generation: 2 },
        revision: 4,
        before: 'bridgeName: old\n',
        after: 'bridgeName: br0\n',
        steps: [{ system: 'ovs', verb: 'update', object: 'Port p', owner: 'VlanPort/p', differences: [{ path: 'Port[p].tag', expected: '100', found: '200' }] }],
        startedAt: '2026-01-01T03:00:00.000Z',
      },
    });
  });

  it.each([
    ['Applied', [{ system: 'ovs' as const, step: step() }]],
    ['PartlyApplied', [{ system: 'ovs' as const, step: step() }, { system: 'ovs' as const, step: step(), refusal: REFUSAL }]],
    ['Failed', [{ system: 'ovs' as const, step: step(), refusal: REFUSAL }]],
  ])('ends %s', (result, steps) => {
    const failures = result === 'Applied' ? undefined : [{ object: 'Port p', reason: 'DeviceBusy', message: 'it is busy' }];
    const status = changeStatus(work({ steps }));
    expect(status).toMatchObject({ result, durationMilliseconds: 12, summary: { subject: 'VlanPort/p', steps: steps.length, took: '12ms' } });
    expect('failures' in status ? status.failures : undefined).toEqual(failures);
  });

  it('keeps its name within what an object may have, its revision too', () => {
    const long = work({ owner: `VlanPort/${'a'.repeat(253)}` });
    const { name = '' } = change(long, { revision: 1_234, last: undefined, spec: undefined, hostName: 'luna' }).metadata;
    expect(name).toHaveLength(253);
    expect(name).toMatch(/-1234$/);
  });
});

describe('who asked for it', () => {
  const spec = { 'f:spec': {} };

  it.each([
    ['the last that wrote the spec', [{ manager: 'a', time: '2026-01-01T00:00:00Z', fieldsV1: spec }, { manager: 'b', time: '2026-01-02T00:00:00Z', fieldsV1: spec }, { manager: 'c', time: '2026-01-01T00:00:00Z', fieldsV1: spec }], 'b'],
    ['not who wrote labels only', [{ manager: 'a', time: '2026-01-01T00:00:00Z', fieldsV1: spec }, { manager: 'b', time: '2026-01-02T00:00:00Z', fieldsV1: { 'f:metadata': {} } }], 'a'],
    ['not who wrote the status', [{ manager: 'a', time: '2026-01-01T00:00:00Z', fieldsV1: spec }, { manager: 'b', time: '2026-01-02T00:00:00Z', subresource: 'status', fieldsV1: spec }], 'a'],
    ['not we ourselves', [{ manager: 'bridgekeeper', time: '2026-01-01T00:00:00Z', fieldsV1: spec }], undefined],
    ['nobody that is known', undefined, undefined],
  ])('is %s', (_what, managedFields, manager) => {
    const object: KubeObject = resource('VlanPort', 'p', {}, managedFields ? { managedFields } : {});
    expect(requestedBy(object)).toBe(manager);
  });
});
