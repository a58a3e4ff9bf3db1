import { ApiError, internalError } from '../machinery/api-error.ts';
import type { Clock } from '../machinery/clock.ts';
import type { KubeObject } from '../machinery/object.ts';
import type { CustomResourceDefinition } from '../schema/custom-resource-definition.ts';
import type { Store } from '../store/store.ts';
import type { DeleteOptions, ListOptions, ObjectAddress, Registry, ResourceType } from './contract.ts';
import { GarbageCollector } from './collection/garbage-collector.ts';
import { startNamespaceCleaner } from './collection/namespace-cleaner.ts';
import type { FirstFinalizer } from './first-finalizer.ts';
import { startHousekeeping } from './housekeeping.ts';
import type { Kind } from './kind.ts';
import { allKinds } from './kinds/kinds.ts';
import { deleteObject } from './object-deleter.ts';
import { listObjects, readObject } from './object-reader.ts';
import { watchObjects } from './object-watch.ts';
import { ObjectWriter } from './object-writer.ts';
import { makePermanentNamespaces } from './permanent-namespaces.ts';
import type { Doubts } from './write-warnings.ts';

export interface RegistryOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly crds: readonly CustomResourceDefinition[];
  /** What is legal but doubtful about an object: told as warnings when it is created or its spec changes. */
  readonly doubts?: Doubts;
  /** Put on what is created, where it applies. */
  readonly firstFinalizer?: FirstFinalizer | undefined;
  /** Hears of background work (expiry, compaction, garbage collection) that went wrong; it is tried again by itself. */
  readonly failed?: (error: unknown) => void;
}

/** A registry with its background work. */
export interface RunningRegistry extends Registry {
  /** The namespaces that are always there, are there. */
  readonly ready: Promise<void>;
  /** Ends the background work; the store is the caller's to close. */
  stop(): void;
}

/** The registry over a store: the kinds of Kubernetes that tools expect, and those of `crds`. */
export function createRegistry({ store, clock, crds, doubts = () => [], firstFinalizer, failed = warn }: RegistryOptions): RunningRegistry {
  const kinds = allKinds(crds);
  const kindOfType = new Map<ResourceType, Kind>(kinds.map((kind) => [kind.type, kind]));
  const writer = new ObjectWriter({ store, clock, doubts, firstFinalizer });
  const namespaces = kinds.find(({ storedAs }) => storedAs === 'namespaces');
  if (namespaces === undefined) throw new Error('no kind is called Namespace');

  function kindOf(type: ResourceType): Kind {
    const kind = kindOfType.get(type);
    if (kind === undefined) throw internalError(`the registry does not know ${type.plural} of this type object`);
    return kind;
  }

  const operations: Registry = {
    types: kinds.map((kind) => kind.type),
    get: (at) => readObject(store, kindOf(at.type), at),
    list: (type, options) => listObjects(store, kindOf(type), options),
    create: (type, namespace, body, options) => writer.create(kindOf(type), namespace, body, options),
    update: (at, body, options) => writer.update(at, kindOf(at.type), body, options),
    patch: (at, patch, options) => writer.patch(at, kindOf(at.type), patch, options),
    delete: (at, options) => deleteObject(store, clock, kindOf(at.type), at, options),
    deleteCollection: (type, list, options) => deleteCollection(kindOf(type), list, options),
    watch: (type, options, sink) => watchObjects({ store, clock, kind: kindOf(type), options, sink }),
  };
  const background = { store, clock, kinds, namespaces, registry: operations, failed };
  const stops = [startHousekeeping(background), new GarbageCollector(background).start(), startNamespaceCleaner(background)];
  return {
    ...operations,
    ready: makePermanentNamespaces(store, clock, namespaces),
    stop: () => stops.forEach((stop) => stop()),
  };

  async function deleteCollection(kind: Kind, list: ListOptions, options: DeleteOptions): Promise<readonly KubeObject[]> {
    const { items } = listObjects(store, kind, list);
    const answers = await Promise.all(items.map(({ object }) => deleteListed(kind, object, options)));
    return answers.filter((object) => object !== undefined);
  }

  /** What somebody else deleted meanwhile is none of ours. */
  async function deleteListed(kind: Kind, { metadata }: KubeObject, options: DeleteOptions): Promise<KubeObject | undefined> {
    const at: ObjectAddress = {
      type: kind.type,
      name: metadata.name,
      ...(metadata.namespace === undefined ? {} : { namespace: metadata.namespace }),
    };
    try {
      const answer = await deleteObject(store, clock, kind, at, { ...options, preconditions: { uid: metadata.uid } });
      return answer.gone ? answer.object : answer.stored.object;
    } catch (error) {
      if (isGoneMeanwhile(error)) return undefined;
      throw error;
    }
  }
}

function isGoneMeanwhile(error: unknown): boolean {
  return error instanceof ApiError && (error.code === 404 || error.code === 409);
}

/** Where nobody listens. */
function warn(error: unknown): void {
  process.emitWarning(error instanceof Error ? error : new Error(String(error)));
}
