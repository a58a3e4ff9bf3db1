import type { Clock } from '../../../../api/machinery/clock.ts';
import type { Keep } from '../keep.ts';
import { readKeptNetwork } from '../kept-network.ts';
import type { DomainState, LibvirtObserved, NetworkState } from '../observed.ts';
import { procedures } from '../protocol/procedures.ts';
import type { LibvirtSession } from '../protocol/session.ts';
import { machinesOffered, offersKvm, versionText } from './capabilities.ts';
import type { DomainMemories } from './domain-memories.ts';
import type { Guest, GuestAddresses } from './guest-addresses.ts';
import { findMissingFiles } from './domain-reader.ts';
import type { DomainReader } from './domain-reader.ts';
import type { NetworkReader } from './network-reader.ts';

export interface ObserverOptions {
  readonly session: LibvirtSession;
  readonly networks: NetworkReader;
  readonly domains: DomainReader;
  readonly memories: DomainMemories;
  readonly addresses: GuestAddresses;
  readonly keep: Keep;
  readonly clock: Clock;
  readonly kvmAvailable: () => boolean;
  readonly lateWork: () => Pick<LibvirtObserved, 'busyDomains' | 'lateFailures'>;
}

/** What does not change while libvirtd runs. */
interface Daemon {
  readonly libvirtVersion: string;
  readonly hypervisorVersion: string;
  readonly offersKvm: boolean;
  readonly machines: ReadonlySet<string>;
}

/** However quiet libvirt is, everything is read anew this often: events and file notices are hints, not proofs. */
const FULL_READ_MS = 60_000;

/** Reads what libvirt has now. */
export class Observer {
  readonly #options: ObserverOptions;
  #daemon: Promise<Daemon> | undefined;
  #fullReadAt = 0;

  constructor(options: ObserverOptions) {
    this.#options = options;
  }

  /** The connection is new: nothing that was read before counts. */
  reset(): void {
    this.#daemon = undefined;
    this.#options.domains.forgetAll();
  }

  /** Throws `SystemUnreachable`. */
  async observe(): Promise<LibvirtObserved> {
    const { networks, domains, memories, addresses, keep, clock, kvmAvailable } = this.#options;
    const now = clock.now();
    // Taken before the reading: what ends meanwhile may not show in it yet.
    const lateWork = this.#options.lateWork();
    if (now - this.#fullReadAt >= FULL_READ_MS) domains.forgetAll();
    const [daemon, networkStates, readDomains] = await Promise.all([this.#readDaemon(), networks.readAll(), domains.readAll()]);
    if (now - this.#fullReadAt >= FULL_READ_MS) this.#fullReadAt = now;
    const states = await Promise.all(
      [...readDomains.values()].map(async (domain): Promise<DomainState> => {
        return { ...domain, addresses: addresses.of(domain.uuid), missingFiles: await findMissingFiles(domain), memory: memories.observe(domain) };
      }),
    );
    addresses.follow(states.filter(({ state }) => state === 'running').map((state) => guestOf(state, networkStates)));
    memories.keepOnly(new Set(states.map(({ uuid }) => uuid)));
    return {
      libvirtVersion: daemon.libvirtVersion,
      hypervisorVersion: daemon.hypervisorVersion,
      observedAt: clock.now(),
      machinesOffered: daemon.machines,
      kvmOffered: daemon.offersKvm && kvmAvailable(),
      networks: new Map([...networkStates].sort(byName)),
      domains: new Map(states.map((state) => [state.name, state] as const).sort(byName)),
      ...lateWork,
      keptDefaultNetwork: readKeptNetwork(keep),
    };
  }

  #readDaemon(): Promise<Daemon> {
    this.#daemon ??= this.#askDaemon().catch((error: unknown) => {
      this.#daemon = undefined;
      throw error;
    });
    return this.#daemon;
  }

  async #askDaemon(): Promise<Daemon> {
    const { session } = this.#options;
    const [library, hypervisor, capabilities] = await Promise.all([
      session.call(procedures.connectGetLibVersion, undefined),
      session.call(procedures.connectGetVersion, undefined),
      session.call(procedures.connectGetCapabilities, undefined),
    ]);
    return {
      libvirtVersion: versionText(library),
      hypervisorVersion: versionText(hypervisor),
      offersKvm: offersKvm(capabilities),
      machines: machinesOffered(capabilities),
    };
  }
}

/** libvirt lists in no order; what is told of it must not change without a cause. */
function byName([a]: readonly [name: string, unknown], [b]: readonly [name: string, unknown]): number {
  return a < b ? -1 : 1;
}

/** A bridged network has no DHCP server of libvirt's. */
function guestOf({ name, uuid, interfaces, live }: DomainState, networks: ReadonlyMap<string, NetworkState>): Guest {
  const mayLease = interfaces.some(({ network }) => network !== undefined && networks.get(network)?.config.view.forwardMode !== 'bridge');
  return { name, uuid, macs: interfaces.map(({ mac }) => mac), hasAgent: live?.view.hasAgent === true, mayLease };
}
