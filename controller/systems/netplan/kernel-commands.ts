import type { LinkState, NeededRoute, NeededRule } from './device-needs.ts';
import { familyOf } from './ip-network.ts';
import type { KernelRoute } from './observed.ts';

/** Command lines of ip(8). Nothing here replaces or removes what it does not name in full. */
export type Argv = readonly [string, ...string[]];

const PROTOCOL_STATIC = 4;

export function bringUp(device: string): Argv {
  return setLink(device, 'up');
}

export function setLink(device: string, state: LinkState): Argv {
  return ['ip', 'link', 'set', 'dev', device, state];
}

export function renameLink(device: string, name: string): Argv {
  return ['ip', 'link', 'set', 'dev', device, 'name', name];
}

export function setMtu(device: string, mtu: number): Argv {
  return ['ip', 'link', 'set', 'dev', device, 'mtu', String(mtu)];
}

/** With the broadcast address that networkd sets as well; for good, unless it is said for how long. */
export function addAddress(device: string, address: string, seconds?: number): Argv {
  const broadcast = familyOf(address) === 4 ? ['broadcast', '+'] : [];
  const lifetime = seconds === undefined ? [] : ['valid_lft', String(seconds), 'preferred_lft', String(seconds)];
  return ['ip', 'address', 'replace', address, ...broadcast, 'dev', device, ...lifetime];
}

export function deleteAddress(device: string, address: string): Argv {
  return ['ip', 'address', 'delete', address, 'dev', device];
}

/**
 * Beside the very same route of another device it stands back until that one is gone. IPv6 would share the traffic between the two,
 * and so is refused.
 */
export function addRoute(device: string, route: NeededRoute | KernelRoute): Argv {
  return ['ip', `-${route.family}`, 'route', route.family === 4 ? 'append' : 'add', ...routeWords(device, route)];
}

export function deleteRoute(device: string, route: NeededRoute | KernelRoute): Argv {
  return ['ip', `-${route.family}`, 'route', 'delete', ...routeWords(device, route)];
}

export function addRule(rule: NeededRule): Argv {
  return ['ip', `-${rule.family}`, 'rule', 'add', ...ruleWords(rule), 'protocol', String(PROTOCOL_STATIC)];
}

export function deleteRule(rule: NeededRule): Argv {
  return ['ip', `-${rule.family}`, 'rule', 'delete', ...ruleWords(rule)];
}

function routeWords(device: string, route: NeededRoute | KernelRoute): readonly string[] {
  const { family, to, via, metric, table, onLink, scope } = route;
  const protocol = 'protocol' in route ? route.protocol : PROTOCOL_STATIC;
  return [
    to,
    ...(via === undefined ? [] : ['via', ...(familyOf(via) === family ? [] : [`inet${familyOf(via) === 6 ? '6' : ''}`]), via]),
    'dev', device,
    'table', String(table),
    'protocol', String(protocol),
    ...(metric === undefined ? [] : ['metric', String(metric)]),
    ...(scope === undefined || family === 6 ? [] : ['scope', String(scope)]),
    ...(onLink ? ['onlink'] : []),
  ];
}

function ruleWords({ from, to, mark, table, priority }: NeededRule): readonly string[] {
  const words = Object.entries({ from, to, fwmark: mark, table, priority });
  return words.flatMap(([word, value]) => (value === undefined ? [] : [word, String(value)]));
}
