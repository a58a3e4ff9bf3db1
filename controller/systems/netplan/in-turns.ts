/** What is done with so many files in memory takes a millisecond at most; after that, others get their turn. */
const FILES_A_TURN = 16;

/**
 * Gives one name after the other, or what stands for a file. For files below /run, which are in memory: to read or write one takes microseconds, and to have
 * another thread do it ten times as long; but a thousand at once would keep everybody else waiting.
 */
export async function* inTurns<T>(names: Iterable<T>): AsyncGenerator<T> {
  let count = 0;
  for (const name of names) {
    if (++count % FILES_A_TURN === 0) await new Promise<void>((resolve) => setImmediate(resolve));
    yield name;
  }
}
