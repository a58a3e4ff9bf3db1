import type { Clock } from '../../../api/machinery/clock.ts';
import type { Exec } from '../../systems/exec.ts';
import { announceAddresses } from '../../systems/netplan/announce.ts';
import type { KeptKernel } from '../../systems/netplan/checkpoint/kept-kernel.ts';

/** Tells the neighbours where these devices' addresses are again; one that can't be told has to find out by itself. */
export async function announce(
  { links }: KeptKernel,
  devices: ReadonlySet<string>,
  tools: { readonly root: string; readonly exec: Exec; readonly clock: Clock },
): Promise<void> {
  const concerned = links.filter(({ name, up, addresses }) => up && devices.has(name) && addresses.some(({ scope }) => scope === 'global'));
  await announceAddresses(concerned, tools);
}
