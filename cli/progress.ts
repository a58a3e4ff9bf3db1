import type { Session } from './session.ts';

const QUIET_MS = 1_000;
const TICK_MS = 250;
const MARKS = ['|', '/', '-', '\\'];

/** Shows on a terminal that `work` goes on once it takes longer than a second, on one line that is gone when it ends. */
export async function withProgress<Result>(session: Session, text: string, work: Promise<Result>): Promise<Result> {
  const { stderr, clock } = session.surroundings;
  if (!stderr.isTerminal) return work;
  const over = new AbortController();
  const startedAt = clock.now();
  let hasShown = false;
  const show = async (): Promise<void> => {
    await clock.sleep(QUIET_MS, over.signal);
    for (let turn = 0; ; turn += 1) {
      hasShown = true;
      stderr.write(`\r${MARKS[turn % MARKS.length] ?? ''} ${text} ${Math.floor((clock.now() - startedAt) / 1000)}s\u001b[K`);
      await clock.sleep(TICK_MS, over.signal);
    }
  };
  // It ends by being aborted, which is no failure.
  const shown = show().catch(() => undefined);
  try {
    return await work;
  } finally {
    over.abort();
    await shown;
    if (hasShown) stderr.write('\r\u001b[K');
  }
}
