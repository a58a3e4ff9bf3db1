import type { Clock } from '../machinery/clock.ts';
import type { Store } from './store.ts';

const INTERVAL_MS = 5 * 60_000;
/** Who was away for a moment goes on from the log, however busy that moment was. */
const KEPT_REVISIONS = 10_000;

/**
 * Compacts every five minutes to where the store was five minutes before, but keeps the last 10,000 revisions in any case.
 * Returns the way to stop. `failed` hears of a compaction that went wrong; the next one is tried all the same.
 */
export function startCompactor(store: Store, clock: Clock, failed: (error: unknown) => void): () => void {
  let before = store.revision;
  let cancel = clock.after(INTERVAL_MS, tick);
  function tick(): void {
    const target = Math.min(before, store.revision - KEPT_REVISIONS);
    before = store.revision;
    cancel = clock.after(INTERVAL_MS, tick);
    if (target > store.compactedRevision) store.compact(target).catch(failed);
  }
  return () => cancel();
}
