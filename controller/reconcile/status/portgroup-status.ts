import { portgroupName } from '../../desired/portgroup.ts';
import type { PortgroupResource } from '../../desired/resources.ts';
import type { LibvirtDesired, LibvirtNetwork } from '../../systems/libvirt/desired.ts';
import type { LibvirtFacts, ObservedDomain, ObservedNic } from '../../systems/libvirt/observed.ts';
import type { OvsFacts } from '../../systems/ovs/observed.ts';
import type { KindStatus, Surroundings } from './kind-status.ts';
import { vlanText } from './vlan-text.ts';

export function portgroupStatus(portgroup: PortgroupResource, { compiled, reports, hostName }: Surroundings): KindStatus {
  const name = portgroupName(portgroup);
  const network = networkOf(portgroup, compiled.desired.libvirt);
  const libvirt = reports.libvirt?.observed;
  const users = network === undefined ? [] : usersOf(network.name, name, libvirt);
  const ports = users.flatMap(({ domain, nic }) => portsOf(domain, nic, reports.ovs?.observed));
  const observed = network === undefined ? undefined : libvirt?.networks.get(network.name);
  return {
    fields: () => ({
      hostName,
      ...(network === undefined ? {} : { networkName: network.name }),
      virtualMachines: [...new Map(users.map(({ domain }) => [domain.name, domain])).values()].map((domain) => ({
        domainName: domain.name,
        ...(domain.owner === undefined ? {} : { virtualMachineName: domain.owner.slice(domain.owner.indexOf('/') + 1) }),
        running: domain.state === 'running',
      })),
      ports,
      summary: { vlan: vlanText(portgroup.spec.vlan), ports: ports.length, virtualMachines: new Set(users.map(({ domain }) => domain.name)).size },
    }),
    liveness:
      observed?.active === true
        ? undefined
        : { reason: 'NetworkNotActive', message: `libvirt's network ${network?.name ?? ''} is not active` },
  };
}

/** One that is being deleted is desired no more, and stays in its bridge's network as long as it is used. */
function networkOf({ metadata, spec }: PortgroupResource, { networks }: LibvirtDesired): LibvirtNetwork | undefined {
  if (metadata.deletionTimestamp !== undefined) return networks.find(({ owner }) => owner === `Bridge/${spec.bridgeName}`);
  return networks.find(({ portgroups }) => portgroups.some(({ owner }) => owner === `Portgroup/${metadata.name}`));
}

interface User {
  readonly domain: ObservedDomain;
  readonly nic: ObservedNic;
}

function usersOf(network: string, portgroup: string, libvirt: LibvirtFacts | undefined): User[] {
  return [...(libvirt?.domains.values() ?? [])].flatMap((domain) =>
    domain.interfaces.filter((nic) => nic.network === network && nic.portgroup === portgroup).map((nic) => ({ domain, nic })),
  );
}

function portsOf(domain: ObservedDomain, { mac }: ObservedNic, ovs: OvsFacts | undefined): Record<string, unknown>[] {
  const port = ovs?.portAttachedTo(mac)?.port;
  if (!port) return [];
  return [{ name: port.name, domainName: domain.name, macAddress: mac, ...(port.vlan === undefined ? {} : { vlan: port.vlan }) }];
}
