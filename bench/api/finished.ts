import { execFile } from 'node:child_process';

export interface FinishedOptions {
  readonly env: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
}

/** Runs a program to its end and answers what it printed. Rejects, with the end of its error output, when it fails. */
export function finished(program: string, args: readonly string[], { env, timeoutMs }: FinishedOptions): Promise<{ readonly stdout: string }> {
  return new Promise((resolve, reject) => {
    execFile(program, [...args], { env: { ...env }, timeout: timeoutMs, maxBuffer: 64 * 1024 * 1024 }, (error, stdout, stderr) => {
      if (error === null) resolve({ stdout });
      else reject(new Error(`${program} ${args.join(' ')} failed: ${stderr.slice(-1000)}${stdout.slice(-500)}`, { cause: error }));
    });
  });
}
