import { readFile } from 'node:fs/promises';
import type { Exec } from '../systems/exec.ts';
import { ExecFailed } from '../systems/exec.ts';

const DEFAULT_PORT = 22;
const TIMEOUT_MS = 2_000;

/** The ports on which sshd takes logins: 22, and those that its configuration names (sshd_config(5), `Port`). */
export async function readSshPorts(exec: Exec): Promise<ReadonlySet<number>> {
  const configured = (await effectiveConfiguration(exec)) ?? (await readConfiguration());
  return new Set([DEFAULT_PORT, ...portsOf(configured)]);
}

/** `sshd -T` follows includes and defaults; a host without sshd, or one whose configuration is broken, gives none. */
async function effectiveConfiguration(exec: Exec): Promise<string | undefined> {
  try {
    const { code, stdout } = await exec.run(['sshd', '-T'], { timeoutMs: TIMEOUT_MS });
    return code === 0 ? stdout : undefined;
  } catch (error) {
    if (error instanceof ExecFailed) return undefined;
    throw error;
  }
}

async function readConfiguration(): Promise<string> {
  try {
    return await readFile('/etc/ssh/sshd_config', 'utf8');
  } catch {
    // No sshd here: then nobody comes in by it.
    return '';
  }
}

function portsOf(configuration: string): readonly number[] {
  return [...configuration.matchAll(/^\s*port\s+(\d+)/gim)].map(([, port]) => Number(port));
}
