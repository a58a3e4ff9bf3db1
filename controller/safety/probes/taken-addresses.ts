import type { Clock } from '../../../api/machinery/clock.ts';
import type { Exec } from '../../systems/exec.ts';
import { deviceNeeds } from '../../systems/netplan/device-needs.ts';
import type { KernelState } from '../../systems/netplan/observed.ts';
import type { NetplanStep } from '../../systems/netplan/step.ts';
import { askNeighbour } from './neighbours.ts';

/** Somebody else has an address that a change would give this host. */
export class AddressInUse extends Error {
  override readonly name = 'AddressInUse';
}

/** On a link everybody answers within some milliseconds; nobody is to wait for those that are not there. */
const PATIENCE_MS = 500;

/**
 * Throws `AddressInUse` when somebody else answers for an IPv4 address that these steps would give a device for the first time, as far
 * as it is on a link that the host is on now. RFC 5227 has it asked before an address is used; of IPv6 addresses the kernel asks itself.
 */
export async function refuseTakenAddresses(steps: readonly NetplanStep[], { links }: KernelState, tools: { readonly exec: Exec; readonly clock: Clock }): Promise<void> {
  const all = [...links.values()];
  const ours = new Set(all.flatMap(({ addresses }) => addresses.map(({ address }) => address)));
  const ourMacs = new Set(all.map(({ mac }) => mac.toLowerCase()));
  const wanted = steps.flatMap((step) => (step.kind === 'stanza' && step.stanza ? deviceNeeds(step.stanza).addresses.map((address) => ({ device: step.device, address: address.split('/')[0] ?? '' })) : []));
  const news = wanted.filter(({ address }) => !address.includes(':') && !ours.has(address));
  const answers = await Promise.all(news.map(async ({ device, address }) => ({ device, address, mac: (await askNeighbour(address, PATIENCE_MS, tools))?.mac })));
  const [taken] = answers.filter(({ mac }) => mac !== undefined && !ourMacs.has(mac.toLowerCase()));
  if (taken) throw new AddressInUse(`${taken.device} does not get ${taken.address}: ${taken.mac ?? ''} answers for that address`);
}
