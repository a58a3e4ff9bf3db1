import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { diagnosis, examine } from '../../../../controller/queries/diagnose/diagnose.ts';
import { NO_EXPECTATIONS, type Expectations } from '../../../../controller/queries/diagnose/expectations.ts';
import { Machine } from '../../../../controller/queries/diagnose/machine.ts';
import { isOlder, versionIn } from '../../../../controller/queries/diagnose/version.ts';
import { ExecFailed, ExecTimedOut, type Exec } from '../../../../controller/systems/exec.ts';

const PLACES = { dataDirectory: '/data', imagesDirectory: '/images', ovsdb: 'unix:/db.sock', libvirtSocket: '/virt.sock' };

let root: string;
let answers: Record<string, string | Error>;
let servers: Server[];

beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), 'doctor-'));
  servers = [];
  answers = {
    'ovs-vsctl --version': 'ovs-vsctl (Open vSwitch) 3.1.0\nDB Schema 8.3.1\n',
    'ovs-appctl --timeout=5 -t ovs-vswitchd version': 'ovs-vswitchd (Open vSwitch) 3.1.0\n',
    'ovs-vsctl --timeout=5 --if-exists get Open_vSwitch . external_ids:ovn-remote': '\n',
    'netplan info': 'features: []\n',
    'dpkg-query -W -f ${Version} netplan.io': '0.106-2',
    'systemctl is-active systemd-networkd': 'active\n',
    'timedatectl show -p NTPSynchronized --value': 'yes\n',
    'libvirtd --version': 'libvirtd (libvirt) 9.0.0\n',
    'qemu-img --version': 'qemu-img version 7.2.22\n',
  };
  put('/proc/sys/net/ipv6/conf/all/disable_ipv6', '0\n');
});

afterEach(async () => {
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  rmSync(root, { recursive: true });
});

function put(file: string, text: string): void {
  mkdirSync(path.join(root, path.dirname(file)), { recursive: true });
  writeFileSync(path.join(root, file), text, { mode: 0o600 });
}

async function listen(socket: string): Promise<void> {
  const server = createServer();
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(path.join(root, socket), resolve));
}

/** What came of the check of that name. */
async function look(name: string, expectations: Partial<Expectations> = {}): Promise<string> {
  const exec: Exec = {
    run: (argv) => {
      const stdout = answers[argv.join(' ')];
      if (stdout instanceof Error) return Promise.reject(stdout);
      return stdout === undefined ? Promise.reject(new ExecFailed(`${argv[0]} could not be run`)) : Promise.resolve({ code: 0, stdout, stderr: '' });
    },
  };
  const checks = await examine(new Machine({ exec, root }), PLACES, { ...NO_EXPECTATIONS, ...expectations });
  const check = checks.find((each) => each.name === name);
  return check ? [check.result, check.message, ...(check.remedy === undefined ? [] : [check.remedy])].join(' | ') : 'not looked at';
}

describe('the doctor', () => {
  it('finds sockets that answer, and those that do not', async () => {
    expect(await look('ovsdb-socket')).toBe('Failed | nobody answers at /db.sock (ENOENT) | systemctl enable --now openvswitch-switch');
    await listen('db.sock');
    expect(await look('ovsdb-socket')).toBe('Passed | /db.sock answers');
  });

  it('takes missing libvirt for a failure only where something needs it', async () => {
    delete answers['libvirtd --version'];
    expect(await look('libvirt')).toMatch(/^Warning \| libvirt is not installed/);
    expect(await look('libvirt', { needsLibvirt: true })).toMatch(/^Failed \| libvirt is not installed.* \| apt install libvirt-daemon-system$/);
  });

  it('takes a program that hangs for no missing one', async () => {
    answers['netplan info'] = new ExecTimedOut('netplan did not end within 45000 ms');
    expect(await look('netplan')).toMatch(/^Failed \| netplan does not work: netplan did not end within 45000 ms/);
    delete answers['netplan info'];
    expect(await look('netplan')).toMatch(/^Failed \| netplan is not installed/);
  });

  it('tells versions that are too old', async () => {
    answers['ovs-vsctl --version'] = 'ovs-vsctl (Open vSwitch) 2.9.8\n';
    expect(await look('openvswitch')).toMatch(/^Warning \| Open vSwitch 2\.9\.8 is older than 2\.13/);
  });

  it('asks for the kernel module where a bridge needs it', async () => {
    answers['modprobe -n openvswitch'] = '';
    expect(await look('kernel-datapath')).toMatch(/^Warning .* \| modprobe openvswitch$/);
    expect(await look('kernel-datapath', { systemBridges: ['Bridge/br0'] })).toMatch(/^Failed \| .* but Bridge\/br0 asks for datapathType system \| modprobe openvswitch$/);
    mkdirSync(path.join(root, 'sys/module/openvswitch'), { recursive: true });
    expect(await look('kernel-datapath')).toBe('Passed | the module openvswitch is loaded');
  });

  it('finds IPv6 off only where something asks for it', async () => {
    put('/proc/sys/net/ipv6/conf/all/disable_ipv6', '1\n');
    expect(await look('ipv6')).toMatch(/^Passed/);
    expect(await look('ipv6', { ipv6Wanted: ['VlanPort/six'] })).toBe('Failed | IPv6 is off (net.ipv6.conf.all.disable_ipv6 is 1), but these ask for it: VlanPort/six | sysctl -w net.ipv6.conf.all.disable_ipv6=0');
  });

  it('finds NetworkManager on devices of ours', async () => {
    answers['nmcli -t -f DEVICE,STATE device'] = 'eth0:connected\nwlan0:connected\nlo:unmanaged\n';
    expect(await look('NetworkManager', { devices: ['eth0', 'vnet100'] })).toBe('Failed | NetworkManager has eth0 too, and undoes what is set there | nmcli device set eth0 managed no');
    expect(await look('NetworkManager', { devices: ['vnet100'] })).toMatch(/^Passed/);
  });

  it('finds who else writes netplan, and files that are broken or open to all', async () => {
    put('/etc/cloud/cloud.cfg', '');
    put('/etc/netplan/50-cloud-init.yaml', 'network: {version: 2, ethernets: {eth0: {dhcp4: true}}}\n');
    expect(await look('cloud-init')).toMatch(/^Warning \| cloud-init writes/);
    put('/etc/cloud/cloud.cfg.d/99.cfg', 'network: {config: disabled}\n');
    expect(await look('cloud-init')).toMatch(/^Passed/);
    put('/etc/netplan/60.yaml', 'network: {bridges: {br0: {openvswitch: {}}}}\n');
    expect(await look('netplan-openvswitch')).toMatch(/^Failed \| .*60\.yaml makes bridges/);
    put('/etc/netplan/70.yaml', 'network: [\n');
    expect(await look('netplan-files')).toMatch(/^Failed \| .*70\.yaml: line \d/);
  });

  it('finds OVN, and a clock that nobody sets', async () => {
    answers['ovs-vsctl --timeout=5 --if-exists get Open_vSwitch . external_ids:ovn-remote'] = '"ssl:10.0.0.1:6642"\n';
    answers['timedatectl show -p NTPSynchronized --value'] = 'no\n';
    expect(await look('ovn')).toMatch(/^Warning \| OVN \("ssl:10\.0\.0\.1:6642"\)/);
    expect(await look('time')).toBe('Warning | the clock is not synchronised: certificates may seem expired or not valid yet | timedatectl set-ntp true');
  });

  it('counts what it found', () => {
    expect(diagnosis([{ name: 'a', result: 'Failed', message: '' }, { name: 'b', result: 'Warning', message: '' }]).summary).toEqual({ text: '1 failed, 1 warning', failed: 1, warnings: 1 });
  });
});

describe('a version', () => {
  it.each([
    ['2.9', '2.13', true],
    ['2.13.8', '2.13', false],
    ['3.0', '2.13', false],
    ['0.104', '0.104', false],
  ])('%s is older than %s: %s', (version, wanted, older) => {
    expect(isOlder(version, wanted)).toBe(older);
  });

  it('is found in what a program prints', () => {
    expect(versionIn('QEMU emulator version 7.2.22 (Debian 1:7.2+dfsg)')).toBe('7.2.22');
    expect(versionIn(undefined)).toBeUndefined();
  });
});
