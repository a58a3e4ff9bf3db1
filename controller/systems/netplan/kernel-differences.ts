import type { Difference } from '../system.ts';
import type { DeviceNeeds, LinkState, NeededRoute, NeededRule } from './device-needs.ts';
import { MAIN_TABLE } from './device-needs.ts';
import { familyOf } from './ip-network.ts';
import type { KernelAddress, KernelLink, KernelRoute, KernelRule, KernelState, Lease } from './observed.ts';

/** What a device lacks in the kernel. Only ever adds: nothing here takes anything away but the link of a device that is kept down. */
export interface KernelRepair {
  readonly device: string;
  readonly link?: LinkState;
  readonly mtu?: number;
  readonly addresses: readonly string[];
  readonly routes: readonly NeededRoute[];
  readonly rules: readonly NeededRule[];
  readonly lease?: Lease;
}

const PROTOCOL_BOOT = 3;
const PROTOCOL_STATIC = 4;
const NO_METRIC_IPV6 = 1024;

/**
 * What of its needs a device of the kernel does not have. While it is down or has no carrier, addresses and routes are not
 * missed: networkd sets them once there is one, and takes them away with it.
 */
export function kernelRepair(link: KernelLink, needs: DeviceNeeds, kernel: KernelState): KernelRepair {
  const usable = link.up && link.carrier;
  const present = new Set(link.addresses.map(addressText));
  const routes = kernel.routes.get(link.name) ?? [];
  return {
    device: link.name,
    link: link.up === (needs.keptDown !== true) ? undefined : needs.keptDown === true ? 'down' : 'up',
    mtu: needs.mtu !== undefined && needs.mtu !== link.mtu ? needs.mtu : undefined,
    addresses: usable ? needs.addresses.filter((address) => !present.has(address)) : [],
    routes: usable ? needs.routes.filter((needed) => !routes.some((route) => fulfilsRoute(route, needed))) : [],
    rules: usable ? needs.rules.filter((needed) => !kernel.rules.some((rule) => fulfilsRule(rule, needed))) : [],
    ...(needs.lease === undefined ? {} : { lease: needs.lease }),
  };
}

export function linkState({ up }: KernelLink): LinkState {
  return up ? 'up' : 'down';
}

export function isNoRepair(repair: KernelRepair): boolean {
  return (
    repair.link === undefined &&
    repair.mtu === undefined &&
    repair.addresses.length === 0 &&
    repair.routes.length === 0 &&
    repair.rules.length === 0
  );
}

export function repairDifferences(repair: KernelRepair, link: KernelLink): readonly Difference[] {
  const path = (key: string): string => `${repair.device}.${key}`;
  return [
    ...(repair.link === undefined ? [] : [{ path: path('link'), expected: repair.link, found: linkState(link) }]),
    ...(repair.mtu === undefined ? [] : [{ path: path('mtu'), expected: String(repair.mtu), found: String(link.mtu) }]),
    ...repair.addresses.map((address) => ({ path: path('addresses'), expected: address, found: '' })),
    ...repair.routes.map((route) => ({ path: path('routes'), expected: showRoute(route), found: '' })),
    ...repair.rules.map((rule) => ({ path: path('routing-policy'), expected: showRule(rule), found: '' })),
  ];
}

/** Addresses of a device that neither its stanza nor the kernel, DHCP or router advertisements gave it. */
export function foreignAddresses(link: KernelLink, needs: DeviceNeeds): readonly string[] {
  const needed = new Set(needs.addresses);
  return link.addresses
    .filter((address) => isLasting(address) && !isGivenByNetwork(address, needs))
    .map(addressText)
    .filter((address) => !needed.has(address));
}

/** Routes that a person set (`ip route add`) or networkd was told to by another file. Routing daemons' routes are theirs. */
export function foreignRoutes(link: KernelLink, needs: DeviceNeeds, kernel: KernelState): readonly KernelRoute[] {
  return (kernel.routes.get(link.name) ?? []).filter(
    (route) =>
      (route.protocol === PROTOCOL_BOOT || (route.protocol === PROTOCOL_STATIC && !needs.dynamicFamilies.has(route.family))) &&
      !needs.routes.some((needed) => fulfilsRoute(route, needed)),
  );
}

export function addressText({ address, prefixLength }: KernelAddress): string {
  return `${address}/${prefixLength}`;
}

function isLasting({ scope, dynamic }: KernelAddress): boolean {
  return scope !== 'link' && scope !== 'host' && !dynamic;
}

/** A lease without end looks like an address set by hand. */
function isGivenByNetwork({ address }: KernelAddress, needs: DeviceNeeds): boolean {
  const family = familyOf(address);
  return family === 4 && needs.dynamicFamilies.has(4);
}

export function fulfilsRoute(route: KernelRoute, needed: NeededRoute): boolean {
  return (
    route.family === needed.family &&
    route.to === needed.to &&
    route.via === needed.via &&
    route.table === needed.table &&
    (needed.metric === undefined || (route.metric ?? 0) === (needed.metric || (needed.family === 6 ? NO_METRIC_IPV6 : 0)))
  );
}

export function fulfilsRule(rule: KernelRule, needed: NeededRule): boolean {
  return (
    rule.family === needed.family &&
    rule.from === needed.from &&
    rule.to === needed.to &&
    rule.mark === needed.mark &&
    (rule.table ?? MAIN_TABLE) === (needed.table ?? MAIN_TABLE) &&
    (needed.priority === undefined || rule.priority === needed.priority)
  );
}

/** A route as `ip route` writes it. */
export function showRoute({ family, to, via, metric, table }: NeededRoute): string {
  const destination = to === (family === 4 ? '0.0.0.0/0' : '::/0') ? 'default' : to;
  return [
    destination,
    ...(via === undefined ? [] : ['via', via]),
    ...(metric === undefined ? [] : ['metric', String(metric)]),
    ...(table === MAIN_TABLE ? [] : ['table', String(table)]),
  ].join(' ');
}

function showRule({ from, to, table, priority, mark }: NeededRule): string {
  const parts = Object.entries({ from, to, fwmark: mark, lookup: table, priority });
  return parts.flatMap(([key, value]) => (value === undefined ? [] : [`${key} ${value}`])).join(' ');
}
