import type { Exec } from '../exec.ts';
import { bringUp, renameLink, setLink } from './kernel-commands.ts';
import type { Log } from './log.ts';
import type { KernelState } from './observed.ts';
import { runBounded } from './run-bounded.ts';
import { runCommands } from './run-commands.ts';

export interface RenameTools {
  readonly exec: Exec;
  readonly log: Log;
  readonly readKernel: () => Promise<KernelState>;
}

const RECONFIGURE_TIMEOUT_MS = 10_000;

/**
 * Gives a NIC another name, and has networkd set up this one device by its files for that name. `netplan apply` would do so too, but
 * would set every other device of the host up anew. Linux renames a NIC that is up from 6.2 on; before that it is down for a moment.
 *
 * Gives what went wrong in words; the NIC then has its former name and is as it was.
 */
export async function renameNic(from: string, to: string, { exec, log, readKernel }: RenameTools): Promise<string | undefined> {
  const { links } = await readKernel();
  const nic = links.get(from);
  // udev may have come before us, where the NIC has just appeared.
  if (!nic) return links.has(to) ? undefined : `${from} is not there any more`;
  const refused = await runCommands([renameLink(from, to)], exec);
  const failure = refused !== undefined && nic.up ? await renameDown(from, to, exec) : refused;
  if (failure !== undefined) return (await readKernel()).links.has(to) ? undefined : failure;
  const { end, words } = await runBounded(exec, ['networkctl', 'reconfigure', to], RECONFIGURE_TIMEOUT_MS);
  // What is missing then, the next observation tells.
  if (end !== 'done') log.warn({ failure: words }, 'networkd could not be told to set up a renamed device');
  return undefined;
}

async function renameDown(from: string, to: string, exec: Exec): Promise<string | undefined> {
  const failure = await runCommands([setLink(from, 'down'), renameLink(from, to), bringUp(to)], exec);
  if (failure !== undefined) await runCommands([bringUp(from)], exec);
  return failure;
}
