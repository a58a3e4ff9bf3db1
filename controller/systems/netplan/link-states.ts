import { lstatSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { namesIn } from './check.ts';
import { inTurns } from './in-turns.ts';
import { isNotThere } from './netplan-folders.ts';

/** What networkd tells of its links: one file a link, named by its index, with the same keys since networkd came to be. */
export const LINKS_FOLDER = 'run/systemd/netif/links';

/** What networkd tells of a link, as it writes it whenever the link's set-up goes on. */
export interface LinkState {
  /** The file that the link is set up by; empty for one that networkd leaves alone. */
  readonly networkFile: string;
  /** In ns since the epoch. */
  readonly writtenAt: bigint;
}

/** Every link that networkd knows; none where it has never run. */
export async function readLinkStates(root: string): Promise<readonly LinkState[]> {
  const states: LinkState[] = [];
  for await (const index of inTurns(await namesIn(join(root, LINKS_FOLDER)))) {
    const state = readState(join(root, LINKS_FOLDER, index));
    if (state) states.push(state);
  }
  return states;
}

function readState(path: string): LinkState | undefined {
  try {
    const { mtimeNs } = lstatSync(path, { bigint: true });
    return { networkFile: /^NETWORK_FILE=(.*)$/m.exec(readFileSync(path, 'utf8'))?.[1] ?? '', writtenAt: mtimeNs };
  } catch (error) {
    // The link has just gone.
    if (isNotThere(error)) return undefined;
    throw error;
  }
}
