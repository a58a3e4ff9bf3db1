import { afterEach, expect, it } from 'vitest';
import type { WriteOptions } from '../../../../api/registry/contract.ts';
import { DELETE, openRegistry, portgroup, WRITE, type OpenedRegistry } from './opened-registry.ts';

const FINALIZER = 'bridgekeeper.dev/host';
const firstFinalizer = { finalizer: FINALIZER, manager: 'bridgekeeper', appliesTo: ({ kind }: { readonly kind: string }) => kind === 'Portgroup' };
const APPLY: WriteOptions = { ...WRITE, fieldManager: 'kubectl' };

let opened: OpenedRegistry;

afterEach(() => opened.close());

async function open(): Promise<OpenedRegistry> {
  return (opened = await openRegistry({ firstFinalizer }));
}

it('is on an object from its first revision, owned by its own manager, and holds a deletion', async () => {
  const { registry, type, at } = await open();
  const { stored } = await registry.create(type('portgroups'), undefined, portgroup('a'), WRITE);
  expect(stored.object.metadata).toMatchObject({ finalizers: [FINALIZER], generation: 1 });
  expect(stored.object.metadata.managedFields?.at(-1)).toMatchObject({
    manager: 'bridgekeeper', operation: 'Update', fieldsV1: { 'f:metadata': { 'f:finalizers': { '.': {}, [`v:"${FINALIZER}"`]: {} } } },
  });
  expect((await registry.delete(at('portgroups', 'a'), DELETE)).gone).toBe(false);
});

it('stays when the manifest that does not name it is applied again, and that is no change', async () => {
  const { registry, at } = await open();
  const first = await registry.patch(at('portgroups', 'a'), { type: 'apply', body: portgroup('a') }, APPLY);
  const again = await registry.patch(at('portgroups', 'a'), { type: 'apply', body: portgroup('a') }, APPLY);
  expect(again.stored.object).toEqual(first.stored.object);
  expect(again.stored.object.metadata.finalizers).toEqual([FINALIZER]);
});

it('joins finalizers of others, and is not put on twice', async () => {
  const { registry, type } = await open();
  const created = async (name: string, finalizers: readonly string[]): Promise<unknown> =>
    (await registry.create(type('portgroups'), undefined, portgroup(name, { finalizers }), WRITE)).stored.object.metadata.finalizers;
  expect(await created('a', ['example.com/mine'])).toEqual(['example.com/mine', FINALIZER]);
  expect(await created('b', [FINALIZER])).toEqual([FINALIZER]);
});

it('is not put on other kinds', async () => {
  const { registry, type } = await open();
  const { stored } = await registry.create(type('configmaps'), 'default', { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a' } }, WRITE);
  expect(stored.object.metadata.finalizers).toBeUndefined();
});
