import { readdir, readFile } from 'node:fs/promises';

/** Child processes that change the host carry it in their environment, so that they can be found when their parent is gone. */
export const MARK_VARIABLE = 'BRIDGEKEEPER_CHANGE';

/** A process, told from a later one of the same number by when it began (proc_pid_stat(5), field 22). */
export interface ProcessIdentity {
  readonly pid: number;
  readonly startTime: string;
}

export async function identityOf(pid: number): Promise<ProcessIdentity | undefined> {
  const stat = await readOf(pid, 'stat');
  const fields = stat?.slice(stat.lastIndexOf(')') + 2).split(' ');
  const [state, startTime] = [fields?.[0], fields?.[19]];
  return startTime === undefined || state === 'Z' ? undefined : { pid, startTime };
}

export async function isAlive({ pid, startTime }: ProcessIdentity): Promise<boolean> {
  return (await identityOf(pid))?.startTime === startTime;
}

/** Ends one process at once, if it still is that one. */
export async function end(identity: ProcessIdentity): Promise<void> {
  if (await isAlive(identity)) kill(identity.pid);
}

/** Ends every process that carries the mark: a netplan or networkctl that hangs, also one whose parent died. */
export async function endMarked(mark: string): Promise<void> {
  const wanted = `${MARK_VARIABLE}=${mark}`;
  for (const name of await readdir('/proc')) {
    const pid = Number(name);
    if (!Number.isInteger(pid) || pid === process.pid) continue;
    const environment = await readOf(pid, 'environ');
    if (environment?.split('\0').includes(wanted)) kill(pid);
  }
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
  }
}

/** Undefined where the process is gone, or is none that we may look into. */
async function readOf(pid: number, file: string): Promise<string | undefined> {
  try {
    return await readFile(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return undefined;
  }
}
