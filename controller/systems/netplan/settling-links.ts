import type { IpLink } from './ip-json.ts';
import type { KernelRoute, KernelState } from './observed.ts';

/** Which links somebody is just setting up, as far as looking again and again can tell. */
export interface SettlingLinks {
  /** Indexes of the links that are settling. */
  readonly links: ReadonlySet<number>;
  /** Indexes of links that have appeared since the first look, and are as they appeared or have never been up. */
  readonly untouched: ReadonlySet<number>;
  /** When the first of them will have settled, in ms since the epoch; absent when none is settling. */
  readonly nextAt?: number;
}

interface Sighting {
  readonly isNew: boolean;
  /** When it appeared, or left the last state in which it was at rest. */
  readonly since: number;
  readonly changedAt: number;
  readonly state: LinkState;
}

/** What counts as a change of a link. */
interface LinkState {
  readonly link: IpLink;
  readonly routes: readonly KernelRoute[] | undefined;
}

/** networkd configures a new device within 50 ms, and within 1 s on a busy host with udev: until then it is left to it. */
const NEW_LINK_MS = 2_000;
/** A device that is configured anew (`netplan apply`, a restart of networkd) is without its addresses for some 50 ms. */
const QUIET_MS = 200;
/** One that never comes to rest is settled all the same. */
const RESTLESS_MS = 2_000;

/**
 * Tells links that are being set up from those at rest, so that a device just made, or configured anew, is not taken for one
 * that somebody stripped of its addresses. What is there at the first look has settled.
 */
export function createSettlingMemory(): (links: readonly IpLink[], routes: KernelState['routes'], now: number) => SettlingLinks {
  let sightings: ReadonlyMap<number, Sighting> | undefined;

  return (links, routes, now) => {
    const before = sightings;
    sightings = new Map(
      links.map((link) => {
        const state = { link, routes: routes.get(link.name) };
        const known = before ? before.get(link.index) : { isNew: false, since: -Infinity, changedAt: -Infinity, state };
        return [link.index, sightingOf(state, known, now)];
      }),
    );
    const ends = [...sightings].map(([index, sighting]) => ({ index, at: settledAt(sighting) })).filter(({ at }) => at > now);
    const settling = new Set(ends.map(({ index }) => index));
    const untouched = new Set([...sightings].filter(([, { isNew }]) => isNew).map(([index]) => index));
    return { links: settling, untouched, ...(ends.length === 0 ? {} : { nextAt: Math.min(...ends.map(({ at }) => at)) }) };
  };
}

function sightingOf(state: LinkState, known: Sighting | undefined, now: number): Sighting {
  if (!known) return { isNew: true, since: now, changedAt: now, state };
  if (isSame(known.state, state)) return known;
  // Open vSwitch gives a NIC its MTU, and udev its name, before networkd comes to it.
  if (known.isNew && !state.link.up) return { ...known, changedAt: now, state };
  const wasAtRest = known.changedAt + QUIET_MS <= now && settledAt(known) <= now;
  return wasAtRest ? { isNew: false, since: now, changedAt: now, state } : { ...known, changedAt: now, state };
}

function isSame(a: LinkState, b: LinkState): boolean {
  return (a.link === b.link && a.routes === b.routes) || stateText(a) === stateText(b);
}

function stateText({ link, routes }: LinkState): string {
  return JSON.stringify([link.up, link.carrier, link.mtu, link.addresses, routes]);
}

function settledAt({ isNew, since, changedAt }: Sighting): number {
  return isNew ? since + NEW_LINK_MS : Math.min(changedAt + QUIET_MS, since + RESTLESS_MS);
}
