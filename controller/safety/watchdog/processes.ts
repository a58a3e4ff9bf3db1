import { readdir, readFile } from 'node:fs/promises';
import type { Clock } from '../../../api/machinery/clock.ts';
import type { ProcessIdentity } from '../checkpoint/checkpoint.ts';

/** Child processes that change the host carry it in their environment, so that they can be found when their parent is gone. */
export const MARK_VARIABLE = 'BRIDGEKEEPER_CHANGE';

/** A process that does not die of SIGKILL by then waits for a disk or a driver, and does nothing else. */
const DEATH_PATIENCE_MS = 5_000;
const LOOK_AGAIN_MS = 5;

export async function identityOf(pid: number): Promise<ProcessIdentity | undefined> {
  const stat = await readOf(pid, 'stat');
  const fields = stat?.slice(stat.lastIndexOf(')') + 2).split(' ');
  const [state, startTime] = [fields?.[0], fields?.[19]];
  return startTime === undefined || state === 'Z' ? undefined : { pid, startTime };
}

/** Which process this is. */
export async function ownIdentity(): Promise<ProcessIdentity> {
  return (await identityOf(process.pid)) ?? { pid: process.pid, startTime: '' };
}

export async function isAlive({ pid, startTime }: ProcessIdentity): Promise<boolean> {
  return (await identityOf(pid))?.startTime === startTime;
}

/** Ends one process, if it still is that one, and waits until it is gone: until then it may go on with what it was at. */
export async function end(identity: ProcessIdentity, clock: Clock): Promise<void> {
  if (!(await isAlive(identity))) return;
  kill(identity.pid);
  await gone([identity], clock);
}

/** Ends every process that carries the mark: a netplan or networkctl that hangs, also one whose parent died. Waits until all are gone. */
export async function endMarked(mark: string, clock: Clock): Promise<void> {
  const wanted = `${MARK_VARIABLE}=${mark}`;
  const ended: ProcessIdentity[] = [];
  for (const name of await readdir('/proc')) {
    const pid = Number(name);
    if (!Number.isInteger(pid) || pid === process.pid) continue;
    const environment = await readOf(pid, 'environ');
    const identity = environment?.split('\0').includes(wanted) ? await identityOf(pid) : undefined;
    if (!identity) continue;
    kill(pid);
    ended.push(identity);
  }
  await gone(ended, clock);
}

async function gone(processes: readonly ProcessIdentity[], clock: Clock): Promise<void> {
  const giveUpAt = clock.now() + DEATH_PATIENCE_MS;
  for (const each of processes) while ((await isAlive(each)) && clock.now() < giveUpAt) await clock.sleep(LOOK_AGAIN_MS);
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
