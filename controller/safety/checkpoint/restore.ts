import type { Clock } from '../../../api/machinery/clock.ts';
import type { Exec } from '../../systems/exec.ts';
import { removeSpares, restoreFiles, type KeptPlaces } from '../../systems/netplan/checkpoint/kept-files.ts';
import type { KeptKernel } from '../../systems/netplan/checkpoint/kept-kernel.ts';
import { announceAddresses, type AnnounceTools } from '../../systems/netplan/announce.ts';
import { restoreNetwork } from '../../systems/netplan/checkpoint/restore.ts';
import { restoreOvs } from '../../systems/ovs/checkpoint/restore.ts';
import { errorText } from '../error-text.ts';
import type { Checkpoint } from './checkpoint.ts';
import type { CheckpointFolder } from './checkpoint-folder.ts';

export interface RestoreTools {
  readonly exec: Exec;
  readonly clock: Clock;
}

/** Where the files of a checkpoint belong. */
export function placesOf({ netplanRoot, stateDirectory }: Checkpoint): KeptPlaces {
  return { root: netplanRoot, stateDirectory };
}

/** What did not come back, in words; empty when all did. */
export type Remains = readonly string[];

/**
 * Brings the host back to a checkpoint: netplan's files, then Open vSwitch, then what the kernel's devices had, then tells the
 * neighbours. May be called again where something remained. Never throws for one part what the others could still do.
 */
export async function restore(folder: CheckpointFolder, checkpoint: Checkpoint, { exec, clock }: RestoreTools): Promise<Remains> {
  const notes = await folder.notes();
  const devices = new Set([...checkpoint.devices, ...notes.flatMap((note) => note.devices)]);
  const touches = notes.flatMap(({ ovs }) => ovs);
  const { ovsdb, netplanRoot: root, files, kernel, name } = checkpoint;
  const places = placesOf(checkpoint);
  const remains: string[] = [];
  let changedFiles: readonly string[] = [];
  await attempt('netplan', async () => {
    changedFiles = await restoreFiles(places, files);
  });
  await attempt('Open vSwitch', undoInOvs);
  await attempt('the network', async () => {
    remains.push(...(await restoreNetwork({ root, exec, clock, kept: kernel, devices, changedFiles })));
  });
  // A transaction that was under way when its daemon was ended may have come after.
  await attempt('Open vSwitch', undoInOvs);
  await attempt('the neighbours', () => tellNeighbours(kernel, devices, { root, exec, clock }));
  if (remains.length === 0) await attempt('spare copies', () => removeSpares(places, files));
  return [...new Set(remains)];

  async function undoInOvs(): Promise<void> {
    if (checkpoint.ovs && touches.length > 0) await restoreOvs({ address: ovsdb, clock, before: checkpoint.ovs, touches, name });
  }

  async function attempt(what: string, work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      remains.push(`${what}: ${errorText(error)}`);
    }
  }
}

/** Forgets a checkpoint under which nothing was done. */
export async function abandon(folder: CheckpointFolder, checkpoint: Checkpoint): Promise<void> {
  await removeSpares(placesOf(checkpoint), checkpoint.files);
  await folder.discard();
}

/** They may know the addresses at the MAC of another device by now. That one of them can't be told keeps nothing from having come back. */
async function tellNeighbours({ links }: KeptKernel, devices: ReadonlySet<string>, tools: AnnounceTools): Promise<void> {
  await announceAddresses(links.filter(({ name, up, addresses }) => up && devices.has(name) && addresses.some(({ scope }) => scope === 'global')), tools);
}
