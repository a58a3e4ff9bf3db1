import { join } from 'node:path';
import { readText } from './file-changes.ts';
import type { DeviceResolver, KernelState } from './observed.ts';
import type { Stanza } from './stanza.ts';
import { isYamlList, isYamlMap } from './yaml-value.ts';
import type { YamlValue } from './yaml-value.ts';

/** One file a device, named by its index. Its keys have been the same since networkd came to be, though it says not to parse it. */
export const LINKS_FOLDER = 'run/systemd/netif/links';

/** What networkd says of these devices; those that it does not manage by a file of netplan, or that are not there, are left out. */
export async function readResolvers(root: string, devices: Iterable<string>, { links }: KernelState): Promise<ReadonlyMap<string, DeviceResolver>> {
  const resolvers = new Map<string, DeviceResolver>();
  for (const device of devices) {
    const link = links.get(device);
    const text = link && (await readText(join(root, LINKS_FOLDER, String(link.index))));
    if (text !== undefined && /^NETWORK_FILE=.*netplan/m.test(text)) resolvers.set(device, { servers: wordsOf(text, 'DNS'), search: wordsOf(text, 'DOMAINS') });
  }
  return resolvers;
}

/** What a stanza asks for; undefined where it asks for nothing. */
export function neededResolver({ nameservers }: Stanza): DeviceResolver | undefined {
  if (!isYamlMap(nameservers)) return undefined;
  return { servers: textsOf(nameservers['addresses']), search: textsOf(nameservers['search']) };
}

/** True when all that is needed is there; DHCP and router advertisements may have added to it. */
export function fulfilsResolver(found: DeviceResolver, needed: DeviceResolver): boolean {
  return needed.servers.every((server) => found.servers.includes(server)) && needed.search.every((domain) => found.search.includes(domain));
}

function wordsOf(text: string, key: string): readonly string[] {
  const [, words = ''] = new RegExp(`^${key}=(.*)$`, 'm').exec(text) ?? [];
  return words.split(' ').filter((word) => word !== '');
}

function textsOf(value: YamlValue | undefined): readonly string[] {
  return isYamlList(value) ? value.filter((item) => typeof item === 'string') : [];
}
