import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '../../../api/machinery/clock.ts';
import type { Exec } from '../exec.ts';
import { ExecFailed } from '../exec.ts';
import type { KernelLink } from './observed.ts';

export interface AnnounceTools {
  /** Where the host's file system is: `/`. */
  readonly root: string;
  readonly exec: Exec;
  readonly clock: Clock;
}

const COMMAND_TIMEOUT_MS = 3_000;
/** A switch may just be learning the port, and a frame may be lost. */
const PAUSES_MS = [0, 300, 1_000];
/** ip-sysctl.rst in the kernel's documentation; by device. */
const NOTIFY = ['proc/sys/net/ipv4/conf/*/arp_notify', 'proc/sys/net/ipv6/conf/*/ndisc_notify'];

/**
 * Tells the neighbours by which MAC address these devices' addresses are reached: a gratuitous ARP for each IPv4 address and an
 * unsolicited neighbour advertisement for each IPv6 address, three times. Without, they send to the MAC that they know for half a
 * minute. The kernel does it when a device is given a MAC address, be it the one that it has, while `arp_notify` and
 * `ndisc_notify` are set; that needs neither a raw socket nor a program that may not be installed. Gives in words what failed.
 */
export async function announceAddresses(links: readonly Pick<KernelLink, 'name' | 'mac'>[], tools: AnnounceTools): Promise<readonly string[]> {
  const failures = await Promise.all(links.map((link) => announce(link, tools)));
  return failures.flat();
}

async function announce({ name, mac }: Pick<KernelLink, 'name' | 'mac'>, { root, exec, clock }: AnnounceTools): Promise<readonly string[]> {
  const switches = NOTIFY.map((path) => join(root, path.replace('*', name)));
  const before = await Promise.all(switches.map((path) => turn(path, '1')));
  const failures = new Set<string>();
  for (const pauseMs of PAUSES_MS) {
    if (pauseMs > 0) await clock.sleep(pauseMs);
    const failure = await setMac(name, mac, exec);
    if (failure !== undefined) failures.add(failure);
  }
  await Promise.all(switches.map((path, index) => turn(path, before[index])));
  return [...failures];
}

/** Writes a kernel setting and gives what it was; undefined where it is not there: no IPv6, or the device has gone. */
async function turn(path: string, value: string | undefined): Promise<string | undefined> {
  if (value === undefined) return undefined;
  try {
    const before = await readFile(path, 'utf8');
    if (before.trim() !== value.trim()) await writeFile(path, value);
    return before;
  } catch (error) {
    if (error instanceof Error && 'code' in error) return undefined;
    throw error;
  }
}

async function setMac(device: string, mac: string, exec: Exec): Promise<string | undefined> {
  const argv = ['ip', 'link', 'set', 'dev', device, 'address', mac] as const;
  try {
    const { code, stderr } = await exec.run(argv, { timeoutMs: COMMAND_TIMEOUT_MS });
    return code === 0 ? undefined : `${argv.join(' ')}: ${stderr.trim()}`;
  } catch (error) {
    if (error instanceof ExecFailed) return error.message;
    throw error;
  }
}
