import { watch } from 'node:fs';
import type { FSWatcher } from 'node:fs';
import { join } from 'node:path';
import type { Clock } from '../../../api/machinery/clock.ts';
import type { Follow } from './follow.ts';
import { LINKS_FOLDER } from './link-states.ts';
import type { Log } from './log.ts';
import { isNotThere, NETPLAN_FOLDERS } from './netplan-folders.ts';

export interface ChangeHints {
  readonly start: () => void;
  readonly stop: () => void;
  /** Watches folders that were not there before; called at each observation. */
  readonly watchNewFolders: () => void;
  /** Watches just these files of networkd's on its links, where it writes down what it tells the resolver; called before they are read. */
  readonly watchLinkFiles: (names: ReadonlySet<string>) => void;
  /** Says that something may have changed, for a reason of one's own. */
  readonly hint: () => void;
  readonly changes: (listener: () => void) => () => void;
}

export interface ChangeHintsOptions {
  readonly root: string;
  readonly clock: Clock;
  readonly follow: Follow;
  readonly log: Log;
}

/** A burst of changes is one hint. */
const COALESCE_MS = 50;
const RESTART_MS = 1_000;
const SUBSCRIBE_MS = 1_000;
/** Its output is text even where `-j` is asked for: it is a trigger, what it says is read again. */
const MONITOR = ['ip', '-o', 'monitor', 'address', 'route', 'link', 'rule'] as const;

/** Notices that the kernel's network, what networkd tells the resolver, or a netplan folder may have changed. */
export function createChangeHints({ root, clock, follow, log }: ChangeHintsOptions): ChangeHints {
  const listeners = new Set<() => void>();
  const watchers = new Map<string, FSWatcher>();
  /** networkd writes the files of a thousand new devices three hundred times a second, for a quarter of a minute. */
  let linkFiles: ReadonlySet<string> = new Set();
  let isRunning = false;
  let cancelHint: (() => void) | undefined;
  let cancelTimer = (): void => {};
  let stopMonitor = (): void => {};

  function hint(): void {
    if (!isRunning) return;
    cancelHint ??= clock.after(COALESCE_MS, () => {
      cancelHint = undefined;
      for (const listener of listeners) listener();
    });
  }

  function startMonitor(): void {
    stopMonitor = follow(MONITOR, {
      onLine: hint,
      onEnd(reason) {
        log.warn({ reason }, 'the monitor of the kernel network ended and is started again');
        cancelTimer();
        cancelTimer = clock.after(RESTART_MS, startMonitor);
      },
    });
    cancelTimer();
    // It does not say when it has begun to listen; what changed before that was not seen.
    cancelTimer = clock.after(SUBSCRIBE_MS, hint);
  }

  function watchNewFolders(): void {
    if (!isRunning) return;
    for (const folder of NETPLAN_FOLDERS) if (!watchers.has(folder)) watchFolder(folder, hint);
    // Of name servers the kernel knows nothing.
    if (linkFiles.size === 0) forget(LINKS_FOLDER);
    else if (!watchers.has(LINKS_FOLDER)) watchFolder(LINKS_FOLDER, (name) => (name === null || linkFiles.has(name) ? hint() : undefined));
  }

  function watchFolder(folder: string, changed: (name: string | null) => void): void {
    try {
      const watcher = watch(join(root, folder), { persistent: false }, (_, name) => changed(name));
      watcher.on('error', () => {
        forget(folder);
        hint();
      });
      watchers.set(folder, watcher);
    } catch (error) {
      if (!isNotThere(error)) log.warn({ error, folder }, 'a folder can not be watched');
    }
  }

  function forget(folder: string): void {
    watchers.get(folder)?.close();
    watchers.delete(folder);
  }

  return {
    start() {
      if (isRunning) return;
      isRunning = true;
      startMonitor();
      watchNewFolders();
    },
    stop() {
      isRunning = false;
      stopMonitor();
      cancelTimer();
      cancelHint?.();
      cancelHint = undefined;
      for (const folder of [...watchers.keys()]) forget(folder);
    },
    watchNewFolders,
    watchLinkFiles(names) {
      linkFiles = names;
      watchNewFolders();
    },
    hint,
    changes(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
