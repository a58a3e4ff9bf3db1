import { spawn, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { systemExec, type ExecOptions, type ExecResult } from '../../controller/systems/exec.ts';

type Argv = readonly [string, ...string[]];

const LAB = fileURLToPath(new URL('lab', import.meta.url));
const FRAME = fileURLToPath(new URL('frame', import.meta.url));
const DEFAULT_TIMEOUT_MS = 60_000;
/** The test runner sets it, and takes down whatever still carries it when a run was cut short. */
const PREFIX = process.env['BRIDGEKEEPER_LAB_PREFIX'] ?? `test-${process.pid}`;

export interface LabOptions {
  /** The MAC address of eth0. */
  readonly uplinkMac?: string;
  /** Gives the host /dev/kvm; without it QEMU emulates. */
  readonly kvm?: boolean;
}

/** A KVM host of its own for a test: `await using lab = await startLab('drift')` takes it down at the end of the block. */
export interface Lab extends AsyncDisposable {
  /** Its name as `lab list` shows it, which is also its host name. */
  readonly name: string;
  /** Runs a command in the host; a code that is not 0 is no error. */
  exec(argv: Argv, options?: Partial<ExecOptions>): Promise<ExecResult>;
  /** Runs a command in the host and gives what it printed; throws with its stderr when its code is not 0. */
  run(argv: Argv, options?: Partial<ExecOptions>): Promise<string>;
  /** Runs a command at the far end of the uplink, where the device trunk0 is. */
  switch(argv: Argv, options?: Partial<ExecOptions>): Promise<ExecResult>;
  /** Starts a command in the host and leaves it running; its signals pass, and it dies with the host. */
  spawn(argv: Argv, options?: { readonly env?: Readonly<Record<string, string>> }): ChildProcess;
  /** Asks from the far end who has an IPv4 address; the MAC address that answered in the same VLAN, or undefined. */
  arping(question: { readonly vlan?: number; readonly address: string; readonly timeoutMs: number }): Promise<string | undefined>;
  /** Takes it down; may be called twice. */
  down(): Promise<void>;
}

/** Starts a host named by the test run and `name`; throws with what `lab up` said. Needs root. */
export async function startLab(name: string, options: LabOptions = {}): Promise<Lab> {
  const fullName = `${PREFIX}-${name}`;
  const mac = options.uplinkMac === undefined ? [] : ['--uplink-mac', options.uplinkMac];
  const kvm = options.kvm === true ? '1' : '0';
  mustSucceed(
    `lab up ${fullName}`,
    await systemExec.run([LAB, 'up', fullName, ...mac], { timeoutMs: DEFAULT_TIMEOUT_MS, env: { LAB_KVM: kvm } }),
  );
  return openLab(fullName);
}

function openLab(name: string): Lab {
  let isDown = false;
  const enter = (where: 'exec' | 'switch', argv: Argv, options: Partial<ExecOptions>): Promise<ExecResult> =>
    systemExec.run([LAB, where, name, '--', ...argv], { timeoutMs: DEFAULT_TIMEOUT_MS, ...options });
  const lab: Lab = {
    name,
    exec: (argv, options = {}) => enter('exec', argv, options),
    run: async (argv, options = {}) => mustSucceed(argv.join(' '), await enter('exec', argv, options)),
    switch: (argv, options = {}) => enter('switch', argv, options),
    spawn: (argv, options = {}) =>
      spawn(LAB, ['exec', name, '--', ...argv], {
        stdio: ['ignore', 'pipe', 'pipe'],
        env: { ...process.env, ...options.env },
      }),
    arping: async ({ vlan, address, timeoutMs }) => {
      const tag = vlan === undefined ? [] : ['--vlan', String(vlan)];
      const argv: Argv = [FRAME, 'arping', ...tag, '--timeout-ms', String(timeoutMs), address];
      return answeredMac(vlan, await enter('switch', argv, {}));
    },
    down: async () => {
      if (isDown) return;
      isDown = true;
      mustSucceed(`lab down ${name}`, await systemExec.run([LAB, 'down', name], { timeoutMs: DEFAULT_TIMEOUT_MS }));
    },
    [Symbol.asyncDispose]: () => lab.down(),
  };
  return lab;
}

function mustSucceed(what: string, { code, stdout, stderr }: ExecResult): string {
  if (code !== 0) throw new Error(`${what} ended with ${code}: ${stderr || stdout}`);
  return stdout;
}

function answeredMac(vlan: number | undefined, result: ExecResult): string | undefined {
  if (result.code === 1 && result.stderr === '') return undefined;
  const frame: unknown = JSON.parse(mustSucceed('frame arping', result));
  if (typeof frame !== 'object' || frame === null || !('mac' in frame) || !('vlan' in frame) || typeof frame.mac !== 'string') {
    throw new Error(`frame arping printed ${result.stdout}`);
  }
  return frame.vlan === (vlan ?? null) ? frame.mac : undefined;
}
