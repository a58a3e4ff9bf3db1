import type { Clock } from '../../../api/machinery/clock.ts';
import { LockTimeout, underLock } from '../../journal/exclusive-lock.ts';
import type { Exec } from '../../systems/exec.ts';
import { CheckpointFolder } from '../checkpoint/checkpoint-folder.ts';
import type { Checkpoint, Failure } from '../checkpoint/checkpoint.ts';
import { abandon, restore } from '../checkpoint/restore.ts';
import { errorText } from '../error-text.ts';
import { end, endMarked, isAlive, ownIdentity } from './processes.ts';

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
  const since = (await folder.watcher())?.since ?? clock.now();
  await folder.setWatcher({ ...(await ownIdentity()), since });
  log(`watching ${folder.name} for ${checkpoint.timeoutMs} ms`);
  await new Watch(folder, checkpoint, since, options).run();
}

class Watch {
  readonly #folder: CheckpointFolder;
  readonly #checkpoint: Checkpoint;
  readonly #options: WatchdogOptions;
  /** Counted, so that a clock that is set does no harm. */
  #passedMs: number;
  #last: number;

  constructor(folder: CheckpointFolder, checkpoint: Checkpoint, since: number, options: WatchdogOptions) {
    this.#folder = folder;
    this.#checkpoint = checkpoint;
    this.#options = options;
    this.#last = options.clock.now();
    this.#passedMs = Math.min(Math.max(this.#last - since, 0), checkpoint.timeoutMs);
  }

  /** A system that is down now comes back some time, so what did not work is tried again and again. */
  async run(): Promise<void> {
    const { clock, log } = this.#options;
    for (let pauseMs = LOOK_MS; ; ) {
      const state = await this.#look();
      if (state === 'ended') return;
      if (state === 'overdue') {
        try {
          if (await this.#deliver()) return;
        } catch (error) {
          log(`not yet rolled back: ${errorText(error)}`);
          if (error instanceof LockTimeout) await this.#endMaker();
        }
        pauseMs = Math.min(pauseMs * 2, LONGEST_RETRY_MS);
      }
      await clock.sleep(pauseMs);
    }
  }

  async #look(): Promise<'ended' | 'in time' | 'overdue'> {
    if (!(await this.#folder.read())) return 'ended';
    this.#count();
    const limitMs = (await this.#folder.durationMs()) ?? this.#checkpoint.timeoutMs;
    const lives = await isAlive(await this.#folder.maker(this.#checkpoint));
    const isRestoring = lives && (await this.#folder.isBeating(this.#last));
    return !isRestoring && this.#passedMs >= limitMs + (lives ? DAEMON_GRACE_MS : 0) ? 'overdue' : 'in time';
  }

  #count(): void {
    const now = this.#options.clock.now();
    this.#passedMs += Math.min(Math.max(now - this.#last, 0), LONGEST_RETRY_MS);
    this.#last = now;
  }

  /** Says whether nothing is left to do. */
  #deliver(): Promise<boolean> {
    const { clock } = this.#options;
    return underLock(this.#folder.lockFile, clock, LOCK_PATIENCE_MS, async () => {
      // Another daemon may have taken the change up, or ended it, before we had the lock.
      const state = await this.#look();
      return state === 'overdue' ? this.#rollBack() : state === 'ended';
    });
  }

  async #rollBack(): Promise<boolean> {
    const { clock, exec, log } = this.#options;
    await this.#endMaker();
    if ((await this.#folder.notes()).length === 0) {
      await abandon(this.#folder, this.#checkpoint);
      log(`${this.#folder.name} was never begun: it is forgotten`);
      return true;
    }
    log(`the deadline of ${this.#folder.name} has passed: rolling back`);
    const cause = causeOf(this.#checkpoint);
    await this.#folder.beginRollback(cause);
    const remains = await restore(this.#folder, this.#checkpoint, { exec, clock });
    for (const what of remains) log(`not yet rolled back: ${what}`);
    if (remains.length > 0) return false;
    await this.#folder.end('rolled-back', { ...cause, endedAt: clock.now() });
    log(`${this.#folder.name} is rolled back`);
    return true;
  }

  async #endMaker(): Promise<void> {
    const { clock } = this.#options;
    const maker = await this.#folder.maker(this.#checkpoint);
    await end(maker, clock);
    await endMarked(maker.mark, clock);
  }
}

function causeOf({ timeoutMs }: Checkpoint): Failure {
  const message = `the deadline of ${timeoutMs / 1000} s passed and the daemon had not ended the change: the watchdog rolled it back`;
  return { reason: 'DeadlineExceeded', message };
}
