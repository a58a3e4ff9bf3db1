import type { KubeObject } from '../../api/machinery/object.ts';
import type { ResourceClient } from '../client/resource-client.ts';
import { FINALIZER } from '../desired/lifecycle.ts';
import { ownerKey } from '../desired/resources.ts';
import { FewAtOnce } from './few-at-once.ts';

/** Each conflict means that somebody else got a write through. */
const MAX_TRIES = 20;
/** The store takes writes of one moment in one go; more than this at once, and a client would wait for them. */
const MOST_AT_ONCE = 32;

/**
 * Writes our finalizer before anything of a resource comes onto the host, and takes it away when nothing of it is there any more.
 * The answer comes back through the watch.
 */
export class Finalizers {
  readonly #client: ResourceClient;
  readonly #failed: (error: unknown) => void;
  readonly #underWay = new Set<string>();
  readonly #few = new FewAtOnce(MOST_AT_ONCE);

  constructor(client: ResourceClient, failed: (error: unknown) => void) {
    this.#client = client;
    this.#failed = failed;
  }

  add(object: KubeObject): void {
    void this.#write(object, true);
  }

  remove(object: KubeObject): void {
    void this.#write(object, false);
  }

  async #write(object: KubeObject, present: boolean): Promise<void> {
    const key = ownerKey(object);
    if (this.#underWay.has(key)) return;
    this.#underWay.add(key);
    try {
      const ref = { kind: object.kind, name: object.metadata.name };
      for (let tries = 0; tries < MAX_TRIES; tries++) {
        const result = await this.#few.run(() => this.#client.writeFinalizer(ref, object.metadata.uid, FINALIZER, present));
        if (result !== 'conflict') return;
      }
      throw new Error(`${key}: the finalizer could not be written, for others write the object all the time`);
    } catch (error) {
      this.#failed(error);
    } finally {
      this.#underWay.delete(key);
    }
  }
}
