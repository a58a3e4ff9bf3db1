import { accessSync, constants } from 'node:fs';
import type { Clock } from '../../../api/machinery/clock.ts';
import type { Exec } from '../exec.ts';
import type { System } from '../system.ts';
import { Applier } from './apply/apply.ts';
import type { LibvirtDesired } from './desired.ts';
import type { Keep } from './keep.ts';
import { ConfigWatcher } from './observe/config-watcher.ts';
import { DomainMemories } from './observe/domain-memories.ts';
import { DomainReader } from './observe/domain-reader.ts';
import { NetworkReader } from './observe/network-reader.ts';
import { GuestAddresses } from './observe/guest-addresses.ts';
import { Observer } from './observe/observe.ts';
import type { LibvirtObserved } from './observed.ts';
import { planLibvirt } from './plan/plan.ts';
import type { LibvirtEvent } from './protocol/events.ts';
import { LibvirtSession } from './protocol/session.ts';
import type { LibvirtStep } from './step.ts';

export interface LibvirtOptions {
  readonly exec: Exec;
  readonly clock: Clock;
  /** Where libvirt's default network is kept while it is away, durably. */
  readonly keep: Keep;
  /** libvirt's unix socket, `/run/libvirt/libvirt-sock` by default. */
  readonly socketPath?: string;
  /** `qemu:///system` by default. */
  readonly uri?: string;
  /** Where libvirt stores its definitions, watched for changes; `/etc/libvirt/qemu` by default. */
  readonly configDirectory?: string;
  /** The kernel's ARP table; `/proc/net/arp` by default. */
  readonly arpTable?: string;
  /** Whether a domain may use KVM: by default, whether /dev/kvm can be opened. */
  readonly kvmAvailable?: () => boolean;
  readonly log?: LibvirtLog;
}

/** Where connection and disconnection are written; fixed texts with fields. */
export interface LibvirtLog {
  info(fields: Readonly<Record<string, unknown>>, text: string): void;
  warn(fields: Readonly<Record<string, unknown>>, text: string): void;
}

const CALL_TIMEOUT_MS = 15_000;

/** Events and file notices come in swarms: the listeners hear of a swarm once. */
const GATHER_MS = 10;

export function createLibvirt(options: LibvirtOptions): System<LibvirtDesired, LibvirtObserved, LibvirtStep> {
  return new Libvirt(options);
}

class Libvirt implements System<LibvirtDesired, LibvirtObserved, LibvirtStep> {
  readonly name = 'libvirt';
  readonly #clock: Clock;
  readonly #session: LibvirtSession;
  readonly #domains: DomainReader;
  readonly #addresses: GuestAddresses;
  readonly #observer: Observer;
  readonly #applier: Applier;
  readonly #watcher: ConfigWatcher;
  readonly #listeners = new Set<() => void>();
  #cancelNotice: (() => void) | undefined;

  constructor({ exec, clock, keep, log, ...options }: LibvirtOptions) {
    const socketPath = options.socketPath ?? '/run/libvirt/libvirt-sock';
    const wake = (): void => this.#notice();
    this.#clock = clock;
    this.#session = new LibvirtSession({
      socketPath,
      uri: options.uri ?? 'qemu:///system',
      clock,
      callTimeoutMs: CALL_TIMEOUT_MS,
      onEvent: (event) => this.#heard(event),
      onConnect: () => {
        log?.info({ socketPath }, 'connected to libvirt');
        this.#connected();
      },
      onDisconnect: (reason) => {
        log?.warn({ socketPath, reason: reason.message }, 'lost the connection to libvirt');
        this.#notice();
      },
    });
    const memories = new DomainMemories({ clock, keep, wake });
    this.#addresses = new GuestAddresses({ session: this.#session, clock, changed: wake, arpTable: options.arpTable ?? '/proc/net/arp' });
    this.#domains = new DomainReader(this.#session);
    this.#observer = new Observer({
      session: this.#session,
      networks: new NetworkReader(this.#session),
      domains: this.#domains,
      memories,
      addresses: this.#addresses,
      keep,
      clock,
      kvmAvailable: options.kvmAvailable ?? hasKvm,
      lateWork: () => this.#applier.lateWork(),
    });
    this.#applier = new Applier({
      session: this.#session,
      exec,
      keep,
      memories,
      clock,
      onLateEnd: ({ domain, error }) => {
        if (error !== undefined) log?.warn({ domain: domain.name, reason: error.message }, 'slow work on a domain failed');
        this.#domains.forget(domain.uuid);
        this.#notice();
      },
    });
    this.#watcher = new ConfigWatcher(options.configDirectory ?? '/etc/libvirt/qemu', (name) => {
      if (name !== undefined) this.#domains.forgetName(name);
      this.#notice();
    });
  }

  start(): Promise<void> {
    this.#session.start();
    this.#watcher.arm();
    return Promise.resolve();
  }

  stop(): Promise<void> {
    this.#addresses.stop();
    this.#session.stop();
    this.#watcher.stop();
    this.#cancelNotice?.();
    this.#cancelNotice = undefined;
    return Promise.resolve();
  }

  observe(): Promise<LibvirtObserved> {
    return this.#observer.observe();
  }

  plan(desired: LibvirtDesired, observed: LibvirtObserved): ReturnType<typeof planLibvirt> {
    return planLibvirt(desired, observed);
  }

  async apply(steps: readonly LibvirtStep[]): ReturnType<Applier['apply']> {
    try {
      return await this.#applier.apply(steps);
    } finally {
      for (const step of steps) if ('domain' in step) this.#domains.forget(step.domain.uuid);
    }
  }

  changes(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #connected(): void {
    this.#observer.reset();
    this.#watcher.arm();
    this.#notice();
  }

  #heard(event: LibvirtEvent): void {
    if (event.object === 'domain') this.#domains.forget(event.domain.uuid);
    this.#notice();
  }

  #notice(): void {
    this.#cancelNotice ??= this.#clock.after(GATHER_MS, () => {
      this.#cancelNotice = undefined;
      for (const listener of this.#listeners) listener();
    });
  }
}

function hasKvm(): boolean {
  try {
    accessSync('/dev/kvm', constants.R_OK | constants.W_OK);
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error) return false;
    throw error;
  }
}
