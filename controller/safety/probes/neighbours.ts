import type { Exec } from '../../systems/exec.ts';

/** An entry of the kernel's neighbour table (ip-neighbour(8)). */
export interface Neighbour {
  readonly address: string;
  readonly device: string;
  readonly mac: string;
  /** It has answered since it was last forgotten, and not been given up. */
  readonly isReachable: boolean;
}

const TIMEOUT_MS = 2_000;
const ANSWERED: ReadonlySet<string> = new Set(['REACHABLE', 'DELAY', 'STALE', 'PROBE', 'PERMANENT']);

/** Reads both families' tables. Throws `ExecFailed` when ip can't be run. */
export async function readNeighbours(exec: Exec): Promise<readonly Neighbour[]> {
  const { code, stdout } = await exec.run(['ip', '-j', 'neigh', 'show'], { timeoutMs: TIMEOUT_MS });
  if (code !== 0 || stdout.trim() === '') return [];
  const parsed: unknown = JSON.parse(stdout);
  return Array.isArray(parsed) ? parsed.flatMap(neighbourOf) : [];
}

function neighbourOf(entry: unknown): readonly Neighbour[] {
  if (typeof entry !== 'object' || entry === null || !('dst' in entry) || !('dev' in entry)) return [];
  const { dst, dev } = entry;
  const mac = 'lladdr' in entry && typeof entry.lladdr === 'string' ? entry.lladdr : '';
  const states: readonly unknown[] = 'state' in entry && Array.isArray(entry.state) ? entry.state : [];
  if (typeof dst !== 'string' || typeof dev !== 'string') return [];
  return [{ address: dst, device: dev, mac, isReachable: mac !== '' && states.some((state) => typeof state === 'string' && ANSWERED.has(state)) }];
}
