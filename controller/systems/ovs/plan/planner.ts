import type { OvsDesired } from '../desired.ts';
import type { OvsObserved } from '../observed.ts';
import { ATTACHED_MAC } from '../replica/mark.ts';
import type { OvsRows } from '../replica/rows.ts';
import type { Uuid } from '../schema/datum.ts';
import type { PortRow } from '../schema/rows.ts';
import { PlanDraft } from './draft.ts';
import type { OvsPlan } from './draft.ts';
import { planForeignPort } from './foreign.ts';
import { planLeftoverPort } from './leftovers.ts';
import { planOvs } from './plan.ts';
import { planPort } from './port.ts';
import type { OvsFinding } from './step.ts';
import { planVmPort } from './vm-ports.ts';

/** A state that asked for nothing to be done: what has not changed since needs no second look. */
interface QuietState {
  readonly desired: OvsDesired;
  readonly rows: OvsRows;
  readonly findings: readonly OvsFinding[];
}

/** Above so many changed ports a plan of everything is as quick. */
const MAX_CHANGED_PORTS = 500;

/**
 * Plans as `planOvs` does, at a cost that follows what changed: where the last quiet plan was for the same desired state and
 * only ports and interfaces have changed since, only those are planned. The result is the same, findings in another order.
 */
export class OvsPlanner {
  #quiet: QuietState | undefined;

  plan(desired: OvsDesired, observed: OvsObserved): OvsPlan {
    const plan = this.#planChanged(desired, observed) ?? planOvs(desired, observed);
    if (plan.steps.length === 0 && plan.refusals.length === 0) {
      this.#quiet = { desired, rows: observed.rows, findings: plan.findings };
    }
    return plan;
  }

  #planChanged(desired: OvsDesired, observed: OvsObserved): OvsPlan | undefined {
    const quiet = this.#quiet;
    const { rows } = observed;
    if (quiet?.desired !== desired || !observed.vswitchdResponds || !hasSameFrame(quiet.rows, rows)) return undefined;
    const interfaces = rows.indexes.tables.Interface.changedSince(quiet.rows.indexes.tables.Interface);
    const ports = rows.indexes.tables.Port.changedSince(quiet.rows.indexes.tables.Port);
    if (ports.size + interfaces.size > MAX_CHANGED_PORTS) return undefined;
    for (const uuid of interfaces) ports.add(rows.indexes.portOfInterface.get(uuid) ?? '');
    const draft = new PlanDraft(desired, observed);
    for (const uuid of ports) planChangedPort(rows.row('Port', uuid), draft);
    const changed = new Set([...ports, ...interfaces]);
    const { steps, findings, refusals } = draft.finish();
    return { steps, refusals, findings: [...quiet.findings.filter((finding) => !isAbout(finding, changed, rows)), ...findings] };
  }
}

/** Whether all is as it was but ports and interfaces, and the counters of configurations. */
function hasSameFrame(before: OvsRows, now: OvsRows): boolean {
  const [was, is] = [before.indexes.tables, now.indexes.tables];
  return (
    was.Bridge === is.Bridge && was.Mirror === is.Mirror && was.Controller === is.Controller && before.root.bridges === now.root.bridges
  );
}

function planChangedPort(row: PortRow | undefined, draft: PlanDraft): void {
  const bridge = row && draft.rows.bridgeOf(row);
  if (!row || !bridge) return;
  const wanted = draft.wanted.ports.get(row.name);
  const place = wanted && draft.rows.named('Bridge', wanted.bridge.name);
  const onBridge = draft.wanted.bridges.get(bridge.name);
  if (wanted && place) planPort(wanted.port, { name: place.name, row: place, reference: place.uuid }, draft);
  else if (onBridge) planForeignPort(onBridge, bridge, row.uuid, draft);
  for (const iface of draft.rows.interfacesOf(row)) {
    const mac = iface.external_ids.get(ATTACHED_MAC)?.toLowerCase() ?? '';
    for (const vmPort of draft.wanted.vmPorts.get(mac) ?? []) planVmPort(vmPort, [iface], draft);
  }
  planLeftoverPort(row, draft);
}

/** Findings of the interfaces of a changed port are made anew with it. */
function isAbout(finding: OvsFinding, changed: ReadonlySet<Uuid>, rows: OvsRows): boolean {
  return finding.locators.some(({ uuid }) => changed.has(uuid) || changed.has(rows.indexes.portOfInterface.get(uuid) ?? ''));
}
