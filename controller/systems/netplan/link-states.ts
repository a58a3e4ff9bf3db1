import { lstatSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { namesIn } from './check.ts';
import { inTurns } from './in-turns.ts';

/** What networkd tells of a link (sd-network(3)), as it writes it whenever the link's set-up goes on. */
export interface LinkState {
  /** The file that the link is set up by; empty for one that networkd leaves alone. */
  readonly networkFile: string;
  /** In ns since the epoch. */
  readonly writtenAt: bigint;
}

const STATE_FOLDER = 'run/systemd/netif/links';

/** Every link that networkd knows; none where it has never run. */
export async function readLinkStates(root: string): Promise<readonly LinkState[]> {
  const states: LinkState[] = [];
  for await (const index of inTurns(await namesIn(join(root, STATE_FOLDER)))) {
    const path = join(root, STATE_FOLDER, index);
    const stats = lstatSync(path, { bigint: true, throwIfNoEntry: false });
    if (!stats) continue;
    const networkFile = /^NETWORK_FILE=(.*)$/m.exec(readFileSync(path, 'utf8'))?.[1] ?? '';
    states.push({ networkFile, writtenAt: stats.mtimeNs });
  }
  return states;
}
