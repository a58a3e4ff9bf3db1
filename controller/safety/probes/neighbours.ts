import { createSocket } from 'node:dgram';
import { isIPv6 } from 'node:net';
import type { Clock } from '../../../api/machinery/clock.ts';
import type { Exec } from '../../systems/exec.ts';

/** An entry of the kernel's neighbour table (ip-neighbour(8)). */
export interface Neighbour {
  readonly address: string;
  readonly device: string;
  readonly mac: string;
  /** It has answered since it was last forgotten, and not been given up. */
  readonly isReachable: boolean;
}

/** ip answers in milliseconds, but a host on which everything is slow is to have its change all the same. */
const TIMEOUT_MS = 10_000;
const LOOK_AGAIN_MS = 20;
/** RFC 863: whoever gets it throws it away; it only makes the kernel ask for the neighbour. */
const DISCARD_PORT = 9;
const ANSWERED: ReadonlySet<string> = new Set(['REACHABLE', 'DELAY', 'STALE', 'PROBE', 'PERMANENT']);

/** Reads both families' tables. Throws `ExecFailed` when ip can't be run. */
export async function readNeighbours(exec: Exec): Promise<readonly Neighbour[]> {
  const { code, stdout } = await exec.run(['ip', '-j', 'neigh', 'show'], { timeoutMs: TIMEOUT_MS });
  if (code !== 0 || stdout.trim() === '') return [];
  const parsed: unknown = JSON.parse(stdout);
  return Array.isArray(parsed) ? parsed.flatMap(neighbourOf) : [];
}

/**
 * Forgets what is known of a neighbour, makes the kernel ask for it, and waits for an answer. Undefined where nobody answers in time, or
 * the address is not on a link of ours. Throws `ExecFailed` when ip can't be run.
 */
export async function askNeighbour(address: string, patienceMs: number, { exec, clock }: { readonly exec: Exec; readonly clock: Clock }): Promise<Neighbour | undefined> {
  const device = await deviceTo(address, exec);
  if (device === undefined) return undefined;
  await exec.run(['ip', 'neigh', 'flush', 'to', address, 'dev', device], { timeoutMs: TIMEOUT_MS });
  const giveUpAt = clock.now() + patienceMs;
  await nudge(address);
  while (clock.now() < giveUpAt) {
    const found = (await readNeighbours(exec)).find((neighbour) => neighbour.address === address && neighbour.device === device && neighbour.isReachable);
    if (found) return found;
    await clock.sleep(LOOK_AGAIN_MS);
  }
  return undefined;
}

/** The device over which an address is on the link; undefined where it is behind a gateway or out of reach. */
async function deviceTo(address: string, exec: Exec): Promise<string | undefined> {
  const { code, stdout } = await exec.run(['ip', '-j', 'route', 'get', address], { timeoutMs: TIMEOUT_MS });
  if (code !== 0) return undefined;
  const parsed: unknown = JSON.parse(stdout);
  const route: unknown = Array.isArray(parsed) ? parsed[0] : undefined;
  if (typeof route !== 'object' || route === null || 'gateway' in route || !('dev' in route)) return undefined;
  return typeof route.dev === 'string' ? route.dev : undefined;
}

/** Sends a datagram that nobody reads. Where there is no way, nothing is sent, and nobody will answer. */
function nudge(address: string): Promise<void> {
  return new Promise((resolve) => {
    const socket = createSocket(isIPv6(address) ? 'udp6' : 'udp4');
    // An error of sending comes to the callback, one of the socket as an event.
    socket.once('error', () => resolve());
    socket.send('', DISCARD_PORT, address, () => socket.close(resolve));
  });
}

function neighbourOf(entry: unknown): readonly Neighbour[] {
  if (typeof entry !== 'object' || entry === null || !('dst' in entry) || !('dev' in entry)) return [];
  const { dst, dev } = entry;
  const mac = 'lladdr' in entry && typeof entry.lladdr === 'string' ? entry.lladdr : '';
  const states: readonly unknown[] = 'state' in entry && Array.isArray(entry.state) ? entry.state : [];
  if (typeof dst !== 'string' || typeof dev !== 'string') return [];
  return [{ address: dst, device: dev, mac, isReachable: mac !== '' && states.some((state) => typeof state === 'string' && ANSWERED.has(state)) }];
}
