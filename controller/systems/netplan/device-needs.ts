import type { KernelRoute, KernelRule, Lease } from './observed.ts';
import { familyOf, normalAddress, normalNetwork } from './ip-network.ts';
import { KEPT_DOWN } from './stanza.ts';
import type { Stanza } from './stanza.ts';
import { isYamlList, isYamlMap } from './yaml-value.ts';
import type { YamlMap, YamlValue } from './yaml-value.ts';

/** What the kernel should have for one device, read out of its stanza. */
export interface DeviceNeeds {
  readonly keptDown?: boolean;
  readonly mtu?: number;
  /** In the kernel's form, with prefix length. */
  readonly addresses: readonly string[];
  readonly routes: readonly NeededRoute[];
  readonly rules: readonly NeededRule[];
  /** Addresses and routes of these families may come from DHCP or router advertisements, too. */
  readonly dynamicFamilies: ReadonlySet<4 | 6>;
  /** The lease that one of the addresses comes from. */
  readonly lease?: Lease;
}

export type LinkState = 'up' | 'down';

/** A metric or scope that is not set is the backend's to choose: any will do. */
export type NeededRoute = Omit<KernelRoute, 'device' | 'protocol' | 'scope'> & { readonly scope?: number };
export type NeededRule = Omit<KernelRule, 'priority'> & { readonly priority?: number };

export const MAIN_TABLE = 254;
const SCOPES: Readonly<Record<string, number>> = { global: 0, link: 253, host: 254 };
const TRUE_WORDS = new Set(['true', 'on', 'yes', 'y']);

/** A stanza never changes, so what it needs is found out once. */
const knownNeeds = new WeakMap<Stanza, DeviceNeeds>();

export function deviceNeeds(stanza: Stanza): DeviceNeeds {
  const known = knownNeeds.get(stanza) ?? readNeeds(stanza);
  knownNeeds.set(stanza, known);
  return known;
}

function readNeeds(stanza: Stanza): DeviceNeeds {
  const dynamicFamilies = new Set<4 | 6>();
  if (isTrue(stanza['dhcp4'])) dynamicFamilies.add(4);
  if (isTrue(stanza['dhcp6']) || !isFalse(stanza['accept-ra'])) dynamicFamilies.add(6);
  return {
    keptDown: stanza['activation-mode'] === KEPT_DOWN,
    mtu: numberOf(stanza['mtu']),
    addresses: listOf(stanza['addresses']).flatMap(addressText).map(normalNetwork),
    routes: listOf(stanza['routes']).filter(isYamlMap).flatMap(neededRoute),
    rules: listOf(stanza['routing-policy']).filter(isYamlMap).flatMap(neededRule),
    dynamicFamilies,
  };
}

/** With what a lease gives beside the stanza. */
export function withLease(needs: DeviceNeeds, lease: Lease | undefined): DeviceNeeds {
  if (!lease || !needs.dynamicFamilies.has(4)) return needs;
  const { address, router } = lease;
  const route: NeededRoute[] = router === undefined ? [] : [{ family: 4, to: '0.0.0.0/0', via: router.address, metric: router.metric, table: MAIN_TABLE, onLink: false }];
  return { ...needs, addresses: [...needs.addresses, address], routes: [...needs.routes, ...route], lease };
}

/** netplan truth values, which are more than YAML's (netplan-yaml(5)). */
export function isTrue(value: YamlValue | undefined): boolean {
  return typeof value === 'string' && TRUE_WORDS.has(value.toLowerCase());
}

function isFalse(value: YamlValue | undefined): boolean {
  return typeof value === 'string' && !isTrue(value);
}

/** An address is a text, or a map from the text to its options (label, lifetime). */
function addressText(value: YamlValue): readonly string[] {
  if (typeof value === 'string') return [value];
  return isYamlMap(value) ? Object.keys(value) : [];
}

function neededRoute(route: YamlMap): readonly NeededRoute[] {
  const to = textOf(route['to']);
  const via = textOf(route['via']);
  const family = (to && familyOf(to)) || (via && familyOf(via));
  if (!to || !family) return [];
  return [
    {
      family,
      to: to === 'default' ? (family === 4 ? '0.0.0.0/0' : '::/0') : normalNetwork(to),
      via: via && normalAddress(via),
      metric: numberOf(route['metric']),
      table: numberOf(route['table']) ?? MAIN_TABLE,
      onLink: isTrue(route['on-link']),
      scope: SCOPES[textOf(route['scope']) ?? ''],
    },
  ];
}

function neededRule(rule: YamlMap): readonly NeededRule[] {
  const from = textOf(rule['from']);
  const to = textOf(rule['to']);
  const family = (from && familyOf(from)) || (to && familyOf(to));
  if (!family) return [];
  return [
    {
      family,
      from: from && normalNetwork(from),
      to: to && normalNetwork(to),
      table: numberOf(rule['table']),
      priority: numberOf(rule['priority']),
      mark: numberOf(rule['mark']),
    },
  ];
}

function listOf(value: YamlValue | undefined): readonly YamlValue[] {
  return isYamlList(value) ? value : [];
}

function textOf(value: YamlValue | undefined): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function numberOf(value: YamlValue | undefined): number | undefined {
  const number = Number(textOf(value));
  return Number.isNaN(number) ? undefined : number;
}
