import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Clock } from '../../../api/machinery/clock.ts';
import { systemClock } from '../../../api/machinery/clock.ts';
import { systemExec } from '../../../controller/systems/exec.ts';
import type { LibvirtDesired, LibvirtDomain, LibvirtNetwork, LibvirtPortgroup } from '../../../controller/systems/libvirt/desired.ts';
import type { Keep } from '../../../controller/systems/libvirt/keep.ts';
import { createLibvirt } from '../../../controller/systems/libvirt/libvirt.ts';
import type { LibvirtObserved } from '../../../controller/systems/libvirt/observed.ts';
import type { LibvirtStep } from '../../../controller/systems/libvirt/step.ts';
import type { OwnerKey, Ownership } from '../../../controller/systems/owner.ts';
import type { Plan, Refusal, System } from '../../../controller/systems/system.ts';
import { startLab } from '../../lab/lab.ts';
import type { Lab } from '../../lab/lab.ts';
import { LibvirtProxy } from './libvirt-proxy.ts';

/** A clock that a test can put forward; its timers run on the machine's. */
export class SkewedClock implements Clock {
  #skewMs = 0;
  now(): number {
    return Date.now() + this.#skewMs;
  }
  after(delayMs: number, callback: () => void): () => void {
    return systemClock.after(delayMs, callback);
  }
  sleep(delayMs: number, signal?: AbortSignal): Promise<void> {
    return systemClock.sleep(delayMs, signal);
  }
  advance(byMs: number): void {
    this.#skewMs += byMs;
  }
}

export class MapKeep implements Keep {
  readonly entries = new Map<string, string>();
  get(key: string): string | undefined {
    return this.entries.get(key);
  }
  put(key: string, value: string): void {
    this.entries.set(key, value);
  }
  delete(key: string): void {
    this.entries.delete(key);
  }
}

/** What a test sees of one approach to the desired state: everything that was done, what failed, and what the last plan says. */
export interface Converged {
  readonly steps: readonly LibvirtStep[];
  readonly failures: readonly Refusal[];
  readonly plan: Plan<LibvirtStep>;
  readonly observed: LibvirtObserved;
}

const MAX_ROUNDS = 4;

/** A lab host with a bridge, and the system under test connected to its libvirtd. */
export class LibvirtHost implements AsyncDisposable {
  readonly lab: Lab;
  readonly system: System<LibvirtDesired, LibvirtObserved, LibvirtStep>;
  readonly clock: SkewedClock;
  readonly keep: MapKeep;
  /** A folder that the host and the test both see at this path. */
  readonly images: string;
  readonly socketPath: string;
  /** The process by whose namespaces the host is reached from outside. */
  readonly initPid: string;
  /** Where every call goes by, if the test asked for that. */
  readonly proxy: LibvirtProxy | undefined;

  private constructor(parts: Pick<LibvirtHost, 'lab' | 'system' | 'clock' | 'keep' | 'images' | 'socketPath' | 'initPid' | 'proxy'>) {
    this.lab = parts.lab;
    this.system = parts.system;
    this.clock = parts.clock;
    this.keep = parts.keep;
    this.images = parts.images;
    this.socketPath = parts.socketPath;
    this.initPid = parts.initPid;
    this.proxy = parts.proxy;
  }

  static async start(name: string, { proxied = false }: { readonly proxied?: boolean } = {}): Promise<LibvirtHost> {
    const lab = await startLab(`libvirt-${name}`);
    await lab.run(['ovs-vsctl', 'add-br', 'lunabr', '--', 'set', 'bridge', 'lunabr', 'datapath_type=netdev']);
    const pid = await initPid(lab.name);
    const root = `/proc/${pid}/root`;
    const images = await mkdtemp(join(tmpdir(), 'bridgekeeper-images-'));
    const clock = new SkewedClock();
    const keep = new MapKeep();
    const realSocket = `${root}/run/libvirt/libvirt-sock`;
    const proxy = proxied ? await LibvirtProxy.before(realSocket) : undefined;
    const socketPath = proxy?.socketPath ?? realSocket;
    const configDirectory = `${root}/etc/libvirt/qemu`;
    const arpTable = `/proc/${pid}/net/arp`;
    const system = createLibvirt({ exec: systemExec, clock, keep, socketPath, configDirectory, arpTable, kvmAvailable: () => false });
    await system.start();
    return new LibvirtHost({ lab, system, clock, keep, images, socketPath, initPid: pid, proxy });
  }

  virsh(...args: readonly string[]): Promise<string> {
    return this.lab.run(['virsh', '-q', ...args]);
  }

  /** Defines a network or a domain as somebody else would. */
  async defineByHand(command: 'define' | 'net-define', xml: string): Promise<void> {
    const file = join(this.images, 'by-hand.xml');
    await writeFile(file, xml);
    await this.virsh(command, file);
  }

  async plan(desired: LibvirtDesired): Promise<Plan<LibvirtStep>> {
    return this.system.plan(desired, await this.system.observe());
  }

  /** Observes, plans and applies until nothing is left to do, as the lane does. */
  async converge(desired: LibvirtDesired): Promise<Converged> {
    const steps: LibvirtStep[] = [];
    const failures: Refusal[] = [];
    for (let round = 0; round < MAX_ROUNDS; round += 1) {
      const plan = this.system.plan(desired, await this.system.observe());
      if (plan.steps.length === 0) break;
      steps.push(...plan.steps);
      const outcomes = await this.system.apply(plan.steps);
      failures.push(...outcomes.flatMap((outcome) => (outcome.result === 'failed' ? [outcome.refusal] : [])));
    }
    const observed = await this.system.observe();
    return { steps, failures, plan: this.system.plan(desired, observed), observed };
  }

  /** The OVS settings of a domain's port, found by the MAC that libvirt writes there. */
  async port(mac: string): Promise<{ tag: unknown; trunks: unknown; vlanMode: unknown; ifaceId: string }> {
    const found = await this.lab.run(['ovs-vsctl', '-f', 'json', '--columns=name,external_ids', 'find', 'Interface', `external_ids:attached-mac="${mac}"`]);
    const interfaces: { data: [string, [string, [string, string][]]][] } = JSON.parse(found);
    const [name, [, ids]] = interfaces.data[0] ?? ['', ['map', []]];
    const ports: { data: [unknown, unknown, unknown][] } = JSON.parse(
      await this.lab.run(['ovs-vsctl', '-f', 'json', '--columns=tag,trunks,vlan_mode', 'list', 'Port', name]),
    );
    const [tag, trunks, vlanMode] = ports.data[0] ?? [];
    return { tag, trunks, vlanMode, ifaceId: new Map(ids).get('iface-id') ?? '' };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.system.stop();
    await this.proxy?.[Symbol.asyncDispose]();
    await this.lab.down();
    await rm(this.images, { recursive: true, force: true });
  }
}

async function initPid(name: string): Promise<string> {
  const lab = new URL('../../lab/lab', import.meta.url).pathname;
  const { stdout } = await systemExec.run([lab, 'list'], { timeoutMs: 10_000 });
  const pid = new RegExp(`^${name}\tup\tpid (\\d+)$`, 'm').exec(stdout)?.[1];
  if (pid === undefined) throw new Error(`${name} is not among:\n${stdout}`);
  return pid;
}

export function portgroup(name: string, vlan?: LibvirtPortgroup['vlan'], more: Partial<LibvirtPortgroup> = {}): LibvirtPortgroup {
  return { owner: `Portgroup/${name.toLowerCase().replaceAll(' ', '-')}`, name, isDefault: false, adoption: 'IfMatching', vlan, ...more };
}

/** The network of the founding document. */
export const SEED_NETWORK: LibvirtNetwork = {
  owner: 'Bridge/lunabr',
  name: 'switch-lunabr',
  bridgeName: 'lunabr',
  autostart: true,
  adoption: 'IfMatching',
  portgroups: [
    portgroup('Sin vlan'),
    portgroup('Trunk Core', { mode: 'trunk', trunks: [2, 3, 6, 100] }),
    portgroup('Vlan 2', { mode: 'access', tag: 2 }),
    portgroup('Vlan 3', { mode: 'access', tag: 3 }),
    portgroup('Vlan 6', { mode: 'access', tag: 6 }),
    portgroup('Vlan 100', { mode: 'access', tag: 100 }, { isDefault: true }),
  ],
};

export function networkOf(portgroups: readonly LibvirtPortgroup[], more: Partial<LibvirtNetwork> = {}): LibvirtNetwork {
  return { ...SEED_NETWORK, portgroups, ...more };
}

let domains = 0;

/** A domain that runs, without disks and NICs. */
export function domainOf(name: string, more: Partial<LibvirtDomain> = {}): LibvirtDomain {
  domains += 1;
  return {
    owner: `VirtualMachine/${name}`,
    name,
    adoption: 'IfMatching',
    uuid: `00000000-0000-4000-8000-${String(domains).padStart(12, '0')}`,
    management: 'Full',
    runStrategy: 'Always',
    vcpus: 1,
    memoryKiB: 65_536,
    firmware: 'bios',
    acceleration: 'auto',
    disks: [],
    cdroms: [],
    bootOrder: [],
    interfaces: [],
    serialConsole: false,
    diskReclaim: 'Retain',
    ...more,
  };
}

type Things = Partial<Omit<LibvirtDesired, 'ownership'>>;

/** Everything given is desired and its owners present; the owners of `sets` stand as they say. */
export function desire(things: Things, sets: { readonly [Set in keyof Ownership]?: readonly OwnerKey[] } = {}): LibvirtDesired {
  const owners = [
    ...(things.networks ?? []).flatMap(({ owner, portgroups }) => [owner, ...portgroups.map((group) => group.owner)]),
    ...(things.domains ?? []).map(({ owner }) => owner),
    ...(things.defaultNetwork ? [things.defaultNetwork.owner] : []),
  ];
  const set = (name: keyof Ownership, more: readonly OwnerKey[] = []): ReadonlySet<OwnerKey> => new Set([...(sets[name] ?? []), ...more]);
  const ownership = { present: set('present', owners), leaving: set('leaving'), released: set('released'), frozen: set('frozen') };
  return { networks: [], domains: [], ...things, ownership };
}

/** Waits until `check` gives something other than undefined or false; throws when it has not within `timeoutMs`. */
export async function eventually<T>(what: string, check: () => Promise<T | undefined | false>, timeoutMs = 20_000): Promise<T> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const found = await check();
    if (found !== undefined && found !== false) return found;
    if (Date.now() > deadline) throw new Error(`not within ${timeoutMs} ms: ${what}`);
    await systemClock.sleep(50);
  }
}
