import { linkSync, lstatSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { namesIn } from './check.ts';
import { inTurns } from './in-turns.ts';
import type { Log } from './log.ts';

const NETWORKD_FOLDER = 'run/systemd/network';
const NETPLAN_FILE = /^\d+-netplan-.*\.network$/;
/** On the file system of networkd's files; a folder of theirs would be seen as part of the configuration. */
const KEPT_FOLDER = 'run/bridgekeeper/loaded';
/** What networkd tells of each link (sd-network), among it the file that it is set up by. Written when a link is set up. */
const STATE_FOLDER = 'run/systemd/netif/links';

/**
 * networkd takes a file for changed when it is another one (inode, time) than it has loaded, whatever it says, and sets up every
 * device of such a file anew when it is told to reload: addresses go and come back, leases are lost. And netplan writes all its
 * files anew whenever systemd reloads its units (netplan's generator), so with nearly every package that is installed. So what
 * networkd has loaded is kept as hard links. Without them that moment is all that happens: a failure is logged, and not thrown.
 */
export interface LoadedFiles {
  /** To be called before networkd reloads: puts the loaded files in the place of those that say the same. */
  bringBack(): Promise<void>;
  /** To be called when networkd has reloaded. */
  keep(): Promise<void>;
  /** To be called at the start: keeps what is there, if nothing has been kept since the boot. */
  keepFirst(): Promise<void>;
}

/** @param root the folder that stands for `/` */
export function loadedFiles(root: string, log: Log): LoadedFiles {
  async function attempt(work: (root: string) => Promise<void>): Promise<void> {
    try {
      await work(root);
    } catch (error) {
      log.info({ failure: error instanceof Error ? error.message : String(error) }, 'the files that networkd has loaded could not be kept');
    }
  }

  return {
    bringBack: () => attempt(bringBackLoaded),
    keep: () => attempt(keepLoaded),
    keepFirst: () => attempt(async () => {
      if ((await namesIn(join(root, KEPT_FOLDER))).length === 0) await keepLoaded(root);
    }),
  };
}

async function keepLoaded(root: string): Promise<void> {
  const present = await filesIn(join(root, NETWORKD_FOLDER));
  if (present.size === 0) return;
  mkdirSync(join(root, KEPT_FOLDER), { recursive: true, mode: 0o700 });
  const kept = await filesIn(join(root, KEPT_FOLDER));
  for await (const name of inTurns(present.keys())) {
    if (kept.get(name)?.ino === present.get(name)?.ino) continue;
    rmSync(join(root, KEPT_FOLDER, name), { force: true });
    linkSync(join(root, NETWORKD_FOLDER, name), join(root, KEPT_FOLDER, name));
  }
  for (const name of kept.keys()) if (!present.has(name)) rmSync(join(root, KEPT_FOLDER, name), { force: true });
}

async function bringBackLoaded(root: string): Promise<void> {
  const present = await filesIn(join(root, NETWORKD_FOLDER));
  const kept = await filesIn(join(root, KEPT_FOLDER));
  const rewritten = [...kept].filter(([name, { ino }]) => (present.get(name)?.ino ?? ino) !== ino).map(([name]) => name);
  if (rewritten.length === 0) return;
  const setUpAt = await setUpTimes(root);
  for await (const name of inTurns(rewritten)) {
    const [path, keptPath] = [join(root, NETWORKD_FOLDER, name), join(root, KEPT_FOLDER, name)];
    // Somebody else may have had networkd load it since.
    const mayBeLoaded = (setUpAt.get(name) ?? 0n) >= (present.get(name)?.writtenAt ?? 0n);
    if (mayBeLoaded || !readFileSync(path).equals(readFileSync(keptPath))) continue;
    rmSync(`${path}.new`, { force: true });
    linkSync(keptPath, `${path}.new`);
    renameSync(`${path}.new`, path);
  }
}

/** By file name: when a device was last set up by it, in ns since the epoch. */
async function setUpTimes(root: string): Promise<ReadonlyMap<string, bigint>> {
  const times = new Map<string, bigint>();
  for await (const index of inTurns(await namesIn(join(root, STATE_FOLDER)))) {
    const path = join(root, STATE_FOLDER, index);
    const name = /^NETWORK_FILE=.*\/(.*)$/m.exec(readFileSync(path, 'utf8'))?.[1] ?? '';
    const { mtimeNs } = lstatSync(path, { bigint: true });
    if ((times.get(name) ?? 0n) < mtimeNs) times.set(name, mtimeNs);
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
