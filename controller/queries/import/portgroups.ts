import type { BridgeSpec, PortgroupSpec } from '../../../api/generated/kinds.ts';
import { DEFAULT_NETWORK } from '../../systems/libvirt/kept-network.ts';
import type { LibvirtObserved, NetworkState } from '../../systems/libvirt/observed.ts';
import type { PortgroupView } from '../../systems/libvirt/xml/network.ts';
import type { OwnerKey } from '../../systems/owner.ts';
import { nameOf, type ImportDraft } from './draft.ts';
import type { Written } from './written.ts';

/** The libvirt networks that lead to bridges of Open vSwitch, one a bridge, and what became of their portgroups. */
export class FoundNetworks {
  readonly #networks = new Map<string, NetworkState>();
  readonly #portgroups = new Map<string, OwnerKey>();
  readonly #others: readonly NetworkState[];

  /** `isSwitch`: whether a bridge of that name is one of Open vSwitch. */
  constructor(libvirt: LibvirtObserved | undefined, isSwitch: (bridgeName: string) => boolean) {
    const networks = [...(libvirt?.networks.values() ?? [])].sort(ownFirst);
    const others: NetworkState[] = [];
    for (const network of networks) {
      const { forwardMode, bridgeName, virtualport } = network.config.view;
      const leadsToSwitch = forwardMode === 'bridge' && virtualport === 'openvswitch' && isSwitch(bridgeName);
      if (leadsToSwitch && !this.#networks.has(bridgeName)) this.#networks.set(bridgeName, network);
      else others.push(network);
    }
    this.#others = others;
  }

  networkOf(bridgeName: string, owner: OwnerKey, draft: ImportDraft): Written<BridgeSpec>['libvirtNetwork'] {
    const network = this.#networks.get(bridgeName);
    if (!network) return undefined;
    if (!network.persistent) draft.chosen(owner, `network ${network.name} is not stored by libvirt, and will be`);
    if (!network.active) draft.chosen(owner, `network ${network.name} is not active, and will be started`);
    return { name: network.name, ...(network.autostart ? {} : { autostart: false }) };
  }

  importPortgroups(bridgeName: string, bridge: OwnerKey, { isIsolated }: { readonly isIsolated: (network: string, portgroup: string) => boolean }, draft: ImportDraft): void {
    const network = this.#networks.get(bridgeName);
    if (!network) return;
    for (const portgroup of network.config.view.portgroups.values()) {
      const owner = draft.key('Portgroup', portgroup.name, network.config.view.mark?.portgroups.get(portgroup.name));
      const isolated = isIsolated(network.name, portgroup.name) ? { isolated: true } : {};
      draft.add(owner, portgroup.name, { ...portgroupSpec(portgroup, nameOf(owner), bridge), ...isolated });
      this.#portgroups.set(keyOf(network.name, portgroup.name), owner);
    }
  }

  /** The Portgroup that a NIC on this network and portgroup is on. */
  portgroupOf(network: string, portgroup: string): OwnerKey | undefined {
    return this.#portgroups.get(keyOf(network, portgroup));
  }

  remarkOnOthers(draft: ImportDraft): void {
    for (const { name, config: { view } } of this.#others) {
      if (name === DEFAULT_NETWORK && view.forwardMode === 'nat') {
        draft.leftOut(`libvirt's network default stays as it is; to take it away, set spec.libvirt.defaultNetwork: Absent on the Host`);
      } else if (this.#networks.has(view.bridgeName)) {
        draft.leftOut(`libvirt network ${name} leads to bridge ${view.bridgeName} too, which has ${this.#networks.get(view.bridgeName)?.name ?? ''}: a Bridge has one network`);
      } else {
        draft.leftOut(`libvirt network ${name} (forward ${view.forwardMode}) leads to no bridge of Open vSwitch; it stays as it is`);
      }
    }
  }
}

/** What is ours before what others made, then by name. */
function ownFirst(a: NetworkState, b: NetworkState): number {
  return Number(a.owner === undefined) - Number(b.owner === undefined) || (a.name < b.name ? -1 : 1);
}

function portgroupSpec({ name, isDefault, vlan, bandwidth, trustGuestRxFilters }: PortgroupView, resource: string, bridge: OwnerKey): Written<PortgroupSpec> {
  return {
    bridgeName: nameOf(bridge),
    ...(name === resource ? {} : { libvirtName: name }),
    ...(isDefault ? { default: true } : {}),
    ...(vlan === undefined ? {} : { vlan }),
    ...(bandwidth === undefined ? {} : { bandwidth }),
    ...(trustGuestRxFilters === true ? { trustGuestRxFilters: true } : {}),
  };
}

function keyOf(network: string, portgroup: string): string {
  return JSON.stringify([network, portgroup]);
}
