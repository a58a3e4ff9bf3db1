import { FakeClock } from '../../../fixtures/fake-clock.ts';
import { ApiError } from '../../../../api/machinery/api-error.ts';
import type { KubeObject } from '../../../../api/machinery/object.ts';
import type { ObjectAddress, ResourceType, WatchSink, WriteOptions } from '../../../../api/registry/contract.ts';
import { createRegistry, type RegistryOptions, type RunningRegistry } from '../../../../api/registry/registry.ts';
import { SqliteStore } from '../../../../api/store/sqlite-store.ts';
import { wireCrds } from './wire-crds.ts';

export const WRITE: WriteOptions = { userName: 'ann', fieldManager: 'demo', dryRun: false, fieldValidation: 'Warn' };
export const DELETE = { userName: 'ann', dryRun: false } as const;

export interface OpenedRegistry {
  readonly registry: RunningRegistry;
  readonly store: SqliteStore;
  readonly clock: FakeClock;
  type(plural: string, group?: string): ResourceType;
  at(plural: string, name: string, namespace?: string): ObjectAddress;
  close(): Promise<void>;
}

/** A registry over a store in memory, with the kinds of the recorded answers. */
export async function openRegistry(options: Partial<RegistryOptions> = {}): Promise<OpenedRegistry> {
  const clock = new FakeClock();
  const store = new SqliteStore({ path: ':memory:' });
  const registry = createRegistry({ store, clock, crds: wireCrds, ...options });
  await registry.ready;
  function type(plural: string, group?: string): ResourceType {
    const found = registry.types.find((each) => each.plural === plural && (group === undefined || each.group === group));
    if (found === undefined) throw new Error(`no type is called ${plural}`);
    return found;
  }
  return {
    registry,
    store,
    clock,
    type,
    at: (plural, name, namespace) => ({ type: type(plural), name, ...(namespace === undefined ? {} : { namespace }) }),
    async close() {
      registry.stop();
      await store.close();
    },
  };
}

export function portgroup(name: string, metadata: Record<string, unknown> = {}, spec: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    apiVersion: 'bridgekeeper.dev/v1alpha1',
    kind: 'Portgroup',
    metadata: { name, ...metadata },
    spec: { bridgeName: 'lunabr', vlan: { mode: 'access', tag: 100 }, ...spec },
  };
}

/** The refusal that `write` ends in; fails when it goes through. */
export async function refusal(write: Promise<unknown>): Promise<ApiError> {
  try {
    await write;
  } catch (error) {
    if (error instanceof ApiError) return error;
    throw error;
  }
  throw new Error('the write was not refused');
}

export interface RecordedWatch extends WatchSink {
  readonly lines: string[];
  readonly objects: KubeObject[];
  readonly bookmarks: string[];
  error: Error | undefined;
}

export function recordedWatch(): RecordedWatch {
  const record: RecordedWatch = {
    lines: [],
    objects: [],
    bookmarks: [],
    error: undefined,
    event({ type, object }) {
      record.lines.push(`${type} ${object.metadata.name}`);
      record.objects.push(object);
    },
    bookmark(revision, initial) {
      record.bookmarks.push(`${revision}${initial ? ' initial' : ''}`);
    },
    failed(error) {
      record.error = error;
    },
  };
  return record;
}
