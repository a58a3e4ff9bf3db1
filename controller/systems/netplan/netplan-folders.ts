import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { parseNetplanFile } from './netplan-file.ts';
import type { NetplanFile } from './netplan-file.ts';

/** Where netplan reads, weakest first (netplan-generate(8)): a file hides those of its name in the folders before. */
export const NETPLAN_FOLDERS = ['lib/netplan', 'etc/netplan', 'run/netplan'];
/** Where our file belongs. */
export const OUR_FOLDER = 'etc/netplan';

export interface ReadFolders {
  readonly files: readonly NetplanFile[];
  /** Path of a file of `etc/netplan` → path of the one that hides it. */
  readonly hidden: ReadonlyMap<string, string>;
}

/**
 * Reads all netplan files below `root`, in the order in which netplan merges them: by name, whatever the folder. A folder that
 * is not there holds no files; any other failure throws.
 *
 * @param known files read before: one whose text is still the same is not parsed again
 */
export async function readNetplanFolders(root: string, known: readonly NetplanFile[] = []): Promise<ReadFolders> {
  const { paths, hidden } = await listNetplanFiles(root);
  const knownByPath = new Map(known.map((file) => [file.path, file]));
  const files = await Promise.all(paths.map((path) => readNetplanFile(path, knownByPath.get(path))));
  return { files: files.filter((file) => file !== undefined), hidden };
}

/** The paths of the files that netplan reads, in its order, and those of our folder that it does not, each with what hides it. */
export async function listNetplanFiles(
  root: string,
): Promise<{ readonly paths: readonly string[]; readonly hidden: ReadonlyMap<string, string> }> {
  const pathByName = new Map<string, string>();
  const hidden = new Map<string, string>();
  for (const folder of NETPLAN_FOLDERS) {
    for (const name of await yamlNames(join(root, folder))) {
      const path = join(root, folder, name);
      const weaker = pathByName.get(name);
      if (weaker === join(root, OUR_FOLDER, name)) hidden.set(weaker, path);
      pathByName.set(name, path);
    }
  }
  return { paths: [...pathByName].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, path]) => path), hidden };
}

/** Reads one file; undefined when it is not there. */
export async function readNetplanFile(path: string, known?: NetplanFile): Promise<NetplanFile | undefined> {
  try {
    const [text, { mode }] = await Promise.all([readFile(path, 'utf8'), stat(path)]);
    const bits = mode & 0o777;
    return known?.text === text && known.mode === bits ? known : parseNetplanFile(path, text, bits);
  } catch (error) {
    if (isNotThere(error)) return undefined;
    throw error;
  }
}

async function yamlNames(folder: string): Promise<readonly string[]> {
  try {
    return (await readdir(folder)).filter((name) => name.endsWith('.yaml') && !name.startsWith('.'));
  } catch (error) {
    if (isNotThere(error)) return [];
    throw error;
  }
}

export function isNotThere(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}
