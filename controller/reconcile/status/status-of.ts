import { notYetActingPaths } from '../../desired/not-yet-acting.ts';
import type { Lifecycle } from '../../desired/lifecycle.ts';
import type {
  BridgeResource,
  PortgroupResource,
  VirtualMachineResource,
  VlanPortResource,
} from '../../desired/resources.ts';
import type { KubeObject } from '../../../api/machinery/object.ts';
import type { OwnerKey } from '../../systems/owner.ts';
import { lanesOf } from '../lanes.ts';
import { PAUSED_ANNOTATION } from '../policies.ts';
import { bridgeStatus } from './bridge-status.ts';
import type { Judgement } from './conditions.ts';
import { hostStatus } from './host-status.ts';
import { judgeResource } from './judge-resource.ts';
import type { KindStatus, Surroundings } from './kind-status.ts';
import { portgroupStatus } from './portgroup-status.ts';
import { virtualMachineStatus } from './virtual-machine-status.ts';
import { vlanPortStatus } from './vlan-port-status.ts';

/** The status of a resource as it should be written, its conditions not yet merged with the ones that are there. */
export interface ComputedStatus {
  readonly fields: KindStatus['fields'];
  readonly judgements: readonly Judgement[];
}

/** Pure: from what is asked, what was compiled and what the lanes report. */
export function statusOf(options: Surroundings & { readonly object: KubeObject; readonly owner: OwnerKey; readonly lifecycle: Lifecycle }): ComputedStatus {
  const { object, owner, lifecycle, compiled, reports, guard } = options;
  const { fields, liveness } = kindStatus(object, options);
  const judgements = judgeResource({
    owner,
    lifecycle,
    problem: compiled.problems.get(owner),
    doubts: compiled.doubts.get(owner) ?? [],
    notYetActing: notYetActingPaths(object),
    paused: object.metadata.annotations?.[PAUSED_ANNOTATION] === 'true',
    reports: lanesOf(object).flatMap((name) => reports[name] ?? []),
    liveness,
    guard: guard.verdicts.get(owner),
  });
  return { fields, judgements };
}

function kindStatus(object: KubeObject, surroundings: Surroundings): KindStatus {
  switch (object.kind) {
    case 'Host':
      return hostStatus(surroundings);
    case 'Bridge':
      return bridgeStatus(object as BridgeResource, surroundings);
    case 'VlanPort':
      return vlanPortStatus(object as VlanPortResource, surroundings);
    case 'Portgroup':
      return portgroupStatus(object as PortgroupResource, surroundings);
    case 'VirtualMachine':
      return virtualMachineStatus(object as VirtualMachineResource, surroundings);
    default:
      throw new Error(`${object.kind} has no status on a host`);
  }
}
