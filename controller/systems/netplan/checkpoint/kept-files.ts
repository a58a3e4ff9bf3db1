import { chmod, chown, lstat, open, readdir, readFile, readlink, rename, rm, symlink, utimes } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { syncFolder } from '../../../../api/machinery/durable-file.ts';
import { removeFileForGood, UNFINISHED_SUFFIX } from '../atomic-file.ts';
import { isNotThere, NETPLAN_FOLDERS } from '../netplan-folders.ts';
import { takenOverFolder } from '../taken-over.ts';

/** A file as it was, byte for byte. */
export interface KeptFile {
  readonly path: string;
  /** Where it was a symbolic link: what it pointed to; all else is empty then. */
  readonly link?: string;
  readonly contentBase64: string;
  /** Permission bits. */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  /** Milliseconds since the epoch. */
  readonly modifiedAt: number;
}

/** Where the files are. */
export interface KeptPlaces {
  /** The folder that stands for `/`. */
  readonly root: string;
  /** Where we keep what was taken out of other files, in a folder of its own. */
  readonly stateDirectory: string;
}

/** Which files netplan and we write, below the root: folder, and what a name of theirs looks like when it is whole. */
const PLACES: readonly { readonly folder: string; readonly name: RegExp }[] = [
  ...NETPLAN_FOLDERS.filter((folder) => !folder.startsWith('lib')).map((folder) => ({ folder, name: /\.yaml(\.previous)?$/ })),
  { folder: 'etc/cloud/cloud.cfg.d', name: /\.cfg$/ },
  { folder: 'run/systemd/network', name: /netplan/ },
  { folder: 'run/udev/rules.d', name: /netplan/ },
  { folder: 'run/NetworkManager/system-connections', name: /^netplan-/ },
];
/** Not a spare copy. */
const STATE_FILE = /(?<!\.checkpoint)$/;
const OUR_HEADER = /^#.*bridgekeeper/im;
/** Beside a file on disk: a copy whose space is taken already, so that a full disk can't keep the file from coming back. */
const SPARE_SUFFIX = '.checkpoint';

/** Reads all files that a change of netplan's configuration may touch. */
export async function keepFiles(places: KeptPlaces): Promise<readonly KeptFile[]> {
  const paths = await presentFiles(places);
  return Promise.all(paths.filter((path) => !isUnfinished(path)).map(keepFile));
}

/** Puts a spare copy beside each kept file that is on disk. Throws when there is no room for them; then it leaves none. */
export async function makeSpares(places: KeptPlaces, files: readonly KeptFile[]): Promise<void> {
  try {
    for (const file of files) if (needsSpare(places, file)) await writeAsKept(file, file.path + SPARE_SUFFIX);
  } catch (error) {
    await removeSpares(places, files);
    throw error;
  }
}

export async function removeSpares(places: KeptPlaces, files: readonly KeptFile[]): Promise<void> {
  for (const file of files) if (needsSpare(places, file)) await removeFileForGood(file.path + SPARE_SUFFIX);
}

/**
 * Brings every kept file back where it differs, and takes away what came since under a name of ours. What is as it was is not
 * touched. Gives the paths that changed.
 */
export async function restoreFiles(places: KeptPlaces, files: readonly KeptFile[]): Promise<readonly string[]> {
  const changed: string[] = [];
  for (const file of files) {
    if (await isAsKept(file)) {
      // Written anew with the same text: it gets its time back, and nobody has to hear of it. What netplan generates goes by when it was
      // written: networkd would take another time for another file, and set up its devices anew.
      if (file.link === undefined && !file.path.startsWith(join(places.root, 'run/'))) await setTime(file.path, file.modifiedAt);
      continue;
    }
    await bringBack(places, file);
    changed.push(file.path);
  }
  const known = new Set(files.map(({ path }) => path));
  for (const path of await presentFiles(places)) {
    if (known.has(path) || !(await isOfOurMaking(places, path))) continue;
    await removeFileForGood(path);
    changed.push(path);
  }
  return changed;
}

async function presentFiles({ root, stateDirectory }: KeptPlaces): Promise<readonly string[]> {
  const places = [...PLACES.map(({ folder, name }) => ({ folder: join(root, folder), name })), { folder: takenOverFolder(stateDirectory), name: STATE_FILE }];
  const lists = await Promise.all(places.map(async ({ folder, name }) => (await namesIn(folder)).filter((each) => isUnfinished(each) || name.test(each)).map((each) => join(folder, each))));
  return lists.flat();
}

/** Left by whoever was killed while writing it. */
function isUnfinished(path: string): boolean {
  return path.endsWith(UNFINISHED_SUFFIX);
}

async function namesIn(folder: string): Promise<readonly string[]> {
  try {
    return (await readdir(folder, { withFileTypes: true })).filter((entry) => !entry.isDirectory()).map(({ name }) => name);
  } catch (error) {
    if (isNotThere(error)) return [];
    throw error;
  }
}

async function keepFile(path: string): Promise<KeptFile> {
  const stats = await lstat(path);
  const rest = { path, mode: stats.mode & 0o7777, uid: stats.uid, gid: stats.gid, modifiedAt: stats.mtimeMs };
  if (stats.isSymbolicLink()) return { ...rest, link: await readlink(path), contentBase64: '' };
  return { ...rest, contentBase64: await readFile(path, 'base64') };
}

function needsSpare({ root, stateDirectory }: KeptPlaces, { path, link }: KeptFile): boolean {
  return link === undefined && (path.startsWith(join(root, 'etc/')) || path.startsWith(`${stateDirectory}/`));
}

async function isAsKept(file: KeptFile): Promise<boolean> {
  try {
    const found = await keepFile(file.path);
    return found.link === file.link && found.contentBase64 === file.contentBase64 && found.mode === file.mode && found.uid === file.uid && found.gid === file.gid;
  } catch (error) {
    if (isNotThere(error)) return false;
    throw error;
  }
}

async function bringBack(places: KeptPlaces, file: KeptFile): Promise<void> {
  const temporary = file.path + UNFINISHED_SUFFIX;
  if (file.link !== undefined) {
    await rm(temporary, { force: true });
    await symlink(file.link, temporary);
    return rename(temporary, file.path);
  }
  try {
    await writeAsKept(file, temporary);
    await rename(temporary, file.path);
  } catch (error) {
    await rm(temporary, { force: true });
    if (!needsSpare(places, file)) throw error;
    await rename(file.path + SPARE_SUFFIX, file.path);
  }
  await syncFolder(dirname(file.path));
}

async function writeAsKept(file: KeptFile, path: string): Promise<void> {
  await rm(path, { force: true });
  const handle = await open(path, 'wx', file.mode);
  try {
    await handle.writeFile(Buffer.from(file.contentBase64, 'base64'));
    await handle.sync();
  } finally {
    await handle.close();
  }
  await chown(path, file.uid, file.gid);
  await chmod(path, file.mode);
  await setTime(path, file.modifiedAt);
}

function setTime(path: string, modifiedAt: number): Promise<void> {
  return utimes(path, modifiedAt / 1000, modifiedAt / 1000);
}


/** What netplan generated goes with the file it came from; a YAML file of somebody else stays. */
async function isOfOurMaking({ root }: KeptPlaces, path: string): Promise<boolean> {
  if (!path.startsWith(join(root, 'etc/')) && !path.startsWith(join(root, 'run/netplan'))) return true;
  if (!path.endsWith('.yaml') && !path.endsWith('.cfg')) return true;
  return OUR_HEADER.test(await readFile(path, 'utf8'));
}
