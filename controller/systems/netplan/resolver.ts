import { join } from 'node:path';
import { readText } from './file-changes.ts';
import { LINKS_FOLDER } from './link-states.ts';
import type { DeviceResolver, KernelState } from './observed.ts';
import type { Stanza } from './stanza.ts';
import { isYamlList, isYamlMap } from './yaml-value.ts';
import type { YamlValue } from './yaml-value.ts';

/** By device, the name of the file in which networkd says what it tells the resolver; without those that are not there. */
export function linkFilesOf(devices: readonly string[], { links }: KernelState): ReadonlyMap<string, string> {
  return new Map(devices.flatMap((device) => [links.get(device)].flatMap((link) => (link ? [[device, String(link.index)] as const] : []))));
}

/** What networkd says in these files, by device; a device that it does not manage by a file of netplan is left out. */
export async function readResolvers(root: string, linkFiles: ReadonlyMap<string, string>): Promise<ReadonlyMap<string, DeviceResolver>> {
  const resolvers = new Map<string, DeviceResolver>();
  for (const [device, name] of linkFiles) {
    const text = await readText(join(root, LINKS_FOLDER, name));
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
