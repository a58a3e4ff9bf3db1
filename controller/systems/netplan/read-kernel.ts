import { existsSync } from 'node:fs';
import { readlink } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { ExecFailed } from '../exec.ts';
import type { Exec } from '../exec.ts';
import { SystemUnreachable } from '../system.ts';
import type { Clock } from '../../../api/machinery/clock.ts';
import { parseLinks, parseRoutes, parseRules } from './ip-json.ts';
import type { IpLink } from './ip-json.ts';
import { createRecordReader } from './known-records.ts';
import type { KernelLink, KernelRoute, KernelState } from './observed.ts';
import { createSettlingMemory } from './settling-links.ts';

export interface KernelReaderOptions {
  readonly root: string;
  readonly exec: Exec;
  readonly clock: Clock;
  /** Called once a device that was settling has had its time. */
  readonly onSettled: () => void;
}

export interface KernelReader {
  /**
   * Reads links, addresses, routes and rules. A link, and the list of a device's routes, is the same object as in the last state where
   * nothing of it changed. Throws `SystemUnreachable` when any of it can't be read.
   */
  readonly read: () => Promise<KernelState>;
  /** Forgets what is timed. */
  readonly stop: () => void;
}

const IP_TIMEOUT_MS = 10_000;

export function createKernelReader({ root, exec, clock, onSettled }: KernelReaderOptions): KernelReader {
  const noteSettling = createSettlingMemory();
  const readLinks = createRecordReader(parseLinks, clock);
  const readRoutes = { 4: createRecordReader((json) => parseRoutes(json, 4), clock), 6: createRecordReader((json) => parseRoutes(json, 6), clock) };
  const readRules = { 4: createRecordReader((json) => parseRules(json, 4), clock), 6: createRecordReader((json) => parseRules(json, 6), clock) };
  let lastRoutes: KernelState['routes'] = new Map();
  let stopTimer = (): void => {};

  async function read(): Promise<KernelState> {
    const families: readonly (4 | 6)[] = existsSync('/proc/sys/net/ipv6') ? [4, 6] : [4];
    const [links, allRoutes, rules] = await Promise.all([
      ip(['-d', 'address', 'show'], readLinks),
      Promise.all(families.map((family) => ip([`-${family}`, 'route', 'show', 'table', 'all'], readRoutes[family]))),
      Promise.all(families.map((family) => ip([`-${family}`, 'rule', 'show'], readRules[family]))),
    ]);
    const routes = routesByDevice(allRoutes.flat(), lastRoutes);
    const now = clock.now();
    const settling = noteSettling(links, routes, now);
    stopTimer();
    if (settling.nextAt !== undefined) stopTimer = clock.after(settling.nextAt - now, onSettled);
    const described = await Promise.all(
      links.map(async (link) => {
        const facts = { driver: await driverOf(link), settling: settling.links.has(link.index), untouched: settling.untouched.has(link.index) };
        return describedLink(link, facts);
      }),
    );
    lastRoutes = routes;
    return { links: new Map(described.map((link) => [link.name, link])), routes, rules: rules.flat() };
  }

  async function ip<T>(args: readonly string[], readRecords: (json: string) => Promise<readonly T[]>): Promise<readonly T[]> {
    try {
      const { code, stdout, stderr } = await exec.run(['ip', '-N', '-j', ...args], { timeoutMs: IP_TIMEOUT_MS });
      if (code !== 0) throw new ExecFailed(`ip ${args.join(' ')} ended with ${code}: ${stderr.trim()}`);
      return await readRecords(stdout);
    } catch (error) {
      throw new SystemUnreachable('netplan', 'NetplanUnavailable', `the kernel's network can't be read: ${messageOf(error)}`, {
        cause: error,
      });
    }
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

/** By what was read of a link: what it was described as, which stands for it as long as the same is to be said of it. */
const describedLinks = new WeakMap<IpLink, KernelLink>();

function describedLink(link: IpLink, facts: Pick<KernelLink, 'driver' | 'settling' | 'untouched'>): KernelLink {
  const known = describedLinks.get(link);
  if (known?.driver === facts.driver && known?.settling === facts.settling && known.untouched === facts.untouched) return known;
  const described = { ...link, ...facts };
  describedLinks.set(link, described);
  return described;
}

function routesByDevice(routes: readonly KernelRoute[], before: KernelState['routes']): KernelState['routes'] {
  const grouped: ReadonlyMap<string, readonly KernelRoute[]> = Map.groupBy(routes, ({ device }) => device);
  return new Map([...grouped].map(([device, found]) => [device, sameOrNew(found, before.get(device))]));
}

function sameOrNew<T>(items: readonly T[], before: readonly T[] | undefined): readonly T[] {
  return before?.length === items.length && items.every((item, index) => item === before[index]) ? before : items;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
