import { lstatSync } from 'node:fs';
import { join } from 'node:path';
import type { Clock } from '../../../api/machinery/clock.ts';
import { readText } from './file-changes.ts';
import { addressText } from './kernel-differences.ts';
import type { KernelLink, KernelState, Lease } from './observed.ts';

/** What networkd's DHCP client has been given: one file a link, named by its index; gone with the lease. */
const LEASES_FOLDER = 'run/systemd/netif/leases';
/** networkd gives a device the address of a new lease within milliseconds after it has written the lease down. */
const SETTLED_MS = 2_000;
/** As networkd has it (systemd.network(5), RouteMetric=). */
const DEFAULT_METRIC = 1024;
/** RFC 2131, section 3.3: a lease without end. */
const INFINITE_S = 0xffff_ffff;

/**
 * Reads, look after look, the IPv4 leases of devices: networkd, which has them, does not notice when somebody takes an address or route
 * of one away. A lease counts once the kernel was seen to have its address, or when it is not just being taken.
 */
export function createLeaseReader({ root, clock }: { readonly root: string; readonly clock: Clock }): (devices: readonly string[], kernel: KernelState) => Promise<ReadonlyMap<string, Lease>> {
  let seen: ReadonlyMap<string, string> = new Map();

  return async (devices, { links }) => {
    const leases = new Map<string, Lease>();
    const present = new Map<string, string>();
    for (const link of devices.flatMap((device) => links.get(device) ?? [])) {
      const found = await readLease(root, link, clock.now());
      if (!found) continue;
      const isThere = link.addresses.some((address) => addressText(address) === found.lease.address);
      if (isThere || seen.get(link.name) === found.lease.address) present.set(link.name, found.lease.address);
      if (present.has(link.name) || found.ageMs > SETTLED_MS) leases.set(link.name, found.lease);
    }
    seen = present;
    return leases;
  };
}

async function readLease(root: string, { name, index }: KernelLink, now: number): Promise<{ readonly lease: Lease; readonly ageMs: number } | undefined> {
  const path = join(root, LEASES_FOLDER, String(index));
  const [text, file] = await Promise.all([readText(path), readText(join(root, `run/systemd/network/10-netplan-${name}.network`))]);
  const writtenAt = lstatSync(path, { throwIfNoEntry: false })?.mtimeMs;
  if (text === undefined || file === undefined || writtenAt === undefined) return undefined;
  const [address, netmask, lifetime] = [valueIn(text, 'ADDRESS'), valueIn(text, 'NETMASK'), Number(valueIn(text, 'LIFETIME') ?? INFINITE_S)];
  const secondsLeft = lifetime >= INFINITE_S ? undefined : lifetime - Math.floor((now - writtenAt) / 1_000);
  if (address === undefined || netmask === undefined || (secondsLeft ?? 1) <= 0) return undefined;
  // Routes of their own come in place of the router (RFC 3442); and the file may say to leave routes alone.
  const isRouted = valueIn(text, 'ROUTES') === undefined && !/^Use(Routes|Gateway)=(false|no)$/m.test(file);
  const router = isRouted ? valueIn(text, 'ROUTER')?.split(' ')[0] : undefined;
  return {
    lease: {
      address: `${address}/${prefixOf(netmask)}`,
      ...(secondsLeft === undefined ? {} : { secondsLeft }),
      ...(router === undefined ? {} : { router: { address: router, metric: Number(valueIn(file, 'RouteMetric') ?? DEFAULT_METRIC) } }),
    },
    ageMs: now - writtenAt,
  };
}

function valueIn(text: string, key: string): string | undefined {
  return new RegExp(`^${key}=(.+)$`, 'm').exec(text)?.[1];
}

/** `255.255.255.0` is 24. */
function prefixOf(netmask: string): number {
  const bits = netmask.split('.').map((part) => Number(part).toString(2)).join('');
  return [...bits].filter((bit) => bit === '1').length;
}
