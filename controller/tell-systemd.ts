import type { Exec } from './systems/exec.ts';

const TIMEOUT_MS = 30_000;

/**
 * Tells systemd that the daemon is ready and what it does, where it was started by it and is waited for (sd_notify(3)). By
 * systemd-notify(1), since Node.js opens no datagram socket of the file system. Throws where systemd could not be told.
 *
 * @param socket `$NOTIFY_SOCKET`; undefined where nobody waits
 */
export async function tellReady(exec: Exec, socket: string | undefined, status: string): Promise<void> {
  if (socket === undefined || socket === '') return;
  const { code, stderr } = await exec.run(['systemd-notify', '--ready', `--status=${status}`], { timeoutMs: TIMEOUT_MS });
  if (code !== 0) throw new Error(`systemd-notify ended with ${code}: ${stderr.trim()}`);
}
