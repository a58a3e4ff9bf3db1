import { dirname, join } from 'node:path';
import { failed, passed, warning, type HealthCheck } from './check.ts';
import type { Machine } from './machine.ts';
import { userName } from './user.ts';
import { isOlder, versionIn } from './version.ts';

/** 8.0 came with Ubuntu 22.04. */
const OLDEST_LIBVIRT = '7.0';
const PROGRAM_BY_ARCHITECTURE: Readonly<Partial<Record<NodeJS.Architecture, string>>> = { x64: 'qemu-system-x86_64', arm64: 'qemu-system-aarch64' };

export async function libvirtChecks(machine: Machine, { socketPath, isAsked }: { readonly socketPath: string; readonly isAsked: boolean }): Promise<readonly HealthCheck[]> {
  // A host without libvirt keeps its bridges and ports all the same.
  const missing = isAsked ? failed : warning;
  return Promise.all([installed(machine, missing), socket(machine, socketPath, missing), qemu(machine, missing), qemuImg(machine, missing), kvm(machine), tun(machine)]);
}

async function installed(machine: Machine, missing: typeof failed): Promise<HealthCheck> {
  const version = versionIn((await machine.output('libvirtd', '--version')) ?? (await machine.output('virtqemud', '--version')));
  if (version === undefined) return missing('libvirt', 'libvirt is not installed: portgroups and VMs can not be kept', 'apt install libvirt-daemon-system');
  if (isOlder(version, OLDEST_LIBVIRT)) return warning('libvirt', `libvirt ${version} is older than ${OLDEST_LIBVIRT}`, 'apt install --only-upgrade libvirt-daemon-system');
  return passed('libvirt', `libvirt ${version}`);
}

async function socket(machine: Machine, socketPath: string, missing: typeof failed): Promise<HealthCheck> {
  const name = 'libvirt-socket';
  const outcome = await machine.connection(socketPath);
  if (outcome === 'connected') return passed(name, `${socketPath} answers`);
  const modular = join(dirname(socketPath), 'virtqemud-sock');
  if ((await machine.connection(modular)) === 'connected') return passed(name, `${modular} answers`);
  if (outcome === 'EACCES') return missing(name, `${socketPath} may not be opened`, `run bridgekeeper as root, or: usermod -aG libvirt ${userName()}`);
  return missing(name, `nobody answers at ${socketPath} (${outcome})`, 'systemctl enable --now libvirtd');
}

async function qemu(machine: Machine, missing: typeof failed): Promise<HealthCheck> {
  const program = PROGRAM_BY_ARCHITECTURE[process.arch] ?? 'qemu-system-x86_64';
  const version = versionIn(await machine.output(program, '--version'));
  return version === undefined ? missing('qemu', `${program} is not there: VMs can not run`, 'apt install qemu-system-x86') : passed('qemu', `QEMU ${version}`);
}

async function qemuImg(machine: Machine, missing: typeof failed): Promise<HealthCheck> {
  const version = versionIn(await machine.output('qemu-img', '--version'));
  return version === undefined ? missing('qemu-img', 'qemu-img is not there: disks of VMs can not be made', 'apt install qemu-utils') : passed('qemu-img', `qemu-img ${version}`);
}

async function kvm(machine: Machine): Promise<HealthCheck> {
  if (await machine.mayUse('/dev/kvm')) return passed('kvm', '/dev/kvm can be used');
  const remedy = (await machine.has('/dev/kvm')) ? `usermod -aG kvm ${userName()}` : 'turn virtualisation on in the BIOS, then: modprobe kvm_intel || modprobe kvm_amd';
  return warning('kvm', '/dev/kvm can not be used: VMs of acceleration auto are emulated, many times slower', remedy);
}

async function tun(machine: Machine): Promise<HealthCheck> {
  if (await machine.has('/dev/net/tun')) return passed('tun', '/dev/net/tun is there');
  return failed('tun', '/dev/net/tun is missing: neither VMs nor bridges of datapathType netdev get ports', 'modprobe tun');
}
