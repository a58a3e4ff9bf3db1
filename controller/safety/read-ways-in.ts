import type { Clock } from '../../api/machinery/clock.ts';
import type { Exec } from '../systems/exec.ts';
import type { KernelState } from '../systems/netplan/observed.ts';
import { Refreshed } from './refreshed.ts';
import { readConnections } from './sockets.ts';
import { readSshPorts } from './ssh-ports.ts';
import type { WayIn } from './way-in.ts';
import { waysInOf } from './ways-in.ts';

export interface WaysInReaderOptions {
  readonly exec: Exec;
  readonly clock: Clock;
  readonly listen: { readonly host: string; readonly port: number } | undefined;
}

/**
 * Reads by which ways this host is reached now, or was a second ago; `lately`: when it was read last, be it long ago. The kernel's
 * state is the caller's.
 */
export type ReadWaysIn = (kernel: KernelState, when?: 'now' | 'lately') => Promise<readonly WayIn[]>;

/** A correction that comes every second or oftener waits for neither. */
const CONNECTIONS = { refreshAfterMs: 500, useForMs: 1_000 };
/** Where sshd listens changes seldom, and asking it takes longer than all the rest. */
const SSH_PORTS = { refreshAfterMs: 30_000, useForMs: 60_000 };
/** For what is only brought back, and has no address. */
const LATELY = { refreshAfterMs: 10_000, useForMs: Infinity };

export function waysInReader({ exec, clock, listen }: WaysInReaderOptions): ReadWaysIn {
  const connections = new Refreshed({ ...CONNECTIONS, clock, read: readConnections });
  const sshPorts = new Refreshed({ ...SSH_PORTS, clock, read: () => readSshPorts(exec) });
  let last: { readonly from: Parameters<typeof waysInOf>[0]; readonly ways: readonly WayIn[] } | undefined;

  return async (kernel, when = 'now') => {
    const use = when === 'lately' ? LATELY : undefined;
    const [established, ports] = await Promise.all([connections.get(use), sshPorts.get(use)]);
    const from = { kernel, connections: established, sshPorts: ports, listen };
    if (last?.from.kernel !== from.kernel || last.from.connections !== from.connections || last.from.sshPorts !== from.sshPorts) last = { from, ways: waysInOf(from) };
    return last.ways;
  };
}
