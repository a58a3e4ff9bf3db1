import { join } from 'node:path';
import type { Clock } from '../../../api/machinery/clock.ts';
import type { Exec } from '../exec.ts';
import type { System } from '../system.ts';
import { announceAddresses } from './announce.ts';
import { applySteps, prepareSteps } from './apply.ts';
import type { FileTools } from './change-file.ts';
import { createChangeHints } from './change-hints.ts';
import type { NetplanDesired } from './desired.ts';
import { causeOfFile } from './file-cause.ts';
import { systemFollow } from './follow.ts';
import type { Follow } from './follow.ts';
import { loadedFiles } from './loaded-files.ts';
import { silentLog } from './log.ts';
import type { Log } from './log.ts';
import { createMoveMemory } from './moved-addresses.ts';
import type { KernelLink, KernelState, NetplanObserved } from './observed.ts';
import { createNetplanObserver } from './observe.ts';
import { planNetplan } from './plan.ts';
import { createKernelReader } from './read-kernel.ts';
import type { NetplanStep } from './step.ts';
import { takenOverFolder } from './taken-over.ts';

export interface NetplanOptions {
  /** Where the host's file system is: `/`. */
  readonly root: string;
  /** Where we keep what we need to know of our own changes, over restarts: backups of files of others. */
  readonly stateDirectory: string;
  /** Runs ip, netplan and networkctl on the host. */
  readonly exec: Exec;
  readonly clock: Clock;
  /** How `ip monitor` is run on the host; as a child process of this one where it is not said. */
  readonly follow?: Follow;
  readonly log?: Log;
}

/** netplan and the kernel's network as one system of the host: our own netplan file, and what the kernel has of it. */
export function createNetplan(options: NetplanOptions): System<NetplanDesired, NetplanObserved, NetplanStep> {
  const { root, stateDirectory, exec, clock, follow = systemFollow, log = silentLog } = options;
  const hints = createChangeHints({ root, clock, follow, log });
  const kernelReader = createKernelReader({ root, exec, clock, onSettled: hints.hint });
  const noteMoves = createMoveMemory();
  const folder = takenOverFolder(stateDirectory);
  const observe = createNetplanObserver({ root: join(root), takenOverFolder: folder, exec, clock, readKernel, watchLinkFiles: hints.watchLinkFiles });
  const tools: FileTools = { root: join(root), takenOverFolder: folder, exec, clock, log, readKernel, checks: new Map() };

  async function readKernel(): Promise<KernelState> {
    const kernel = await kernelReader.read();
    const moved = noteMoves(kernel, clock.now());
    if (moved.length > 0) void tellNeighbours(moved);
    return kernel;
  }

  async function tellNeighbours(moved: readonly KernelLink[]): Promise<void> {
    const devices = moved.map(({ name }) => name);
    const failures = await announceAddresses(moved, { root: join(root), exec, clock });
    if (failures.length === 0) log.info({ devices }, 'addresses have moved to another MAC address, the neighbours are told');
    else log.warn({ devices, failures }, 'addresses have moved to another MAC address, but the neighbours could not be told');
  }

  return {
    name: 'netplan',
    start() {
      hints.start();
      return loadedFiles(join(root), log).keepFirst();
    },
    stop() {
      hints.stop();
      kernelReader.stop();
      return Promise.resolve();
    },
    observe() {
      hints.watchNewFolders();
      return observe();
    },
    plan: planNetplan,
    apply: (steps) => applySteps(steps, tools),
    prepare: (steps) => prepareSteps(steps, tools),
    changes: hints.changes,
    causeOf: (subject) => causeOfFile(subject, join(root)),
  };
}
