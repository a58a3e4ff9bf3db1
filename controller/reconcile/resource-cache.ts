import type { Clock } from '../../api/machinery/clock.ts';
import { equalJson } from '../../api/machinery/json.ts';
import type { KubeObject } from '../../api/machinery/object.ts';
import type { ResourceClient } from '../client/resource-client.ts';

const RELIST_DELAY_MS = 1_000;

/**
 * The newest known state of every object of some kinds, by list and watch. A watch that ends is begun again from a new list, for as
 * long as it takes.
 */
export class ResourceCache {
  readonly #client: Pick<ResourceClient, 'list' | 'watch'>;
  readonly #clock: Clock;
  readonly #kinds: readonly string[];
  readonly #changed: (before: KubeObject | undefined, after: KubeObject | undefined) => void;
  readonly #failed: (error: unknown) => void;
  readonly #objects = new Map<string, Map<string, KubeObject>>();
  readonly #stops = new Map<string, () => void>();
  #stopped = false;

  constructor(options: {
    readonly client: Pick<ResourceClient, 'list' | 'watch'>;
    readonly clock: Clock;
    readonly kinds: readonly string[];
    /** Called for each change; `before` is absent for a new object, `after` for one that is gone. */
    readonly changed: (before: KubeObject | undefined, after: KubeObject | undefined) => void;
    readonly failed: (error: unknown) => void;
  }) {
    this.#client = options.client;
    this.#clock = options.clock;
    this.#kinds = options.kinds;
    this.#changed = options.changed;
    this.#failed = options.failed;
  }

  /** Resolves when every kind was listed once. */
  async start(): Promise<void> {
    await Promise.all(this.#kinds.map((kind) => this.#follow(kind)));
  }

  stop(): void {
    this.#stopped = true;
    for (const stop of this.#stops.values()) stop();
  }

  all(kind: string): readonly KubeObject[] {
    return [...(this.#objects.get(kind)?.values() ?? [])];
  }

  get(kind: string, name: string): KubeObject | undefined {
    return this.#objects.get(kind)?.get(name);
  }

  /** Takes in an answer to a write of our own, so that the next step need not wait for the watch. */
  put(object: KubeObject): void {
    const objects = this.#of(object.kind);
    const known = objects.get(object.metadata.name);
    if (known && Number(known.metadata.resourceVersion) >= Number(object.metadata.resourceVersion)) return;
    // A spec that says the same stays the very same object, so that nothing is made of it anew for a new status.
    const taken = known?.spec !== undefined && equalJson(known.spec, object.spec) ? { ...object, spec: known.spec } : object;
    objects.set(object.metadata.name, taken);
    this.#changed(known, taken);
  }

  async #follow(kind: string): Promise<void> {
    while (!this.#stopped) {
      try {
        const { items, resourceVersion } = await this.#client.list(kind);
        this.#replace(kind, items);
        this.#stops.set(kind, this.#client.watch(kind, resourceVersion, this.#watcher(kind)));
        return;
      } catch (error) {
        this.#failed(error);
        await this.#clock.sleep(RELIST_DELAY_MS);
      }
    }
  }

  #watcher(kind: string): Parameters<ResourceClient['watch']>[2] {
    return {
      event: (type, object) => (type === 'DELETED' ? this.#remove(kind, object.metadata.name) : this.put(object)),
      ended: (reason) => {
        if (this.#stopped || reason === undefined) return;
        this.#failed(reason);
        void this.#clock.sleep(RELIST_DELAY_MS).then(() => this.#follow(kind));
      },
    };
  }

  #replace(kind: string, items: readonly KubeObject[]): void {
    const listed = new Set(items.map((item) => item.metadata.name));
    for (const name of [...this.#of(kind).keys()]) if (!listed.has(name)) this.#remove(kind, name);
    for (const item of items) this.put(item);
  }

  #remove(kind: string, name: string): void {
    const objects = this.#of(kind);
    const before = objects.get(name);
    if (!before) return;
    objects.delete(name);
    this.#changed(before, undefined);
  }

  #of(kind: string): Map<string, KubeObject> {
    const known = this.#objects.get(kind) ?? new Map<string, KubeObject>();
    this.#objects.set(kind, known);
    return known;
  }
}
