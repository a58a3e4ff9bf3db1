import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

export interface FollowListener {
  /** A line that the program printed. */
  readonly onLine: (line: string) => void;
  /** The program ended, or could not be started; not called after `stop`. */
  readonly onEnd: (reason: string) => void;
}

/** Starts a program that goes on printing lines; the returned function ends it and may be called twice. An argv, never a shell. */
export type Follow = (argv: readonly [string, ...string[]], listener: FollowListener) => () => void;

/** Child processes of this machine. They end with this process, since their pipe does. */
export const systemFollow: Follow = ([program, ...args], { onLine, onEnd }) => {
  let isStopped = false;
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'ignore'], env: { ...process.env, LC_ALL: 'C' } });
  const end = (reason: string): void => {
    if (isStopped) return;
    isStopped = true;
    onEnd(reason);
  };
  createInterface({ input: child.stdout }).on('line', (line) => {
    if (!isStopped) onLine(line);
  });
  child.once('error', (error) => end(`${program} could not be run: ${error.message}`));
  child.once('exit', (code, signal) => end(`${program} ended with ${signal ?? String(code)}`));
  return () => {
    if (isStopped) return;
    isStopped = true;
    child.kill();
  };
};
