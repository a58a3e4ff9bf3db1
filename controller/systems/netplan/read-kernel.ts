import { existsSync } from 'node:fs';
import { readlink } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { ExecFailed } from '../exec.ts';
import type { Exec } from '../exec.ts';
import { SystemUnreachable } from '../system.ts';
import type { Clock } from '../../../api/machinery/clock.ts';
import { arrayPieces } from './array-pieces.ts';
import { parseLinks, parseRoutes, parseRules } from './ip-json.ts';
import type { IpLink } from './ip-json.ts';
import type { KernelState } from './observed.ts';
import { createSettlingMemory } from './settling-links.ts';

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

export function createKernelReader({ root, exec, clock, onSettled }: KernelReaderOptions): KernelReader {
  const noteSettling = createSettlingMemory();
  let stopTimer = (): void => {};

  async function read(): Promise<KernelState> {
    const families: readonly (4 | 6)[] = existsSync('/proc/sys/net/ipv6') ? [4, 6] : [4];
    const [links, routes, rules] = await Promise.all([
      ip(['-d', 'address', 'show'], parseLinks),
      Promise.all(families.map((family) => ip([`-${family}`, 'route', 'show', 'table', 'all'], (json) => parseRoutes(json, family)))),
      Promise.all(families.map((family) => ip([`-${family}`, 'rule', 'show'], (json) => parseRules(json, family)))),
    ]);
    const routesByDevice = Map.groupBy(routes.flat(), ({ device }) => device);
    const now = clock.now();
    const settling = noteSettling(links, routesByDevice, now);
    stopTimer();
    if (settling.nextAt !== undefined) stopTimer = clock.after(settling.nextAt - now, onSettled);
    const described = await Promise.all(
      links.map(async (link) => ({ ...link, driver: await driverOf(link), settling: settling.links.has(link.index), untouched: settling.untouched.has(link.index) })),
    );
    return { links: new Map(described.map((link) => [link.name, link])), routes: routesByDevice, rules: rules.flat() };
  }

  async function ip<T>(args: readonly string[], parse: (json: string) => readonly T[]): Promise<readonly T[]> {
    try {
      const { code, stdout, stderr } = await exec.run(['ip', '-N', '-j', ...args], { timeoutMs: IP_TIMEOUT_MS });
      if (code !== 0) throw new ExecFailed(`ip ${args.join(' ')} ended with ${code}: ${stderr.trim()}`);
      return await parseInTurns(stdout, parse);
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

/** A thousand devices are megabytes of text: between two pieces others get their turn. */
async function parseInTurns<T>(json: string, parse: (json: string) => readonly T[]): Promise<readonly T[]> {
  const parsed: T[] = [];
  for (const piece of arrayPieces(json)) {
    if (parsed.length > 0) await new Promise<void>((resolve) => setImmediate(resolve));
    parsed.push(...parse(piece));
  }
  return parsed;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
