import { randomBytes } from 'node:crypto';
import { onTestFailed, vi } from 'vitest';
import { Machine } from '../lab/machine/machine.ts';

const PREFIX = process.env['BRIDGEKEEPER_LAB_PREFIX'] ?? `test-${process.pid}`;
/** An emulated machine on a busy one takes its time. */
export const PATIENCE_MS = 600_000;
/** Longer than what a command itself waits for. */
const COMMAND_TIMEOUT_MS = PATIENCE_MS + 60_000;
const BRIDGECTL = ['bridgectl', '--kubeconfig', '/var/lib/bridgekeeper/admin.kubeconfig', `--request-timeout=${PATIENCE_MS / 1_000}s`] as const;
const LOG = 'journalctl --no-pager -o short-precise -u bridgekeeper -u systemd-networkd | tail -n 200';

/** The kernel tells things in their order: once the monitor has seen this device come, it has seen all that was before. */
function untilSeen(device: string): string {
  return `until grep -q ${device} /run/seen; do ip link add ${device} type dummy || ip link delete ${device}; sleep 0.1; done 2>/dev/null; ip link delete ${device} 2>/dev/null || true`;
}

/** A virtual machine for a test, with the daemon running in it: `await using host = await startHost()` takes it down. */
export interface Host extends AsyncDisposable {
  readonly machine: Machine;
  /** Runs bridgectl in the machine. */
  bridgectl(...args: readonly string[]): Promise<string>;
  /** Waits until the daemon, which has been started, answers. */
  answers(): Promise<void>;
  /** Has bridgectl apply these manifests. */
  apply(manifests: string): Promise<void>;
  /** Waits until these resources, as `bridge/lunabr`, are Ready. */
  ready(...resources: readonly string[]): Promise<void>;
  /** Begins to listen to what the kernel tells of links, addresses, routes and rules. */
  listen(): Promise<void>;
  /** Ends that; gives what the kernel has told since, empty when nothing. */
  heard(): Promise<string>;
  /** What a shell in the machine prints. */
  sh(script: string): Promise<string>;
}

/**
 * Starts a machine from the snapshot, and the daemon in it. What that has logged is shown when the test fails.
 *
 * @param prepare a shell script that is run in the machine before the daemon starts
 */
export async function startHost(prepare = 'true'): Promise<Host> {
  const host = hostOn(new Machine(`${PREFIX}-${randomBytes(3).toString('hex')}`));
  try {
    await host.machine.up();
    await host.sh(prepare);
    await host.sh('systemctl enable --now --quiet bridgekeeper');
    await host.answers();
    return host;
  } catch (error) {
    await host[Symbol.asyncDispose]();
    throw error;
  }
}

function hostOn(machine: Machine): Host {
  const sh = (script: string): Promise<string> => machine.run(['sh', '-euc', script], { timeoutMs: COMMAND_TIMEOUT_MS });
  const bridgectl = (...args: readonly string[]): Promise<string> =>
    machine.run([...BRIDGECTL, ...args], { timeoutMs: COMMAND_TIMEOUT_MS });
  let log = '';
  onTestFailed(() => console.log(log));
  return {
    machine,
    sh,
    bridgectl,
    answers: () => isSo(async () => (await machine.exec([...BRIDGECTL, 'get', 'host', 'luna'])).code === 0),
    apply: async (manifests) => {
      await machine.run([...BRIDGECTL, 'apply', '-f', '-'], { input: manifests, timeoutMs: COMMAND_TIMEOUT_MS });
    },
    ready: async (...resources) => {
      await bridgectl('wait', ...resources, '--for=condition=Ready', `--timeout=${PATIENCE_MS / 1_000}s`);
    },
    listen: async () => {
      await sh(`: >/run/seen; (ip -o -timestamp monitor address link route rule >>/run/seen 2>&1 & echo $! >/run/monitor); ${untilSeen('mark0')}`);
    },
    heard: () => sh(`${untilSeen('mark1')}; kill $(cat /run/monitor); sed '/mark[01]/d; /^Timestamp/d' /run/seen`),
    [Symbol.asyncDispose]: async () => {
      log = machine.isUp ? (await machine.exec(['sh', '-c', LOG])).stdout : '';
      await machine.down();
    },
  };
}

/** Waits until something is so. */
export async function isSo(look: () => Promise<boolean>): Promise<void> {
  await vi.waitUntil(look, { timeout: PATIENCE_MS, interval: 1_000 });
}
