import { expect, it } from 'vitest';
import type { KubeObject } from '../../../../api/machinery/object.ts';
import type { ResourceClient, ResourceWatcher } from '../../../../controller/client/resource-client.ts';
import { ResourceCache } from '../../../../controller/reconcile/resource-cache.ts';
import { FakeClock } from '../../../fixtures/fake-clock.ts';

it('keeps the spec the same object as long as only the status changes', async () => {
  const { cache, tell } = await followed(port({ resourceVersion: '1' }, { tag: 7 }));
  const first = cache.get('VlanPort', 'p');
  tell(port({ resourceVersion: '2' }, { tag: 7 }, { ready: true }));
  const second = cache.get('VlanPort', 'p');
  expect(second).toMatchObject({ metadata: { resourceVersion: '2' }, status: { ready: true } });
  expect(second?.spec).toBe(first?.spec);
  tell(port({ resourceVersion: '3', generation: 2 }, { tag: 8 }));
  expect(cache.get('VlanPort', 'p')?.spec).toEqual({ tag: 8 });
  // After a backup was restored, a generation may come a second time.
  tell(port({ resourceVersion: '4', generation: 2 }, { tag: 9 }));
  expect(cache.get('VlanPort', 'p')?.spec).toEqual({ tag: 9 });
});

function port(metadata: Partial<KubeObject['metadata']>, spec: unknown, status?: unknown): KubeObject {
  return {
    apiVersion: 'bridgekeeper.dev/v1alpha1',
    kind: 'VlanPort',
    metadata: { name: 'p', uid: 'one', generation: 1, resourceVersion: '1', creationTimestamp: '2026-01-01T00:00:00Z', ...metadata },
    spec,
    ...(status === undefined ? {} : { status }),
  };
}

/** A cache that has listed one object, and the way to have it hear of changes. */
async function followed(listed: KubeObject): Promise<{ readonly cache: ResourceCache; readonly tell: (object: KubeObject) => void }> {
  let watcher: ResourceWatcher | undefined;
  const client: Pick<ResourceClient, 'list' | 'watch'> = {
    list: () => Promise.resolve({ items: [listed], resourceVersion: '1' }),
    watch: (_kind, _resourceVersion, told) => {
      watcher = told;
      return () => undefined;
    },
  };
  const cache = new ResourceCache({ client, clock: new FakeClock(), kinds: ['VlanPort'], changed: () => undefined, failed: (error) => expect.unreachable(String(error)) });
  await cache.start();
  return { cache, tell: (object) => watcher?.event('MODIFIED', object) };
}
