import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { MOVED_PORTGROUP, NETWORK, type Guest } from './scene.ts';

const run = promisify(execFile);
const MAX_OUTPUT_BYTES = 64 * 1024 * 1024;

/** Several commands by one virsh; gives what they printed, one after the other. */
export async function virsh(...commands: readonly string[]): Promise<string> {
  const { stdout } = await run('virsh', ['-q', commands.join('; ')], { maxBuffer: MAX_OUTPUT_BYTES });
  return stdout;
}

/** What lists the NICs of these guests for `portNames`. */
export function listNics(guests: readonly Guest[]): string {
  return guests.map(({ name }) => `domiflist ${name}`).join('; ');
}

/** The names of the ports by the MAC addresses of the guests. */
export function portNames(listed: string): ReadonlyMap<string, string> {
  return new Map([...listed.matchAll(/(vnet\d+).*?((?:[0-9a-f]{2}:){5}[0-9a-f]{2})/g)].map(([, name = '', mac = '']) => [mac, name]));
}

/**
 * Where libvirt's books do not say the tag yet: the network as it is stored and as it is now, each domain as it runs, and each as it
 * is stored, which must name the portgroup and no VLAN of its own.
 */
export async function disagreeing(guests: readonly Guest[], tag: number): Promise<string[]> {
  const texts = (await virsh(`net-dumpxml ${NETWORK}`, `net-dumpxml --inactive ${NETWORK}`, ...guests.flatMap(({ name }) => [`dumpxml ${name}`, `dumpxml --inactive ${name}`]))).split(/(?<=<\/(?:network|domain)>)\n+/);
  const vlan = new RegExp(`<vlan>\\s*<tag id='${tag}'/>\\s*</vlan>`);
  const [active = '', stored = '', ...domains] = texts;
  return [
    ...[active, stored].flatMap((text, index) => (vlan.test(portgroupOf(text)) ? [] : [`network (${index === 0 ? 'active' : 'stored'})`])),
    ...guests.flatMap(({ name }, index) => [
      ...(vlan.test(domains[index * 2] ?? '') ? [] : [`domain ${name} (running)`]),
      ...(isStoredByName(domains[index * 2 + 1] ?? '') ? [] : [`domain ${name} (stored)`]),
    ]),
  ];
}

function portgroupOf(networkXml: string): string {
  return new RegExp(`<portgroup name='${MOVED_PORTGROUP}'[\\s\\S]*?</portgroup>`).exec(networkXml)?.[0] ?? '';
}

function isStoredByName(domainXml: string): boolean {
  return domainXml.includes(`portgroup='${MOVED_PORTGROUP}'`) && !domainXml.includes('<vlan>');
}
