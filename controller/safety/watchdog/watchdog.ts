import type { Clock } from '../../../api/machinery/clock.ts';
import { LockTimeout, underLock } from '../../journal/exclusive-lock.ts';
import type { Exec } from '../../systems/exec.ts';
import { CheckpointFolder } from '../checkpoint/checkpoint-folder.ts';
import type { Checkpoint } from '../checkpoint/checkpoint.ts';
import { restore } from '../checkpoint/restore.ts';
import { end, endMarked, isAlive } from './processes.ts';

export interface WatchdogOptions {
  /** Of the checkpoint. */
  readonly directory: string;
  readonly clock: Clock;
  readonly exec: Exec;
  readonly log: (text: string) => void;
}

const LOOK_MS = 200;
/** A daemon that is alive ends its change itself, and knows best what of it is still under way. */
const DAEMON_GRACE_MS = 10_000;
/** So long a daemon that holds the lock, and so is restoring, is let be. */
const LOCK_PATIENCE_MS = 60_000;
const LONGEST_RETRY_MS = 5_000;

/**
 * Watches one change from outside the daemon, and brings the host back to its checkpoint when the change has not ended by its
 * deadline: whatever became of the daemon. Resolves when there is nothing more to watch.
 */
export async function watch(options: WatchdogOptions): Promise<void> {
  const { directory, clock, log } = options;
  const folder = new CheckpointFolder(directory);
  const checkpoint = await folder.read();
  if (!checkpoint) return;
  await folder.setArmed();
  log(`watching ${folder.name} for ${checkpoint.timeoutMs} ms`);
  if (!(await deadlinePasses(folder, checkpoint, clock))) return;
  await deliver(folder, checkpoint, options);
}

/** Resolves with true at the deadline, with false when the change ended before. Time is counted, so a clock that is set does no harm. */
async function deadlinePasses(folder: CheckpointFolder, checkpoint: Checkpoint, clock: Clock): Promise<boolean> {
  let passedMs = Math.min(Math.max(clock.now() - checkpoint.startedAt, 0), checkpoint.timeoutMs);
  for (let last = clock.now(); ; ) {
    if (!(await isInForce(folder))) return false;
    const limitMs = (await folder.durationMs()) ?? checkpoint.timeoutMs;
    const lives = await isAlive(checkpoint.daemon);
    const isAtIt = lives && (await folder.isBeating(clock.now()));
    if (!isAtIt && passedMs >= limitMs + (lives ? DAEMON_GRACE_MS : 0)) return true;
    await clock.sleep(LOOK_MS);
    const now = clock.now();
    passedMs += Math.min(Math.max(now - last, LOOK_MS), LOOK_MS * 5);
    last = now;
  }
}

async function isInForce(folder: CheckpointFolder): Promise<boolean> {
  return (await folder.read()) !== undefined;
}

/** Restores, again and again until nothing remains: a system that is down now comes back some time. */
async function deliver(folder: CheckpointFolder, checkpoint: Checkpoint, { clock, exec, log }: WatchdogOptions): Promise<void> {
  for (let retryMs = LOOK_MS; ; retryMs = Math.min(retryMs * 2, LONGEST_RETRY_MS)) {
    try {
      const isDone = await underLock(folder.lockFile, clock, LOCK_PATIENCE_MS, async () => {
        if (!(await isInForce(folder))) return true;
        log(`the deadline of ${folder.name} has passed: rolling back`);
        await end(checkpoint.daemon);
        await endMarked(checkpoint.daemon.mark);
        const remains = await restore(folder, checkpoint, { exec, clock });
        for (const what of remains) log(`not yet rolled back: ${what}`);
        if (remains.length > 0) return false;
        const message = `the deadline of ${checkpoint.timeoutMs / 1000} s passed and the daemon had not ended the change: the watchdog rolled it back`;
        await folder.end('rolled-back', { reason: 'DeadlineExceeded', message, endedAt: clock.now() });
        log(`${folder.name} is rolled back`);
        return true;
      });
      if (isDone) return;
    } catch (error) {
      if (!(error instanceof LockTimeout)) throw error;
      log('the daemon has held the lock for too long: ending it');
      await end(checkpoint.daemon);
    }
    await clock.sleep(retryMs);
  }
}
