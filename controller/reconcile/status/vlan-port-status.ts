import { deviceName, type VlanPortResource } from '../../desired/resources.ts';
import type { ObservedLink } from '../../systems/netplan/observed.ts';
import type { KindStatus, Surroundings } from './kind-status.ts';
import { vlanText } from './vlan-text.ts';

export function vlanPortStatus(port: VlanPortResource, { reports, hostName }: Surroundings): KindStatus {
  const name = deviceName(port);
  const device = reports.ovs?.observed?.portNamed(name)?.interfaces[0];
  const link = reports.netplan?.observed?.links.get(name);
  const wanted = port.spec.addresses ?? [];
  const addresses = link?.addresses ?? [];
  const foreign = port.spec.dhcp4 === true || port.spec.dhcp6 === true || port.spec.acceptRa !== false ? [] : addresses.filter((address) => !wanted.includes(address));
  return {
    fields: () => ({
      hostName,
      deviceName: name,
      ...(device && device.ofport > 0 ? { ofport: device.ofport } : {}),
      ...(link
        ? { macAddress: link.mac, mtu: link.mtu, linkState: link.up && link.carrier ? 'up' : 'down', addresses, foreignAddresses: foreign, routes: link.routes }
        : {}),
      summary: { vlan: vlanText(port.spec.vlan), addresses: addresses.join(',') },
    }),
    liveness: liveness(name, wanted, link),
  };
}

function liveness(name: string, wanted: readonly string[], link: ObservedLink | undefined): KindStatus['liveness'] {
  if (!link) return { reason: 'DeviceNotFound', message: `the kernel has no device ${name} yet` };
  if (!link.up) return { reason: 'LinkDown', message: `${name} is down` };
  const missing = wanted.filter((address) => !link.addresses.includes(address));
  if (missing.length > 0) return { reason: 'AddressMissing', message: `${name} does not have ${missing.join(', ')} yet` };
  return undefined;
}
