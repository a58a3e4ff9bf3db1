import type { DurableMap } from '../journal/durable-map.ts';
import type { Alert } from './alert.ts';

/** A trouble that lasts, and when which receiver was last told of it. */
export interface OpenTrouble {
  readonly alert: Alert;
  /** By the uid of the receiver, milliseconds since the epoch. */
  readonly told: Readonly<Record<string, number>>;
}

/** The troubles that last, over restarts: so that each is told once, again when it goes on for long, and at its end. */
export class OpenTroubles {
  readonly #memory: DurableMap;
  readonly #troubles = new Map<string, OpenTrouble>();

  constructor(memory: DurableMap) {
    this.#memory = memory;
    // Only this class writes this map.
    for (const [key, text] of memory.entries()) this.#troubles.set(key, JSON.parse(text) as OpenTrouble);
  }

  all(): readonly OpenTrouble[] {
    return [...this.#troubles.values()];
  }

  /** Those of one resource. */
  of(kind: string, name: string): readonly OpenTrouble[] {
    return this.all().filter(({ alert: { subject } }) => subject.kind === kind && subject.name === name);
  }

  get(key: string): OpenTrouble | undefined {
    return this.#troubles.get(key);
  }

  put(trouble: OpenTrouble): void {
    this.#troubles.set(trouble.alert.key, trouble);
    this.#memory.put(trouble.alert.key, JSON.stringify(trouble));
  }

  close(key: string): void {
    this.#troubles.delete(key);
    this.#memory.delete(key);
  }
}
