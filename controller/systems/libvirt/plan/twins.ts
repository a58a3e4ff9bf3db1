import type { LibvirtDomain } from '../desired.ts';
import type { DomainState } from '../observed.ts';
import type { PlanContext } from './context.ts';

/** Says which running domain of others has a MAC address of this one: two guests with one address get each other's frames, or none. */
export function planTwins({ owner, name, interfaces }: LibvirtDomain, state: DomainState, { observed, draft }: PlanContext): void {
  if (!state.live) return;
  const macs = new Set(interfaces.map(({ mac }) => mac.toLowerCase()));
  for (const other of observed.domains.values()) {
    const twin = other.uuid === state.uuid ? undefined : other.live?.view.interfaces.find(({ mac }) => macs.has(mac));
    if (!twin) continue;
    const message = `the running domain ${other.name} has MAC address ${twin.mac} too, as ${name} has; give one of the two another (virsh edit ${other.name}, then restart it)`;
    draft.refuse({ owner, reason: 'DeviceConflict', message, needsPerson: true });
  }
}
