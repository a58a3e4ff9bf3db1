import { isDeepStrictEqual } from 'node:util';
import { driftIgnoreOf } from '../desired/drift-ignore.ts';
import type { HostResources } from '../desired/resources.ts';
import { ownerKey } from '../desired/resources.ts';
import type { OwnerKey } from '../systems/owner.ts';
import type { OwnerPolicy } from './lane-target.ts';

export const PAUSED_ANNOTATION = 'bridgekeeper.dev/paused';

/** How each resource wants to be treated; the Host's `driftPolicy` counts where a resource has none of its own. */
export function policies({ host, bridges, vlanPorts, portgroups, virtualMachines }: HostResources): Map<OwnerKey, OwnerPolicy> {
  const hostPolicy = host?.spec.driftPolicy ?? 'Correct';
  const resources = [...(host ? [host] : []), ...bridges, ...vlanPorts, ...portgroups, ...virtualMachines];
  return new Map(
    resources.map((resource) => {
      const ignore = driftIgnoreOf(resource);
      const paused = resource.metadata.annotations?.[PAUSED_ANNOTATION] === 'true';
      return [ownerKey(resource), { paused, drift: resource.spec.driftPolicy ?? hostPolicy, ...(ignore === undefined ? {} : { ignore }) }];
    }),
  );
}

/** True when both treat the same owners the same way. */
export function samePolicies(a: ReadonlyMap<OwnerKey, OwnerPolicy>, b: ReadonlyMap<OwnerKey, OwnerPolicy>): boolean {
  if (a.size !== b.size) return false;
  for (const [owner, mine] of a) {
    const theirs = b.get(owner);
    if (theirs?.paused !== mine.paused || theirs.drift !== mine.drift || !isDeepStrictEqual(theirs.ignore, mine.ignore)) return false;
  }
  return true;
}
