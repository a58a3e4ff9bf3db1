import type { Clock } from '../../api/machinery/clock.ts';
import type { DriftEvent } from '../reconcile/lane-report.ts';
import { subjectOf } from './drift-subject.ts';

/** What happens to one object within this time is one report. */
const WINDOW_MS = 250;
const LONGEST_WINDOW_MS = 10 * 60_000;
/** So many of the same in one report are no person's work. */
const MANY = 5;
/** The same change that comes back so soon after its last report belongs to the same fight. */
const SAME_FIGHT_MS = 5_000;
const REMEMBERED = 1_000;

/** Changes of one object that are told together; never empty. */
export type Burst = readonly [DriftEvent, ...DriftEvent[]];

interface Gathering {
  readonly events: [DriftEvent, ...DriftEvent[]];
  readonly windowMs: number;
  cancel: () => void;
}

interface Told {
  readonly at: number;
  readonly windowMs: number;
  readonly what: string;
  readonly count: number;
  /** How long the correction rests before it meets the other again. */
  readonly pauseMs: number;
}

/**
 * Gathers the changes of each object for a moment, so that a burst is one report that counts them. The same change that comes back
 * again and again is gathered for twice as long each time: a fight is told ever more rarely, and each time with its count.
 */
export class Bursts {
  readonly #clock: Clock;
  readonly #over: (burst: Burst) => void;
  readonly #gathering = new Map<string, Gathering>();
  readonly #told = new Map<string, Told>();

  constructor(clock: Clock, over: (burst: Burst) => void) {
    this.#clock = clock;
    this.#over = over;
  }

  add(event: DriftEvent): void {
    const key = keyOf(event);
    const gathering = this.#gathering.get(key);
    if (gathering) {
      gathering.events.push(event);
      return;
    }
    const windowMs = this.#windowOf(key, event);
    const cancel = this.#clock.after(windowMs, () => this.#end(key));
    this.#gathering.set(key, { events: [event], windowMs, cancel });
  }

  /** Ends all that is being gathered now. */
  flush(): void {
    for (const [key, { cancel }] of [...this.#gathering]) {
      cancel();
      this.#end(key);
    }
  }

  #windowOf(key: string, event: DriftEvent): number {
    const told = this.#told.get(key);
    if (!told || (told.count < MANY && told.pauseMs === 0)) return WINDOW_MS;
    if (told.what !== whatOf(event) || event.detectedAt - told.at > SAME_FIGHT_MS + told.pauseMs) return WINDOW_MS;
    return Math.min(told.windowMs * 2, LONGEST_WINDOW_MS);
  }

  #end(key: string): void {
    const gathering = this.#gathering.get(key);
    if (!gathering) return;
    this.#gathering.delete(key);
    const { events, windowMs } = gathering;
    const last = events.at(-1) ?? events[0];
    this.#told.delete(key);
    this.#told.set(key, { at: this.#clock.now(), windowMs, what: whatOf(last), count: events.length, pauseMs: last.pauseMs ?? 0 });
    const [oldest] = this.#told.keys();
    if (this.#told.size > REMEMBERED && oldest !== undefined) this.#told.delete(oldest);
    this.#over(events);
  }
}

function keyOf(event: DriftEvent): string {
  const { owner, object } = subjectOf(event);
  return JSON.stringify([event.system, owner, object]);
}

function whatOf(event: DriftEvent): string {
  return JSON.stringify(subjectOf(event).differences.map(({ path, found }) => [path, found]));
}
