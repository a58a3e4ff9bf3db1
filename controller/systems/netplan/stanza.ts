import type { NetplanDevice, NetplanRoute, NetplanRule } from './desired.ts';
import type { YamlMap, YamlValue } from './yaml-value.ts';

/** What a netplan file says of one device: the mapping below the device's name. Keys are those of netplan-yaml(5). */
export type Stanza = YamlMap;

/** A value of `activation-mode`. */
export const KEPT_DOWN = 'off';

/** A device never changes, so its stanza is made once. */
const knownStanzas = new WeakMap<NetplanDevice, Stanza>();

/** The stanza of a device, with no more keys than it needs, in a fixed order. The same object for the same device. */
export function stanzaOf(device: NetplanDevice): Stanza {
  const known = knownStanzas.get(device) ?? makeStanza(device);
  knownStanzas.set(device, known);
  return known;
}

function makeStanza(device: NetplanDevice): Stanza {
  const hasAddress = device.addresses.length > 0 || device.dhcp4 || device.dhcp6;
  return withoutAbsent({
    renderer: device.renderer,
    match: device.match && { macaddress: device.match.macAddress },
    'set-name': device.match && device.name,
    optional: device.optional ? 'true' : undefined,
    'activation-mode': device.keptDown === true ? KEPT_DOWN : undefined,
    mtu: numberText(device.mtu),
    dhcp4: device.dhcp4 ? 'true' : hasAddress ? undefined : 'false',
    dhcp6: device.dhcp6 ? 'true' : undefined,
    'accept-ra': device.acceptRa === undefined ? undefined : String(device.acceptRa),
    'link-local': device.noLinkLocal ? [] : undefined,
    addresses: nonEmpty(device.addresses),
    routes: nonEmpty(device.routes.map(routeStanza)),
    'routing-policy': nonEmpty(device.routingPolicy.map(ruleStanza)),
    nameservers: device.nameservers && nameserverStanza(device.nameservers),
  });
}

function routeStanza(route: NetplanRoute): YamlMap {
  return withoutAbsent({
    to: route.to,
    via: route.via,
    metric: numberText(route.metric),
    'on-link': route.onLink ? 'true' : undefined,
    table: numberText(route.table),
    scope: route.scope,
  });
}

function ruleStanza(rule: NetplanRule): YamlMap {
  return withoutAbsent({
    from: rule.from,
    to: rule.to,
    table: numberText(rule.table),
    priority: numberText(rule.priority),
    mark: numberText(rule.mark),
  });
}

function nameserverStanza(nameservers: NonNullable<NetplanDevice['nameservers']>): YamlMap | undefined {
  const stanza = withoutAbsent({ addresses: nonEmpty(nameservers.addresses), search: nonEmpty(nameservers.search) });
  return Object.keys(stanza).length > 0 ? stanza : undefined;
}

function numberText(value: number | undefined): string | undefined {
  return value === undefined ? undefined : String(value);
}

function nonEmpty(items: readonly YamlValue[]): readonly YamlValue[] | undefined {
  return items.length > 0 ? items : undefined;
}

function withoutAbsent(entries: Readonly<Record<string, YamlValue | undefined>>): YamlMap {
  const present: Record<string, YamlValue> = {};
  for (const [key, value] of Object.entries(entries)) if (value !== undefined) present[key] = value;
  return present;
}
