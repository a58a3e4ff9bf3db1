import { execFile } from 'node:child_process';

export interface ExecOptions {
  /** The process is killed after this time. */
  readonly timeoutMs: number;
  readonly env?: Readonly<Record<string, string>>;
  readonly input?: string;
}

export interface ExecResult {
  /** The exit code; 128 + signal number when a signal ended it, as a shell says it. */
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** The only way to child processes: an argv, never a shell. Throws `ExecFailed` when the program can't be started or hangs. */
export interface Exec {
  run(argv: readonly [string, ...string[]], options: ExecOptions): Promise<ExecResult>;
}

export class ExecFailed extends Error {
  override readonly name = 'ExecFailed';
}

const SIGNAL_NUMBERS: Readonly<Record<string, number>> = { SIGHUP: 1, SIGINT: 2, SIGABRT: 6, SIGKILL: 9, SIGSEGV: 11, SIGTERM: 15 };
const MAX_OUTPUT_BYTES = 16 * 1024 * 1024;

/** Child processes of this machine. */
export const systemExec: Exec = {
  run([program, ...args], { timeoutMs, env, input }) {
    return new Promise((resolve, reject) => {
      const child = execFile(
        program,
        args,
        {
          timeout: timeoutMs,
          killSignal: 'SIGKILL',
          maxBuffer: MAX_OUTPUT_BYTES,
          env: { ...process.env, LC_ALL: 'C', ...env },
        },
        (error, stdout, stderr) => {
          if (!error) return resolve({ code: 0, stdout, stderr });
          if (error.killed) {
            return reject(new ExecFailed(`${program} did not end within ${timeoutMs} ms`, { cause: error }));
          }
          if (typeof error.code === 'number') return resolve({ code: error.code, stdout, stderr });
          if (error.signal) return resolve({ code: 128 + (SIGNAL_NUMBERS[error.signal] ?? 0), stdout, stderr });
          reject(new ExecFailed(`${program} could not be run: ${error.message}`, { cause: error }));
        },
      );
      if (input !== undefined) child.stdin?.end(input);
    });
  },
};
