import type { OwnerKey } from '../systems/owner.ts';

const FIRST_DELAY_MS = 250;
const LONGEST_DELAY_MS = 60_000;
/** The delay is drawn from the upper half of its range, so that many failing resources spread out. */
const JITTER = 0.5;

interface Failure {
  readonly intent: string;
  readonly attempts: number;
  /** Milliseconds since the epoch; Infinity: not before the spec changes or the next full pass. */
  readonly notBefore: number;
}

/** Remembers which resources failed and when each may be tried again: exponential, with jitter, forgotten when the intent changes. */
export class BackOff {
  readonly #failures = new Map<OwnerKey, Failure>();
  readonly #random: () => number;

  constructor(random: () => number = Math.random) {
    this.#random = random;
  }

  /** True while the owner, with this very intent, must not be tried. */
  waits(owner: OwnerKey, intent: string, now: number): boolean {
    const failure = this.#failures.get(owner);
    return failure !== undefined && failure.intent === intent && now < failure.notBefore;
  }

  failed(owner: OwnerKey, intent: string, now: number): void {
    const before = this.#failures.get(owner);
    const attempts = before?.intent === intent ? before.attempts + 1 : 1;
    const range = Math.min(FIRST_DELAY_MS * 2 ** (attempts - 1), LONGEST_DELAY_MS);
    const delayMs = range * (1 - JITTER * this.#random());
    this.#failures.set(owner, { intent, attempts, notBefore: now + delayMs });
  }

  /** Only a person can mend it: not tried again with this intent. */
  stalled(owner: OwnerKey, intent: string): void {
    this.#failures.set(owner, { intent, attempts: 1, notBefore: Number.POSITIVE_INFINITY });
  }

  succeeded(owner: OwnerKey): void {
    this.#failures.delete(owner);
  }

  /** A full pass tries everything again, what stalled too: the host may have changed since. */
  forgetStalled(): void {
    for (const [owner, failure] of this.#failures) {
      if (failure.notBefore === Number.POSITIVE_INFINITY) this.#failures.delete(owner);
    }
  }

  /** When the next failed owner may be tried; undefined when none waits for a time. */
  nextDue(): number | undefined {
    let due: number | undefined;
    for (const { notBefore } of this.#failures.values()) {
      if (notBefore !== Number.POSITIVE_INFINITY && (due === undefined || notBefore < due)) due = notBefore;
    }
    return due;
  }
}
