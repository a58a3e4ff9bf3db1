import type { Clock } from '../../api/machinery/clock.ts';
import { removeSpares } from '../systems/netplan/checkpoint/kept-files.ts';
import { foundRollbacks, openCheckpoints, type CheckpointFolder } from './checkpoint/checkpoint-folder.ts';
import { placesOf } from './checkpoint/restore.ts';
import type { GuardMemory } from './guard-memory.ts';
import { GuardedChange } from './guarded-change.ts';
import type { Arm } from './watchdog/arm.ts';
import { endMarked } from './watchdog/processes.ts';

export interface RecoverOptions {
  readonly directory: string;
  readonly clock: Clock;
  readonly arm: Arm;
}

/** A change that an earlier daemon began, and how long it still has. */
export interface FoundChange {
  readonly change: GuardedChange;
  readonly remainingMs: number;
}

/** Takes down what the watchdog rolled back, while there was no daemon or one that hung. */
export async function recordFound({ directory }: Pick<RecoverOptions, 'directory'>, memory: GuardMemory): Promise<void> {
  for (const { folder, checkpoint, outcome } of await foundRollbacks(directory)) {
    const change = await changeOf(folder, checkpoint);
    memory.rolledBack(change, outcome ?? { reason: 'DeadlineExceeded', message: 'the deadline of the change passed' });
  }
}

/**
 * The change that is still in force, if there is one, watched again. Ends what its daemon left running: nothing of it is to
 * act any more while it is taken up.
 */
export async function findChange({ directory, clock, arm }: RecoverOptions): Promise<FoundChange | undefined> {
  for (const folder of await openCheckpoints(directory)) {
    const checkpoint = await folder.read();
    // Of a change whose checkpoint was never whole, or that noted no step, nothing was done.
    if (!checkpoint || (await folder.notes()).length === 0) {
      if (checkpoint) await removeSpares(placesOf(checkpoint), checkpoint.files);
      await folder.discard();
      continue;
    }
    await endMarked(checkpoint.daemon.mark);
    const remainingMs = checkpoint.startedAt + ((await folder.durationMs()) ?? checkpoint.timeoutMs) - clock.now();
    if (remainingMs > 0) await arm(folder);
    return { change: await changeOf(folder, checkpoint), remainingMs };
  }
  return undefined;
}

async function changeOf(folder: CheckpointFolder, checkpoint: GuardedChange['checkpoint']): Promise<GuardedChange> {
  const owners = (await folder.notes()).flatMap((note) => note.owners);
  return new GuardedChange(folder, checkpoint, new Map(owners));
}
