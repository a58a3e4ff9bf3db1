import type { Clock } from '../../api/machinery/clock.ts';
import type { Exec } from '../systems/exec.ts';
import type { KernelState } from '../systems/netplan/observed.ts';
import { readConnections } from './sockets.ts';
import { readSshPorts } from './ssh-ports.ts';
import type { WayIn } from './way-in.ts';
import { waysInOf } from './ways-in.ts';

export interface WaysInReaderOptions {
  readonly exec: Exec;
  readonly clock: Clock;
  readonly listen: { readonly host: string; readonly port: number } | undefined;
}

/** Reads by which ways this host is reached now; the kernel's state is the caller's. */
export type ReadWaysIn = (kernel: KernelState) => Promise<readonly WayIn[]>;

/** Where sshd listens changes seldom, and asking it takes longer than all the rest. */
const SSH_PORTS_LAST_MS = 60_000;

export function waysInReader({ exec, clock, listen }: WaysInReaderOptions): ReadWaysIn {
  let sshPorts: Promise<ReadonlySet<number>> | undefined;
  let knownUntil = 0;
  return async (kernel) => {
    const now = clock.now();
    if (now >= knownUntil) {
      knownUntil = now + SSH_PORTS_LAST_MS;
      sshPorts = readSshPorts(exec);
    }
    const [connections, ports] = await Promise.all([readConnections(), sshPorts ?? readSshPorts(exec)]);
    return waysInOf({ kernel, connections, sshPorts: ports, listen });
  };
}
