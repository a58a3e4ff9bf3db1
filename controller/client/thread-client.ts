import type { MessagePort } from 'node:worker_threads';
import type { KubeObject, Manifest } from '../../api/machinery/object.ts';
import { GatheringPort } from './gathering-port.ts';
import type { ResourceClient, ResourceRef, ResourceWatcher, WriteResult } from './resource-client.ts';
import { errorOf, type ClientCalls, type ThreadReply, type ThreadRequest } from './thread-messages.ts';

interface Waiting {
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: Error) => void;
}

/** The controller's way to its resources where the API server runs in another thread of the same process. */
export class ThreadClient implements ResourceClient {
  readonly #port: GatheringPort<ThreadRequest, ThreadReply>;
  readonly #waiting = new Map<number, Waiting>();
  readonly #watchers = new Map<number, ResourceWatcher>();
  #lastId = 0;

  constructor(port: MessagePort) {
    this.#port = new GatheringPort(port, (reply) => this.#received(reply));
  }

  close(): void {
    this.#port.close();
  }

  list(kind: string): Promise<{ readonly items: readonly KubeObject[]; readonly resourceVersion: string }> {
    return this.#call('list', kind);
  }

  watch(kind: string, resourceVersion: string, watcher: ResourceWatcher): () => void {
    const id = (this.#lastId += 1);
    this.#watchers.set(id, watcher);
    this.#port.post({ type: 'watch', id, kind, resourceVersion });
    return () => {
      if (!this.#watchers.delete(id)) return;
      this.#port.post({ type: 'unwatch', id });
      watcher.ended();
    };
  }

  writeStatus(ref: ResourceRef, uid: string, status: unknown): Promise<WriteResult> {
    return this.#call('writeStatus', ref, uid, status);
  }

  writeFinalizer(ref: ResourceRef, uid: string, finalizer: string, present: boolean): Promise<WriteResult> {
    return this.#call('writeFinalizer', ref, uid, finalizer, present);
  }

  create(manifest: Manifest): Promise<KubeObject | 'conflict'> {
    return this.#call('create', manifest);
  }

  ensure(manifest: Manifest): Promise<void> {
    return this.#call('ensure', manifest);
  }

  delete(ref: ResourceRef): Promise<WriteResult> {
    return this.#call('delete', ref);
  }

  read(ref: ResourceRef): Promise<KubeObject | undefined> {
    return this.#call('read', ref);
  }

  async readSecret(namespace: string, name: string): Promise<ReadonlyMap<string, Buffer> | undefined> {
    // A Buffer arrives as the array of bytes that it is.
    const secret = await this.#call('readSecret', namespace, name);
    return secret && new Map([...secret].map(([key, bytes]) => [key, Buffer.from(bytes)]));
  }

  #call<Method extends keyof ClientCalls>(method: Method, ...args: Parameters<ClientCalls[Method]>): ReturnType<ClientCalls[Method]> {
    const id = (this.#lastId += 1);
    const answer = new Promise<unknown>((resolve, reject) => this.#waiting.set(id, { resolve, reject }));
    this.#port.post({ type: 'call', id, method, args: JSON.stringify(args) });
    // The other side answers with what this very method of a ResourceClient gave.
    return answer as ReturnType<ClientCalls[Method]>;
  }

  #received(reply: ThreadReply): void {
    switch (reply.type) {
      case 'event':
        return this.#watchers.get(reply.id)?.event(reply.event, parseObject(reply.object));
      case 'ended': {
        const watcher = this.#watchers.get(reply.id);
        this.#watchers.delete(reply.id);
        return watcher?.ended(errorOf(reply.error));
      }
      case 'result':
        return this.#take(reply.id)?.resolve(reply.result);
      case 'listed':
        return this.#take(reply.id)?.resolve({ items: reply.items.map(parseObject), resourceVersion: reply.resourceVersion });
      case 'failed':
        return this.#take(reply.id)?.reject(errorOf(reply.error));
    }
  }

  #take(id: number): Waiting | undefined {
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    return waiting;
  }
}

/** What the store holds was written by the registry, so its shape is known. */
function parseObject(text: string): KubeObject {
  return JSON.parse(text) as KubeObject;
}
