/** How long to wait before the next try: doubles with each failure up to a limit, spread at random so that many do not come at once. */
export interface BackOff {
  readonly firstMs: number;
  readonly longestMs: number;
  /** In [0, 1). */
  readonly random: () => number;
}

/** The wait after `failures` tries in a row that failed (1 or more): between half of the full wait and all of it. */
export function backOffMs({ firstMs, longestMs, random }: BackOff, failures: number): number {
  const fullMs = Math.min(longestMs, firstMs * 2 ** Math.min(failures - 1, 30));
  return fullMs / 2 + (fullMs / 2) * random();
}
