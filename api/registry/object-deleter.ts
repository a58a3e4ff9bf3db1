import { conflict, notFound } from '../machinery/api-error.ts';
import type { Clock } from '../machinery/clock.ts';
import { timestamp } from '../machinery/conditions.ts';
import type { KubeObject } from '../machinery/object.ts';
import type { Store, StoreTransaction } from '../store/store.ts';
import type { DeleteAnswer, DeleteOptions, ObjectAddress, StoredObject } from './contract.ts';
import { storeName, type Kind } from './kind.ts';
import { removeObject, saveObject } from './save-object.ts';
import { unsaved, viewOf } from './stored-view.ts';

/** Finalizers that the garbage collector carries out (meta/v1 `FinalizerOrphanDependents`, `FinalizerDeleteDependents`). */
export const ORPHAN_FINALIZER = 'orphan';
export const FOREGROUND_FINALIZER = 'foregroundDeletion';

/** Deletes one object at once, or marks it where finalizers hold it. Throws an `ApiError` 404 or 409. */
export function deleteObject(store: Store, clock: Clock, kind: Kind, at: ObjectAddress, options: DeleteOptions): Promise<DeleteAnswer> {
  return store.write((transaction) => deleteIn(transaction, clock, kind, at, options));
}

export function deleteIn(transaction: StoreTransaction, clock: Clock, kind: Kind, at: ObjectAddress, options: DeleteOptions): DeleteAnswer {
  const entry = transaction.get(kind.storedAs, storeName(kind.type, at.namespace, at.name));
  if (entry === undefined) throw notFound(kind.type, at.name);
  const old = viewOf(kind, entry);
  checkDeletePreconditions(kind, at, options, old.object);
  kind.rules.checkDelete?.(old.object);
  const marked = withFinalizersFor(old.object, options);
  const isHeld = kind.rules.holdsDeletion === true || (marked.metadata.finalizers ?? []).length > 0;
  if (isHeld) return { gone: false, stored: mark(transaction, clock, kind, old, marked, options) };
  if (!options.dryRun) removeObject(transaction, kind, old.object);
  return { gone: true, object: old.object };
}

/** A second deletion changes nothing. */
function mark(
  transaction: StoreTransaction,
  clock: Clock,
  kind: Kind,
  old: StoredObject,
  { metadata, ...rest }: KubeObject,
  options: DeleteOptions,
): StoredObject {
  if (old.object.metadata.deletionTimestamp !== undefined) return old;
  const next: KubeObject = {
    ...rest,
    metadata: {
      ...metadata,
      ...(kind.rules.countsGenerations ? { generation: metadata.generation + 1 } : {}),
      deletionTimestamp: timestamp(clock.now()),
      deletionGracePeriodSeconds: 0,
    },
  };
  kind.rules.prepare?.(next, old.object);
  return options.dryRun ? unsaved(next, old.revision) : saveObject(transaction, kind, next, clock);
}

function withFinalizersFor(object: KubeObject, { propagationPolicy }: DeleteOptions): KubeObject {
  const { metadata } = object;
  if (propagationPolicy === undefined || metadata.deletionTimestamp !== undefined) return object;
  const others = (metadata.finalizers ?? []).filter((finalizer) => finalizer !== ORPHAN_FINALIZER && finalizer !== FOREGROUND_FINALIZER);
  const own = { Background: [], Foreground: [FOREGROUND_FINALIZER], Orphan: [ORPHAN_FINALIZER] }[propagationPolicy];
  return { ...object, metadata: { ...metadata, finalizers: [...others, ...own] } };
}

function checkDeletePreconditions(kind: Kind, at: ObjectAddress, { preconditions }: DeleteOptions, old: KubeObject): void {
  const { uid, resourceVersion } = preconditions ?? {};
  if (uid !== undefined && uid !== old.metadata.uid) {
    throw conflict(
      kind.type.group,
      kind.type.kind,
      at.name,
      `the UID in the precondition (${uid}) does not match the UID in record (${old.metadata.uid}). The object might have been deleted and then recreated`,
    );
  }
  if (resourceVersion !== undefined && resourceVersion !== old.metadata.resourceVersion) {
    throw conflict(
      kind.type.group,
      kind.type.kind,
      at.name,
      `the ResourceVersion in the precondition (${resourceVersion}) does not match the ResourceVersion in record (${old.metadata.resourceVersion}). The object might have been modified`,
    );
  }
}
