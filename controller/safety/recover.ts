import type { Clock } from '../../api/machinery/clock.ts';
import { underLock } from '../journal/exclusive-lock.ts';
import type { Failure } from './checkpoint/checkpoint.ts';
import { foundEndings, lockFileOf, openCheckpoints, type CheckpointFolder } from './checkpoint/checkpoint-folder.ts';
import { abandon } from './checkpoint/restore.ts';
import { errorText } from './error-text.ts';
import type { GuardMemory } from './guard-memory.ts';
import { GuardedChange } from './guarded-change.ts';
import type { Arm } from './watchdog/arm.ts';
import { endMarked, ownIdentity } from './watchdog/processes.ts';

export interface RecoverOptions {
  readonly directory: string;
  readonly clock: Clock;
  readonly arm: Arm;
  /** What our child processes carry in their environment. */
  readonly mark: string;
}

/** A change that an earlier daemon began: how long it still has, or why it is to be rolled back. */
export type FoundChange = { readonly change: GuardedChange } & ({ readonly remainingMs: number } | { readonly cause: Failure });

/** While the watchdog has the lock it is rolling back, and every attempt of it ends. */
const LOCK_PATIENCE_MS = 300_000;

/** Takes down how changes ended that nobody heard of: what the watchdog rolled back, and what was ended just before a crash. */
export async function recordFound({ directory }: Pick<RecoverOptions, 'directory'>, memory: GuardMemory): Promise<void> {
  for (const { folder, checkpoint, ending, outcome } of await foundEndings(directory)) {
    const change = await changeOf(folder, checkpoint);
    if (ending === 'committed') memory.committed(change, `the change ${outcome?.message ?? 'was kept'}`);
    else memory.rolledBack(change, outcome ?? { reason: 'DeadlineExceeded', message: 'the deadline of the change passed' });
  }
}

/**
 * The change that is still in force, if there is one: ours from now on, and watched. Ends what its former daemon left running:
 * nothing of it is to act any more while it is taken up.
 */
export async function findChange(options: RecoverOptions): Promise<FoundChange | undefined> {
  const { directory, clock } = options;
  // Where there is none nothing is locked: the disk may be full.
  if ((await openCheckpoints(directory)).length === 0) return undefined;
  return underLock(lockFileOf(directory), clock, LOCK_PATIENCE_MS, async () => {
    for (const folder of await openCheckpoints(directory)) {
      const checkpoint = await folder.read();
      if (!checkpoint) await folder.discard();
      else if ((await folder.notes()).length === 0) await abandon(folder, checkpoint);
      else return takeUp(await changeOf(folder, checkpoint), options);
    }
    return undefined;
  });
}

/** From here on the watchdog takes us for the one that makes the change: it gives us time to end it, and ends us before it acts. */
async function takeUp(change: GuardedChange, { clock, arm, mark }: RecoverOptions): Promise<FoundChange> {
  const { folder, checkpoint } = change;
  const former = await folder.maker(checkpoint);
  await endMarked(former.mark, clock);
  try {
    await folder.takeOver({ ...(await ownIdentity()), mark });
    const cause = await folder.rollback();
    if (cause) return { change, cause };
    const durationMs = (await folder.durationMs()) ?? checkpoint.timeoutMs;
    // No longer than that also where the clock was set back.
    const remainingMs = Math.min(change.since + durationMs - clock.now(), durationMs);
    if (remainingMs <= 0) return { change, cause: failure('the daemon was not there to end the change by its deadline') };
    await arm(folder);
    return { change, remainingMs };
  } catch (error) {
    return { change, cause: failure(`the daemon was started anew and could not go on with the change: ${errorText(error)}`) };
  }
}

function failure(message: string): Failure {
  return { reason: 'DeadlineExceeded', message };
}

async function changeOf(folder: CheckpointFolder, checkpoint: GuardedChange['checkpoint']): Promise<GuardedChange> {
  const owners = new Map((await folder.notes()).flatMap((note) => note.owners));
  return new GuardedChange({ folder, checkpoint, owners, since: (await folder.watcher())?.since ?? checkpoint.startedAt });
}
