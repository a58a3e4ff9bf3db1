import { randomBytes } from 'node:crypto';
import { vi } from 'vitest';
import { Machine } from '../lab/machine/machine.ts';

const PREFIX = process.env['BRIDGEKEEPER_LAB_PREFIX'] ?? `test-${process.pid}`;
const KUBECONFIG = '/var/lib/bridgekeeper/admin.kubeconfig';
/** An emulated machine on a busy one takes its time. */
const PATIENCE_MS = 300_000;

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
  /** What a shell in the machine prints. */
  sh(script: string): Promise<string>;
}

/** Starts a machine from the snapshot, and the daemon in it. */
export async function startHost(prepare = 'true'): Promise<Host> {
  const machine = new Machine(`${PREFIX}-${randomBytes(3).toString('hex')}`);
  await machine.up();
  const sh = (script: string): Promise<string> => machine.run(['sh', '-euc', script], { timeoutMs: PATIENCE_MS });
  const bridgectl = (...args: readonly string[]): Promise<string> =>
    machine.run(['bridgectl', '--kubeconfig', KUBECONFIG, ...args], { timeoutMs: PATIENCE_MS });
  await sh(prepare);
  const answers = (): Promise<void> =>
    isSo(async () => (await machine.exec(['bridgectl', '--kubeconfig', KUBECONFIG, 'get', 'host', 'luna'])).code === 0);
  await sh('systemctl enable --now --quiet bridgekeeper');
  await answers();
  return {
    machine,
    sh,
    bridgectl,
    answers,
    apply: async (manifests) => {
      await machine.run(['bridgectl', '--kubeconfig', KUBECONFIG, 'apply', '-f', '-'], { input: manifests, timeoutMs: PATIENCE_MS });
    },
    ready: async (...resources) => {
      for (const resource of resources) await bridgectl('wait', resource, '--for=condition=Ready', `--timeout=${PATIENCE_MS / 1_000}s`);
    },
    [Symbol.asyncDispose]: () => machine.down(),
  };
}

/** Waits until something is so. */
export async function isSo(look: () => Promise<boolean>): Promise<void> {
  await vi.waitUntil(look, { timeout: PATIENCE_MS, interval: 1_000 });
}
