import type { KubeObject, Manifest } from '../../api/machinery/object.ts';

/** The field manager of every write of the controller. */
export const FIELD_MANAGER = 'bridgekeeper';

/** Which object of a kind: the kinds of our own group are cluster-scoped, so a name is enough. */
export interface ResourceRef {
  readonly kind: string;
  readonly name: string;
}

export interface ResourceWatcher {
  /** An object was added or changed, or is gone (`DELETED` carries its last state). */
  event(type: 'ADDED' | 'MODIFIED' | 'DELETED', object: KubeObject): void;
  /** The watch ended; the caller lists again. `reason` is absent when the caller itself stopped it. */
  ended(reason?: Error): void;
}

/** What became of a write that names the state it was computed from. */
export type WriteResult = 'written' | 'unchanged' | 'conflict' | 'gone';

/**
 * How the controller reaches its resources: in process, or over any Kubernetes API. It never writes a spec.
 * `conflict` and `gone` are answers, not errors; everything else that goes wrong throws.
 */
export interface ResourceClient {
  list(kind: string): Promise<{ readonly items: readonly KubeObject[]; readonly resourceVersion: string }>;
  /** Follows a kind from just after `resourceVersion`; returns the way to stop. */
  watch(kind: string, resourceVersion: string, watcher: ResourceWatcher): () => void;
  /** Replaces `status` of the object when its uid is still `uid`, whatever its resourceVersion. */
  writeStatus(ref: ResourceRef, uid: string, status: unknown): Promise<WriteResult>;
  /** Adds or removes one finalizer. */
  writeFinalizer(ref: ResourceRef, uid: string, finalizer: string, present: boolean): Promise<WriteResult>;
  /** Creates an object of a kind that the controller itself writes (Host, DriftReport, Change, Event); a name clash is `conflict`. */
  create(manifest: Manifest): Promise<KubeObject | 'conflict'>;
  /** Makes sure that an object of this name is there; an existing one is left as it is, and a new one's defaults belong to nobody. */
  ensure(manifest: Manifest): Promise<void>;
  delete(ref: ResourceRef): Promise<WriteResult>;
  /** The object as it is now; undefined when there is none. */
  read(ref: ResourceRef): Promise<KubeObject | undefined>;
  /** What a Secret holds, by key; undefined when there is none of that name. */
  readSecret(namespace: string, name: string): Promise<ReadonlyMap<string, Buffer> | undefined>;
}
