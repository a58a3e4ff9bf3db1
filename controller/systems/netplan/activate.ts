import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Exec } from '../exec.ts';
import type { Generated } from './check.ts';
import { inTurns } from './in-turns.ts';
import { loadedFiles } from './loaded-files.ts';
import type { Log } from './log.ts';
import { runBounded } from './run-bounded.ts';

export interface Activation {
  readonly root: string;
  readonly exec: Exec;
  readonly log: Log;
  /** What netplan made of its files. */
  readonly generated: Generated;
  /** netplan ids whose stanza changed. */
  readonly devices: readonly string[];
}

/** The backend did not take the configuration over. */
export class ActivationFailed extends Error {
  override readonly name = 'ActivationFailed';
}

const RELOAD_TIMEOUT_MS = 10_000;
const APPLY_TIMEOUT_MS = 60_000;
// networkd runs as a user of its own, and our umask may be 077.
const GENERATED_MODE = 0o644;
const GENERATED_FOLDER_MODE = 0o755;
const NETWORK_MANAGER_FOLDER = 'run/NetworkManager/system-connections';
const NM_DENY_LIST = 'run/udev/rules.d/90-netplan.rules';

/** What it takes to bring a configuration into force. */
export interface PlannedActivation extends Activation {
  readonly by: 'nothing' | 'udev' | 'networkd' | 'netplan apply';
  /** Generated files to write or remove: paths below the root. */
  readonly paths: readonly string[];
}

/** Changes nothing. */
export async function planActivation(activation: Activation): Promise<PlannedActivation> {
  const { root, generated, devices } = activation;
  if (concernsNetworkManager(root, generated, devices)) return { ...activation, by: 'netplan apply', paths: [] };
  const paths = await differing(root, generated, devices);
  return { ...activation, by: paths.length === 0 ? 'nothing' : paths.every(isForUdev) ? 'udev' : 'networkd', paths };
}

/**
 * Brings the configuration of these devices into force. Only their own generated files are written, and networkd is told to
 * reload: it then sets up anew just the devices whose file changed. `netplan apply`, and even a plain `netplan generate`,
 * writes every file again, after which networkd takes down and sets up every device, those of others included; so it is kept
 * for what reloading can't do: NetworkManager's devices, and a networkd that does not run.
 *
 * Nothing is run when nothing differs. Throws `ActivationFailed`.
 */
export async function activate({ root, exec, log, generated, by, paths }: PlannedActivation): Promise<void> {
  if (by === 'netplan apply') return applyAll(exec);
  await installGenerated(root, generated, paths);
  if (paths.some(isForUdev)) await reloadUdev(exec, log);
  if (by !== 'networkd') return;
  await reloadNetworkd(exec, log);
  await loadedFiles(root, log).keep();
}

/** Throws `ActivationFailed`. */
async function reloadNetworkd(exec: Exec, log: Log): Promise<void> {
  const { end, words } = await runBounded(exec, ['networkctl', 'reload'], RELOAD_TIMEOUT_MS);
  if (end === 'done') return;
  if (end === 'late') {
    // To apply all of netplan would only ask more of it, and take every device's addresses away for a moment.
    log.warn({ failure: words }, 'networkd has been told to reload, and is slow to do so');
    return;
  }
  log.info({ failure: words }, 'networkd could not be told to reload, applying all of netplan');
  await applyAll(exec);
}

/** networkd reads neither: `.link` files are for udev, which looks at them when a device appears (systemd.link(5)). */
function isForUdev(path: string): boolean {
  return path.startsWith('run/udev/') || path.endsWith('.link');
}

/** `netplan apply`: for all devices of the host. Throws `ActivationFailed`. */
async function applyAll(exec: Exec): Promise<void> {
  const { end, words } = await runBounded(exec, ['netplan', 'apply'], APPLY_TIMEOUT_MS);
  if (end !== 'done') throw new ActivationFailed(words);
}

function concernsNetworkManager(root: string, generated: Generated, devices: readonly string[]): boolean {
  for (const device of devices) {
    const path = `${NETWORK_MANAGER_FOLDER}/netplan-${device}.nmconnection`;
    if (generated.get(path) !== textIfThere(join(root, path))) return true;
  }
  return false;
}

/** The generated files of these devices that are not as they should be: paths below the root. */
async function differing(root: string, generated: Generated, devices: readonly string[]): Promise<readonly string[]> {
  const paths = devices.flatMap((device) => [
    `run/systemd/network/10-netplan-${device}.network`,
    `run/systemd/network/10-netplan-${device}.link`,
    `run/udev/rules.d/99-netplan-${device}.rules`,
  ]);
  const found: string[] = [];
  for await (const path of inTurns([...paths, NM_DENY_LIST])) if (generated.get(path) !== textIfThere(join(root, path))) found.push(path);
  return found;
}

async function installGenerated(root: string, generated: Generated, paths: readonly string[]): Promise<void> {
  for await (const path of inTurns(paths)) {
    const wanted = generated.get(path);
    if (wanted === undefined) rmSync(join(root, path), { force: true });
    else writeGenerated(join(root, path), wanted);
  }
}

function textIfThere(path: string): string | undefined {
  return existsSync(path) ? readFileSync(path, 'utf8') : undefined;
}

/** Below /run, which does not outlive the boot, so it need not reach a disk. networkd reads it whole or not at all. */
function writeGenerated(path: string, text: string): void {
  const folder = dirname(path);
  if (mkdirSync(folder, { recursive: true }) !== undefined) chmodSync(folder, GENERATED_FOLDER_MODE);
  writeFileSync(`${path}.new`, text);
  chmodSync(`${path}.new`, GENERATED_MODE);
  renameSync(`${path}.new`, path);
}

/** For the next device that appears; a host without udev has nothing to tell. */
async function reloadUdev(exec: Exec, log: Log): Promise<void> {
  const { end, words } = await runBounded(exec, ['udevadm', 'control', '--reload'], RELOAD_TIMEOUT_MS);
  if (end !== 'done') log.info({ failure: words }, 'udev could not be told to reload its rules');
}
