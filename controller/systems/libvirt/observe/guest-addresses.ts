import { readFile } from 'node:fs/promises';
import type { Clock } from '../../../../api/machinery/clock.ts';
import { SystemUnreachable } from '../../system.ts';
import { LibvirtError } from '../protocol/errors.ts';
import { procedures, type GuestInterface } from '../protocol/procedures.ts';
import type { LibvirtSession } from '../protocol/session.ts';

/** Addresses of a guest's NICs, by MAC address. */
export type AddressesByMac = ReadonlyMap<string, readonly string[]>;

/** virDomainInterfaceAddressesSource: what libvirt's own DHCP server gave out, and what the guest says itself. */
const SOURCE = { lease: 0, agent: 1 } as const;

/** A domain whose guest runs. */
export interface Guest {
  readonly name: string;
  readonly uuid: string;
  readonly macs: readonly string[];
  /** Its agent can be asked. libvirt logs an error each time it is asked for one that is not there. */
  readonly hasAgent: boolean;
  /** It is on a network of libvirt's own, which may have given it an address. */
  readonly mayLease: boolean;
}

/** Nobody tells when a guest gets an address. */
const ASK_AGAIN_MS = 30_000;
/** A guest that boots gets its address soon after. */
const ASK_SOON_MS = 5_000;
/** An agent that hangs keeps libvirt waiting for five seconds. */
const ASK_TIMEOUT_MS = 10_000;
const MAX_ADDRESSES_A_NIC = 64;

/**
 * The addresses that running guests have, asked for from time to time beside everything else: a guest's agent may take seconds to
 * answer, and nothing waits for it.
 */
export class GuestAddresses {
  readonly #session: LibvirtSession;
  readonly #clock: Clock;
  readonly #changed: () => void;
  readonly #arpTable: string;
  #running = new Map<string, Guest>();
  #known = new Map<string, AddressesByMac>();
  #isAsking = false;
  #cancelTimer: (() => void) | undefined;

  /**
   * `changed` is called when a guest has other addresses than it had. `arpTable` is the kernel's list of whom the host has heard of
   * (proc_net(5)): libvirt 9.0 trips over its own reading of it.
   */
  constructor({ session, clock, changed, arpTable }: { readonly session: LibvirtSession; readonly clock: Clock; readonly changed: () => void; readonly arpTable: string }) {
    this.#arpTable = arpTable;
    this.#session = session;
    this.#clock = clock;
    this.#changed = changed;
  }

  /** What is known of a domain's guest. */
  of(uuid: string): AddressesByMac {
    return this.#known.get(uuid) ?? new Map();
  }

  /** From now on only these domains are asked. */
  follow(running: readonly Guest[]): void {
    const isNew = running.some(({ uuid, hasAgent }) => this.#running.get(uuid)?.hasAgent !== hasAgent);
    this.#running = new Map(running.map((domain) => [domain.uuid, domain]));
    this.#known = new Map([...this.#known].filter(([uuid]) => this.#running.has(uuid)));
    if (isNew) this.#askIn(ASK_SOON_MS);
  }

  stop(): void {
    this.#running = new Map();
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
  }

  #askIn(delayMs: number): void {
    this.#cancelTimer?.();
    this.#cancelTimer = this.#clock.after(delayMs, () => void this.#askAll());
  }

  async #askAll(): Promise<void> {
    if (this.#isAsking) return;
    this.#isAsking = true;
    try {
      const heardOf = await readArpTable(this.#arpTable);
      for (const domain of this.#running.values()) await this.#ask(domain, heardOf);
    } finally {
      this.#isAsking = false;
      if (this.#running.size > 0) this.#askIn(ASK_AGAIN_MS);
    }
  }

  async #ask(domain: Guest, heardOf: AddressesByMac): Promise<void> {
    const before = JSON.stringify([...this.of(domain.uuid)]);
    let known: AddressesByMac | undefined;
    if (domain.hasAgent) known = await this.#askSource(domain, SOURCE.agent);
    if (domain.mayLease) known ??= await this.#askSource(domain, SOURCE.lease);
    // An agent tells of the bridges inside its guest too.
    const found = new Map([...(known ?? heardOf)].filter(([mac]) => domain.macs.includes(mac)));
    if (!this.#running.has(domain.uuid)) return;
    this.#known.set(domain.uuid, found);
    if (JSON.stringify([...found]) !== before) this.#changed();
  }

  /** Undefined where the source knows nothing: there is no agent, no DHCP server of libvirt's, or no connection. */
  async #askSource({ name, uuid }: Guest, source: number): Promise<AddressesByMac | undefined> {
    try {
      const interfaces = await this.#session.call(procedures.domainInterfaceAddresses, { dom: { name, uuid, id: -1 }, source, flags: 0 }, ASK_TIMEOUT_MS);
      const found = new Map(interfaces.flatMap(addressesOf));
      return found.size > 0 ? found : undefined;
    } catch (error) {
      if (error instanceof LibvirtError || error instanceof SystemUnreachable) return undefined;
      throw error;
    }
  }
}

function addressesOf({ mac, addresses }: GuestInterface): [string, readonly string[]][] {
  const worthTelling = addresses.filter((address) => !/^(127\.|::1$|fe80:)/i.test(address)).sort().slice(0, MAX_ADDRESSES_A_NIC);
  return mac === undefined || worthTelling.length === 0 ? [] : [[mac.toLowerCase(), worthTelling]];
}

/** Column 1 is the address, 3 the flags (0 where nobody answered), 4 the MAC address. */
async function readArpTable(file: string): Promise<AddressesByMac> {
  const [, ...lines] = (await textOf(file)).trim().split('\n');
  const entries = lines.map((line) => line.split(/\s+/)).flatMap(([address, , flags, mac]) => (address === undefined || mac === undefined || flags === '0x0' ? [] : [{ address, mac: mac.toLowerCase() }]));
  return new Map([...Map.groupBy(entries, ({ mac }) => mac)].map(([mac, found]) => [mac, found.map(({ address }) => address).sort().slice(0, MAX_ADDRESSES_A_NIC)]));
}

/** A kernel that shows no ARP table has heard of nobody. */
async function textOf(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch {
    return '';
  }
}
