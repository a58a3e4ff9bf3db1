import { failed, passed, warning, type HealthCheck } from './check.ts';
import type { Machine } from './machine.ts';
import { isRoot, userName } from './user.ts';

const MIB = 1024 ** 2;
/** Below this SQLite, Open vSwitch and netplan may fail to write. */
const LEAST_FREE_BYTES = 64 * MIB;
const LOW_FREE_BYTES = 1024 * MIB;
const LOW_FREE_SHARE = 0.05;

export interface MachineExpectations {
  /** Where Bridgekeeper, Open vSwitch and libvirt write. */
  readonly folders: readonly string[];
  readonly dataDirectory: string;
  /** Resources that ask for IPv6, as Kind/name. */
  readonly ipv6Wanted: readonly string[];
}

export async function machineChecks(machine: Machine, { folders, dataDirectory, ipv6Wanted }: MachineExpectations): Promise<readonly HealthCheck[]> {
  return [rights(), ...(await Promise.all([data(machine, dataDirectory), ipv6(machine, ipv6Wanted), time(machine), space(machine, folders)]))];
}

function rights(): HealthCheck {
  if (isRoot()) return passed('rights', 'running as root');
  return failed('rights', `running as ${userName()}: netplan files, Open vSwitch and libvirt are root's`, 'sudo bridgekeeper doctor');
}

async function data(machine: Machine, folder: string): Promise<HealthCheck> {
  const name = 'data-directory';
  if (!isRoot()) return warning(name, `only root can tell whether ${folder} can be written`, 'sudo bridgekeeper doctor');
  if (!(await machine.has(folder))) return passed(name, `${folder} is not there yet; serve makes it`);
  return (await machine.mayWrite(folder)) ? passed(name, `${folder} can be written`) : failed(name, `${folder} can not be written`, `chown root: ${folder}; chmod 700 ${folder}`);
}

async function ipv6(machine: Machine, wanted: readonly string[]): Promise<HealthCheck> {
  const switchedOff = (await machine.text('/proc/sys/net/ipv6/conf/all/disable_ipv6'))?.trim();
  if (switchedOff === '0') return passed('ipv6', 'IPv6 is on');
  const how = switchedOff === undefined ? 'the kernel was started without it (ipv6.disable=1)' : 'net.ipv6.conf.all.disable_ipv6 is 1';
  if (wanted.length === 0) return passed('ipv6', `IPv6 is off (${how}), and nothing asks for it`);
  const remedy = switchedOff === undefined ? 'take ipv6.disable=1 out of GRUB_CMDLINE_LINUX in /etc/default/grub, then: update-grub; reboot' : 'sysctl -w net.ipv6.conf.all.disable_ipv6=0';
  return failed('ipv6', `IPv6 is off (${how}), but these ask for it: ${wanted.join(', ')}`, remedy);
}

/** Certificates, leases and the order of alerts go by the clock. */
async function time(machine: Machine): Promise<HealthCheck> {
  const synchronised = await machine.output('timedatectl', 'show', '-p', 'NTPSynchronized', '--value');
  if (synchronised === 'yes') return passed('time', 'the clock is synchronised');
  if (synchronised === undefined) return warning('time', 'timedatectl does not say whether the clock is synchronised');
  return warning('time', 'the clock is not synchronised: certificates may seem expired or not valid yet', 'timedatectl set-ntp true');
}

async function space(machine: Machine, folders: readonly string[]): Promise<HealthCheck> {
  const found = await Promise.all(folders.map(async (folder) => ({ folder, space: await machine.space(folder) })));
  const low = found.flatMap(({ folder, space: here }) => (here && isLow(here) ? [{ folder, ...here }] : []));
  const [worst] = low.sort((a, b) => a.freeBytes - b.freeBytes);
  if (!worst) return passed('disk-space', `enough space in ${folders.join(', ')}`);
  const message = `${Math.floor(worst.freeBytes / MIB)} MiB are free in ${worst.folder}`;
  const remedy = 'journalctl --vacuum-size=100M; apt clean';
  return worst.freeBytes < LEAST_FREE_BYTES ? failed('disk-space', `${message}: nothing can be stored safely`, remedy) : warning('disk-space', message, remedy);
}

function isLow({ freeBytes, totalBytes }: { readonly freeBytes: number; readonly totalBytes: number }): boolean {
  return freeBytes < LEAST_FREE_BYTES || (freeBytes < LOW_FREE_BYTES && freeBytes < totalBytes * LOW_FREE_SHARE);
}
