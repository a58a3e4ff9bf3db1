import type { Clock } from '../machinery/clock.ts';
import { startCompactor } from '../store/compactor.ts';
import type { Store, StoreTransaction } from '../store/store.ts';
import type { StoredEntry } from '../store/stored-entry.ts';
import { viewOf } from './stored-view.ts';
import type { Kind } from './kind.ts';
import { removeObject } from './save-object.ts';

const EXPIRY_INTERVAL_MS = 60_000;
/** How many objects are removed in one transaction. */
const EXPIRY_CHUNK = 500;

export interface HousekeepingOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly kinds: readonly Kind[];
  readonly failed: (error: unknown) => void;
}

/** What happens by the clock alone: history is compacted, objects whose time is over are removed. Returns the way to stop. */
export function startHousekeeping({ store, clock, kinds, failed }: HousekeepingOptions): () => void {
  const stopCompactor = startCompactor(store, clock, failed);
  let cancel = clock.after(EXPIRY_INTERVAL_MS, tick);
  function tick(): void {
    cancel = clock.after(EXPIRY_INTERVAL_MS, tick);
    removeExpired(store, clock, kinds).catch(failed);
  }
  return () => {
    cancel();
    stopCompactor();
  };
}

async function removeExpired(store: Store, clock: Clock, kinds: readonly Kind[]): Promise<void> {
  for (;;) {
    const expired = store.listExpired(clock.now(), EXPIRY_CHUNK);
    const removed = await store.write((transaction) => expired.filter((entry) => removeUnchanged(transaction, kinds, entry)));
    if (removed.length < EXPIRY_CHUNK) return;
  }
}

/** Written again meanwhile, it lives on. */
function removeUnchanged(transaction: StoreTransaction, kinds: readonly Kind[], { resource, name, revision }: StoredEntry): boolean {
  const entry = transaction.get(resource, name);
  const kind = kinds.find(({ storedAs, rules }) => storedAs === resource && rules.form === undefined);
  if (entry?.revision !== revision || kind === undefined) return false;
  removeObject(transaction, kind, viewOf(kind, entry).object);
  return true;
}
