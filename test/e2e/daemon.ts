import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { eventually } from '../fixtures/eventually.ts';
import type { Lab } from '../lab/lab.ts';

export const ROOT = path.resolve(import.meta.dirname, '../..');
/** The checkout whose programs are run; another one to look at a build of its own. */
const BUILD = process.env['BRIDGEKEEPER_BUILD'] ?? ROOT;
const DATA = '/var/lib/bridgekeeper';
/** bridgectl as an administrator of the host calls it. */
export const CLIENT = [`${BUILD}/bin/bridgectl`, '--kubeconfig', `${DATA}/admin.kubeconfig`] as const;
const LISTEN = '127.0.0.1:6443';
const READY_MS = 60_000;

/** The daemon on a lab host, and bridgectl beside it, as a person has them. */
export class Daemon {
  readonly #lab: Lab;
  #process: ChildProcess;
  #log = '';

  private constructor(lab: Lab) {
    this.#lab = lab;
    this.#process = this.#spawn();
  }

  /** Starts it and waits until it serves. */
  static async start(lab: Lab): Promise<Daemon> {
    const daemon = new Daemon(lab);
    await daemon.#serves();
    return daemon;
  }

  /** What it has logged so far. */
  get log(): string {
    return this.#log;
  }

  /** Kills it with -9, in the middle of whatever it does. */
  async kill(): Promise<void> {
    const ended = once(this.#process, 'exit');
    await this.#lab.exec(['pkill', '-9', '-f', 'bridgekeeper.mjs serve']);
    await ended;
  }

  /** Asks it to stop, and waits for it. */
  async stop(): Promise<void> {
    const ended = once(this.#process, 'exit');
    await this.#lab.exec(['pkill', '-TERM', '-f', 'bridgekeeper.mjs serve']);
    await ended;
  }

  async restart(): Promise<void> {
    this.#process = this.#spawn();
    await this.#serves();
  }

  /** Runs bridgectl on the host; throws with what it said when its code is not 0. */
  bridgectl(...args: string[]): Promise<string> {
    return this.#lab.run([...CLIENT, ...args], { timeoutMs: 120_000 });
  }

  /** The same, whatever its code is. */
  try(args: readonly string[], input?: string): Promise<{ code: number; stdout: string; stderr: string }> {
    return this.#lab.exec([...CLIENT, ...args], { ...(input === undefined ? {} : { input }) });
  }

  apply(manifest: string): Promise<{ code: number; stdout: string; stderr: string }> {
    return this.try(['apply', '-f', '-'], manifest);
  }

  async get(...args: string[]): Promise<Record<string, unknown>> {
    return parseObject(await this.bridgectl('get', ...args, '-o', 'json'));
  }

  async items(kind: string): Promise<readonly Record<string, unknown>[]> {
    const { items } = await this.get(kind);
    return Array.isArray(items) ? items.map((item: unknown) => objectOf(item)) : [];
  }

  #spawn(): ChildProcess {
    const child = this.#lab.spawn([`${BUILD}/bin/bridgekeeper`, 'serve', '--data-dir', DATA, '--listen', LISTEN, '--host-name', 'luna']);
    for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk: Buffer) => (this.#log += chunk.toString()));
    return child;
  }

  async #serves(): Promise<void> {
    await eventually(async () => {
      if (this.#process.exitCode !== null) throw new Error(`the daemon ended with ${this.#process.exitCode}:\n${this.#log}`);
      return (await this.try(['version'])).code === 0;
    }, READY_MS);
  }
}

export function parseObject(text: string): Record<string, unknown> {
  return objectOf(JSON.parse(text));
}

export function objectOf(value: unknown): Record<string, unknown> {
  if (typeof value !== 'object' || value === null) throw new Error(`no object: ${JSON.stringify(value)}`);
  return Object.fromEntries(Object.entries(value));
}

/** The value at `path` (`status.conditions.0.type`), undefined where there is none. */
export function at(value: unknown, path: string): unknown {
  return path.split('.').reduce<unknown>((found, key) => (typeof found === 'object' && found !== null ? Reflect.get(found, key) : undefined), value);
}
