import { readFile } from 'node:fs/promises';
import type { Clock } from '../../../api/machinery/clock.ts';
import { ExecFailed, type Exec, type Launch } from '../../systems/exec.ts';
import type { Watcher } from '../checkpoint/checkpoint.ts';
import type { CheckpointFolder } from '../checkpoint/checkpoint-folder.ts';
import { isAlive } from './processes.ts';

export interface ArmOptions {
  readonly exec: Exec;
  readonly launch: Launch;
  readonly clock: Clock;
  /** How the watchdog is started: the interpreter, its options and the program. */
  readonly program: readonly [string, ...string[]];
}

/** Starts the watchdog of a checkpoint that has none; resolves once one watches, with when the time of the change began to count. */
export type Arm = (folder: CheckpointFolder) => Promise<number>;

/** No watchdog, no change. */
export class NotArmed extends Error {
  override readonly name = 'NotArmed';
}

const START_TIMEOUT_MS = 10_000;
/** An emulated machine on a busy one needs most of a minute to start a program. */
const ARMED_TIMEOUT_MS = 120_000;
const LOOK_MS = 10;
/** One that is killed comes back and goes on counting; it ends well when there is nothing more to watch. */
const RESTARTED = ['--property=Restart=on-failure', '--property=RestartSec=1'] as const;

/**
 * A watchdog that nothing of ours can take along: a transient unit where systemd runs (systemd-run(1)), else a process in a
 * session of its own. Throws `NotArmed`.
 */
export function watchdogStarter({ exec, launch, clock, program }: ArmOptions): Arm {
  return async (folder) => {
    const living = await livingWatcher(folder);
    if (living) return living.since;
    const argv = [...program, folder.directory] as const;
    try {
      if (!((await isSystemdBooted()) && (await startUnit(folder, argv, exec)))) await launch([...argv], folder.logFile);
    } catch (error) {
      if (!(error instanceof ExecFailed)) throw error;
      throw new NotArmed(`the watchdog could not be started: ${error.message}`, { cause: error });
    }
    for (const giveUpAt = clock.now() + ARMED_TIMEOUT_MS; ; ) {
      const watcher = await livingWatcher(folder);
      if (watcher) return watcher.since;
      if (clock.now() >= giveUpAt) throw new NotArmed(`the watchdog was started and does not watch after ${ARMED_TIMEOUT_MS} ms; see ${folder.logFile}`);
      await clock.sleep(LOOK_MS);
    }
  };
}

async function livingWatcher(folder: CheckpointFolder): Promise<Watcher | undefined> {
  const watcher = await folder.watcher();
  return watcher && (await isAlive(watcher)) ? watcher : undefined;
}

/** Whether the first process is systemd: a container may have its programs and not it. */
async function isSystemdBooted(): Promise<boolean> {
  return (await readFile('/proc/1/comm', 'utf8')).trim() === 'systemd';
}

async function startUnit({ name }: CheckpointFolder, argv: readonly string[], exec: Exec): Promise<boolean> {
  const unit = `bridgekeeper-watchdog-${name}`;
  const description = `--description=Rolls back checkpoint ${name} of Bridgekeeper at its deadline`;
  const { code } = await exec.run(['systemd-run', '--quiet', '--collect', `--unit=${unit}`, ...RESTARTED, description, '--', ...argv], { timeoutMs: START_TIMEOUT_MS });
  return code === 0;
}
