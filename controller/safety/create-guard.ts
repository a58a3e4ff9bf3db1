import { randomUUID } from 'node:crypto';
import path from 'node:path';
import type { Clock } from '../../api/machinery/clock.ts';
import type { Journal } from '../journal/sqlite-journal.ts';
import { systemLaunch, type Exec } from '../systems/exec.ts';
import { Guard, type GuardListener } from './guard.ts';
import type { GuardedHost } from './guarded-host.ts';
import { waysInReader } from './read-ways-in.ts';
import { watchdogStarter } from './watchdog/arm.ts';
import { watchdogProgram } from './watchdog/program.ts';
import { StoppableExec } from './watchdog/stoppable-exec.ts';

export interface CreateGuardOptions {
  readonly dataDirectory: string;
  readonly ovsdb: string;
  readonly netplanRoot: string;
  /** Where netplan's lane keeps what it took out of other files. */
  readonly stateDirectory: string;
  /** Where our API listens. */
  readonly listen: { readonly host: string; readonly port: number };
  readonly clock: Clock;
  readonly exec: Exec;
  readonly laneExec: StoppableExec;
  readonly journal: Journal;
  readonly host: GuardedHost;
  readonly listener: GuardListener;
}

/** What netplan's lane runs its programs by, so that a rollback can end them. */
export function stoppable(exec: Exec, clock: Clock): StoppableExec {
  return new StoppableExec(exec, clock, randomUUID());
}

/** The guard of this machine. */
export function createGuard(options: CreateGuardOptions): Guard {
  const { dataDirectory, ovsdb, netplanRoot, stateDirectory, listen, clock, exec, laneExec, journal, host, listener } = options;
  return new Guard({
    directory: path.join(dataDirectory, 'checkpoints'),
    ovsdb,
    netplanRoot,
    stateDirectory,
    clock,
    exec,
    laneExec,
    arm: watchdogStarter({ exec, launch: systemLaunch, clock, program: watchdogProgram() }),
    readWaysIn: waysInReader({ exec, clock, listen }),
    holds: journal.map('rolled back'),
    memory: journal.map('guard'),
    host,
    listener,
  });
}
