import type { VlanPortSpec } from '../../../api/generated/kinds.ts';
import { derivedMac } from '../../desired/mac.ts';
import { isTrue, MAIN_TABLE } from '../../systems/netplan/device-needs.ts';
import type { KernelState, NetplanObserved } from '../../systems/netplan/observed.ts';
import type { YamlMap } from '../../systems/netplan/yaml-value.ts';
import type { OvsObserved } from '../../systems/ovs/observed.ts';
import { portOwner } from '../../systems/ovs/plan/ownership.ts';
import type { PortRow } from '../../systems/ovs/schema/rows.ts';
import type { OwnerKey } from '../../systems/owner.ts';
import { vlanField, type FoundBridge } from './bridges.ts';
import { deviceSettings, mapAt, mapsAt, numberAt, textAt, textsAt, type DeviceSettings } from './device-settings.ts';
import { nameOf, type ImportDraft } from './draft.ts';
import type { Written } from './written.ts';

type WrittenPort = Written<VlanPortSpec>;
type Route = NonNullable<WrittenPort['routes']>[number];
type Rule = NonNullable<WrittenPort['routingPolicy']>[number];

/** Keys of a stanza that a VlanPort says, or that mean nothing for an internal port. */
const KNOWN_KEYS: ReadonlySet<string> = new Set(['renderer', 'match', 'set-name', 'optional', 'dhcp4', 'dhcp6', 'accept-ra', 'addresses', 'routes', 'routing-policy', 'nameservers']);

/** The internal ports of a bridge as VlanPorts, each with the addresses that netplan, or the kernel alone, gives it. */
export function importVlanPorts(bridge: FoundBridge, around: { readonly ovs: OvsObserved; readonly netplan: NetplanObserved | undefined; readonly hostName: string }, draft: ImportDraft): void {
  for (const port of bridge.internalPorts) importVlanPort(port, bridge, around, draft);
}

function importVlanPort(port: PortRow, bridge: FoundBridge, { ovs, netplan, hostName }: Parameters<typeof importVlanPorts>[1], draft: ImportDraft): void {
  const [iface] = ovs.rows.interfacesOf(port);
  const owner = draft.key('VlanPort', port.name, portOwner(port, ovs.rows));
  const mac = iface?.mac?.toLowerCase();
  const spec: WrittenPort = {
    ...(nameOf(owner) === port.name ? {} : { deviceName: port.name }),
    bridgeName: nameOf(bridge.owner),
    ...vlanField(port),
    ...(mac === undefined || mac === derivedMac(hostName, port.name) ? {} : { macAddress: mac }),
    ...(iface?.mtu_request === undefined || iface.mtu_request === bridge.mtu ? {} : { mtu: iface.mtu_request }),
    ...(netplan ? hostSettings(port.name, owner, netplan, draft) : {}),
  };
  draft.add(owner, port.name, spec);
  if (iface?.mtu_request === undefined && bridge.mtu !== undefined) {
    draft.chosen(owner, `${port.name} asks for no MTU while its bridge asks for ${bridge.mtu}, which it will ask for too`);
  }
}

function hostSettings(device: string, owner: OwnerKey, netplan: NetplanObserved, draft: ImportDraft): WrittenPort {
  const settings = deviceSettings(device, netplan);
  if (!settings.stanza) return kernelSettings(device, owner, netplan.kernel, draft);
  const { stanza } = settings;
  remarkOnStanza(device, owner, settings, draft);
  const addresses = textsAt(stanza, 'addresses');
  const acceptRa = textAt(stanza, 'accept-ra');
  return {
    ...(addresses.length === 0 ? {} : { addresses }),
    ...(isTrue(stanza['dhcp4']) ? { dhcp4: true } : {}),
    ...(isTrue(stanza['dhcp6']) ? { dhcp6: true } : {}),
    ...(acceptRa === undefined ? {} : { acceptRa: isTrue(acceptRa) }),
    ...nonEmpty('routes', mapsAt(stanza, 'routes').flatMap(routeOf)),
    ...nonEmpty('routingPolicy', mapsAt(stanza, 'routing-policy').map(ruleOf)),
    ...nameservers(mapAt(stanza, 'nameservers')),
    ...(isTrue(stanza['optional']) ? { optional: true } : {}),
  };
}

function remarkOnStanza(device: string, owner: OwnerKey, { stanza = {}, section, files }: DeviceSettings, draft: ImportDraft): void {
  const unknown = Object.keys(stanza).filter((key) => !KNOWN_KEYS.has(key) && !(key === 'mtu'));
  const paths = [...new Set(files.map(({ path }) => path))].join(' and ');
  if (unknown.length > 0) draft.leftOut(`${device}: ${unknown.join(', ')} in ${paths}: no manifest says this`, owner);
  if (stanza['mtu'] !== undefined) draft.leftOut(`${device}: mtu in ${paths}: the MTU of a port of Open vSwitch is set there (spec.mtu), not by netplan`, owner);
  if (section !== undefined && section !== 'ethernets') draft.leftOut(`${device} stands under ${section}: in ${paths}; it is a port of Open vSwitch: move it under ethernets:`, owner);
}

/** What somebody gave the device by hand: it would be gone after a reboot, and is not once it stands in a manifest. */
function kernelSettings(device: string, owner: OwnerKey, kernel: KernelState, draft: ImportDraft): WrittenPort {
  const addresses = (kernel.links.get(device)?.addresses ?? []).filter(({ scope, dynamic }) => scope !== 'link' && !dynamic).map(({ address, prefixLength }) => `${address}/${prefixLength}`);
  const routes = (kernel.routes.get(device) ?? []).filter(({ protocol }) => protocol === 3 || protocol === 4).map(
    ({ to, via, metric, table, onLink, scope }): Route => ({
      to: to === '0.0.0.0/0' || (to === '::/0' && via !== undefined) ? 'default' : to,
      ...(via === undefined ? { scope: scope === 254 ? 'host' : 'link' } : { via }),
      ...(metric === undefined || metric === 0 ? {} : { metric }),
      ...(table === MAIN_TABLE ? {} : { table }),
      ...(onLink ? { onLink } : {}),
    }),
  );
  if (addresses.length === 0 && routes.length === 0) return {};
  draft.chosen(owner, `no netplan file names ${device}: its addresses and routes were read from the kernel`);
  return { ...nonEmpty('addresses', addresses), ...nonEmpty('routes', routes) };
}

function routeOf(route: YamlMap): Route[] {
  const to = textAt(route, 'to');
  if (to === undefined) return [];
  const via = textAt(route, 'via');
  const metric = numberAt(route, 'metric');
  const table = numberAt(route, 'table');
  const scope = textAt(route, 'scope');
  return [
    {
      to: to === '0.0.0.0/0' || to === '0/0' || to === '::/0' ? 'default' : to,
      ...(via === undefined ? {} : { via }),
      ...(metric === undefined ? {} : { metric }),
      ...(isTrue(route['on-link']) ? { onLink: true } : {}),
      ...(table === undefined ? {} : { table }),
      ...(scope === 'link' || scope === 'host' || scope === 'global' ? { scope } : {}),
    },
  ];
}

function ruleOf(rule: YamlMap): Rule {
  const from = textAt(rule, 'from');
  const to = textAt(rule, 'to');
  const table = numberAt(rule, 'table');
  const priority = numberAt(rule, 'priority');
  const mark = numberAt(rule, 'mark');
  return {
    ...(from === undefined ? {} : { from }),
    ...(to === undefined ? {} : { to }),
    ...(table === undefined ? {} : { table }),
    ...(priority === undefined ? {} : { priority }),
    ...(mark === undefined ? {} : { mark }),
  };
}

function nameservers(map: YamlMap | undefined): Pick<WrittenPort, 'nameservers'> {
  const addresses = textsAt(map, 'addresses');
  const search = textsAt(map, 'search');
  return addresses.length + search.length === 0 ? {} : { nameservers: { ...nonEmpty('addresses', addresses), ...nonEmpty('search', search) } };
}

function nonEmpty<Key extends string, Item>(key: Key, items: readonly Item[]): Partial<Record<Key, Item[]>> {
  const field: Partial<Record<Key, Item[]>> = {};
  if (items.length > 0) field[key] = [...items];
  return field;
}
