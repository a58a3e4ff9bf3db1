import type { LibvirtBandwidth, LibvirtPortgroup } from '../desired.ts';
import { append, at, attributeOf, child, remove } from './dom.ts';
import type { Element } from './dom.ts';

type Bandwidth = LibvirtPortgroup['bandwidth'];

/** Reads the `<bandwidth>` of a portgroup or an interface (formatnetwork.html, "Quality of service"; KiB/s and KiB). */
export function readBandwidth(parent: Element): Bandwidth {
  const inbound = readLimits(parent, 'inbound');
  const outbound = readLimits(parent, 'outbound');
  return inbound || outbound ? { inbound, outbound } : undefined;
}

function readLimits(parent: Element, direction: 'inbound' | 'outbound'): LibvirtBandwidth | undefined {
  const element = at(parent, 'bandwidth', direction)[0];
  if (!element) return undefined;
  const read = (name: string): number | undefined => {
    const text = attributeOf(element, name);
    return text === undefined ? undefined : Number(text);
  };
  return { averageKiBps: read('average'), peakKiBps: read('peak'), burstKiB: read('burst') };
}

/** Puts the limits in the place of those that are there. */
export function writeBandwidth(parent: Element, bandwidth: Bandwidth): void {
  const old = child(parent, 'bandwidth');
  if (old) remove(old);
  if (!bandwidth?.inbound && !bandwidth?.outbound) return;
  const element = append(parent, 'bandwidth');
  for (const direction of ['inbound', 'outbound'] as const) {
    const limits = bandwidth[direction];
    if (limits) append(element, direction, { average: limits.averageKiBps, peak: limits.peakKiBps, burst: limits.burstKiB });
  }
}

/** For people and for comparing; empty where there is no limit. */
export function limitsText(limits: LibvirtBandwidth | undefined): string {
  if (!limits) return '';
  const parts = [
    limits.averageKiBps !== undefined && `average ${limits.averageKiBps} KiB/s`,
    limits.peakKiBps !== undefined && `peak ${limits.peakKiBps} KiB/s`,
    limits.burstKiB !== undefined && `burst ${limits.burstKiB} KiB`,
  ];
  return parts.filter(Boolean).join(', ');
}

/** The same, of both directions. */
export function bandwidthText(bandwidth: Bandwidth): string {
  const directions = (['inbound', 'outbound'] as const).map((name) => ({ name, text: limitsText(bandwidth?.[name]) }));
  return directions
    .filter(({ text }) => text !== '')
    .map(({ name, text }) => `${name} ${text}`)
    .join('; ');
}
