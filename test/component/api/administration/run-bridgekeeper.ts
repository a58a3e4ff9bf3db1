import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { eventually } from '../../../fixtures/eventually.ts';

/** What is tested: the sources, or a bundle, which starts faster. */
const MAIN = process.env['BRIDGEKEEPER_MAIN'] ?? join(import.meta.dirname, '../../../../controller/main.ts');
const START_MS = 30_000;

export interface RunningDaemon {
  readonly url: string;
  readonly kubeconfig: string;
  /** What it has logged so far. */
  log(): string;
  stop(signal?: 'SIGTERM' | 'SIGKILL'): Promise<void>;
}

export interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** `bridgekeeper serve --api-only` as a process of its own; answers once it serves. Port 0 draws one. */
export async function startDaemon(dataDirectory: string, port = 0): Promise<RunningDaemon> {
  const child = spawn(process.execPath, [MAIN, 'serve', '--api-only', '--data-dir', dataDirectory, '--listen', `127.0.0.1:${port}`, '--host-name', 'luna']);
  let log = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (log += chunk.toString()));
  const ended = once(child, 'exit');
  const url = await eventually(() => {
    if (child.exitCode !== null) throw new Error(`the daemon ended with ${child.exitCode}: ${log}`);
    return /"url":"([^"]+)".*"serving the API"/.exec(log)?.[1];
  }, START_MS);
  return {
    url,
    kubeconfig: join(dataDirectory, 'admin.kubeconfig'),
    log: () => log,
    async stop(signal = 'SIGTERM') {
      child.kill(signal);
      await ended;
    },
  };
}

/** Runs `bridgekeeper …` to its end. */
export function bridgekeeper(...args: readonly string[]): Promise<Ended> {
  return new Promise((resolve) => {
    const child = execFile(process.execPath, [MAIN, ...args], (_error, stdout, stderr) => resolve({ code: child.exitCode ?? -1, stdout, stderr }));
  });
}

export function portOf({ url }: RunningDaemon): number {
  return Number(new URL(url).port);
}

export function read(path: string): string {
  return readFileSync(path, 'utf8');
}
