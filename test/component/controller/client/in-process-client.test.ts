import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { eventually } from '../../../fixtures/eventually.ts';
import { customResourceDefinitions } from '../../../../api/generated/crds.ts';
import type { KubeObject } from '../../../../api/machinery/object.ts';
import { InProcessClient } from '../../../../controller/client/in-process-client.ts';
import type { ResourceWatcher } from '../../../../controller/client/resource-client.ts';
import { DELETE, openRegistry, portgroup, WRITE, type OpenedRegistry } from '../../api/registry/opened-registry.ts';

const REF = { kind: 'Portgroup', name: 'a' };
const CONDITION = { type: 'Ready', status: 'True', reason: 'Programmed', message: '', lastTransitionTime: '2026-01-01T00:00:00Z' };
const STATUS = { conditions: [CONDITION] };

let opened: OpenedRegistry;
let client: InProcessClient;

beforeEach(async () => {
  opened = await openRegistry({ crds: customResourceDefinitions });
  client = new InProcessClient(opened.registry);
});

afterEach(() => opened.close());

async function create(name = 'a'): Promise<KubeObject> {
  const { stored } = await opened.registry.create(opened.type('portgroups'), undefined, portgroup(name), WRITE);
  return stored.object;
}

function current(): KubeObject {
  return opened.registry.get(opened.at('portgroups', 'a')).object;
}

describe('status', () => {
  it('is replaced as a whole, whatever else was written meanwhile, and the spec stays', async () => {
    const { metadata } = await create();
    await opened.registry.patch(opened.at('portgroups', 'a'), { type: 'merge', body: { spec: { vlan: { tag: 7 } } } }, WRITE);
    expect(await client.writeStatus(REF, metadata.uid, STATUS)).toBe('written');
    expect(current()).toMatchObject({ status: STATUS, spec: { vlan: { tag: 7 } }, metadata: { generation: 2 } });
    expect(await client.writeStatus(REF, metadata.uid, { conditions: [{ ...CONDITION, type: 'Accepted' }] })).toBe('written');
    expect((current().status as typeof STATUS).conditions.map(({ type }) => type)).toEqual(['Accepted']);
  });

  it('that is there already is no write', async () => {
    const { metadata } = await create();
    await client.writeStatus(REF, metadata.uid, STATUS);
    const { revision } = opened.store;
    expect(await client.writeStatus(REF, metadata.uid, structuredClone(STATUS))).toBe('unchanged');
    expect(opened.store.revision).toBe(revision);
  });

  it('of another object of that name, or of none, is gone', async () => {
    const { metadata } = await create();
    expect(await client.writeStatus(REF, 'another', STATUS)).toBe('gone');
    const write = client.writeStatus(REF, metadata.uid, STATUS);
    const [result] = await Promise.all([
      // Both are on their way when the object is deleted and made anew.
      opened.registry.delete(opened.at('portgroups', 'a'), DELETE).then(() => create()).then(() => client.writeStatus(REF, metadata.uid, STATUS)),
      write,
    ]);
    expect(result).toBe('gone');
    expect(current().status).not.toMatchObject(STATUS);
  });

  it('with a field that the schema has not is a mistake, and fails', async () => {
    const { metadata } = await create();
    await expect(client.writeStatus(REF, metadata.uid, { ...STATUS, invented: 1 })).rejects.toThrow('unknown field "status.invented"');
  });
});

describe('finalizers', () => {
  it('come and go one by one', async () => {
    const { metadata } = await create();
    expect(await client.writeFinalizer(REF, metadata.uid, 'bridgekeeper.dev/host', true)).toBe('written');
    expect(await client.writeFinalizer(REF, metadata.uid, 'bridgekeeper.dev/host', true)).toBe('unchanged');
    await opened.registry.delete(opened.at('portgroups', 'a'), DELETE);
    expect(current().metadata.deletionTimestamp).toBeDefined();
    expect(await client.writeFinalizer(REF, metadata.uid, 'bridgekeeper.dev/host', false)).toBe('written');
    expect(await client.writeFinalizer(REF, metadata.uid, 'bridgekeeper.dev/host', false)).toBe('gone');
  });

  it('conflict when the object changed meanwhile', async () => {
    const { metadata } = await create();
    const [other, result] = await Promise.all([
      opened.registry.patch(opened.at('portgroups', 'a'), { type: 'merge', body: { spec: { vlan: { tag: 7 } } } }, WRITE),
      client.writeFinalizer(REF, metadata.uid, 'bridgekeeper.dev/host', true),
    ]);
    expect(other.stored.object.metadata.generation).toBe(2);
    expect(result).toBe('conflict');
  });
});

describe('creation', () => {
  it('answers a conflict when the name is taken', async () => {
    const host = { apiVersion: 'bridgekeeper.dev/v1alpha1', kind: 'Host', metadata: { name: 'luna' }, spec: {} };
    expect(await client.create(host)).toMatchObject({ metadata: { name: 'luna', generation: 1 } });
    expect(await client.create(host)).toBe('conflict');
  });

  it('of an Event takes the namespace that it names', async () => {
    const event = {
      apiVersion: 'v1', kind: 'Event', metadata: { generateName: 'a-', namespace: 'default' }, involvedObject: { kind: 'Portgroup', name: 'a' }, reason: 'Drift', type: 'Warning',
    };
    expect(await client.create(event)).toMatchObject({ metadata: { namespace: 'default' } });
  });
});

describe('watch', () => {
  function recorder(): ResourceWatcher & { readonly lines: string[] } {
    const lines: string[] = [];
    return {
      lines,
      event: (type, object) => lines.push(`${type} ${object.metadata.name}`),
      ended: (reason) => lines.push(`ended ${reason?.message ?? ''}`.trim()),
    };
  }

  it('goes on from a list and ends once when it is stopped', async () => {
    await create();
    const { items, resourceVersion } = await client.list('Portgroup');
    expect(items.map(({ metadata }) => metadata.name)).toEqual(['a']);
    const seen = recorder();
    const stop = client.watch('Portgroup', resourceVersion, seen);
    await create('b');
    await client.delete(REF);
    stop();
    stop();
    await create('c');
    expect(seen.lines).toEqual(['ADDED b', 'DELETED a', 'ended']);
  });

  it('from a compacted revision ends with the reason, after the call', async () => {
    const { metadata } = await create();
    await create('b');
    await create('c');
    await opened.store.compact(opened.store.revision);
    const seen = recorder();
    client.watch('Portgroup', metadata.resourceVersion, seen);
    expect(seen.lines).toEqual([]);
    await eventually(() => seen.lines.length > 0);
    expect(seen.lines).toEqual([`ended too old resource version: ${metadata.resourceVersion} (${opened.store.compactedRevision})`]);
  });
});
