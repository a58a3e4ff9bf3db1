import type { StoreChange, StoreWatcher } from './store.ts';

interface Seat {
  readonly watcher: StoreWatcher;
  /** Changes up to this revision were handed over already, or are not wanted. */
  readonly after: number;
}

/** Hands committed changes to those who watch their resource. A watcher that throws is cut off; the others don't notice. */
export class WatchHub {
  readonly #seats = new Map<string, Set<Seat>>();

  /** Adds a watcher for changes after `after`; the returned function removes it and may be called twice. */
  add(resource: string, watcher: StoreWatcher, after: number): () => void {
    const seats = this.#seats.get(resource) ?? new Set();
    const seat: Seat = { watcher, after };
    seats.add(seat);
    this.#seats.set(resource, seats);
    return () => this.#remove(resource, seat);
  }

  publish(changes: readonly StoreChange[]): void {
    for (const change of changes) {
      // Whoever sits down while this runs has read the log up to here, and is passed over by `after`.
      for (const seat of this.#seats.get(change.entry.resource) ?? []) {
        if (change.revision > seat.after) this.#tell(seat, change);
      }
    }
  }

  /** Ends every watch. */
  failAll(error: Error): void {
    const seats = [...this.#seats.values()].flatMap((set) => [...set]);
    this.#seats.clear();
    for (const seat of seats) seat.watcher.failed(error);
  }

  #tell(seat: Seat, change: StoreChange): void {
    try {
      seat.watcher.change(change);
    } catch (error) {
      this.#remove(change.entry.resource, seat);
      seat.watcher.failed(error instanceof Error ? error : new Error(String(error)));
    }
  }

  #remove(resource: string, seat: Seat): void {
    const seats = this.#seats.get(resource);
    seats?.delete(seat);
    if (seats?.size === 0) this.#seats.delete(resource);
  }
}
