import type { KubeObject } from '../../../api/machinery/object.ts';
import type { Compiled } from '../../desired/host-desired.ts';
import { deviceNameOf } from '../../desired/resources.ts';
import type { GuardReport } from '../../safety/guard-report.ts';
import type { OwnerKey } from '../../systems/owner.ts';
import { lanesOf, type LaneReports } from '../lanes.ts';

/**
 * All that the status of a resource is computed from, beside the resource itself: where each of it is the same as at another time,
 * the status is the same too. Of VlanPorts there may be thousands, so theirs names the very port and link; the others take in
 * every report as a whole.
 */
export function statusInputs(object: KubeObject, owner: OwnerKey, compiled: Compiled, reports: LaneReports, guard: GuardReport): readonly unknown[] {
  if (object.kind !== 'VlanPort') return [compiled, guard, reports.ovs, reports.netplan, reports.libvirt];
  const name = deviceNameOf(object);
  return [
    compiled.lifecycles.get(owner),
    guard.verdicts.get(owner),
    compiled.problems.get(owner),
    compiled.doubts.get(owner),
    reports.ovs?.observed?.portNamed(name),
    reports.netplan?.observed?.links.get(name),
    ...lanesOf(object).flatMap((lane) => [reports[lane]?.unreachable, reports[lane]?.outstanding.get(owner)]),
  ];
}

export function sameInputs(before: readonly unknown[] | undefined, now: readonly unknown[]): boolean {
  return before?.length === now.length && now.every((input, index) => input === before[index]);
}
