import { isIP } from 'node:net';
import { ExecFailed, type Exec } from '../../systems/exec.ts';
import type { KeptKernel } from '../../systems/netplan/checkpoint/kept-kernel.ts';

const TIMEOUT_MS = 3_000;
const TIMES = '3';

/**
 * Tells the neighbours where these devices' addresses are now: three gratuitous ARPs each. Without, they send to the MAC that had
 * them, for half a minute. A host without arping has to wait that long.
 */
export async function announce({ links }: KeptKernel, devices: ReadonlySet<string>, exec: Exec): Promise<void> {
  const announcements = links
    .filter(({ name, up }) => up && devices.has(name))
    .flatMap(({ name, addresses }) => addresses.filter(({ address, scope }) => isIP(address) === 4 && scope === 'global').map(({ address }) => [name, address] as const));
  await Promise.all(
    announcements.map(async ([device, address]) => {
      try {
        await exec.run(['arping', '-U', '-c', TIMES, '-I', device, address], { timeoutMs: TIMEOUT_MS });
      } catch (error) {
        if (!(error instanceof ExecFailed)) throw error;
      }
    }),
  );
}
