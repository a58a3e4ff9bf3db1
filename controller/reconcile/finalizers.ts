import type { KubeObject } from '../../api/machinery/object.ts';
import type { ResourceClient } from '../client/resource-client.ts';
import { FINALIZER } from '../desired/lifecycle.ts';
import { ownerKey } from '../desired/resources.ts';

/**
 * Writes our finalizer before anything of a resource comes onto the host, and takes it away when nothing of it is there any more.
 * The answer comes back through the watch.
 */
export class Finalizers {
  readonly #client: ResourceClient;
  readonly #failed: (error: unknown) => void;
  readonly #underWay = new Set<string>();

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
      await this.#client.writeFinalizer({ kind: object.kind, name: object.metadata.name }, object.metadata.uid, FINALIZER, present);
    } catch (error) {
      this.#failed(error);
    } finally {
      this.#underWay.delete(key);
    }
  }
}
