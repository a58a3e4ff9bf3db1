import type { NetplanDesired, NetplanDevice } from '../../../../../controller/systems/netplan/desired.ts';
import type { Ownership, OwnerKey } from '../../../../../controller/systems/owner.ts';

/** A device as the compile step would make it; what is not said is empty. */
export function device(owner: OwnerKey, name: string, more: Partial<NetplanDevice> = {}): NetplanDevice {
  return {
    owner,
    name,
    adoption: 'IfMatching',
    lasting: false,
    optional: true,
    addresses: [],
    dhcp4: false,
    dhcp6: false,
    noLinkLocal: false,
    routes: [],
    routingPolicy: [],
    ...more,
  };
}

/** What the founding document's host asks of netplan. */
export const lunaDevices: readonly NetplanDevice[] = [
  device('Bridge/lunabr', 'eth0', { match: { macAddress: '94:c6:91:1a:a6:3e' }, lasting: true, noLinkLocal: true }),
  device('Bridge/lunabr', 'lunabr', { noLinkLocal: true }),
  device('VlanPort/vnet100', 'vnet100', {
    addresses: ['192.168.105.253/24'],
    routes: [{ to: 'default', via: '192.168.105.1' }],
    nameservers: { addresses: ['192.168.105.224'], search: ['parchis.org'] },
  }),
];

/** All owners of the devices are present, unless `ownership` says otherwise. */
export function desire(devices: readonly NetplanDevice[], ownership: Partial<Ownership> = {}, fileName = '90-bridgekeeper.yaml'): NetplanDesired {
  const none: ReadonlySet<OwnerKey> = new Set();
  const present = new Set<OwnerKey>(['Host/luna', ...devices.map(({ owner }) => owner)]);
  return { owner: 'Host/luna', fileName, devices, ownership: { present, leaving: none, released: none, frozen: none, ...ownership } };
}

/** Sets do not survive JSON; lists do. */
export function desiredJson(desired: NetplanDesired): string {
  return JSON.stringify(desired, (_, value: unknown) => (value instanceof Set ? [...value] : value));
}

export function parseDesired(json: string): NetplanDesired {
  const desired: NetplanDesired & { ownership: Record<keyof Ownership, readonly OwnerKey[]> } = JSON.parse(json);
  const { present, leaving, released, frozen } = desired.ownership;
  return {
    ...desired,
    ownership: { present: new Set(present), leaving: new Set(leaving), released: new Set(released), frozen: new Set(frozen) },
  };
}
