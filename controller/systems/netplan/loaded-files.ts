import { existsSync, linkSync, lstatSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { namesIn } from './check.ts';
import { inTurns } from './in-turns.ts';
import { readLinkStates } from './link-states.ts';
import type { Log } from './log.ts';

const NETWORKD_FOLDER = 'run/systemd/network';
const NETPLAN_FILE = /^\d+-netplan-.*\.network$/;
/** On the file system of networkd's files; a folder of theirs would be seen as part of the configuration. */
const KEPT_FOLDER = 'run/bridgekeeper/loaded';
/** Says that networkd has been told to reload, and that what is kept is what was there then. */
const AS_RELOADED = 'as-reloaded';

/**
 * networkd takes a file for changed when it is another one (inode, time) than it has loaded, whatever it says, and sets up every
 * device of such a file anew when it is told to reload: addresses go and come back, leases are lost. And netplan writes all its
 * files anew whenever systemd reloads its units (netplan's generator), so with nearly every package that is installed. So what
 * networkd has loaded is kept as hard links. Without them that moment is all that happens: a failure is logged, and not thrown.
 */
export interface LoadedFiles {
  /**
   * To be called before networkd reloads, and before anything is changed: puts the loaded files in the place of those that say the
   * same. True when all there are then known to be the loaded ones, so that a reload would touch no device.
   */
  bringBack(): Promise<boolean>;
  /** To be called when networkd has reloaded. */
  keep(): Promise<void>;
  /** To be called at the start: keeps what is there, if nothing has been kept since the boot. */
  keepFirst(): Promise<void>;
}

/** @param root the folder that stands for `/` */
export function loadedFiles(root: string, log: Log): LoadedFiles {
  async function attempt<T>(work: () => Promise<T>, otherwise: T): Promise<T> {
    try {
      return await work();
    } catch (error) {
      log.info({ failure: error instanceof Error ? error.message : String(error) }, 'the files that networkd has loaded could not be kept');
      return otherwise;
    }
  }

  return {
    bringBack: () => attempt(() => bringBackLoaded(root), false),
    keep: () =>
      attempt(async () => {
        await keepLoaded(root);
        writeFileSync(join(root, KEPT_FOLDER, AS_RELOADED), '');
      }, undefined),
    keepFirst: () =>
      attempt(async () => {
        if (!existsSync(join(root, KEPT_FOLDER))) await keepLoaded(root);
      }, undefined),
  };
}

async function keepLoaded(root: string): Promise<void> {
  const present = await filesIn(join(root, NETWORKD_FOLDER));
  mkdirSync(join(root, KEPT_FOLDER), { recursive: true, mode: 0o700 });
  const kept = await filesIn(join(root, KEPT_FOLDER));
  for await (const name of inTurns(present.keys())) {
    if (kept.get(name)?.ino === present.get(name)?.ino) continue;
    rmSync(join(root, KEPT_FOLDER, name), { force: true });
    linkSync(join(root, NETWORKD_FOLDER, name), join(root, KEPT_FOLDER, name));
  }
  for (const name of kept.keys()) if (!present.has(name)) rmSync(join(root, KEPT_FOLDER, name), { force: true });
}

async function bringBackLoaded(root: string): Promise<boolean> {
  const present = await filesIn(join(root, NETWORKD_FOLDER));
  const kept = await filesIn(join(root, KEPT_FOLDER));
  const rewritten = [...present].filter(([name, { ino }]) => kept.get(name)?.ino !== ino);
  const isKnown = existsSync(join(root, KEPT_FOLDER, AS_RELOADED)) && [...kept.keys()].every((name) => present.has(name));
  if (rewritten.length === 0) return isKnown;
  const setUpAt = await setUpTimes(root);
  let broughtBack = 0;
  for await (const [name, { writtenAt }] of inTurns(rewritten)) {
    const [path, keptPath] = [join(root, NETWORKD_FOLDER, name), join(root, KEPT_FOLDER, name)];
    // Somebody else may have had networkd load it since.
    const mayBeLoaded = (setUpAt.get(name) ?? 0n) >= writtenAt;
    if (mayBeLoaded || !kept.has(name) || !readFileSync(path).equals(readFileSync(keptPath))) continue;
    rmSync(`${path}.new`, { force: true });
    linkSync(keptPath, `${path}.new`);
    renameSync(`${path}.new`, path);
    broughtBack += 1;
  }
  return isKnown && broughtBack === rewritten.length;
}

/** By file name: when a device was last set up by it, in ns since the epoch. */
async function setUpTimes(root: string): Promise<ReadonlyMap<string, bigint>> {
  const times = new Map<string, bigint>();
  for (const { networkFile, writtenAt } of await readLinkStates(root)) {
    const name = networkFile.slice(networkFile.lastIndexOf('/') + 1);
    if ((times.get(name) ?? 0n) < writtenAt) times.set(name, writtenAt);
  }
  return times;
}

interface FileIdentity {
  readonly ino: bigint;
  /** In ns since the epoch. */
  readonly writtenAt: bigint;
}

async function filesIn(folder: string): Promise<ReadonlyMap<string, FileIdentity>> {
  const files = new Map<string, FileIdentity>();
  for await (const name of inTurns(await namesIn(folder))) {
    const stats = NETPLAN_FILE.test(name) ? lstatSync(join(folder, name), { bigint: true, throwIfNoEntry: false }) : undefined;
    if (stats) files.set(name, { ino: stats.ino, writtenAt: stats.mtimeNs });
  }
  return files;
}
