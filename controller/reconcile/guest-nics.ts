import type { GuestNic } from '../systems/guest-nic.ts';
import type { LibvirtFacts, ObservedDomain, ObservedNic, ObservedNetwork } from '../systems/libvirt/observed.ts';

/** The NICs of the domains that run, for Open vSwitch to know whose its ports are. */
export function guestNics({ domains, networks }: LibvirtFacts): GuestNic[] {
  return [...domains.values()].flatMap((domain) => domain.interfaces.flatMap((nic) => guestNic(domain, nic, networks) ?? []));
}

function guestNic({ uuid, owner }: ObservedDomain, { mac, targetDevice, interfaceId, network, portgroup, bridge, hasOwnLimits }: ObservedNic, networks: ReadonlyMap<string, ObservedNetwork>): GuestNic | undefined {
  if (targetDevice === undefined) return undefined;
  const found = network === undefined ? undefined : networks.get(network);
  const bridgeName = bridge ?? found?.bridgeName;
  const portgroupVlan = portgroup === undefined ? undefined : found?.portgroups.get(portgroup);
  return {
    mac: mac.toLowerCase(),
    device: targetDevice,
    guestUuid: uuid,
    ...(owner === undefined ? {} : { owner }),
    ...(interfaceId === undefined ? {} : { interfaceId }),
    ...(network === undefined ? {} : { network }),
    ...(portgroup === undefined ? {} : { portgroup }),
    ...(bridgeName === undefined ? {} : { bridgeName }),
    ...(portgroupVlan === undefined ? {} : { portgroupVlan }),
    lacksPortgroup: network !== undefined && portgroup !== undefined && found?.portgroups.has(portgroup) !== true,
    ...(hasOwnLimits ? { hasOwnLimits } : {}),
  };
}
