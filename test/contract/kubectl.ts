import { execFile, spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { programPath } from './program.ts';

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

export function kubectlPath(): string {
  return programPath('kubectl');
}
