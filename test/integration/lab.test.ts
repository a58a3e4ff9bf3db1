import { readdir, readFile, readlink } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { systemExec } from '../../controller/systems/exec.ts';
import { startLab, type Lab } from '../lab/lab.ts';

const LAB = fileURLToPath(new URL('../lab/lab', import.meta.url));
const TIMEOUT_MS = 30_000;

const ADDRESS = '192.168.105.253';
const NETPLAN = `network:
  version: 2
  ethernets:
    vnet100: {addresses: [${ADDRESS}/24], optional: true}
`;
const GUEST = `<domain type='qemu'><name>guest</name><memory unit='MiB'>64</memory><vcpu>1</vcpu>
<os><type arch='x86_64'>hvm</type></os><devices><interface type='bridge'><source bridge='lunabr'/>
<vlan><tag id='100'/></vlan><virtualport type='openvswitch'/></interface></devices></domain>`;

/** What a lab host could leave on the machine: processes, mounts, devices, files. */
async function traces(name: string): Promise<string[]> {
  const found: string[] = [];
  for (const pid of (await readdir('/proc')).filter((entry) => /^\d+$/.test(entry))) {
    const hostName = await readHostName(pid);
    if (hostName === name || hostName === `${name}-switch`) found.push(`process ${pid}`);
  }
  const mounts = await readFile('/proc/self/mounts', 'utf8');
  if (mounts.includes(`/${name}/`)) found.push('a mount');
  const links = await systemExec.run(['ip', '-o', 'link'], { timeoutMs: TIMEOUT_MS });
  if (/trunk0|94:c6:91:1a:a6:3e/.test(links.stdout)) found.push('a network device');
  const states = await systemExec.run([LAB, 'list'], { timeoutMs: TIMEOUT_MS });
  if (states.stdout.includes(name)) found.push('its state');
  return found;
}

/** Only processes in another UTS namespace can be a lab's; undefined for them that end while we look. */
async function readHostName(pid: string): Promise<string | undefined> {
  try {
    if ((await readlink(`/proc/${pid}/ns/uts`)) === (await readlink('/proc/self/ns/uts'))) return undefined;
  } catch {
    return undefined;
  }
  const result = await systemExec.run(['nsenter', '-t', pid, '-u', 'hostname'], { timeoutMs: TIMEOUT_MS });
  return result.stdout.trim();
}

/** Process 1 of the host, as the machine counts. */
async function initPid(name: string): Promise<string> {
  const { stdout } = await systemExec.run([LAB, 'list'], { timeoutMs: TIMEOUT_MS });
  const pid = new RegExp(`^${name}\tup\tpid (\\d+)$`, 'm').exec(stdout)?.[1];
  if (pid === undefined) throw new Error(`${name} is not among:\n${stdout}`);
  return pid;
}

describe('a lab host', () => {
  let lab: Lab;
  beforeAll(async () => {
    lab = await startLab('a');
    await lab.run(['ovs-vsctl', 'add-br', 'lunabr', '--', 'set', 'bridge', 'lunabr', 'datapath_type=netdev']);
    await lab.run(['ovs-vsctl', 'add-port', 'lunabr', 'eth0']);
    await lab.run(['ovs-vsctl', 'add-port', 'lunabr', 'vnet100', 'tag=100', '--', 'set', 'interface', 'vnet100', 'type=internal']);
  });
  afterAll(() => lab.down());

  test('keeps the exit code, input, environment and working directory of a command', async () => {
    const result = await lab.exec(['sh', '-c', 'cat; echo " $WORD $PWD" >&2; exit 7'], { input: 'in', env: { WORD: 'said' } });
    expect(result).toEqual({ code: 7, stdout: 'in', stderr: ` said ${process.cwd()}\n` });
  });

  test('tells a signal from an exit code as a shell does, and a missing program', async () => {
    expect((await lab.exec(['sh', '-c', 'kill -9 $$'])).code).toBe(137);
    expect((await lab.exec(['no-such-program'])).code).toBe(127);
  });

  test('passes a termination signal on to the command', async () => {
    const child = lab.spawn(['sh', '-c', 'trap "exit 5" TERM; echo ready; while :; do sleep 0.05; done']);
    await new Promise((resolve) => child.stdout?.once('data', resolve));
    const code = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGTERM');
    expect(await code).toBe(5);
  });

  test('stops a command whose caller was killed', async () => {
    const child = lab.spawn(['sleep', '4711']);
    await expect.poll(() => lab.exec(['pgrep', '-xf', 'sleep 4711']).then(({ code }) => code)).toBe(0);
    child.kill('SIGKILL');
    await expect.poll(() => lab.exec(['pgrep', '-xf', 'sleep 4711']).then(({ code }) => code)).toBe(1);
  });

  test('reaps processes that lost their parent', async () => {
    await lab.run(['sh', '-c', 'sleep 0.05 & echo $! >/run/orphan']);
    await expect.poll(() => lab.exec(['sh', '-c', 'test -e /proc/$(cat /run/orphan)']).then(({ code }) => code)).toBe(1);
  });

  test('has the uplink up with its MAC address, and the default network of Debian, not started', async () => {
    expect(await lab.run(['cat', '/sys/class/net/eth0/address', '/sys/class/net/eth0/operstate'])).toBe('94:c6:91:1a:a6:3e\nup\n');
    expect(await lab.run(['virsh', 'net-info', 'default'])).toMatch(/Active: +no\nPersistent: +yes\nAutostart: +no/);
  });

  test('carries out netplan, and passes tagged frames from the far end of the uplink', async () => {
    await lab.run(['sh', '-c', 'umask 077; cat >/etc/netplan/10-test.yaml'], { input: NETPLAN });
    await lab.run(['netplan', 'apply']);
    await expect.poll(() => lab.run(['ip', '-o', '-4', 'addr', 'show', 'vnet100'])).toContain(ADDRESS);
    const mac = (await lab.run(['cat', '/sys/class/net/vnet100/address'])).trim();
    expect(await lab.arping({ vlan: 100, address: ADDRESS, timeoutMs: 5_000 })).toBe(mac);
    expect(await lab.arping({ vlan: 2, address: ADDRESS, timeoutMs: 500 })).toBeUndefined();
  });

  test('starts a guest on a VLAN, and notices its death', async () => {
    await lab.run(['sh', '-c', 'cat >/run/guest.xml; virsh define /run/guest.xml'], { input: GUEST });
    await lab.run(['virsh', 'start', 'guest']);
    const port = (await lab.run(['ovs-vsctl', '--bare', '--columns=name', 'find', 'interface', 'external_ids:vm-id!=""'])).trim();
    expect((await lab.run(['ovs-vsctl', 'get', 'port', port, 'tag'])).trim()).toBe('100');
    await lab.run(['pkill', '-9', 'qemu-system']);
    await expect.poll(() => lab.run(['virsh', 'domstate', 'guest']), { timeout: 10_000 }).toContain('shut off');
  });

  test('restarts a daemon that was killed when systemctl is asked', async () => {
    await lab.run(['pkill', '-9', 'ovsdb-server']);
    await expect.poll(() => lab.exec(['systemctl', 'is-active', 'ovsdb-server']).then(({ code }) => code)).toBe(3);
    await lab.run(['systemctl', 'start', 'ovsdb-server.service']);
    expect(await lab.run(['ovs-vsctl', 'list-br'])).toBe('lunabr\n');
  });

  test('is apart from another host beside it', async () => {
    await using other = await startLab('b', { uplinkMac: '94:c6:91:1a:a6:3f' });
    expect(await other.run(['ovs-vsctl', 'list-br'])).toBe('');
    expect(await other.run(['ls', '/etc/netplan'])).toBe('');
    expect(await other.run(['cat', '/sys/class/net/eth0/address'])).toBe('94:c6:91:1a:a6:3f\n');
    expect((await other.run(['hostname'])).trim()).toBe(other.name);
  });

  test('refuses a name that is up, and one that is not', async () => {
    const again = await systemExec.run([LAB, 'up', lab.name], { timeoutMs: TIMEOUT_MS });
    expect(again).toMatchObject({ code: 1, stderr: expect.stringContaining('is up already') });
    const unknown = await systemExec.run([LAB, 'down', 'no-such-host'], { timeoutMs: TIMEOUT_MS });
    expect(unknown).toMatchObject({ code: 1, stderr: expect.stringContaining('there is no no-such-host') });
  });
});

describe('after a lab host', () => {
  test('nothing is left when it was taken down with guests and commands running', async () => {
    const lab = await startLab('down');
    lab.spawn(['sleep', '600']);
    await lab.run(['sh', '-c', 'setsid sleep 600 >/dev/null 2>&1 & touch /etc/left /var/left /run/left']);
    await lab.switch(['sh', '-c', 'setsid sleep 600 >/dev/null 2>&1 &']);
    await lab.down();
    expect(await traces(lab.name)).toEqual([]);
    expect((await systemExec.run(['ls', '/etc/left', '/var/left', '/run/left'], { timeoutMs: TIMEOUT_MS })).stdout).toBe('');
  });

  test.each(['process 1', 'the starter of process 1'])('nothing is left when %s was killed and it was taken down', async (part) => {
    const lab = await startLab('crash');
    const pid = await initPid(lab.name);
    const victim = part === 'process 1' ? pid : await parentOf(pid);
    process.kill(Number(victim), 'SIGKILL');
    await expect.poll(() => systemExec.run([LAB, 'list'], { timeoutMs: TIMEOUT_MS })).toMatchObject({
      stdout: expect.stringContaining(`${lab.name}\tdead`),
    });
    expect((await lab.exec(['true'])).stderr).toContain('is dead; run:');
    await lab.down();
    expect(await traces(lab.name)).toEqual([]);
  });

  test('the name of a crashed one can be used again at once', async () => {
    const crashed = await startLab('again');
    process.kill(Number(await initPid(crashed.name)), 'SIGKILL');
    await expect.poll(() => crashed.exec(['true']).then(({ code }) => code)).toBe(1);
    await using lab = await startLab('again');
    expect(await lab.run(['ovs-vsctl', 'list-br'])).toBe('');
  });
});

async function parentOf(pid: string): Promise<string> {
  const parent = /^PPid:\t(\d+)$/m.exec(await readFile(`/proc/${pid}/status`, 'utf8'))?.[1];
  if (parent === undefined || parent === '1') throw new Error(`process ${pid} has no starter of its own`);
  return parent;
}
