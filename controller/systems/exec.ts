import { execFile, spawn } from 'node:child_process';
import { open } from 'node:fs/promises';

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
  override readonly name: 'ExecFailed' | 'ExecTimedOut' = 'ExecFailed';
}

/** The program is there, and was killed since it did not end in time. */
export class ExecTimedOut extends ExecFailed {
  override readonly name = 'ExecTimedOut';
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
          // When its time is over execFile throws away what it has not read, and calls that a success where the program has just ended.
          const isWhole = child.stdout?.readableEnded === true;
          if (!error && isWhole) return resolve({ code: 0, stdout, stderr });
          if (!error || error.killed) {
            return reject(new ExecTimedOut(`${program} did not end within ${timeoutMs} ms`, { cause: error }));
          }
          if (typeof error.code === 'number') return resolve({ code: error.code, stdout, stderr });
          if (error.signal) return resolve({ code: 128 + (SIGNAL_NUMBERS[error.signal] ?? 0), stdout, stderr });
          reject(new ExecFailed(`${program} could not be run: ${error.message}`, { cause: error }));
        },
      );
      // A program may end before it has read its input: its code tells what that means.
      child.stdin?.on('error', () => undefined);
      if (input !== undefined) child.stdin?.end(input);
    });
  },
};

/** Starts a program that outlives this process: in a session of its own, its output appended to a file. An argv, never a shell. */
export type Launch = (argv: readonly [string, ...string[]], logFile: string) => Promise<void>;

/** Programs of this machine. Throws `ExecFailed` when the program can't be started. */
export const systemLaunch: Launch = async ([program, ...args], logFile) => {
  const log = await open(logFile, 'a', 0o600);
  try {
    await new Promise<void>((resolve, reject) => {
      const child = spawn(program, args, { detached: true, cwd: '/', stdio: ['ignore', log.fd, log.fd] });
      child.once('spawn', resolve);
      child.once('error', (error) => reject(new ExecFailed(`${program} could not be started: ${error.message}`, { cause: error })));
      child.unref();
    });
  } finally {
    await log.close();
  }
};
