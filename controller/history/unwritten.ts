import type { Clock } from '../../api/machinery/clock.ts';
import type { KubeObject } from '../../api/machinery/object.ts';
import type { DurableMap } from '../journal/durable-map.ts';
import type { OwnerKey } from '../systems/owner.ts';
import { stepInfo } from '../systems/step-info.ts';
import type { ChangeManifest, Work } from './change.ts';

/** A Change as it is to be written. */
export interface NumberedChange {
  readonly owner: OwnerKey;
  readonly name: string;
  readonly manifest: ChangeManifest;
  readonly status: object;
}

/** What a thousand of them cost in one turn of the event loop would be felt by whoever waits for a correction. */
const WORKS_A_TURN = 20;

/**
 * What was done on the host and no Change tells yet. The host is then as it should be, so nobody could find it out again: it is on
 * disk soon after, first as work that may go on, then as the numbered Change, until the API has that.
 */
export class Unwritten {
  readonly #works: DurableMap;
  readonly #numbered: DurableMap;
  readonly #clock: Clock;
  readonly #failed: (error: unknown) => void;
  readonly #unsaved = new Map<string, Work>();
  #isSaveDue = false;

  constructor({ works, numbered, clock, failed }: { readonly works: DurableMap; readonly numbered: DurableMap; readonly clock: Clock; readonly failed: (error: unknown) => void }) {
    this.#works = works;
    this.#numbered = numbered;
    this.#clock = clock;
    this.#failed = failed;
  }

  /** What a process that ended before had not written. */
  recover(): { readonly works: ReadonlyMap<string, Work>; readonly numbered: readonly NumberedChange[] } {
    // Only this class writes these maps.
    const works = [...this.#works.entries()].map(([key, text]) => [key, workOf(text)] as const);
    return { works: new Map(works), numbered: [...this.#numbered.entries()].map(([, text]) => JSON.parse(text) as NumberedChange) };
  }

  /** `work` is what there is to tell under `key` now. */
  keep(key: string, work: Work): void {
    this.#unsaved.set(key, work);
    if (!this.#isSaveDue) this.#clock.after(0, () => this.#save());
    this.#isSaveDue = true;
  }

  /** Nobody will tell this work. */
  drop(key: string): void {
    this.#unsaved.delete(key);
    this.#works.delete(key);
  }

  /** The work has become a Change, which is to be written. */
  number(key: string, change: NumberedChange): void {
    this.#numbered.put(change.name, JSON.stringify(change));
    this.drop(key);
  }

  /** The name was taken. */
  renumber(before: NumberedChange, now: NumberedChange): void {
    this.#numbered.delete(before.name);
    this.#numbered.put(now.name, JSON.stringify(now));
  }

  /** The API has the Change. */
  written({ name }: NumberedChange): void {
    this.#numbered.delete(name);
  }

  #save(): void {
    this.#isSaveDue = false;
    const piece = [...this.#unsaved].slice(0, WORKS_A_TURN);
    try {
      this.#works.together(() => {
        for (const [key, work] of piece) this.#works.put(key, JSON.stringify({ ...work, object: withoutStatus(work.object), steps: work.steps.map((done) => ({ ...done, step: stepInfo(done.step) })) }));
      });
    } catch (error) {
      this.#failed(error);
    }
    for (const [key] of piece) this.#unsaved.delete(key);
    if (this.#unsaved.size === 0) return;
    this.#isSaveDue = true;
    this.#clock.after(0, () => this.#save());
  }
}

/** JSON leaves out that there was no object. */
function workOf(text: string): Work {
  const work = JSON.parse(text) as Omit<Work, 'object'> & { readonly object?: KubeObject };
  return { ...work, object: work.object };
}

function withoutStatus(object: KubeObject | undefined): KubeObject | undefined {
  return object && { ...object, status: undefined };
}
