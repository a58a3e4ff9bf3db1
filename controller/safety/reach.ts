import type { NetplanStep } from '../systems/netplan/step.ts';
import type { OwnerKey } from '../systems/owner.ts';
import type { OvsStep } from '../systems/ovs/plan/step.ts';
import type { GuardedHost } from './guarded-host.ts';
import { impactOf, touchesNothing, type Impact } from './impact.ts';
import type { GatedStep } from './lane-gate.ts';
import type { ReadWaysIn } from './read-ways-in.ts';
import type { WayIn } from './way-in.ts';
import { possibleWaysIn } from './ways-in.ts';

/** To follow the ways of more takes longer than to read who is connected. */
const MOST_POSSIBLE = 16;

/** Whose steps reach a way in, by what was seen last of the host. */
export async function ownersReaching(
  gated: readonly GatedStep<OvsStep | NetplanStep>[],
  { host, readWaysIn }: { readonly host: Pick<GuardedHost, 'facts' | 'preview'>; readonly readWaysIn: ReadWaysIn },
): Promise<readonly OwnerKey[]> {
  // Of a guest's port that is soon known, and a guest waits for its VLAN.
  if (gated.every(({ step }) => 'edits' in step && touchesNothing(step, host.facts().ovs?.rows))) return [];
  const { ovs, netplan = (await host.preview()).netplan?.observed } = host.facts();
  if (!netplan) return [];
  const steps = gated.map(({ step }) => step);
  const impactOn = (waysIn: readonly WayIn[]): readonly Impact[] => {
    const lanes = { ovs: steps.filter((step) => 'edits' in step), netplan: steps.filter((step) => 'kind' in step) };
    return waysIn.length === 0 ? [] : impactOf({ steps: lanes, waysIn, observed: { ovs, netplan } });
  };
  // What was there a moment ago and reaches no address is brought back at once: to read who is connected takes as long as all the rest.
  const possible = gated.every(({ drift }) => drift) ? possibleWaysIn(netplan.kernel) : undefined;
  const isFar = possible !== undefined && possible.length <= MOST_POSSIBLE && impactOn(possible).length === 0;
  const impacts = impactOn(await readWaysIn(netplan.kernel, isFar ? 'lately' : 'now'));
  return [...new Set(impacts.map(({ owner }) => owner))];
}
