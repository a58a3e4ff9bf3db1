import { compile } from '../../desired/compile.ts';
import type { Compiled, HostFacts } from '../../desired/host-desired.ts';
import { deviceName, type HostResources } from '../../desired/resources.ts';
import { planLibvirt } from '../../systems/libvirt/plan/plan.ts';
import { planNetplan } from '../../systems/netplan/plan.ts';
import { planOvs } from '../../systems/ovs/plan/plan.ts';
import type { OwnerKey } from '../../systems/owner.ts';
import type { LibvirtStep } from '../../systems/libvirt/step.ts';
import type { NetplanStep } from '../../systems/netplan/step.ts';
import type { OvsStep } from '../../systems/ovs/plan/step.ts';
import type { Plan, StepInfo, SystemName } from '../../systems/system.ts';
import type { HostObserved } from '../host-observed.ts';

export interface PlannedStep {
  readonly system: SystemName;
  readonly step: StepInfo;
}

/** What stands in the way of a resource, or of everything where it has no owner. */
export interface PlanProblem {
  readonly owner?: OwnerKey;
  readonly reason: string;
  readonly message: string;
}

export interface HostPlan {
  readonly steps: readonly PlannedStep[];
  readonly problems: readonly PlanProblem[];
  readonly compiled: Compiled;
  /** The same steps by system; a system that could not be read has none. */
  readonly plans: SystemPlans;
}

export interface SystemPlans {
  readonly ovs?: Plan<OvsStep>;
  readonly netplan?: Plan<NetplanStep>;
  readonly libvirt?: Plan<LibvirtStep>;
}

/** The systems in the order in which one needs what the other makes. */
const SYSTEMS: readonly SystemName[] = ['ovs', 'netplan', 'libvirt'];

/**
 * All that is to be done so that the host is as these resources say. Pure. Bridges that the plan makes count as working, so that it
 * shows what is done after them, too.
 */
export function planHost(resources: HostResources, observed: HostObserved, facts: Omit<HostFacts, 'workingBridges'>): HostPlan {
  const compiled = compile(resources, { ...facts, workingBridges: workingBridges(resources, observed) });
  const plans = plansOf(compiled, observed);
  const steps = SYSTEMS.flatMap((system) => (plans[system]?.steps ?? []).map((step): PlannedStep => ({ system, step })));
  const refusals = SYSTEMS.flatMap((system) => plans[system]?.refusals ?? []);
  return { steps, compiled, plans, problems: distinct([...observed.unreachable.map(({ reason, message }) => ({ reason, message })), ...compileProblems(compiled), ...refusals]) };
}

function plansOf({ desired }: Compiled, { ovs, netplan, libvirt }: HostObserved): SystemPlans {
  return {
    ...(ovs ? { ovs: planOvs(desired.ovs, ovs) } : {}),
    ...(netplan ? { netplan: planNetplan(desired.netplan, netplan) } : {}),
    ...(libvirt ? { libvirt: planLibvirt(desired.libvirt, libvirt) } : {}),
  };
}

function workingBridges({ bridges }: HostResources, { ovs }: HostObserved): ReadonlySet<string> {
  const there = [...(ovs?.bridges.values() ?? [])].filter(({ datapathId }) => datapathId !== '').map(({ name }) => name);
  return new Set([...there, ...bridges.map(deviceName)]);
}

function compileProblems({ problems, lifecycles }: Compiled): PlanProblem[] {
  const held = [...lifecycles].flatMap(([owner, lifecycle]): PlanProblem[] =>
    lifecycle.state === 'held' ? [{ owner, reason: 'InUse', message: `${owner} stays until these are gone: ${lifecycle.by.join(', ')}` }] : [],
  );
  return [...[...problems.values()].map(({ owner, reason, message }) => ({ owner, reason, message })), ...held];
}

function distinct(problems: readonly PlanProblem[]): PlanProblem[] {
  return [...new Map(problems.map(({ owner, reason, message }) => [JSON.stringify([owner, message]), { ...(owner === undefined ? {} : { owner }), reason, message }])).values()];
}
