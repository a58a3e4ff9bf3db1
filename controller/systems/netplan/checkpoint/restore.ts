import type { Clock } from '../../../../api/machinery/clock.ts';
import { ExecFailed, type Exec } from '../../exec.ts';
import { createKernelReader } from '../read-kernel.ts';
import { restoreKernel, type KeptKernel } from './kept-kernel.ts';

export interface NetworkRestore {
  readonly root: string;
  readonly exec: Exec;
  readonly clock: Clock;
  readonly kept: KeptKernel;
  /** Only these devices are touched. */
  readonly devices: ReadonlySet<string>;
  /** Files that were just brought back. */
  readonly changedFiles: readonly string[];
}

const RELOAD_TIMEOUT_MS = 5_000;

/**
 * Has networkd take over the files that were brought back, and gives the devices what they had, with or without it: a networkd
 * that hangs keeps nobody off the network. Gives in words what did not work.
 */
export async function restoreNetwork({ root, exec, clock, kept, devices, changedFiles }: NetworkRestore): Promise<readonly string[]> {
  const reader = createKernelReader({ root, exec, clock, onSettled: () => undefined });
  try {
    const udev = changedFiles.some((path) => path.endsWith('.link') || path.includes('/udev/')) ? await run(['udevadm', 'control', '--reload'], exec) : [];
    const networkd = changedFiles.some((path) => path.includes('/run/systemd/network/')) ? await run(['networkctl', 'reload'], exec) : [];
    return [...udev, ...networkd, ...(await restoreKernel({ kept, devices, readKernel: reader.read, exec, clock }))];
  } finally {
    reader.stop();
  }
}

async function run(argv: readonly [string, ...string[]], exec: Exec): Promise<readonly string[]> {
  try {
    const { code, stderr } = await exec.run(argv, { timeoutMs: RELOAD_TIMEOUT_MS });
    return code === 0 ? [] : [`${argv.join(' ')} ended with ${code}: ${stderr.trim()}`];
  } catch (error) {
    if (error instanceof ExecFailed) return [error.message];
    throw error;
  }
}
