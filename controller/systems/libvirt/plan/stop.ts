import type { DomainState } from '../observed.ts';
import type { OwnerKey } from '../../owner.ts';
import type { PlanContext } from './context.ts';

/**
 * Plans the end of a running domain: the guest is asked first; what has not gone `graceMs` later is destroyed. In between there
 * is nothing to do but to wait, and nothing else waits for it.
 */
export function planStop(owner: OwnerKey, state: DomainState, graceMs: number, { observed, draft }: PlanContext, leftover = false): void {
  const info = { owner, object: `domain ${state.name}`, leftover, domain: { name: state.name, uuid: state.uuid }, verb: 'stop' } as const;
  const differences = [{ path: `domain[${state.name}].state`, expected: 'shutoff', found: state.state }];
  const askedAt = state.memory.stopAskedAt;
  if (askedAt === undefined) return draft.step({ ...info, kind: 'domain-shutdown', differences, graceMs });
  const deadline = askedAt + graceMs;
  if (observed.observedAt >= deadline) return draft.step({ ...info, kind: 'domain-destroy', differences });
  const message = `domain ${state.name} was asked to shut down; it is powered off at ${new Date(deadline).toISOString()} if it has not by then`;
  draft.refuse({ owner, reason: 'ShuttingDown', message, needsPerson: false });
}
