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
  return draftOvs(desired, observed).finish();
}

/** The same before it is finished: it knows what its steps and refusals are about. */
export function draftOvs(desired: OvsDesired, observed: OvsObserved): PlanDraft {
  const draft = new PlanDraft(desired, observed);
  planRoot(draft);
  for (const bridge of desired.bridges) planBridge(bridge, draft);
  planGuests(draft);
  planLeftovers(draft);
  if (!observed.vswitchdResponds) {
    draft.about();
    for (const { owner } of desired.bridges) draft.wait(owner, 'VswitchdNotResponding', VSWITCHD_MESSAGE);
  }
  return draft;
}

export const VSWITCHD_MESSAGE =
  'ovs-vswitchd does not carry out what is in the database; is it running? (systemctl status ovs-vswitchd)';
