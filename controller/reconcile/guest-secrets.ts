import type { Clock } from '../../api/machinery/clock.ts';
import type { ResourceClient } from '../client/resource-client.ts';
import { readUserData } from '../client/user-data.ts';
import type { UserData } from '../desired/cloud-init.ts';

/** Nobody tells when a Secret comes or changes. */
const READ_AGAIN_MS = 10_000;

/** What the Secrets hold that VirtualMachines take user-data from: read when they are first named, and again from time to time. */
export class GuestSecrets {
  readonly #client: ResourceClient;
  readonly #clock: Clock;
  readonly #changed: () => void;
  readonly #failed: (error: unknown) => void;
  #known: UserData = new Map();
  #wanted: ReadonlySet<string> = new Set();
  #isReading = false;
  #cancelTimer: () => void = () => undefined;

  /** `changed` is called when a Secret has come, gone or changed. */
  constructor({ client, clock, changed, failed }: { readonly client: ResourceClient; readonly clock: Clock; readonly changed: () => void; readonly failed: (error: unknown) => void }) {
    this.#client = client;
    this.#clock = clock;
    this.#changed = changed;
    this.#failed = failed;
  }

  /** What is known of these Secrets, each as `namespace/name`; from now on only they are followed. */
  follow(refs: readonly string[]): UserData {
    this.#wanted = new Set(refs);
    this.#known = new Map([...this.#known].filter(([ref]) => this.#wanted.has(ref)));
    if (refs.some((ref) => !this.#known.has(ref))) void this.#read();
    return this.#known;
  }

  stop(): void {
    this.#wanted = new Set();
    this.#cancelTimer();
  }

  async #read(): Promise<void> {
    if (this.#isReading) return;
    this.#isReading = true;
    this.#cancelTimer();
    try {
      const read = await readUserData(this.#client, this.#wanted);
      const differs = [...read].some(([ref, text]) => !this.#known.has(ref) || this.#known.get(ref) !== text);
      this.#known = new Map([...this.#known, ...read]);
      if (differs) this.#changed();
    } catch (error) {
      this.#failed(error);
    } finally {
      this.#isReading = false;
      // One that was named meanwhile is waited for.
      const isComplete = [...this.#wanted].every((ref) => this.#known.has(ref));
      if (this.#wanted.size > 0) this.#cancelTimer = this.#clock.after(isComplete ? READ_AGAIN_MS : 0, () => void this.#read());
    }
  }
}
