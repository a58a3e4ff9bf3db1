import type { OvsDesired } from '../desired.ts';
import type { ObservedGuests, OvsObserved } from '../observed.ts';
import { ATTACHED_MAC } from '../replica/mark.ts';
import type { OvsRows } from '../replica/rows.ts';
import type { Uuid } from '../schema/datum.ts';
import { changedPorts } from './changed-ports.ts';
import type { PlannedState } from './changed-ports.ts';
import { PlanDraft } from './draft.ts';
import type { OvsPlan } from './draft.ts';
import { planForeignPort } from './foreign.ts';
import { planGuestInterface, planGuestsAside } from './guests.ts';
import { planLeftoverPort } from './leftovers.ts';
import { asCarriedOut, draftOvs } from './plan.ts';
import { planPort } from './port.ts';
import type { OvsFinding } from './step.ts';

/** The last plan, where all that it asked for was about ports: what has not changed since needs no second look. */
interface LastPlan extends PlannedState {
  readonly guests: ObservedGuests;
  /** Ports that steps or refusals are about: they are looked at again, whatever changed. */
  readonly openPorts: ReadonlySet<string>;
  readonly findings: readonly OvsFinding[];
}

/** Above so many changed ports a plan of everything is as quick. */
const MAX_CHANGED_PORTS = 500;

/**
 * Plans as `planOvs` does, at a cost that follows what changed: where since the last plan only ports and interfaces changed, or
 * what is desired of them, only those are planned. The result is the same, in another order.
 */
export class OvsPlanner {
  #last: LastPlan | undefined;

  plan(desired: OvsDesired, observed: OvsObserved): OvsPlan {
    return asCarriedOut(this.#planRows(desired, observed), desired, observed);
  }

  #planRows(desired: OvsDesired, observed: OvsObserved): OvsPlan {
    const last = this.#last?.guests === observed.guests ? this.#last : undefined;
    const changed = last && changedPorts(last, { desired, rows: observed.rows });
    if (last && changed && changed.size + last.openPorts.size <= MAX_CHANGED_PORTS) {
      return this.#planPorts(new Set([...changed, ...last.openPorts]), last, desired, observed);
    }
    return this.#keep(draftOvs(desired, observed), []);
  }

  #planPorts(names: ReadonlySet<string>, last: LastPlan, desired: OvsDesired, observed: OvsObserved): OvsPlan {
    const draft = new PlanDraft(desired, observed);
    for (const name of names) planPortNamed(name, draft);
    planGuestsAside(draft);
    const touched = rowsOfPorts(names, [last.rows, observed.rows]);
    return this.#keep(draft, last.findings.filter(({ locators }) => !locators.some(({ uuid }) => touched.has(uuid))));
  }

  #keep(draft: PlanDraft, findings: readonly OvsFinding[]): OvsPlan {
    const made = draft.finish();
    const plan = { ...made, findings: findings.length === 0 ? made.findings : [...findings, ...made.findings] };
    const { desired, rows, openPorts, observed } = draft;
    this.#last = openPorts && { desired, rows, openPorts, guests: observed.guests, findings: plan.findings };
    return plan;
  }
}

/** All that a plan says of one port: of the one that is wanted, and of the one that is there. */
function planPortNamed(name: string, draft: PlanDraft): void {
  const row = draft.rows.named('Port', name);
  const bridge = row && draft.rows.bridgeOf(row);
  const wanted = draft.wanted.ports.get(name);
  const place = wanted && draft.rows.named('Bridge', wanted.bridge.name);
  const onBridge = bridge && draft.wanted.bridges.get(bridge.name);
  if (wanted && place) planPort(wanted.port, { name: place.name, row: place, reference: place.uuid }, draft);
  else if (row && onBridge) planForeignPort(onBridge, bridge, row.uuid, draft);
  if (!row || !bridge) return;
  for (const iface of draft.rows.interfacesOf(row)) if (iface.external_ids.has(ATTACHED_MAC)) planGuestInterface(iface, draft);
  planLeftoverPort(row, draft);
}

/** The rows, then or now, that findings of these ports name: they are made anew with their port. */
function rowsOfPorts(names: ReadonlySet<string>, states: readonly OvsRows[]): Set<Uuid> {
  const uuids = new Set<Uuid>();
  for (const rows of states) {
    for (const name of names) {
      const row = rows.named('Port', name);
      for (const uuid of row ? [row.uuid, ...row.interfaces] : []) uuids.add(uuid);
    }
  }
  return uuids;
}
