import type { Clock } from '../../../../api/machinery/clock.ts';
import type { Keep } from '../keep.ts';
import { START_PATIENCE_MS } from '../patience.ts';
import type { DomainMemory } from '../observed.ts';
import type { ReadDomain } from './domain-reader.ts';

interface Memory {
  stopAskedAt?: number;
  startedAt?: number;
  startingSince?: number;
  /** Starts in a row after which the domain went off soon. */
  shortRuns: number;
  startNotBefore?: number;
  readonly detachAsked: Set<string>;
}

/** A domain that ran at least this long was well; one that did not is started again ever more slowly. */
const SHORT_RUN_MS = 60_000;
const FIRST_WAIT_MS = 5_000;
const LONGEST_WAIT_MS = 300_000;

/** What we remember of our own doings with the domains: libvirt can't tell it. */
export class DomainMemories {
  readonly #clock: Clock;
  readonly #keep: Keep;
  readonly #wake: () => void;
  readonly #memories = new Map<string, Memory>();

  /** `wake` is called when time alone has made something due. */
  constructor(options: { readonly clock: Clock; readonly keep: Keep; readonly wake: () => void }) {
    this.#clock = options.clock;
    this.#keep = options.keep;
    this.#wake = options.wake;
  }

  /** The guest was asked to shut down and has `graceMs` for it. */
  stopAsked(uuid: string, graceMs: number): void {
    this.#of(uuid).stopAskedAt ??= this.#clock.now();
    this.#clock.after(graceMs, this.#wake);
  }

  /** It was destroyed on our behalf. */
  destroyed(uuid: string): void {
    this.#of(uuid).stopAskedAt ??= this.#clock.now();
  }

  started(uuid: string): void {
    const memory = this.#of(uuid);
    memory.startedAt = this.#clock.now();
    memory.stopAskedAt = undefined;
    memory.detachAsked.clear();
  }

  detachAsked(uuid: string, mac: string): void {
    this.#of(uuid).detachAsked.add(mac);
  }

  /** Takes note of how the domain was found, and gives what is remembered of it. */
  observe(domain: ReadDomain): DomainMemory {
    const memory = this.#of(domain.uuid);
    if (domain.live) this.#foundRunning(domain, memory);
    else this.#foundOff(domain, memory);
    this.#noteStarting(domain, memory);
    return {
      stopAskedAt: domain.live ? memory.stopAskedAt : undefined,
      startingSince: memory.startingSince,
      startNotBefore: memory.startNotBefore,
      detachAsked: new Set(memory.detachAsked),
      completed: this.#keep.get(keyOf(domain.uuid)) === 'completed',
    };
  }

  /** Forgets domains that are gone. */
  keepOnly(uuids: ReadonlySet<string>): void {
    for (const uuid of this.#memories.keys()) {
      if (uuids.has(uuid)) continue;
      this.#memories.delete(uuid);
      if (this.#keep.get(keyOf(uuid)) !== undefined) this.#keep.delete(keyOf(uuid));
    }
  }

  #foundRunning({ uuid, live }: ReadDomain, memory: Memory): void {
    const present = new Set(live?.view.interfaces.map(({ mac }) => mac));
    for (const mac of memory.detachAsked) if (!present.has(mac)) memory.detachAsked.delete(mac);
    if (this.#keep.get(keyOf(uuid)) !== undefined) this.#keep.delete(keyOf(uuid));
  }

  #noteStarting({ state, stateReason }: ReadDomain, memory: Memory): void {
    const isStarting = state === 'paused' && stateReason === 'starting-up';
    if (isStarting && memory.startingSince === undefined) this.#clock.after(START_PATIENCE_MS, this.#wake);
    memory.startingSince = isStarting ? (memory.startingSince ?? this.#clock.now()) : undefined;
  }

  #foundOff(domain: ReadDomain, memory: Memory): void {
    if (domain.owner) this.#noteEnd(domain, memory);
    if (memory.startedAt !== undefined && memory.stopAskedAt === undefined) this.#noteRun(memory, memory.startedAt);
    memory.startedAt = undefined;
    memory.stopAskedAt = undefined;
    memory.detachAsked.clear();
  }

  /** Kept on disk: after a restart of libvirtd nobody can tell how a domain ended. */
  #noteEnd({ uuid, stateReason }: ReadDomain, memory: Memory): void {
    if (this.#keep.get(keyOf(uuid)) !== undefined) return;
    if (memory.stopAskedAt !== undefined) this.#keep.put(keyOf(uuid), 'stopped');
    else if (stateReason === 'shutdown' || stateReason === 'destroyed') this.#keep.put(keyOf(uuid), 'completed');
  }

  /** The first short run costs nothing; each further one in a row doubles the wait. */
  #noteRun(memory: Memory, startedAt: number): void {
    const ranMs = this.#clock.now() - startedAt;
    memory.shortRuns = ranMs < SHORT_RUN_MS ? memory.shortRuns + 1 : 0;
    memory.startNotBefore = undefined;
    if (memory.shortRuns < 2) return;
    const waitMs = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** (memory.shortRuns - 2));
    memory.startNotBefore = this.#clock.now() + waitMs;
    this.#clock.after(waitMs, this.#wake);
  }

  #of(uuid: string): Memory {
    const known = this.#memories.get(uuid);
    if (known) return known;
    const memory: Memory = { shortRuns: 0, detachAsked: new Set() };
    this.#memories.set(uuid, memory);
    return memory;
  }
}

function keyOf(uuid: string): string {
  return `libvirt/ended/${uuid}`;
}
