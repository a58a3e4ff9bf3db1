import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { systemExec } from '../../controller/systems/exec.ts';
import { startLab, type Lab } from '../../test/lab/lab.ts';
import { processorTime, type ProcessorTime } from './processor-time.ts';

/** The checkout whose bin/ is measured; another one to compare two builds. */
const ROOT = process.env['BENCH_ROOT'] ?? path.resolve(import.meta.dirname, '../..');
/** A folder for a CPU profile of the daemon. */
const PROFILE = process.env['BENCH_PROFILE'];
/** A file for what the daemon logs. */
const LOG = process.env['BENCH_LOG'];
const DATA = '/var/lib/bridgekeeper';
/** A group of network devices that nothing else uses. */
const DOOMED = '7';
const COMMAND_TIMEOUT_MS = 180_000;

/** A lab host with the daemon on it; `await using` takes both away. */
export class BenchHost implements AsyncDisposable {
  readonly lab: Lab;
  readonly #root: string;
  readonly #scratch: string;
  #daemon: ChildProcess | undefined;
  #log = '';

  private constructor(lab: Lab, root: string, scratch: string) {
    this.lab = lab;
    this.#root = root;
    this.#scratch = scratch;
  }

  static async start(name: string): Promise<BenchHost> {
    const lab = await startLab(name);
    const host = new BenchHost(lab, `/proc/${await pidOf(lab)}/root`, await mkdtemp(path.join(tmpdir(), 'bridgekeeper-bench-')));
    for (const signal of ['SIGINT', 'SIGTERM'] as const) {
      process.once(signal, () => void host[Symbol.asyncDispose]().finally(() => process.exit(1)));
    }
    return host;
  }

  /** The socket of ovsdb-server, as it is seen from outside. */
  get ovsdbSocket(): string {
    return `${this.#root}/run/openvswitch/db.sock`;
  }

  /** What the programs of the host have used of the processors so far. */
  processorTime(): Promise<ProcessorTime> {
    return processorTime(this.#root);
  }

  /** Starts the daemon and waits until it serves. */
  async startDaemon(): Promise<void> {
    const argv = [`${ROOT}/bin/bridgekeeper`, 'serve', '--data-dir', DATA, '--listen', '127.0.0.1:6443', '--host-name', 'luna'] as const;
    const options = PROFILE === undefined ? '' : `--cpu-prof --cpu-prof-dir=${PROFILE}`;
    const daemon = this.lab.spawn(argv, { env: { NODE_OPTIONS: options, NODE_ENV: 'production' } });
    for (const stream of [daemon.stdout, daemon.stderr]) stream?.on('data', (chunk: Buffer) => (this.#log += chunk.toString()));
    this.#daemon = daemon;
    while ((await this.lab.exec([`${ROOT}/bin/bridgectl`, '--kubeconfig', `${DATA}/admin.kubeconfig`, 'version'])).code !== 0) {
      if (daemon.exitCode !== null) throw new Error(`the daemon ended with ${daemon.exitCode}:\n${this.#log}`);
    }
  }

  /** Sends the daemon a signal: STOP and CONT keep it out of the way of a peer. */
  async signalDaemon(signal: 'STOP' | 'CONT' | 'TERM'): Promise<void> {
    await this.lab.run(['pkill', `-${signal}`, '-f', 'dist/bridgekeeper.mjs serve']);
  }

  /** Resident memory of the daemon, in MiB. */
  async daemonMemoryMiB(): Promise<number> {
    const pid = (await this.lab.run(['pgrep', '-f', 'dist/bridgekeeper.mjs serve'])).trim().split('\n')[0] ?? '';
    const status = await readFile(`${this.#root}/proc/${pid}/status`, 'utf8');
    return Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1]) / 1024;
  }

  bridgectl(...args: readonly string[]): Promise<string> {
    return this.lab.run([`${ROOT}/bin/bridgectl`, '--kubeconfig', `${DATA}/admin.kubeconfig`, ...args], { timeoutMs: COMMAND_TIMEOUT_MS });
  }

  /** Writes a file of the host. */
  async write(file: string, content: string | Buffer): Promise<void> {
    await writeFile(path.join(this.#root, file), content);
  }

  /** A file that both sides can read; it goes with the host. */
  async file(name: string, text: string): Promise<string> {
    const file = path.join(this.#scratch, name);
    await writeFile(file, text);
    return file;
  }

  /** Waits until all resources of these kinds are Ready. */
  async allReady(kinds = 'bridge,vlanport'): Promise<void> {
    await this.bridgectl('wait', '--for=condition=Ready', '--all', kinds, '--timeout=170s');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#daemon !== undefined) {
      const ended = once(this.#daemon, 'exit');
      await this.signalDaemon('TERM');
      await ended;
    }
    if (LOG !== undefined) await writeFile(LOG, this.#log);
    await this.#removeDevices();
    await this.#endNetworkd();
    await this.lab.down();
    await rm(this.#scratch, { recursive: true, force: true });
  }

  /** It has a packet socket for each device, and the kernel takes 10 ms to close one: longer than `lab down` would wait. */
  async #endNetworkd(): Promise<void> {
    await this.lab.exec(['pkill', '-KILL', '-x', 'systemd-network']);
    const giveUpAt = performance.now() + COMMAND_TIMEOUT_MS;
    while (performance.now() < giveUpAt && (await this.lab.exec(['pgrep', '-x', 'systemd-network'])).code === 0) await sleep(200);
  }

  /** In one go: thousands of devices whose process dies are taken down one by one, which takes minutes. */
  async #removeDevices(): Promise<void> {
    const listed = await this.lab.run(['ip', '-o', 'link', 'show']);
    const ports = [...listed.matchAll(/^\d+: (vp\d+):/gm)].map(([, name]) => `link set ${name ?? ''} group ${DOOMED}\n`);
    if (ports.length === 0) return;
    await this.lab.run(['pkill', '-STOP', 'ovs-vswitchd']);
    await this.lab.run(['ip', '-batch', '-'], { input: ports.join(''), timeoutMs: COMMAND_TIMEOUT_MS });
    await this.lab.run(['ip', 'link', 'delete', 'group', DOOMED], { timeoutMs: COMMAND_TIMEOUT_MS });
  }
}

async function pidOf(lab: Lab): Promise<string> {
  const program = path.resolve(import.meta.dirname, '../../test/lab/lab');
  const { stdout } = await systemExec.run([program, 'list'], { timeoutMs: COMMAND_TIMEOUT_MS });
  const pid = new RegExp(String.raw`^${lab.name}\s+up\s+pid (\d+)`, 'm').exec(stdout)?.[1];
  if (pid === undefined) throw new Error(`lab list does not show ${lab.name}: ${stdout}`);
  return pid;
}
