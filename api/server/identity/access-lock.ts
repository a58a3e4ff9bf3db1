import { join } from 'node:path';
import type { Clock } from '../../machinery/clock.ts';
import { tryLock } from '../../store/file-lock.ts';

const LOCK_FILE = 'access.lock';
const RETRY_MS = 20;
const WAIT_MAXIMUM_MS = 10_000;

/** Does `work`, which reads and writes who may come in, while no other process does. Throws when one takes longer than ten seconds. */
export async function withAccessLock<Result>(dataDirectory: string, clock: Clock, work: () => Promise<Result>): Promise<Result> {
  const release = await lock(join(dataDirectory, LOCK_FILE), clock);
  try {
    return await work();
  } finally {
    release();
  }
}

async function lock(path: string, clock: Clock): Promise<() => void> {
  const giveUpAtMs = clock.now() + WAIT_MAXIMUM_MS;
  for (;;) {
    const release = tryLock(path);
    if (release !== undefined) return release;
    if (clock.now() >= giveUpAtMs) throw new Error(`another process keeps ${path} locked`);
    await clock.sleep(RETRY_MS);
  }
}
