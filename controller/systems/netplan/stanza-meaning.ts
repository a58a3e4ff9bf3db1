import { deviceNeeds, isTrue } from './device-needs.ts';
import type { Stanza } from './stanza.ts';
import { isYamlList, isYamlMap, sameValue } from './yaml-value.ts';
import type { YamlMap, YamlValue } from './yaml-value.ts';

/** Keys whose meaning `deviceNeeds` and `meaningOf` know; any other key has to be the same to the letter. */
const KNOWN_KEYS = new Set([
  'renderer', 'match', 'set-name', 'optional', 'mtu', 'dhcp4', 'dhcp6', 'accept-ra', 'link-local', 'addresses', 'routes',
  'routing-policy', 'nameservers',
]);
const ANY_MAC_SEPARATOR = /[:-]/g;

/**
 * True when netplan would make the same of both: `dhcp4: no` is as good as no `dhcp4`, the order of addresses does not count.
 *
 * @param name the device's name, which is what a stanza without `set-name` keeps
 * @param renderer what the file of `b` says at its top
 */
export function sameMeaning(name: string, a: Stanza, b: Stanza, renderer?: YamlValue): boolean {
  return sameValue(meaningOf(name, a), meaningOf(name, b, renderer));
}

function meaningOf(name: string, stanza: Stanza, topRenderer?: YamlValue): YamlMap {
  const needs = deviceNeeds(stanza);
  const unknown = Object.entries(stanza).filter(([key]) => !KNOWN_KEYS.has(key));
  return {
    ...Object.fromEntries(unknown),
    renderer: stanza['renderer'] ?? topRenderer ?? 'networkd',
    match: matchOf(stanza['match'], name),
    'set-name': stanza['set-name'] ?? name,
    optional: truth(stanza['optional']),
    mtu: stanza['mtu'] ?? '',
    dhcp4: truth(stanza['dhcp4']),
    dhcp6: truth(stanza['dhcp6']),
    'accept-ra': stanza['accept-ra'] === undefined ? '' : truth(stanza['accept-ra']),
    'link-local': sortedTexts(stanza['link-local'] ?? ['ipv6']),
    addresses: sorted(needs.addresses),
    routes: sorted(needs.routes.map((route) => JSON.stringify(route))),
    'routing-policy': sorted(needs.rules.map((rule) => JSON.stringify(rule))),
    ...nameserversOf(stanza['nameservers']),
  };
}

/** The founding document's file repeats the device's own name inside `match`, to no effect. */
function matchOf(match: YamlValue | undefined, name: string): YamlMap {
  if (!isYamlMap(match)) return {};
  const { macaddress, name: matched, ...rest } = match;
  return {
    ...rest,
    ...(typeof macaddress === 'string' ? { macaddress: macaddress.toLowerCase().replace(ANY_MAC_SEPARATOR, ':') } : {}),
    ...(matched === undefined || matched === name ? {} : { name: matched }),
  };
}

function nameserversOf(nameservers: YamlValue | undefined): YamlMap {
  const map = isYamlMap(nameservers) ? nameservers : {};
  return { nameservers: map['addresses'] ?? [], search: map['search'] ?? [] };
}

function truth(value: YamlValue | undefined): string {
  return String(isTrue(value));
}

function sortedTexts(value: YamlValue): readonly string[] {
  return isYamlList(value) ? sorted(value.filter((item) => typeof item === 'string')) : [];
}

function sorted(texts: readonly string[]): readonly string[] {
  return [...texts].sort();
}
