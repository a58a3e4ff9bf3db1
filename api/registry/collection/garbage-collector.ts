import { ApiError } from '../../machinery/api-error.ts';
import type { Clock } from '../../machinery/clock.ts';
import type { KubeObject, OwnerReference } from '../../machinery/object.ts';
import type { Store, StoreChange } from '../../store/store.ts';
import type { DeleteOptions, ObjectAddress, Registry, WriteOptions } from '../contract.ts';
import { apiVersionOf, storeName, type Kind } from '../kind.ts';
import { FOREGROUND_FINALIZER, ORPHAN_FINALIZER } from '../object-deleter.ts';
import { keyOf, OwnerIndex, placeOf, type ObjectPlace } from './owner-index.ts';
import { WorkQueue } from './work-queue.ts';

export interface GarbageCollectorOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly kinds: readonly Kind[];
  readonly registry: Pick<Registry, 'patch' | 'delete'>;
  readonly failed: (error: unknown) => void;
}

const WRITE: WriteOptions = {
  userName: 'system:bridgekeeper:garbage-collector',
  fieldManager: 'garbage-collector',
  dryRun: false,
  fieldValidation: 'Ignore',
};

/** How an owner stands: `waiting` is being deleted in the foreground; `unknown` can't be judged, and counts as there. */
type OwnerState = 'present' | 'absent' | 'waiting' | 'unknown';

/**
 * Deletes objects whose owners are all gone, and carries out the `foregroundDeletion` and `orphan` finalizers (Kubernetes' garbage
 * collector). An owner of a kind that is not served here is never taken for gone.
 */
export class GarbageCollector {
  readonly #options: GarbageCollectorOptions;
  readonly #index = new OwnerIndex();
  readonly #queue: WorkQueue;
  readonly #kinds: readonly Kind[];

  constructor(options: GarbageCollectorOptions) {
    this.#options = options;
    this.#queue = new WorkQueue(options);
    this.#kinds = options.kinds.filter(({ rules }) => rules.form === undefined);
  }

  /** Looks at everything once and follows from there. Returns the way to stop. */
  start(): () => void {
    const { store } = this.#options;
    for (const kind of this.#kinds) {
      for (const entry of store.list(kind.storedAs, {}).entries) {
        // Most objects have neither owners nor a deletion under way: they need not even be parsed.
        if (entry.bytes.includes('"ownerReferences"') || entry.bytes.includes('"deletionTimestamp"')) this.#see(kind, entry.object);
      }
    }
    const stops = this.#kinds.map((kind) =>
      store.watch(kind.storedAs, store.revision, {
        change: (change) => this.#changed(kind, change),
        // The store closes.
        failed: () => this.#queue.stop(),
      }),
    );
    return () => {
      this.#queue.stop();
      for (const stop of stops) stop();
    };
  }

  #changed(kind: Kind, { type, entry }: StoreChange): void {
    if (type === 'deleted') this.#gone(kind, entry.object);
    else this.#see(kind, entry.object);
  }

  #see(kind: Kind, object: KubeObject): void {
    const { metadata } = object;
    const place = placeOf(kind, object);
    this.#index.set(kind, object);
    if ((metadata.ownerReferences ?? []).length > 0) this.#attendDependent(place);
    if (metadata.deletionTimestamp !== undefined && (isOrphaning(object) || isForeground(object))) this.#attendOwner(place);
  }

  #gone(kind: Kind, object: KubeObject): void {
    this.#index.remove(kind, object);
    for (const dependent of this.#index.dependentsOf(object.metadata.uid)) this.#attendDependent(dependent);
    for (const owner of object.metadata.ownerReferences ?? []) {
      const place = this.#placeOfOwner(owner, object.metadata.namespace);
      if (place !== undefined) this.#attendOwner(place);
    }
  }

  #attendDependent(place: ObjectPlace): void {
    this.#queue.add(`dependent ${keyOf(place)}`, () => this.#judgeDependent(place));
  }

  #attendOwner(place: ObjectPlace): void {
    this.#queue.add(`owner ${keyOf(place)}`, () => this.#finishOwner(place));
  }

  async #judgeDependent(place: ObjectPlace): Promise<void> {
    const object = this.#read(place);
    const owners = object?.metadata.ownerReferences ?? [];
    if (object === undefined || owners.length === 0) return;
    const states = owners.map((owner) => this.#stateOf(owner, object.metadata.namespace));
    const kept = owners.filter((_owner, index) => states[index] === 'present' || states[index] === 'unknown');
    if (kept.length === owners.length) return;
    if (kept.length > 0) return this.#patch(place, object, { ownerReferences: kept });
    if (object.metadata.deletionTimestamp === undefined) await this.#delete(place, object, states.includes('waiting'));
  }

  /** Dependents that hold up their owner's deletion are themselves deleted in the foreground, so that the order holds all the way. */
  async #delete(place: ObjectPlace, object: KubeObject, ownerWaits: boolean): Promise<void> {
    const hasOwn = this.#index.dependentsOf(object.metadata.uid).length > 0;
    const options: DeleteOptions = {
      userName: WRITE.userName,
      dryRun: false,
      preconditions: { uid: object.metadata.uid },
      ...(ownerWaits && hasOwn ? { propagationPolicy: 'Foreground' } : {}),
    };
    await unlessChanged(() => this.#options.registry.delete(addressOf(place), options));
  }

  async #finishOwner(place: ObjectPlace): Promise<void> {
    const owner = this.#read(place);
    if (owner?.metadata.deletionTimestamp === undefined) return;
    if (isOrphaning(owner)) return this.#orphan(place, owner);
    if (!isForeground(owner)) return;
    const dependents = this.#index.dependentsOf(owner.metadata.uid);
    for (const dependent of dependents) this.#attendDependent(dependent);
    if (!dependents.some((dependent) => this.#blocks(dependent, owner.metadata.uid))) await this.#dropFinalizer(place, owner, FOREGROUND_FINALIZER);
  }

  async #orphan(place: ObjectPlace, owner: KubeObject): Promise<void> {
    const { uid } = owner.metadata;
    for (const dependent of this.#index.dependentsOf(uid)) {
      const object = this.#read(dependent);
      if (object === undefined) continue;
      const ownerReferences = (object.metadata.ownerReferences ?? []).filter((each) => each.uid !== uid);
      await this.#patch(dependent, object, { ownerReferences });
    }
    // Whoever became a dependent meanwhile is seen first: the change of it asks for this owner again.
    if (this.#index.dependentsOf(uid).length > 0) { this.#attendOwner(place); return; }
    await this.#dropFinalizer(place, owner, ORPHAN_FINALIZER);
  }

  #blocks(dependent: ObjectPlace, uid: string): boolean {
    const owners = this.#read(dependent)?.metadata.ownerReferences ?? [];
    return owners.some((owner) => owner.uid === uid && owner.blockOwnerDeletion === true);
  }

  #dropFinalizer(place: ObjectPlace, object: KubeObject, finalizer: string): Promise<void> {
    return this.#patch(place, object, { finalizers: (object.metadata.finalizers ?? []).filter((each) => each !== finalizer) });
  }

  async #patch(place: ObjectPlace, { metadata }: KubeObject, change: Record<string, unknown>): Promise<void> {
    const body = { metadata: { uid: metadata.uid, resourceVersion: metadata.resourceVersion, ...change } };
    await unlessChanged(() => this.#options.registry.patch(addressOf(place), { type: 'merge', body }, WRITE));
  }

  #read({ kind, namespace, name }: ObjectPlace): KubeObject | undefined {
    return this.#options.store.get(kind.storedAs, storeName(kind.type, namespace, name))?.object;
  }

  #stateOf(owner: OwnerReference, namespace: string | undefined): OwnerState {
    const place = this.#placeOfOwner(owner, namespace);
    if (place === undefined) return 'unknown';
    const object = this.#read(place);
    if (object?.metadata.uid !== owner.uid) return 'absent';
    return object.metadata.deletionTimestamp !== undefined && isForeground(object) ? 'waiting' : 'present';
  }

  /** Undefined for a kind that is not served, and for an owner in a namespace of an object that is in none. */
  #placeOfOwner({ apiVersion, kind: kindName, name }: OwnerReference, namespace: string | undefined): ObjectPlace | undefined {
    const kind = this.#kinds.find(({ type }) => type.kind === kindName && apiVersionOf(type) === apiVersion);
    if (kind === undefined || (kind.type.namespaced && namespace === undefined)) return undefined;
    return { kind, namespace: kind.type.namespaced ? namespace : undefined, name };
  }
}

function addressOf({ kind, namespace, name }: ObjectPlace): ObjectAddress {
  return { type: kind.type, name, ...(namespace === undefined ? {} : { namespace }) };
}

function isOrphaning({ metadata }: KubeObject): boolean {
  return metadata.finalizers?.includes(ORPHAN_FINALIZER) === true;
}

function isForeground({ metadata }: KubeObject): boolean {
  return metadata.finalizers?.includes(FOREGROUND_FINALIZER) === true;
}

/** What changed or went meanwhile was told as a change, and is looked at again for that. */
async function unlessChanged(write: () => Promise<unknown>): Promise<void> {
  try {
    await write();
  } catch (error) {
    if (!(error instanceof ApiError) || (error.code !== 404 && error.code !== 409)) throw error;
  }
}
