import { afterEach, beforeEach, expect, it } from 'vitest';
import { eventually } from '../../../fixtures/eventually.ts';
import type { KubeObject } from '../../../../api/machinery/object.ts';
import { DELETE, openRegistry, portgroup, recordedWatch, WRITE, type OpenedRegistry } from './opened-registry.ts';

let opened: OpenedRegistry;

beforeEach(async () => {
  opened = await openRegistry();
});

afterEach(() => opened.close());

async function create(name: string, owners: readonly KubeObject[] = [], metadata: Record<string, unknown> = {}): Promise<KubeObject> {
  const ownerReferences = owners.map((owner) => ({
    apiVersion: owner.apiVersion, kind: owner.kind, name: owner.metadata.name, uid: owner.metadata.uid, blockOwnerDeletion: true,
  }));
  const { stored } = await opened.registry.create(opened.type('portgroups'), undefined, portgroup(name, { ownerReferences, ...metadata }), WRITE);
  return stored.object;
}

function find(name: string): KubeObject | undefined {
  return opened.registry.list(opened.type('portgroups'), { fieldSelector: `metadata.name=${name}` }).items[0]?.object;
}

function remove(name: string, propagationPolicy?: 'Foreground' | 'Background' | 'Orphan') {
  return opened.registry.delete(opened.at('portgroups', name), { ...DELETE, ...(propagationPolicy === undefined ? {} : { propagationPolicy }) });
}

it('deletes dependents, and theirs, after their owner', async () => {
  const owner = await create('owner');
  await create('grandchild', [await create('child', [owner])]);
  await create('bystander');
  await remove('owner');
  await eventually(() => find('grandchild') === undefined && find('child') === undefined);
  expect(find('bystander')).toBeDefined();
});

it('keeps a dependent while one of its owners is there, without the reference to the other', async () => {
  const [one, two] = [await create('one'), await create('two')];
  await create('child', [one, two]);
  await remove('one');
  await eventually(() => find('child')?.metadata.ownerReferences?.length === 1);
  expect(find('child')?.metadata.ownerReferences?.[0]?.name).toBe('two');
  await remove('two');
  await eventually(() => find('child') === undefined);
});

it('deletes an object that names an owner of another uid, or none that exists', async () => {
  const owner = await create('owner');
  await create('child', [{ ...owner, metadata: { ...owner.metadata, uid: 'another' } }]);
  await eventually(() => find('child') === undefined);
});

it('leaves alone an object whose owner is of a kind that is not served', async () => {
  const owner = await create('owner');
  await create('child', [{ ...owner, kind: 'Deployment', apiVersion: 'apps/v1' }]);
  await create('other', [{ ...owner, metadata: { ...owner.metadata, uid: 'another' } }]);
  await eventually(() => find('other') === undefined);
  expect(find('child')).toBeDefined();
});

it('in the foreground removes the owner last', async () => {
  const owner = await create('owner');
  await create('child', [owner], { finalizers: ['x.dev/hold'] });
  const seen = recordedWatch();
  opened.registry.watch(opened.type('portgroups'), { resourceVersion: String(opened.store.revision) }, seen);
  const answer = await remove('owner', 'Foreground');
  expect(answer.gone ? [] : answer.stored.object.metadata.finalizers).toEqual(['foregroundDeletion']);
  await eventually(() => find('child')?.metadata.deletionTimestamp !== undefined);
  expect(find('owner')).toBeDefined();
  await opened.registry.patch(opened.at('portgroups', 'child'), { type: 'merge', body: { metadata: { finalizers: null } } }, WRITE);
  await eventually(() => find('owner') === undefined);
  expect(seen.lines.filter((line) => line.startsWith('DELETED'))).toEqual(['DELETED child', 'DELETED owner']);
});

it('orphans dependents when asked to', async () => {
  const owner = await create('owner');
  await create('child', [owner]);
  await remove('owner', 'Orphan');
  await eventually(() => find('owner') === undefined);
  expect(find('child')?.metadata.ownerReferences).toBeUndefined();
});

it('finishes after a restart what it had not begun', async () => {
  const owner = await create('owner');
  await create('child', [owner]);
  opened.registry.stop();
  await remove('owner');
  expect(find('child')).toBeDefined();
  const { createRegistry } = await import('../../../../api/registry/registry.ts');
  const { wireCrds } = await import('./wire-crds.ts');
  const again = createRegistry({ store: opened.store, clock: opened.clock, crds: wireCrds });
  await eventually(() => find('child') === undefined);
  again.stop();
});
