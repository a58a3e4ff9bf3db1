import type { LibvirtDomain } from '../desired.ts';
import type { NetworkAndPortgroup } from '../step.ts';
import type { PlanContext } from './context.ts';

/** The portgroups that the domain's NICs name. */
export function portgroupsOf({ interfaces }: Pick<LibvirtDomain, 'interfaces'>): NetworkAndPortgroup[] {
  return interfaces.flatMap(({ source }) =>
    source.type === 'network' ? [{ network: source.network, portgroup: source.portgroup }] : [],
  );
}

/** Those of them that are neither there nor made by this same plan. */
export function missingPortgroups(domain: Pick<LibvirtDomain, 'interfaces'>, context: PlanContext): NetworkAndPortgroup[] {
  return portgroupsOf(domain).filter((need) => !isThere(need, context));
}

function isThere({ network, portgroup }: NetworkAndPortgroup, { desired, observed }: PlanContext): boolean {
  const isDesired = desired.networks.some(({ name, portgroups }) => name === network && portgroups.some((candidate) => candidate.name === portgroup));
  const state = observed.networks.get(network);
  return isDesired || (state?.live ?? state?.config)?.view.portgroups.has(portgroup) === true;
}
