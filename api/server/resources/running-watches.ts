/** The watches under way, so that a stopping server can end them in good order. */
export interface RunningWatches {
  readonly count: number;
  /** Returns the way to take it off again. */
  add(end: () => void): () => void;
  endAll(): void;
}

export function runningWatches(): RunningWatches {
  const ends = new Set<() => void>();
  return {
    get count() {
      return ends.size;
    },
    add(end) {
      ends.add(end);
      return () => ends.delete(end);
    },
    endAll() {
      for (const end of [...ends]) end();
    },
  };
}
