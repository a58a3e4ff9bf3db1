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
    resources.map((resource) => [
      ownerKey(resource),
      { paused: resource.metadata.annotations?.[PAUSED_ANNOTATION] === 'true', drift: resource.spec.driftPolicy ?? hostPolicy },
    ]),
  );
}
