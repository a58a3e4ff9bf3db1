import { tooManyRequests } from '../../machinery/api-error.ts';

/** How many requests may be worked on at once; watches do not count. */
export interface InFlightLimits {
  readonly reading: number;
  readonly writing: number;
}

/** Keeps the server answering when more comes than it can do: what is too much is told to come back. */
export interface InFlight {
  readonly reading: number;
  readonly writing: number;
  /** Returns the way to leave again. Throws 429 when the place is full. */
  enter(kind: 'reading' | 'writing'): () => void;
}

export function inFlight(limits: InFlightLimits): InFlight {
  const counts = { reading: 0, writing: 0 };
  return {
    get reading() {
      return counts.reading;
    },
    get writing() {
      return counts.writing;
    },
    enter(kind) {
      if (counts[kind] >= limits[kind]) throw tooManyRequests('Too many requests, please try again later.', 1);
      counts[kind] += 1;
      let isInside = true;
      return () => {
        if (isInside) counts[kind] -= 1;
        isInside = false;
      };
    },
  };
}
