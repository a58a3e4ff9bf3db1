import type { DriftEvent } from '../reconcile/lane-report.ts';
import type { OwnerKey } from '../systems/owner.ts';
import type { Difference, SystemName } from '../systems/system.ts';

/** What one drift event is about, in one form for steps and findings. */
export interface DriftSubject {
  readonly owner: OwnerKey;
  readonly object: string;
  readonly differences: readonly Difference[];
}

/** The system that a report names: the kernel by its own name. */
export function systemOf({ system, subject }: DriftEvent): SystemName | 'kernel' {
  return (subject.kind === 'step' ? subject.step : subject.finding).within ?? system;
}

export function subjectOf({ subject }: DriftEvent): DriftSubject {
  if (subject.kind === 'step') return subject.step;
  const { owner, object, difference } = subject.finding;
  return { owner, object, differences: [difference] };
}

/** `VlanPort/vnet100` → `VlanPort`, `vnet100`. */
export function splitOwner(owner: OwnerKey): [kind: string, name: string] {
  const slash = owner.indexOf('/');
  return [owner.slice(0, slash), owner.slice(slash + 1)];
}
