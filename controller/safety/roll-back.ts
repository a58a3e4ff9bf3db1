import type { Clock } from '../../api/machinery/clock.ts';
import { underLock } from '../journal/exclusive-lock.ts';
import type { Exec } from '../systems/exec.ts';
import { removeSpares } from '../systems/netplan/checkpoint/kept-files.ts';
import { removeEnded } from './checkpoint/checkpoint-folder.ts';
import type { Failure } from './checkpoint/checkpoint.ts';
import { placesOf, restore } from './checkpoint/restore.ts';
import type { GuardMemory } from './guard-memory.ts';
import type { GuardedChange } from './guarded-change.ts';
import { describeProbe } from './probes/probe.ts';
import { firstFailing } from './probes/run-probe.ts';
import { recordFound } from './recover.ts';
import type { StoppableExec } from './watchdog/stoppable-exec.ts';

export interface EndingTools {
  /** Where checkpoints are kept. */
  readonly directory: string;
  readonly clock: Clock;
  readonly exec: Exec;
  readonly laneExec: StoppableExec;
  readonly memory: GuardMemory;
}

const DRAIN_MS = 5_000;
/** Every system gives up within a minute. */
const WORK_PATIENCE_MS = 60_000;
const LOOK_AGAIN_MS = 20;
const LOCK_PATIENCE_MS = 30_000;
const RETRY_MS = 1_000;
const PROBE_PAUSE_MS = 500;
/** RSTP needs some four seconds until its ports forward. */
const PROBE_PATIENCE_MS = 10_000;

/** Keeps a change for good. Throws when that can't be written, or the watchdog was first: what is on disk decides then. */
export async function commit({ folder, checkpoint }: GuardedChange, why: string, { directory, clock }: EndingTools): Promise<void> {
  await underLock(folder.lockFile, clock, LOCK_PATIENCE_MS, () => folder.end('committed', { reason: 'Committed', message: why, endedAt: clock.now() }));
  await removeSpares(placesOf(checkpoint), checkpoint.files);
  await removeEnded(directory);
}

/**
 * Ends what still runs of a change, restores until nothing remains, and remembers not to try the same again. Gives what to tell of
 * it. Throws while the watchdog holds the lock; may be called again.
 */
export async function rollBack(change: GuardedChange, cause: Failure, tools: EndingTools): Promise<string> {
  const { directory, clock, laneExec, memory } = tools;
  memory.rollsBack(change, cause.message);
  await laneExec.halt(`checkpoint ${change.name} is being rolled back`);
  await drained(change, clock);
  const message = await underLock(change.folder.lockFile, clock, LOCK_PATIENCE_MS, () => restoreWhole(change, cause, tools));
  await removeEnded(directory);
  laneExec.resume();
  return message;
}

async function restoreWhole(change: GuardedChange, cause: Failure, tools: EndingTools): Promise<string> {
  const { clock, memory } = tools;
  if (!(await change.folder.read())) {
    // The watchdog was first, or somebody removed the folder.
    await recordFound(tools, memory);
    memory.lost(change, cause.message);
    return memory.report.checkpoint?.message ?? cause.message;
  }
  await change.folder.beginRollback(cause);
  for (const giveUpWorkAt = clock.now() + WORK_PATIENCE_MS; ; ) {
    await change.folder.beat(clock.now());
    // What a lane was still at when it began may have come after it.
    const isSure = !change.isUnderWork || clock.now() >= giveUpWorkAt;
    const remains = await restore(change.folder, change.checkpoint, tools);
    if (remains.length === 0 && isSure) break;
    const missing = remains.length > 0 ? remains.join('; ') : 'a lane is still at its work';
    memory.rollsBack(change, `${cause.message}; not yet rolled back: ${missing}`);
    await clock.sleep(RETRY_MS);
  }
  const message = `${cause.message}; rolled back to checkpoint ${change.name}${await answersAgain(change, tools)}`;
  memory.rolledBack(change, { ...cause, message });
  await change.folder.end('rolled-back', { ...cause, message, endedAt: clock.now() });
  return message;
}

async function drained(change: GuardedChange, clock: Clock): Promise<void> {
  const giveUpAt = clock.now() + DRAIN_MS;
  while (change.isUnderWork && clock.now() < giveUpAt) await clock.sleep(LOOK_AGAIN_MS);
}

/** Rows that are as before do not forward as before at once: the probes tell. */
async function answersAgain({ checkpoint: { probes } }: GuardedChange, tools: EndingTools): Promise<string> {
  const giveUpAt = tools.clock.now() + PROBE_PATIENCE_MS;
  for (;;) {
    const failed = await firstFailing(probes, tools);
    if (!failed) return probes.length === 0 ? '' : ', and all that answered before answers again';
    if (tools.clock.now() >= giveUpAt) return `; still nobody answers: ${describeProbe(failed)}`;
    await tools.clock.sleep(PROBE_PAUSE_MS);
  }
}
