import { ApiError } from '../../machinery/api-error.ts';
import type { Clock } from '../../machinery/clock.ts';
import type { Store } from '../../store/store.ts';
import type { ObjectAddress, Registry } from '../contract.ts';
import type { Kind } from '../kind.ts';
import { removeObject } from '../save-object.ts';
import { WorkQueue } from './work-queue.ts';

export interface NamespaceCleanerOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly kinds: readonly Kind[];
  readonly namespaces: Kind;
  readonly registry: Pick<Registry, 'delete'>;
  readonly failed: (error: unknown) => void;
}

/** Empties namespaces that are being deleted, and removes them when nothing is left in them. Returns the way to stop. */
export function startNamespaceCleaner(options: NamespaceCleanerOptions): () => void {
  const { store, namespaces } = options;
  const kinds = options.kinds.filter(({ type, rules }) => type.namespaced && rules.form === undefined);
  const queue = new WorkQueue(options);
  const failed = (): void => queue.stop();
  const look = (name: string): void => {
    const isTerminating = store.get(namespaces.storedAs, name)?.object.metadata.deletionTimestamp !== undefined;
    if (isTerminating) queue.add(name, () => clean(name, kinds, options));
  };
  for (const { name } of store.list(namespaces.storedAs, {}).entries) look(name);
  const stops = [
    store.watch(namespaces.storedAs, store.revision, { change: ({ entry }) => look(entry.name), failed }),
    ...kinds.map((kind) =>
      store.watch(kind.storedAs, store.revision, {
        change: ({ type, entry }) => {
          if (type === 'deleted') look(entry.name.slice(0, entry.name.indexOf('/')));
        },
        failed,
      }),
    ),
  ];
  return () => {
    queue.stop();
    for (const stop of stops) stop();
  };
}

/** Objects that finalizers hold are waited for: their removal asks for this again. */
async function clean(name: string, kinds: readonly Kind[], options: NamespaceCleanerOptions): Promise<void> {
  const { store, namespaces, registry } = options;
  const content = kinds.flatMap((kind) => store.list(kind.storedAs, { prefix: `${name}/` }).entries.map((entry) => ({ kind, entry })));
  for (const { kind, entry } of content) {
    const at: ObjectAddress = { type: kind.type, namespace: name, name: entry.name.slice(name.length + 1) };
    await deleteIfThere(registry, at);
  }
  if (content.length > 0) return;
  await store.write((transaction) => {
    const entry = transaction.get(namespaces.storedAs, name);
    if (entry?.object.metadata.deletionTimestamp !== undefined) removeObject(transaction, namespaces, entry.object);
  });
}

async function deleteIfThere(registry: Pick<Registry, 'delete'>, at: ObjectAddress): Promise<void> {
  try {
    await registry.delete(at, { userName: 'system:bridgekeeper:namespaces', dryRun: false });
  } catch (error) {
    if (!(error instanceof ApiError) || error.code !== 404) throw error;
  }
}
