import type { StepInfo } from '../systems/system.ts';

/** So many times a change may come back before it counts as a fight: a person may be stubborn, too. */
const PATIENCE_ROUNDS = 10;
/** Coming back means within this time after the correction. */
const COMES_BACK_MS = 5_000;
const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 60_000;
const REMEMBERED = 1_000;

interface Fight {
  /** What the other writes; something else is another change, and the count begins anew. */
  readonly what: string;
  readonly rounds: number;
  /** Milliseconds since the epoch; until then the object is left as it is. */
  readonly notBefore: number;
}

/**
 * Notices when the very same change comes back right after each correction: somebody else corrects too. Then we rest for longer
 * and longer between two corrections, a minute at most, so that nobody's network flaps all the time; the last word stays ours.
 */
export class Fights {
  readonly #fights = new Map<string, Fight>();

  /** Takes down a correction; answers for how long this object is left alone if the same change comes back, 0 for not at all. */
  corrected(step: StepInfo, now: number): number {
    const key = keyOf(step);
    const what = whatOf(step);
    const before = this.#fights.get(key);
    const isBack = before?.what === what && now - before.notBefore <= COMES_BACK_MS;
    const rounds = isBack ? before.rounds + 1 : 1;
    const pauseMs = rounds < PATIENCE_ROUNDS ? 0 : Math.min(FIRST_PAUSE_MS * 2 ** (rounds - PATIENCE_ROUNDS), LONGEST_PAUSE_MS);
    this.#fights.delete(key);
    this.#fights.set(key, { what, rounds, notBefore: now + pauseMs });
    const [oldest] = this.#fights.keys();
    if (this.#fights.size > REMEMBERED && oldest !== undefined) this.#fights.delete(oldest);
    return pauseMs;
  }

  /** True while this very change is left as it is. */
  waits(step: StepInfo, now: number): boolean {
    const fight = this.#fights.get(keyOf(step));
    return fight !== undefined && now < fight.notBefore && fight.what === whatOf(step);
  }

  /** When the next rest ends, of those that have not ended at `now`. */
  nextDue(now: number): number | undefined {
    let due: number | undefined;
    for (const { notBefore } of this.#fights.values()) {
      if (notBefore > now && (due === undefined || notBefore < due)) due = notBefore;
    }
    return due;
  }
}

function keyOf({ owner, object }: StepInfo): string {
  return `${owner} ${object}`;
}

function whatOf({ differences }: StepInfo): string {
  return JSON.stringify(differences.map(({ path, found }) => [path, found]));
}
