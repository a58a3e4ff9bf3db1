import { tryLock } from './file-lock.ts';

/**
 * Takes the data of a store for this process alone, until the returned function is called or the process ends in whatever way.
 * The lock is on a file beside the store, so that another process may still read the store itself, for a backup.
 * Throws `StoreInUse`.
 */
export function lockStore(path: string): () => void {
  const release = tryLock(`${path}.lock`);
  if (release === undefined) throw new StoreInUse(path);
  return release;
}

/** Another process has the store. */
export class StoreInUse extends Error {
  override readonly name = 'StoreInUse';

  constructor(path: string) {
    super(`another process has ${path} open; stop it first`);
  }
}
