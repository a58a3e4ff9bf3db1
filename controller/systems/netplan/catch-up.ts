import type { Clock } from '../../../api/machinery/clock.ts';
import type { Exec } from '../exec.ts';
import { readLinkStates } from './link-states.ts';
import { loadedFiles } from './loaded-files.ts';
import type { Log } from './log.ts';
import { runBounded } from './run-bounded.ts';

const RELOAD_TIMEOUT_MS = 10_000;
const LONGEST_SET_UP_MS = 5_000;
/** networkd answers before it begins. How long it takes to begin grows with how long it took to answer. */
const QUIET_FACTOR = 2;
const SHORTEST_QUIET_MS = 100;
const LONGEST_QUIET_MS = 2_000;
const LOOK_MS = 20;

/**
 * Has networkd load what is there already, where it may not have done so, and waits until it has set up what it then sets up anew.
 * Otherwise the reload of our change would do that too, of devices that the change is not about: a NIC that loses its address and
 * gets it back just while another device gets the same one comes second, and the kernel answers on the other, which does not
 * reach the wire yet.
 */
export async function letNetworkdCatchUp({ root, exec, clock, log }: CatchUpTools): Promise<void> {
  if (await loadedFiles(root, log).bringBack()) return;
  const startedAt = clock.now();
  const { end, words } = await runBounded(exec, ['networkctl', 'reload'], RELOAD_TIMEOUT_MS);
  if (end === 'failed') {
    log.info({ failure: words }, 'networkd could not be told to load what is there');
    return;
  }
  const quietMs = Math.min(Math.max((clock.now() - startedAt) * QUIET_FACTOR, SHORTEST_QUIET_MS), LONGEST_QUIET_MS);
  await untilQuiet(root, clock, { since: clock.now(), quietMs });
}

export interface CatchUpTools {
  /** The folder that stands for `/`. */
  readonly root: string;
  readonly exec: Exec;
  readonly clock: Clock;
  readonly log: Log;
}

/** A link that waits for an advertisement or a lease is not waited for: what its file gives it, it has by then. */
async function untilQuiet(root: string, clock: Clock, { since, quietMs }: { readonly since: number; readonly quietMs: number }): Promise<void> {
  const giveUpAt = clock.now() + LONGEST_SET_UP_MS;
  let quietAt = since + quietMs;
  while (clock.now() < Math.min(quietAt, giveUpAt)) {
    await clock.sleep(LOOK_MS);
    const lastAt = Math.max(since, ...(await readLinkStates(root)).map(({ writtenAt }) => Number(writtenAt / 1_000_000n)));
    quietAt = lastAt + quietMs;
  }
}
