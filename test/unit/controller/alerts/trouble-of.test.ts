import { describe, expect, it } from 'vitest';
import type { KubeObject } from '../../../../api/machinery/object.ts';
import { troublesOf } from '../../../../controller/alerts/trouble-of.ts';
import { resource } from '../../../fixtures/resources.ts';

/** `Ready=False/NotOwned Stalled=True/NotOwned` */
function object(conditions: string, kind = 'VlanPort'): KubeObject {
  const list = conditions.split(' ').filter(Boolean).map((text) => {
    const [, type, status, reason] = /^(\w+)=(\w+)\/(\w+)$/.exec(text) ?? [];
    return { type, status, reason, message: `because of ${reason ?? ''}`, lastTransitionTime: '2026-01-01T00:00:00Z' };
  });
  return { ...resource(kind, 'x', {}), status: { conditions: list } };
}

describe('what the conditions of a resource say to people', () => {
  it.each([
    ['nothing when all is well', 'Ready=True/Ready', 'VlanPort', []],
    ['nothing when it may come by itself', 'Ready=False/BridgeNotFound Reconciling=True/BridgeNotFound', 'VlanPort', []],
    ['nothing when nobody has looked yet', 'Ready=Unknown/Pending', 'VlanPort', []],
    ['nothing when somebody asked for it', 'Ready=False/Paused Stalled=True/Paused', 'VlanPort', []],
    ['nothing while drift is being mended', 'Ready=False/Pending Reconciling=True/Pending Drifted=True/DriftDetected', 'VlanPort', []],
    ['that it needs a person', 'Ready=False/NotOwned Stalled=True/NotOwned', 'VlanPort', ['Stalled']],
    ['drift that is kept, once', 'Ready=False/Drifted Stalled=True/Drifted Drifted=True/DriftDetected', 'VlanPort', ['DriftDetected']],
    ['a change that was taken back, once', 'Ready=False/RolledBack Stalled=True/RolledBack RolledBack=True/ProbeFailed', 'Bridge', ['RolledBack']],
    ['a host that is not reached', 'Ready=False/OvsdbUnreachable Reconciling=True/OvsdbUnreachable', 'Host', ['HostUnreachable']],
    ['no such thing of other kinds', 'Ready=False/OvsdbUnreachable Reconciling=True/OvsdbUnreachable', 'Bridge', []],
  ])('is %s', (_what, conditions, kind, events) => {
    expect(troublesOf(object(conditions, kind)).map(({ event }) => event)).toEqual(events);
  });

  it('has the words of the condition', () => {
    expect(troublesOf(object('Ready=False/NotOwned Stalled=True/NotOwned'))).toEqual([{ event: 'Stalled', severity: 'Warning', message: 'because of NotOwned (NotOwned)' }]);
  });
});
