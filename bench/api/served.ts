import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parse } from 'yaml';

const PROGRAM = path.join(import.meta.dirname, '..', '..', 'bin', 'bridgekeeper');
const START_DEADLINE_MS = 20_000;
const STOP_DEADLINE_MS = 10_000;
const PROBE_MS = 20;
/** Ticks of /proc/PID/stat: USER_HZ, the same on every Linux that Node.js runs on. */
const TICKS_PER_SECOND = 100;

/** The built daemon as an API server on a directory of its own. */
export class Served {
  readonly url: string;
  readonly token: string;
  readonly kubeconfig: string;
  readonly directory: string;
  readonly #child: ChildProcess;
  readonly #pid: number;

  private constructor(child: ChildProcess, pid: number, directory: string, kubeconfig: string) {
    this.#child = child;
    this.#pid = pid;
    this.directory = directory;
    this.kubeconfig = kubeconfig;
    const { url, token } = credentialsIn(readFileSync(kubeconfig, 'utf8'));
    this.url = url;
    this.token = token;
  }

  /** Resolves when requests are answered. Whatever happens, nothing stays when this process ends. */
  static async start(): Promise<Served> {
    const directory = mkdtempSync(path.join(tmpdir(), 'bench-api-'));
    process.once('exit', () => rmSync(directory, { recursive: true, force: true }));
    const child = spawn(PROGRAM, ['serve', '--api-only', '--data-dir', path.join(directory, 'data'), '--listen', '127.0.0.1:0'], {
      // Where a service manager would take the log; a pipe would be read by this process, at the cost of the two cores.
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    process.once('exit', () => child.kill('SIGKILL'));
    if (child.pid === undefined) throw new Error(`${PROGRAM} can't be started`);
    const kubeconfig = path.join(directory, 'data', 'admin.kubeconfig');
    await readable(kubeconfig, child);
    return new Served(child, child.pid, directory, kubeconfig);
  }

  /** Processor time used so far, in milliseconds, both of the program and of the system for it. */
  cpuMs(): number {
    // The name of the program stands in brackets and may hold spaces.
    const fields = readFileSync(`/proc/${this.#pid}/stat`, 'utf8').replace(/^.*\) /, '').split(' ');
    return ((Number(fields[11]) + Number(fields[12])) * 1000) / TICKS_PER_SECOND;
  }

  /** Resident memory in bytes, now and at its highest. */
  memory(): { readonly now: number; readonly highest: number } {
    const status = readFileSync(`/proc/${this.#pid}/status`, 'utf8');
    const bytes = (field: string): number => Number(new RegExp(`^${field}:\\s+(\\d+) kB`, 'm').exec(status)?.[1]) * 1024;
    return { now: bytes('VmRSS'), highest: bytes('VmHWM') };
  }

  /** Ends the server and removes its directory. */
  async stop(): Promise<void> {
    const ended = once(this.#child, 'exit');
    this.#child.kill('SIGTERM');
    await Promise.race([ended, sleep(STOP_DEADLINE_MS, undefined, { ref: false })]);
    this.#child.kill('SIGKILL');
    rmSync(this.directory, { recursive: true, force: true });
  }
}

/** The server writes its kubeconfig when it listens. */
async function readable(file: string, child: ChildProcess): Promise<void> {
  const deadline = performance.now() + START_DEADLINE_MS;
  for (;;) {
    if (child.exitCode !== null) throw new Error(`bridgekeeper ended with ${child.exitCode} at its start`);
    try {
      if (readFileSync(file, 'utf8').includes('token:')) return;
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
    }
    if (performance.now() > deadline) throw new Error(`bridgekeeper did not serve within ${START_DEADLINE_MS} ms`);
    await sleep(PROBE_MS);
  }
}

function credentialsIn(kubeconfig: string): { readonly url: string; readonly token: string } {
  const { clusters, users } = parse(kubeconfig) as { clusters: { cluster: { server: string } }[]; users: { user: { token: string } }[] };
  const url = clusters[0]?.cluster.server;
  const token = users[0]?.user.token;
  if (url === undefined || token === undefined) throw new Error('the kubeconfig names no server or no token');
  return { url, token };
}
