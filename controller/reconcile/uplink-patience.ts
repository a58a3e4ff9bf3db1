import type { Clock } from '../../api/machinery/clock.ts';
import type { HostDesired } from '../desired/host-desired.ts';
import type { LaneReports } from './lanes.ts';
import { uplinkWaits, withWaits, type UplinkWaits } from './uplink-order.ts';

/** The manifests of a host come one by one, and a port needs a moment until it has its addresses. */
const PATIENCE_MS = 15_000;
const NOTHING: UplinkWaits = { ovs: new Map(), netplan: new Map() };

/** Keeps the order in which a NIC and its addresses move, but not for ever. */
export class UplinkPatience {
  readonly #clock: Clock;
  readonly #ranOut: () => void;
  /** NIC and what it waits for → since when, in ms. */
  #since: ReadonlyMap<string, number> = new Map();
  #waits = NOTHING;
  #cancelTimer: () => void = () => undefined;

  /** @param ranOut called when a NIC has waited long enough */
  constructor(clock: Clock, ranOut: () => void) {
    this.#clock = clock;
    this.#ranOut = ranOut;
  }

  /** Looks anew what has to wait; says whether that is another thing than before. */
  look(desired: Pick<HostDesired, 'ovs' | 'netplan'>, { ovs, netplan }: LaneReports): boolean {
    const before = this.#waits;
    const now = this.#clock.now();
    const asked = new Map<string, number>();
    const isLate = (nic: string, waitsFor: string): boolean => {
      const key = `${nic}: ${waitsFor}`;
      const since = this.#since.get(key) ?? now;
      asked.set(key, since);
      return now - since >= PATIENCE_MS;
    };
    this.#waits = uplinkWaits(desired, { ...(ovs ? { ovs } : {}), ...(netplan ? { netplan } : {}), isLate });
    this.#remember(asked, now);
    return !sameWaits(before, this.#waits);
  }

  /** What is desired, with what has to wait marked so. */
  applied(desired: Pick<HostDesired, 'ovs' | 'netplan'>): Pick<HostDesired, 'ovs' | 'netplan'> {
    return withWaits(desired, this.#waits);
  }

  stop(): void {
    this.#cancelTimer();
  }

  /** What was not asked for any more is waited for anew the next time. */
  #remember(asked: ReadonlyMap<string, number>, now: number): void {
    this.#since = asked;
    this.#cancelTimer();
    const next = Math.min(...[...asked.values()].map((since) => since + PATIENCE_MS - now).filter((delayMs) => delayMs > 0));
    if (next !== Infinity) this.#cancelTimer = this.#clock.after(next, this.#ranOut);
  }
}

function sameWaits(a: UplinkWaits, b: UplinkWaits): boolean {
  return sameTexts(a.ovs, b.ovs) && sameTexts(a.netplan, b.netplan);
}

function sameTexts(a: ReadonlyMap<string, string>, b: ReadonlyMap<string, string>): boolean {
  return a.size === b.size && [...a].every(([key, text]) => b.get(key) === text);
}
