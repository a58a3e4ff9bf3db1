import { failed, passed, warning, type HealthCheck } from './check.ts';
import type { Machine } from './machine.ts';
import { isOlder, versionIn } from './version.ts';

/** 2.13 came with Ubuntu 20.04; what is older has other columns. */
const OLDEST_OVS = '2.13';
const START = 'systemctl enable --now openvswitch-switch';

export interface OvsExpectations {
  /** `unix:PATH` or `tcp:HOST:PORT`. */
  readonly remote: string;
  /** Bridges whose manifest asks for the kernel's datapath. */
  readonly systemBridges: readonly string[];
}

export async function openVswitchChecks(machine: Machine, { remote, systemBridges }: OvsExpectations): Promise<readonly HealthCheck[]> {
  return Promise.all([installed(machine), database(machine, remote), daemon(machine), datapath(machine, systemBridges), ovn(machine)]);
}

async function installed(machine: Machine): Promise<HealthCheck> {
  const version = versionIn(await machine.output('ovs-vsctl', '--version'));
  if (version === undefined) return failed('openvswitch', 'Open vSwitch is not installed', 'apt install openvswitch-switch');
  if (isOlder(version, OLDEST_OVS)) return warning('openvswitch', `Open vSwitch ${version} is older than ${OLDEST_OVS}`, 'apt install --only-upgrade openvswitch-switch');
  return passed('openvswitch', `Open vSwitch ${version}`);
}

async function database(machine: Machine, remote: string): Promise<HealthCheck> {
  const name = 'ovsdb-socket';
  if (!remote.startsWith('unix:')) return passed(name, `the database is at ${remote}, which is not looked at from here`);
  const path = remote.slice('unix:'.length);
  const outcome = await machine.connection(path);
  if (outcome === 'connected') return passed(name, `${path} answers`);
  if (outcome === 'EACCES') return failed(name, `${path} may not be opened`, 'run bridgekeeper as root');
  return failed(name, `nobody answers at ${path} (${outcome})`, START);
}

async function daemon(machine: Machine): Promise<HealthCheck> {
  const name = 'ovs-vswitchd';
  const version = versionIn(await machine.output('ovs-appctl', '--timeout=5', '-t', 'ovs-vswitchd', 'version'));
  return version === undefined ? failed(name, 'ovs-vswitchd does not answer: nothing of the database is carried out', 'systemctl restart openvswitch-switch') : passed(name, 'ovs-vswitchd answers');
}

async function datapath(machine: Machine, systemBridges: readonly string[]): Promise<HealthCheck> {
  const name = 'kernel-datapath';
  if (await machine.has('/sys/module/openvswitch')) return passed(name, 'the module openvswitch is loaded');
  const isThere = (await machine.run('modprobe', '-n', 'openvswitch'))?.code === 0;
  const remedy = isThere ? 'modprobe openvswitch' : "apt install linux-modules-extra-$(uname -r)   # or set datapathType: netdev";
  if (systemBridges.length > 0) return failed(name, `the module openvswitch is not loaded, but ${systemBridges.join(', ')} ask${systemBridges.length === 1 ? 's' : ''} for datapathType system`, remedy);
  return warning(name, 'the module openvswitch is not loaded: bridges of datapathType auto run in user space, slower', remedy);
}

async function ovn(machine: Machine): Promise<HealthCheck> {
  const remote = await machine.output('ovs-vsctl', '--timeout=5', '--if-exists', 'get', 'Open_vSwitch', '.', 'external_ids:ovn-remote');
  if (remote) return warning('ovn', `OVN (${remote}) has its own bridges here: leave br-int to it and name it in no manifest`, 'systemctl disable --now ovn-controller   # if it is not wanted');
  return passed('ovn', 'no OVN on this machine');
}
