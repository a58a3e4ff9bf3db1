import type { Clock } from '../machinery/clock.ts';
import type { KubeObject } from '../machinery/object.ts';
import type { StoreTransaction } from '../store/store.ts';
import type { StoredEntry } from '../store/stored-entry.ts';
import type { StoredObject } from './contract.ts';
import { storeName, type Kind } from './kind.ts';
import { viewOf } from './stored-view.ts';

/** Stores the object under the revision that this write gets; `object` is not used after. */
export function saveObject(transaction: StoreTransaction, kind: Kind, object: KubeObject, clock: Clock): StoredObject {
  const { lifetimeMs } = kind.rules;
  const stored = transaction.put(kind.storedAs, nameOf(kind, object), stamped(kind, object, transaction.nextRevision), {
    ...(lifetimeMs === undefined ? {} : { expiresAtMs: clock.now() + lifetimeMs }),
  });
  return viewOf(kind, stored);
}

/** Removes the object; `object` is the last state, which watchers get with the revision of the deletion. */
export function removeObject(transaction: StoreTransaction, kind: Kind, object: KubeObject): StoredEntry {
  return transaction.delete(kind.storedAs, nameOf(kind, object), stamped(kind, object, transaction.nextRevision));
}

function stamped(kind: Kind, object: KubeObject, revision: number): KubeObject {
  const copy = { ...object, metadata: { ...object.metadata, resourceVersion: String(revision) } };
  return kind.rules.form === undefined ? copy : kind.rules.form.toStored(copy);
}

function nameOf(kind: Kind, { metadata }: KubeObject): string {
  return storeName(kind.type, metadata.namespace, metadata.name);
}
