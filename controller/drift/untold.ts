import { randomBytes } from 'node:crypto';
import type { Clock } from '../../api/machinery/clock.ts';
import type { DurableMap } from '../journal/durable-map.ts';
import type { DriftEvent } from '../reconcile/lane-report.ts';
import { stepInfo } from '../systems/step-info.ts';

interface Entry {
  readonly key: string;
  /** What makes the name of a report unique whose first event this is: the same after a restart. */
  readonly suffix: string;
}

interface Kept {
  readonly suffix: string;
  readonly event: DriftEvent;
}

/**
 * What was found on the host and is told nowhere yet. It is mended by the time it comes here, so nobody could find it again: it is
 * on disk soon after, until its report is written and its alerts are in the outbox.
 */
export class Untold {
  readonly #memory: DurableMap;
  readonly #clock: Clock;
  readonly #failed: (error: unknown) => void;
  readonly #entries = new Map<DriftEvent, Entry>();
  readonly #unwritten: DriftEvent[] = [];
  #last = 0;
  #isWriteDue = false;

  constructor(memory: DurableMap, clock: Clock, failed: (error: unknown) => void) {
    this.#memory = memory;
    this.#clock = clock;
    this.#failed = failed;
  }

  /** What a process that ended before had not told, oldest first. To be called once, before the first `add`. */
  recover(): DriftEvent[] {
    return [...this.#memory.entries()].map(([key, text]) => {
      // Only this class writes this map.
      const { suffix, event } = JSON.parse(text) as Kept;
      this.#entries.set(event, { key, suffix });
      this.#last = Math.max(this.#last, Number(key));
      return event;
    });
  }

  /** What comes within one turn of the event loop goes to disk together. */
  add(event: DriftEvent): void {
    const suffix = `${event.detectedAt.toString(36)}${randomBytes(3).toString('hex')}`;
    this.#entries.set(event, { key: String((this.#last += 1)).padStart(15, '0'), suffix });
    this.#unwritten.push(event);
    if (!this.#isWriteDue) this.#clock.after(0, () => this.#write());
    this.#isWriteDue = true;
  }

  suffixOf(event: DriftEvent): string {
    const entry = this.#entries.get(event);
    if (!entry) throw new Error('this drift is told already');
    return entry.suffix;
  }

  /** They are told. */
  forget(events: readonly DriftEvent[]): void {
    for (const event of events) {
      const entry = this.#entries.get(event);
      if (entry) this.#memory.delete(entry.key);
      this.#entries.delete(event);
    }
  }

  #write(): void {
    this.#isWriteDue = false;
    const events = this.#unwritten.splice(0);
    try {
      this.#memory.together(() => {
        for (const event of events) this.#put(event);
      });
    } catch (error) {
      this.#failed(error);
    }
  }

  #put(event: DriftEvent): void {
    const entry = this.#entries.get(event);
    if (!entry) return;
    const kept: Kept = { suffix: entry.suffix, event: { ...event, subject: withoutWork(event) } };
    this.#memory.put(entry.key, JSON.stringify(kept));
  }
}

function withoutWork({ subject }: DriftEvent): DriftEvent['subject'] {
  return subject.kind === 'finding' ? subject : { kind: 'step', step: stepInfo(subject.step) };
}
