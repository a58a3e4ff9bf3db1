import type { Clock } from '../../api/machinery/clock.ts';

/** For each change that came, others are waited for so long; */
const CALM_PER_CHANGE_MS = 25;
/** where they were many there are probably more: then for three times as long as the longest pause between two. */
const MANY = 10;
const CALM_PER_PAUSE = 3;
const SHORTEST_CALM_MS = 250;
/**
 * What is being brought about takes the processor from whoever orders more: a pause that is no longer than that took belongs to the
 * burst, within these bounds. Nor is any calm longer.
 */
const SHORTEST_PATIENCE_MS = 500;
const LONGEST_PATIENCE_MS = 3_000;
/**
 * However many follow, a change waits no longer than four times as long as it took to bring about the last, or than what has gathered
 * will take by itself (a new port some milliseconds of Open vSwitch, networkd and ourselves), within these bounds.
 */
const COST_SHARE = 4;
const COST_OF_ONE_MS = 5;
const SHORTEST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 10_000;
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
  /** How many changes came in this burst, the longest pause between them, when the last came, and when the first that is not passed on yet. */
  #changes = 0;
  /** How many of them are not passed on yet. */
  #waiting = 0;
  #pauseMs = 0;
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
    const pauseMs = now - this.#lastAt;
    const isAlone = what === 'edit' && this.#waitingSince === undefined && pauseMs > ALONE_AFTER_MS;
    if (pauseMs > this.#patienceMs) [this.#changes, this.#pauseMs] = [0, 0];
    else this.#pauseMs = Math.max(this.#pauseMs, pauseMs);
    this.#lastAt = now;
    this.#changes += 1;
    this.#waiting += 1;
    if (isAlone) return this.#passOn();
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

  get #patienceMs(): number {
    return within(SHORTEST_PATIENCE_MS, this.#costMs, LONGEST_PATIENCE_MS);
  }

  /** When all is passed on if nothing more comes. */
  #due(waitingSince: number): number {
    const calmMs = this.#changes < MANY ? this.#changes * CALM_PER_CHANGE_MS : within(SHORTEST_CALM_MS, this.#pauseMs * CALM_PER_PAUSE, this.#patienceMs);
    const waitMs = within(SHORTEST_WAIT_MS, Math.max(this.#costMs * COST_SHARE, this.#waiting * COST_OF_ONE_MS), LONGEST_WAIT_MS);
    return Math.min(this.#lastAt + calmMs, waitingSince + waitMs);
  }

  #lookAt(due: number, now: number): void {
    this.#cancelTimer = this.#clock.after(due - now, () => this.#look());
  }

  #look(): void {
    const now = this.#clock.now();
    const due = this.#due(this.#waitingSince ?? now);
    // A clock that was set back must not make it wait for hours.
    if (due > now && now >= this.#lastAt) return this.#lookAt(due, now);
    this.#passOn();
  }

  #passOn(): void {
    this.#waitingSince = undefined;
    this.#waiting = 0;
    this.#gathered();
  }
}

function within(least: number, value: number, most: number): number {
  return Math.min(Math.max(value, least), most);
}
