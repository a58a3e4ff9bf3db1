import type { Clock } from '../../api/machinery/clock.ts';

/** For each change that came, others are waited for so long, for many are seldom all; */
const CALM_PER_CHANGE_MS = 25;
/** but no longer than half of what bringing them about took last, within these bounds: on a busy machine they come slowly, too. */
const CALM_MS = { least: 250, most: 1_000 };
/** However many follow, a change waits no longer than four times as long as that took, within these bounds. */
const WAIT_MS = { least: 1_000, most: 3_000 };

/** An edit before which it was quiet for so long is no part of a burst yet. */
const ALONE_AFTER_MS = 100;

/**
 * Makes one of a burst: what was changed is passed on when nothing more has changed for a moment. To bring a thousand ports onto a
 * switch takes it one second, and ten when they come in fifty parts.
 */
export class Gathering {
  readonly #clock: Clock;
  readonly #gathered: () => void;
  #costMs = 0;
  /** How many changes came in this burst, when the last did, and when the first that is not passed on yet. */
  #changes = 0;
  #lastAt = -Infinity;
  #waitingSince: number | undefined;
  #cancelTimer: () => void = () => undefined;

  constructor(clock: Clock, gathered: () => void) {
    this.#clock = clock;
    this.#gathered = gathered;
  }

  /** Something changed: `new` things often come in hundreds; an `edit` of what is there comes alone, and goes at once where it does. */
  add(what: 'new' | 'edit'): void {
    const now = this.#clock.now();
    const isAlone = what === 'edit' && this.#waitingSince === undefined && now - this.#lastAt > ALONE_AFTER_MS;
    if (now - this.#lastAt > this.#within(CALM_MS, 1 / 2)) this.#changes = 0;
    this.#lastAt = now;
    this.#changes += 1;
    if (isAlone) return this.#gathered();
    if (this.#waitingSince !== undefined) return;
    this.#waitingSince = now;
    this.#lookAt(this.#due(now), now);
  }

  /** Takes down what it took one of the systems to bring about what was passed on. */
  took(costMs: number): void {
    this.#costMs = Math.max(costMs, this.#costMs / 2);
  }

  /** Passes on nothing more. */
  stop(): void {
    this.#cancelTimer();
  }

  /** When all is passed on if nothing more comes. */
  #due(waitingSince: number): number {
    const calmMs = Math.min(this.#changes * CALM_PER_CHANGE_MS, this.#within(CALM_MS, 1 / 2));
    return Math.min(this.#lastAt + calmMs, waitingSince + this.#within(WAIT_MS, 4));
  }

  #within({ least, most }: typeof CALM_MS, share: number): number {
    return Math.min(Math.max(this.#costMs * share, least), most);
  }

  #lookAt(due: number, now: number): void {
    this.#cancelTimer = this.#clock.after(due - now, () => this.#look());
  }

  #look(): void {
    const now = this.#clock.now();
    const due = this.#due(this.#waitingSince ?? now);
    // A clock that was set back must not make it wait for hours.
    if (due > now && now >= this.#lastAt) return this.#lookAt(due, now);
    this.#waitingSince = undefined;
    this.#gathered();
  }
}
