import { ApiError } from '../../api/machinery/api-error.ts';
import { equalJson, isRecord } from '../../api/machinery/json.ts';
import { GROUP, type KubeObject, type Manifest } from '../../api/machinery/object.ts';
import type { ListResult, ObjectAddress, Registry, ResourceType, StoredObject, WriteOptions } from '../../api/registry/contract.ts';
import { FIELD_MANAGER, type ResourceClient, type ResourceRef, type ResourceWatcher, type WriteResult } from './resource-client.ts';

export const CONTROLLER_USER = 'system:bridgekeeper:controller';

/** Strict: a field that the schema has not is a mistake of ours, and shall not vanish silently. */
const WRITE: WriteOptions = { userName: CONTROLLER_USER, fieldManager: FIELD_MANAGER, dryRun: false, fieldValidation: 'Strict' };

/** A `ResourceWatcher` of objects with the JSON that is stored. */
export interface StoredWatcher extends Pick<ResourceWatcher, 'ended'> {
  event(type: 'ADDED' | 'MODIFIED' | 'DELETED', stored: StoredObject): void;
}

/** The controller's way to its resources where the API server runs in the same process. */
export class InProcessClient implements ResourceClient {
  readonly #registry: Registry;

  constructor(registry: Registry) {
    this.#registry = registry;
  }

  async list(kind: string): Promise<{ readonly items: readonly KubeObject[]; readonly resourceVersion: string }> {
    const { items, resourceVersion } = this.listStored(kind);
    return { items: items.map(({ object }) => object), resourceVersion };
  }

  watch(kind: string, resourceVersion: string, watcher: ResourceWatcher): () => void {
    return this.watchStored(kind, resourceVersion, {
      event: (type, { object }) => watcher.event(type, object),
      ended: (reason) => watcher.ended(reason),
    });
  }

  /** As `list`, with the objects as they are stored. */
  listStored(kind: string): ListResult {
    return this.#registry.list(this.#typeOf(kind), {});
  }

  /** As `watch`, with the objects as they are stored. */
  watchStored(kind: string, resourceVersion: string, watcher: StoredWatcher): () => void {
    let isOver = false;
    let stop = (): void => undefined;
    const end = (reason?: Error): void => {
      if (isOver) return;
      isOver = true;
      stop();
      watcher.ended(reason);
    };
    try {
      stop = this.#registry.watch(this.#typeOf(kind), { resourceVersion }, {
        event: (event) => watcher.event(event.type, event),
        bookmark: () => undefined,
        failed: end,
      });
    } catch (error) {
      // As over the wire: that the history is compacted is told after the call, not by it.
      if (!(error instanceof ApiError)) throw error;
      queueMicrotask(() => end(error));
    }
    return () => end();
  }

  async writeStatus(ref: ResourceRef, uid: string, status: unknown): Promise<WriteResult> {
    const before = this.#find(ref, uid);
    if (before === undefined) return 'gone';
    if (equalJson(before.object.status, status)) return 'unchanged';
    const body = [
      { op: 'test', path: '/metadata/uid', value: uid },
      { op: 'add', path: '/status', value: status },
    ];
    return this.#answer(before, () => this.#registry.patch({ ...this.#address(ref), subresource: 'status' }, { type: 'json', body }, WRITE));
  }

  async writeFinalizer(ref: ResourceRef, uid: string, finalizer: string, present: boolean): Promise<WriteResult> {
    const before = this.#find(ref, uid);
    if (before === undefined) return 'gone';
    const { finalizers = [], resourceVersion } = before.object.metadata;
    if (finalizers.includes(finalizer) === present) return 'unchanged';
    const others = finalizers.filter((each) => each !== finalizer);
    const body = { metadata: { uid, resourceVersion, finalizers: present ? [...others, finalizer] : others } };
    return this.#answer(before, () => this.#registry.patch(this.#address(ref), { type: 'merge', body }, WRITE));
  }

  async create(manifest: Manifest): Promise<KubeObject | 'conflict'> {
    const type = this.#typeOf(manifest.kind, manifest.apiVersion);
    try {
      const { stored } = await this.#registry.create(type, manifest.metadata.namespace, manifest, WRITE);
      return stored.object;
    } catch (error) {
      if (error instanceof ApiError && error.reason === 'AlreadyExists') return 'conflict';
      throw error;
    }
  }

  async ensure(manifest: Manifest): Promise<void> {
    const name = manifest.metadata.name ?? '';
    const at: ObjectAddress = { type: this.#typeOf(manifest.kind, manifest.apiVersion), name };
    if (this.#read(at) !== undefined) return;
    // Applied, not created: a creator would own the defaults too, and stand in the way of whoever sets them later.
    await this.#registry.patch(at, { type: 'apply', body: manifest }, WRITE);
  }

  async delete(ref: ResourceRef): Promise<WriteResult> {
    try {
      await this.#registry.delete(this.#address(ref), { userName: CONTROLLER_USER, dryRun: false });
      return 'written';
    } catch (error) {
      if (error instanceof ApiError && error.code === 404) return 'gone';
      throw error;
    }
  }

  async read(ref: ResourceRef): Promise<KubeObject | undefined> {
    return this.#read(this.#address(ref))?.object;
  }

  async readSecret(namespace: string, name: string): Promise<ReadonlyMap<string, Buffer> | undefined> {
    const secret = this.#read({ type: this.#typeOf('Secret', 'v1'), namespace, name })?.object;
    const data = secret?.['data'];
    return secret && new Map(isRecord(data) ? Object.entries(data).map(([key, value]) => [key, Buffer.from(String(value), 'base64')]) : []);
  }

  /** Undefined also when the name now belongs to another object. */
  #find(ref: ResourceRef, uid: string): StoredObject | undefined {
    const stored = this.#read(this.#address(ref));
    return stored?.object.metadata.uid === uid ? stored : undefined;
  }

  #read(at: ObjectAddress): StoredObject | undefined {
    try {
      return this.#registry.get(at);
    } catch (error) {
      if (error instanceof ApiError && error.code === 404) return undefined;
      throw error;
    }
  }

  async #answer(before: StoredObject, write: () => Promise<{ readonly stored: StoredObject }>): Promise<WriteResult> {
    try {
      const { stored } = await write();
      return stored.revision === before.revision && equalJson(stored.object, before.object) ? 'unchanged' : 'written';
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      if (error.code === 404) return 'gone';
      if (error.reason === 'Conflict') return 'conflict';
      // A 422 without causes is a test of the patch that failed: the name belongs to another object by now.
      if (error.reason === 'Invalid' && error.status.details?.causes === undefined) return 'gone';
      throw error;
    }
  }

  #address(ref: ResourceRef): ObjectAddress {
    return { type: this.#typeOf(ref.kind), name: ref.name };
  }

  /** A kind of our own group, unless `apiVersion` says of which. */
  #typeOf(kind: string, apiVersion?: string): ResourceType {
    const type = this.#registry.types.find(
      (each) => each.kind === kind && (apiVersion === undefined ? each.group === GROUP : versionOf(each) === apiVersion),
    );
    if (type === undefined) throw new Error(`the API serves no kind ${kind}${apiVersion === undefined ? '' : ` of ${apiVersion}`}`);
    return type;
  }
}

function versionOf({ group, version }: ResourceType): string {
  return group === '' ? version : `${group}/${version}`;
}
