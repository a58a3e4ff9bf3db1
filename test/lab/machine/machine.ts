import { randomInt } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { systemExec } from '../../../controller/systems/exec.ts';
import type { ExecOptions, ExecResult } from '../../../controller/systems/exec.ts';
import { end, runs, startInBackground } from './background.ts';
import { askSwitch, startPinging } from './far-switch-client.ts';
import type { Pinging } from './far-switch-client.ts';
import type { SwitchRequest } from './far-switch-request.ts';
import { makeFileSystem } from './file-system.ts';
import { allMachinesFolder, cacheFolder, HERE, IMAGE_RECIPE, machineFolder } from './paths.ts';
import { makeProductDisk } from './product-disk.ts';
import { qemuArgv } from './qemu.ts';
import type { QemuPorts } from './qemu.ts';
import { connectQmp } from './qmp.ts';
import { sshArgv } from './ssh.ts';

type Argv = readonly [string, ...string[]];

const BOOT_TIMEOUT_MS = 400_000;
const COMMAND_TIMEOUT_MS = 120_000;
const IMAGE_TIMEOUT_MS = 1_800_000;
const SNAPSHOT_TIMEOUT_MS = 120_000;
/** The last PCI slot that qemu.ts takes. A disk in a slot before that of the root disk would be the first one at the next boot. */
const LAST_SLOT = 7;
const LAPTOP = '192.168.105.10';
/** Mounts the disk of a label at a folder, now and at each boot. */
const MOUNT = `
udevadm wait --timeout=60 "/dev/disk/by-label/$1"
mkdir -p "$2"
echo "LABEL=$1 $2 ext4 ro,nofail 0 0" >>/etc/fstab
mount "$2"
`;
/** As deploy/README.md says; one script, since each command through ssh takes a while in an emulated machine. */
const INSTALL = `
cp /opt/bridgekeeper/deploy/systemd/bridgekeeper.service /etc/systemd/system/
ln -sf /opt/bridgekeeper/bin/bridgekeeper /opt/bridgekeeper/bin/bridgectl /usr/local/bin/
systemctl daemon-reload
`;

/** A virtual machine of the lab: a KVM host with the kernel datapath, reached through eth0 as far as anybody there can see. */
export class Machine {
  readonly name: string;
  readonly #folder: string;
  #plugged = 0;

  constructor(name: string) {
    this.name = name;
    this.#folder = machineFolder(name);
  }

  get isUp(): boolean {
    return runs(this.#file('qemu.pid'));
  }

  /**
   * Starts it from the snapshot of a machine that has just booted, and puts the built product on it unless told otherwise. Throws when
   * it is up.
   */
  async up({ withProduct = true } = {}): Promise<void> {
    if (this.isUp) throw new Error(`${this.name} is up already; run: test/lab/vm down ${this.name}`);
    await prepareSnapshot();
    await this.down();
    await this.#continue();
    if (!withProduct) return;
    await makeProductDisk(this.#file('product.ext4'));
    await this.#plugProduct();
  }

  /** Puts it back to where `up` left it, with the product as it was built then. */
  async restore(): Promise<void> {
    if (!existsSync(this.#file('product.ext4'))) throw new Error(`there is no ${this.name}; run: test/lab/vm up ${this.name}`);
    await this.#stop();
    await this.#continue();
    await this.#plugProduct();
  }

  /** Ends it and removes all of it; no error when it is not there. */
  async down(): Promise<void> {
    await this.#stop();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  /** Runs a command in the machine; a code that is not 0 is no error. */
  exec(argv: Argv, options: Partial<ExecOptions> = {}): Promise<ExecResult> {
    return systemExec.run(this.ssh(argv), { timeoutMs: COMMAND_TIMEOUT_MS, ...options });
  }

  /** Runs a command in the machine and gives what it printed; throws with its stderr when its code is not 0. */
  async run(argv: Argv, options: Partial<ExecOptions> = {}): Promise<string> {
    const { code, stdout, stderr } = await this.exec(argv, options);
    if (code !== 0) throw new Error(`${argv.join(' ')} ended with ${code}: ${stderr || stdout}`);
    return stdout;
  }

  /** Puts a disk with the files of a folder into it, which can be read at `/media/NAME`, also after a boot. */
  async giveFiles(name: string, folder: string, size: string): Promise<void> {
    const file = this.#file(`${name}.ext4`);
    await makeFileSystem(file, { label: name, folder, size });
    await this.#plug(file, name, `/media/${name}`);
  }

  /** The command line that runs a command in the machine. */
  ssh(argv: Argv): Argv {
    return sshArgv({ key: join(cacheFolder(), 'key'), port: this.#ports().ssh, folder: this.#folder }, argv);
  }

  /** Cuts the power and boots it again, from its own disk. */
  async powerCycle(): Promise<void> {
    await this.monitor('system_reset');
    await this.waitForBoot();
  }

  /** Waits until it has booted and everything of it has started, or has failed to. */
  async waitForBoot(): Promise<void> {
    const deadline = Date.now() + BOOT_TIMEOUT_MS;
    // A connection of before the reboot is dead, but may not know it yet.
    rmSync(this.#file('ssh'), { force: true });
    for (;;) {
      const { code, stdout } = await this.#tryRun(['systemctl', 'is-system-running', '--wait']);
      if (code !== 255 && /running|degraded/.test(stdout)) return;
      if (Date.now() > deadline) throw new Error(`${this.name} did not boot; see ${this.#file('console.log')}`);
      await sleep(500);
    }
  }

  /** Has the far switch do something; see far-switch-request.ts. */
  async switch(request: SwitchRequest): Promise<unknown> {
    return askSwitch(this.switchControl, request);
  }

  /** Pings an address of the machine from a laptop behind the far switch until it is stopped. */
  pinging(address: string, intervalMs = 50): Pinging {
    return startPinging(this.switchControl, { command: 'ping', from: LAPTOP, address, intervalMs });
  }

  get switchControl(): string {
    return this.#file('switch');
  }

  /** Plugs a further NIC in; on its wire there is a DHCP server (10.0.9.0/24) and a router that advertises fec0::/64, and nobody else. */
  async plugNic(macAddress: string): Promise<void> {
    const id = `nic-${macAddress.replaceAll(':', '')}`;
    await this.monitor('netdev_add', { type: 'user', id, restrict: true, net: '10.0.9.0/24' });
    await this.monitor('device_add', { driver: 'virtio-net-pci', netdev: id, id: `card-${id}`, mac: macAddress, romfile: '' });
  }

  /** Has QEMU's monitor carry out a command. */
  async monitor(command: string, args: Readonly<Record<string, unknown>> = {}): Promise<unknown> {
    using qmp = await connectQmp(this.#file('qmp'));
    return await qmp.run(command, args);
  }

  /** Boots from the image, and leaves what a machine continues from in `folder`. */
  async bootAndKeep(folder: string): Promise<void> {
    await this.down();
    await this.#start(join(cacheFolder(), 'root.ext4'), 'raw');
    await this.waitForBoot();
    await this.run(['sync']);
    await this.monitor('stop');
    await this.monitor('migrate', { uri: `exec:cat > '${join(folder, 'memory')}'` });
    await this.#waitFor('the snapshot is not written', SNAPSHOT_TIMEOUT_MS, async () => {
      const state = JSON.stringify(await this.monitor('query-migrate'));
      if (state.includes('"failed"')) throw new Error(`the snapshot failed: ${state}`);
      return state.includes('"status":"completed"');
    });
    await this.#stop();
    // The two may be on different file systems.
    cpSync(this.#file('disk.qcow2'), join(folder, 'disk.qcow2'));
    await systemExec.run(['qemu-img', 'rebase', '-u', '-F', 'raw', '-b', '../root.ext4', join(folder, 'disk.qcow2')], { timeoutMs: COMMAND_TIMEOUT_MS });
    await this.down();
  }

  async #continue(): Promise<void> {
    this.#plugged = 0;
    const booted = join(cacheFolder(), 'booted');
    await this.#start(join(booted, 'disk.qcow2'), 'qcow2', join(booted, 'memory'));
    await this.#waitFor('it does not continue from its snapshot', SNAPSHOT_TIMEOUT_MS, async () =>
      JSON.stringify(await this.monitor('query-status')).includes('"status":"paused"'),
    );
    await this.monitor('cont');
    await this.#waitFor('ssh does not answer', COMMAND_TIMEOUT_MS, async () => (await this.#tryRun(['true'])).code === 0);
    await this.run(['date', '--set', `@${Date.now() / 1000}`]);
  }

  /** Starts the far switch and QEMU on a disk that keeps its changes to itself. */
  async #start(disk: string, format: 'raw' | 'qcow2', incoming?: string): Promise<void> {
    mkdirSync(this.#folder, { recursive: true });
    const created = await systemExec.run(
      ['qemu-img', 'create', '-q', '-f', 'qcow2', '-F', format, '-b', disk, this.#file('disk.qcow2')],
      { timeoutMs: COMMAND_TIMEOUT_MS },
    );
    if (created.code !== 0) throw new Error(`no disk could be made: ${created.stderr}`);
    const first = randomInt(20_000, 60_000);
    const ports: QemuPorts = { ssh: first, uplink: first + 1, farSwitch: first + 2 };
    writeFileSync(this.#file('ports.json'), JSON.stringify(ports));
    rmSync(this.switchControl, { force: true });
    startInBackground(
      [process.execPath, join(HERE, 'far-switch.ts'), String(ports.farSwitch), String(ports.uplink), this.switchControl],
      { pidFile: this.#file('switch.pid'), log: this.#file('switch.log') },
    );
    startInBackground(qemuArgv({ image: cacheFolder(), machine: this.#folder }, ports, incoming), {
      pidFile: this.#file('qemu.pid'),
      log: this.#file('qemu.log'),
    });
    await this.#waitFor('QEMU or the far switch did not start', COMMAND_TIMEOUT_MS, async () => {
      if (!this.isUp) throw new Error(`QEMU ended: ${readFileSync(this.#file('qemu.log'), 'utf8')}`);
      if (!runs(this.#file('switch.pid'))) throw new Error(`the far switch ended: ${readFileSync(this.#file('switch.log'), 'utf8')}`);
      return existsSync(this.#file('qmp')) && existsSync(this.switchControl);
    });
  }

  async #stop(): Promise<void> {
    await end(this.#file('qemu.pid'));
    await end(this.#file('switch.pid'));
    for (const left of ['qmp', 'ssh', 'switch']) rmSync(this.#file(left), { force: true });
  }

  /** Installed as deploy/README.md says, but neither enabled nor started. */
  async #plugProduct(): Promise<void> {
    await this.#plug(this.#file('product.ext4'), 'bridgekeeper', '/opt/bridgekeeper');
    await this.run(['sh', '-e', '-s'], { input: INSTALL });
  }

  async #plug(file: string, label: string, mountedAt: string): Promise<void> {
    const node = { 'node-name': label, driver: 'raw', 'read-only': true, file: { driver: 'file', filename: file } };
    await this.monitor('blockdev-add', node);
    this.#plugged += 1;
    await this.monitor('device_add', { driver: 'virtio-blk-pci', drive: label, id: label, addr: String(LAST_SLOT + this.#plugged) });
    await this.run(['sh', '-e', '-s', label, mountedAt], { input: MOUNT });
  }

  async #waitFor(whatFails: string, timeoutMs: number, isSo: () => Promise<boolean>): Promise<void> {
    const deadline = Date.now() + timeoutMs;
    while (!(await isSo())) {
      if (Date.now() > deadline) throw new Error(`${this.name}: ${whatFails}; see ${this.#folder}`);
      await sleep(100);
    }
  }

  /** A machine that does not answer yet is no error. */
  async #tryRun(argv: Argv): Promise<{ readonly code: number; readonly stdout: string }> {
    return this.exec(argv, { timeoutMs: BOOT_TIMEOUT_MS });
  }

  #ports(): QemuPorts {
    if (!this.isUp) throw new Error(`there is no ${this.name}; run: test/lab/vm up ${this.name}`);
    const ports: unknown = JSON.parse(readFileSync(this.#file('ports.json'), 'utf8'));
    if (!isPorts(ports)) throw new Error(`${this.#file('ports.json')} holds no ports`);
    return ports;
  }

  #file(name: string): string {
    return join(this.#folder, name);
  }
}

/** The names of all machines that are there. */
export function machineNames(): readonly string[] {
  return existsSync(allMachinesFolder()) ? readdirSync(allMachinesFolder()) : [];
}

/** Builds the image where there is none, boots it once and keeps the booted machine. Others may be doing the same meanwhile. */
async function prepareSnapshot(): Promise<void> {
  const cache = cacheFolder();
  if (!existsSync(join(cache, 'complete'))) {
    console.error(`vm: building the image in ${cache}, once: some minutes`);
    const unfinished = `${cache}.${process.pid}`;
    const { code, stderr } = await systemExec.run([IMAGE_RECIPE, unfinished], { timeoutMs: IMAGE_TIMEOUT_MS });
    if (code !== 0) throw new Error(`the image could not be built: ${stderr}`);
    keepFirst(unfinished, cache);
  }
  const booted = join(cache, 'booted');
  if (existsSync(booted)) return;
  console.error('vm: booting it, once: a minute or more');
  const unfinished = `${booted}.${process.pid}`;
  mkdirSync(unfinished);
  await new Machine(`booting-${process.pid}`).bootAndKeep(unfinished);
  keepFirst(unfinished, booted);
}

/** Gives a finished folder its name; where somebody else was first, theirs stays. */
function keepFirst(finished: string, name: string): void {
  try {
    renameSync(finished, name);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOTEMPTY')) throw error;
    rmSync(finished, { recursive: true });
  }
}

function isPorts(value: unknown): value is QemuPorts {
  return typeof value === 'object' && value !== null && ['ssh', 'uplink', 'farSwitch'].every((key) => key in value);
}
