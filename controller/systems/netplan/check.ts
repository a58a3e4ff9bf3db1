import { readFileSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import type { Exec } from '../exec.ts';
import type { FileChanges } from './file-changes.ts';
import { NETPLAN_FILE_MODE, readText } from './file-changes.ts';
import { inTurns } from './in-turns.ts';
import { isNotThere, listNetplanFiles, NETPLAN_FOLDERS } from './netplan-folders.ts';

/** What netplan would write for the backends: path below the root (`run/systemd/network/10-netplan-vnet100.network`) → text. */
export type Generated = ReadonlyMap<string, string>;

export type CheckResult =
  | { readonly ok: true; readonly generated: Generated }
  /** netplan's own words, with file, line and column. */
  | { readonly ok: false; readonly message: string };

/** Folders below the root where `netplan generate` leaves what belongs to single devices. */
export const GENERATED_FOLDERS = ['run/systemd/network', 'run/udev/rules.d', 'run/NetworkManager/system-connections'];

/** What netplan said of files before; it says the same of the same files. */
export type CheckMemory = Map<string, CheckResult>;

export interface CheckTools {
  readonly exec: Exec;
  readonly checks: CheckMemory;
}

/** A fraction of a second as a rule; but without it nothing goes on, however slow and busy the host. */
const GENERATE_TIMEOUT_MS = 120_000;
const REMEMBERED_CHECKS = 4;
const MAX_MESSAGE_CHARACTERS = 600;

/**
 * Has netplan itself check what all its folders would say after these changes, in a copy: nothing of the host is touched. What
 * was checked a short while ago is not checked again. Throws `ExecFailed` when netplan can't be run.
 */
export async function checkChanges(root: string, changes: FileChanges, { exec, checks }: CheckTools): Promise<CheckResult> {
  const texts = await textsAfter(root, changes);
  const key = JSON.stringify([...texts]);
  const known = checks.get(key);
  if (known) return known;
  const result = await generate(root, texts, exec);
  checks.set(key, result);
  for (const oldest of [...checks.keys()].slice(0, -REMEMBERED_CHECKS)) checks.delete(oldest);
  return result;
}

/** What netplan's folders would hold: path → text. */
async function textsAfter(root: string, changes: FileChanges): Promise<ReadonlyMap<string, string>> {
  const texts = new Map<string, string>();
  for (const path of (await listNetplanFiles(root)).paths) {
    const content = changes.has(path) ? changes.get(path) : { text: (await readText(path)) ?? '' };
    if (content) texts.set(path, content.text);
  }
  for (const [path, content] of changes) if (content && isOfNetplan(root, path)) texts.set(path, content.text);
  return texts;
}

async function generate(root: string, texts: ReadonlyMap<string, string>, exec: Exec): Promise<CheckResult> {
  // Below /run, which is private to the host and does not outlive a boot: a copy that kill -9 left behind goes by itself.
  await mkdir(join(root, 'run'), { recursive: true });
  const copy = await mkdtemp(join(root, 'run/bridgekeeper-netplan-'));
  try {
    for (const folder of NETPLAN_FOLDERS) await mkdir(join(copy, folder), { recursive: true });
    for (const [path, text] of texts) await writeFile(join(copy, relative(root, path)), text, { mode: NETPLAN_FILE_MODE });
    const { code, stderr } = await exec.run(['netplan', 'generate', '--root-dir', copy], { timeoutMs: GENERATE_TIMEOUT_MS });
    if (code !== 0) return { ok: false, message: netplanMessage(stderr, copy, root) };
    return { ok: true, generated: await readGenerated(copy) };
  } finally {
    await rm(copy, { recursive: true, force: true });
  }
}

function isOfNetplan(root: string, path: string): boolean {
  return NETPLAN_FOLDERS.some((folder) => join(root, folder) === dirname(path));
}

async function readGenerated(root: string): Promise<Generated> {
  const generated = new Map<string, string>();
  for (const folder of GENERATED_FOLDERS) {
    for await (const name of inTurns(await namesIn(join(root, folder)))) {
      generated.set(join(folder, name), readFileSync(join(root, folder, name), 'utf8'));
    }
  }
  return generated;
}

/** Names in a folder; none where there is no such folder. */
export async function namesIn(folder: string): Promise<readonly string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (isNotThere(error)) return [];
    throw error;
  }
}

/** netplan's error on one line: without its warnings, the caret below the faulty word, and the folder of the copy. */
function netplanMessage(stderr: string, copy: string, root: string): string {
  const lines = stderr.split('\n').filter((line) => !line.includes('WARNING') && /[^\s*^]/.test(line));
  const text = lines.map((line) => line.trim()).join(' | ');
  const named = text.replaceAll(copy, root === '/' ? '' : root);
  return named === '' ? 'netplan generate failed without a word' : named.slice(0, MAX_MESSAGE_CHARACTERS);
}
