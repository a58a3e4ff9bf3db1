import type { LibvirtDesired } from '../desired.ts';
import type { LibvirtObserved } from '../observed.ts';
import type { Plan } from '../../system.ts';
import type { LibvirtStep } from '../step.ts';
import { planDefaultNetwork } from './default-network.ts';
import { planDomains } from './domains.ts';
import { Draft } from './draft.ts';
import { planNetworks } from './networks.ts';

/** What is to be done so that libvirt has what is desired. Networks come first: domains need them to start. */
export function planLibvirt(desired: LibvirtDesired, observed: LibvirtObserved): Plan<LibvirtStep> {
  const draft = new Draft();
  const context = { desired, observed, draft };
  planDefaultNetwork(context);
  planNetworks(context);
  planDomains(context);
  return draft.plan();
}
