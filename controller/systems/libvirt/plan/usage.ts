import type { DomainState, LibvirtObserved, NetworkState } from '../observed.ts';
import type { NicView } from '../xml/interface.ts';

/** The names of the domains, running or not, whose NICs name the network. */
export function usersOfNetwork(observed: LibvirtObserved, network: string): string[] {
  return usersOf(observed, (nic) => isOn(nic, network));
}

/** The same, of the running domains alone. */
export function runningUsersOfNetwork(observed: LibvirtObserved, network: string): string[] {
  const users = [...observed.domains.values()].filter(({ live }) => live?.view.interfaces.some((nic) => isOn(nic, network)));
  return users.map(({ name }) => name).sort();
}

/** The names of the domains, running or not, with a NIC on the portgroup; one that names none is on the default portgroup. */
export function usersOfPortgroup(observed: LibvirtObserved, network: NetworkState, portgroup: string): string[] {
  const views = [network.config.view, network.live?.view];
  const isDefault = views.some((view) => view?.portgroups.get(portgroup)?.isDefault === true);
  return usersOf(observed, (nic) => {
    if (nic.source.type !== 'network' || nic.source.network !== network.name) return false;
    return nic.source.portgroup === undefined ? isDefault : nic.source.portgroup === portgroup;
  });
}

function usersOf(observed: LibvirtObserved, uses: (nic: NicView) => boolean): string[] {
  return [...observed.domains.values()].filter((domain) => nicsOf(domain).some(uses)).map(({ name }) => name).sort();
}

function nicsOf({ config, live }: DomainState): NicView[] {
  return [...config.view.interfaces, ...(live?.view.interfaces ?? [])];
}

function isOn({ source }: NicView, network: string): boolean {
  return source.type === 'network' && source.network === network;
}
