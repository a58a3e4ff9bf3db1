import type { Refusal } from '../../system.ts';
import type { OvsDesired } from '../desired.ts';
import type { OvsObserved } from '../observed.ts';
import { planBridge } from './bridge.ts';
import { PlanDraft } from './draft.ts';
import type { OvsPlan } from './draft.ts';
import { planGuests } from './guests.ts';
import { planLeftovers } from './leftovers.ts';
import { planRoot } from './root.ts';

/** What brings Open vSwitch from what was observed to what is desired. Reads only its arguments. */
export function planOvs(desired: OvsDesired, observed: OvsObserved): OvsPlan {
  return asCarriedOut(draftOvs(desired, observed).finish(), desired, observed);
}

/** What the rows say, before it is finished: it knows what its steps and refusals are about. */
export function draftOvs(desired: OvsDesired, observed: OvsObserved): PlanDraft {
  const draft = new PlanDraft(desired, observed);
  planRoot(draft);
  for (const bridge of desired.bridges) planBridge(bridge, draft);
  planGuests(draft);
  planLeftovers(draft);
  return draft;
}

/** A plan of rows with what is to be said where nobody carries out what they say. */
export function asCarriedOut(plan: OvsPlan, { bridges }: OvsDesired, { vswitchdResponds }: OvsObserved): OvsPlan {
  if (vswitchdResponds) return plan;
  const refusals = bridges.map(({ owner }): Refusal => ({ owner, reason: 'VswitchdNotResponding', message: VSWITCHD_MESSAGE, needsPerson: false }));
  return { ...plan, refusals: [...plan.refusals, ...refusals] };
}

const VSWITCHD_MESSAGE =
  'ovs-vswitchd does not carry out what is in the database; is it running? (systemctl status ovs-vswitchd)';
