import { spawn } from 'node:child_process';
import { existsSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

const END_TIMEOUT_MS = 20_000;

/** Starts a program that outlives this one, and notes in `pidFile` which it is. What it prints goes to `log`. */
export function startInBackground(argv: readonly [string, ...string[]], { pidFile, log }: { pidFile: string; log: string }): void {
  const output = openSync(log, 'a');
  const [program, ...args] = argv;
  const child = spawn(program, args, { detached: true, stdio: ['ignore', output, output] });
  if (child.pid === undefined) throw new Error(`${program} could not be started`);
  writeFileSync(pidFile, identityOf(child.pid) ?? '');
  child.unref();
}

/** True while the program noted in `pidFile` runs; another one that got its number since is not it. */
export function runs(pidFile: string): boolean {
  const noted = existsSync(pidFile) ? readFileSync(pidFile, 'utf8') : '';
  return noted !== '' && identityOf(Number(noted.split(' ')[0])) === noted;
}

/** Kills the program noted in `pidFile`, if it runs, and waits until it is gone. */
export async function end(pidFile: string): Promise<void> {
  const deadline = Date.now() + END_TIMEOUT_MS;
  for (let isFirst = true; runs(pidFile); isFirst = false) {
    if (isFirst) process.kill(Number(readFileSync(pidFile, 'utf8').split(' ')[0]), 'SIGKILL');
    if (Date.now() > deadline) throw new Error(`the process of ${pidFile} does not end though it was killed`);
    await sleep(20);
  }
}

/** "PID STARTTIME" (proc(5), /proc/pid/stat, fields 1 and 22); undefined when there is no such process or it is a zombie. */
function identityOf(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' ? undefined : `${pid} ${fields[19]}`;
  } catch (error) {
    if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ESRCH')) return undefined;
    throw error;
  }
}
