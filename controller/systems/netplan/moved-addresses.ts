import type { KernelLink, KernelState } from './observed.ts';

/** Who has an address: the MAC addresses that answer for it, by device. */
interface Holders {
  readonly macs: ReadonlyMap<string, string>;
  readonly seenAt: number;
}

/** Linux forgets a neighbour that does not answer within half a minute, others take up to twice that. */
const NEIGHBOURS_REMEMBER_MS = 60_000;

/**
 * Notices, from look to look, devices with an address that another MAC address had shortly before: their neighbours are to be
 * told. The first look is compared with nothing.
 *
 * @param now ms since the epoch
 */
export function createMoveMemory(): (kernel: KernelState, now: number) => readonly KernelLink[] {
  let known: ReadonlyMap<string, Holders> = new Map();

  return ({ links }, now) => {
    const present = holdersByAddress(links, now);
    known = new Map([...known].filter(([, { seenAt }]) => now - seenAt < NEIGHBOURS_REMEMBER_MS));
    const moved = new Set<string>();
    for (const [address, { macs }] of present) {
      const before = known.get(address)?.macs ?? new Map<string, string>();
      if ([...before].some(([device, mac]) => macs.get(device) !== mac)) for (const device of macs.keys()) moved.add(device);
    }
    known = new Map([...known, ...present]);
    return [...moved].flatMap((name) => links.get(name) ?? []);
  };
}

function holdersByAddress(links: ReadonlyMap<string, KernelLink>, seenAt: number): ReadonlyMap<string, Holders> {
  const holders = new Map<string, Map<string, string>>();
  for (const { name, mac, up, addresses } of links.values()) {
    if (!up || mac === '') continue;
    for (const { address, scope } of addresses) {
      if (scope === 'link' || scope === 'host') continue;
      const others = holders.get(address) ?? new Map<string, string>();
      holders.set(address, others.set(name, mac));
    }
  }
  return new Map([...holders].map(([address, macs]) => [address, { macs, seenAt }]));
}
