import { existsSync } from 'node:fs';
import { readlink } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { ExecFailed } from '../exec.ts';
import type { Exec } from '../exec.ts';
import { SystemUnreachable } from '../system.ts';
import type { Clock } from '../../../api/machinery/clock.ts';
import { parseLinks, parseRoutes, parseRules } from './ip-json.ts';
import type { IpLink } from './ip-json.ts';
import type { KernelState } from './observed.ts';

export interface KernelReaderOptions {
  readonly root: string;
  readonly exec: Exec;
  readonly clock: Clock;
  /** Called once a device that was settling has had its time. */
  readonly onSettled: () => void;
}

export interface KernelReader {
  /** Reads links, addresses, routes and rules. Throws `SystemUnreachable` when any of it can't be read. */
  readonly read: () => Promise<KernelState>;
  /** Forgets what is timed. */
  readonly stop: () => void;
}

const IP_TIMEOUT_MS = 10_000;
/** networkd configures a new device within 50 ms, and within 1 s on a busy host with udev: until then it is left to it. */
const SETTLING_MS = 2_000;

export function createKernelReader({ root, exec, clock, onSettled }: KernelReaderOptions): KernelReader {
  /** When each device (by index, which a device made anew does not inherit) was first seen; absent before the first read. */
  let firstSeen: ReadonlyMap<number, number> | undefined;
  let stopTimer = (): void => {};

  async function read(): Promise<KernelState> {
    const families: readonly (4 | 6)[] = existsSync('/proc/sys/net/ipv6') ? [4, 6] : [4];
    const [links, routes, rules] = await Promise.all([
      ip(['-d', 'address', 'show'], parseLinks),
      Promise.all(families.map((family) => ip([`-${family}`, 'route', 'show', 'table', 'all'], (json) => parseRoutes(json, family)))),
      Promise.all(families.map((family) => ip([`-${family}`, 'rule', 'show'], (json) => parseRules(json, family)))),
    ]);
    const settling = noteNewLinks(links);
    const described = await Promise.all(
      links.map(async (link) => ({ ...link, driver: await driverOf(link), settling: settling.has(link.index) })),
    );
    return { links: new Map(described.map((link) => [link.name, link])), routes: routes.flat(), rules: rules.flat() };
  }

  async function ip<T>(args: readonly string[], parse: (json: string) => T): Promise<T> {
    try {
      const { code, stdout, stderr } = await exec.run(['ip', '-N', '-j', ...args], { timeoutMs: IP_TIMEOUT_MS });
      if (code !== 0) throw new ExecFailed(`ip ${args.join(' ')} ended with ${code}: ${stderr.trim()}`);
      return parse(stdout);
    } catch (error) {
      throw new SystemUnreachable('netplan', 'NetplanUnavailable', `the kernel's network can't be read: ${messageOf(error)}`, {
        cause: error,
      });
    }
  }

  function noteNewLinks(links: readonly IpLink[]): ReadonlySet<number> {
    const now = clock.now();
    const seenBefore = firstSeen;
    const firstTime = now - SETTLING_MS;
    firstSeen = new Map(links.map(({ index }) => [index, seenBefore ? (seenBefore.get(index) ?? now) : firstTime]));
    const settling = new Set<number>();
    let youngest = 0;
    for (const [index, seenAt] of firstSeen) {
      if (now - seenAt >= SETTLING_MS) continue;
      settling.add(index);
      youngest = Math.max(youngest, seenAt);
    }
    stopTimer();
    if (settling.size > 0) stopTimer = clock.after(youngest + SETTLING_MS - now, onSettled);
    return settling;
  }

  async function driverOf(link: IpLink): Promise<string | undefined> {
    if (link.kind !== undefined) return link.kind;
    try {
      return basename(await readlink(join(root, 'sys/class/net', link.name, 'device/driver')));
    } catch {
      // A device without a bus (lo) has no driver, and a container may have no sysfs: both are no failure of the reading.
      return undefined;
    }
  }

  return { read, stop: () => stopTimer() };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
