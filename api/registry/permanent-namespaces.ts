import type { Clock } from '../machinery/clock.ts';
import type { Store } from '../store/store.ts';
import { storeName, type Kind } from './kind.ts';
import { PERMANENT_NAMESPACES } from './kinds/namespaces.ts';
import { newObject } from './new-object.ts';
import { saveObject } from './save-object.ts';

/** Makes the namespaces that are always there, where they are missing. */
export async function makePermanentNamespaces(store: Store, clock: Clock, kind: Kind): Promise<void> {
  await store.write((transaction) => {
    for (const name of PERMANENT_NAMESPACES) {
      if (transaction.get(kind.storedAs, storeName(kind.type, undefined, name)) !== undefined) continue;
      const manifest = { apiVersion: 'v1', kind: kind.type.kind, metadata: { name } };
      const object = newObject(manifest, { kind, clock, namespace: undefined });
      kind.rules.prepare?.(object, undefined);
      saveObject(transaction, kind, object, clock);
    }
  });
}
