import type { Lifecycle } from '../desired/lifecycle.ts';
import type { OwnerKey } from '../systems/owner.ts';
import type { LaneReport } from './lane-report.ts';

/** True when a deleted resource has nothing on the host any more, as far as every system it was in can tell. */
export function mayGo(owner: OwnerKey, { state }: Lifecycle, reports: readonly LaneReport<unknown>[]): boolean {
  if (state !== 'leaving' && state !== 'released') return false;
  return reports.every((report) => report.unreachable === undefined && !report.outstanding.has(owner));
}
