import { MessageChannel } from 'node:worker_threads';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { eventually } from '../../../fixtures/eventually.ts';
import { customResourceDefinitions } from '../../../../api/generated/crds.ts';
import { ApiError } from '../../../../api/machinery/api-error.ts';
import type { KubeObject } from '../../../../api/machinery/object.ts';
import { InProcessClient } from '../../../../controller/client/in-process-client.ts';
import { ThreadClient } from '../../../../controller/client/thread-client.ts';
import { serveThread } from '../../../../controller/client/thread-server.ts';
import { openRegistry, portgroup, WRITE, type OpenedRegistry } from '../../api/registry/opened-registry.ts';

const REF = { kind: 'Portgroup', name: 'a' };
const STATUS = { conditions: [{ type: 'Ready', status: 'True', reason: 'Ready', message: '', lastTransitionTime: '2026-01-01T00:00:00Z' }] };

let opened: OpenedRegistry;
let client: ThreadClient;
let stopServing: () => void;

beforeEach(async () => {
  opened = await openRegistry({ crds: customResourceDefinitions });
  const { port1, port2 } = new MessageChannel();
  stopServing = serveThread(port1, new InProcessClient(opened.registry));
  client = new ThreadClient(port2);
});

afterEach(async () => {
  client.close();
  stopServing();
  await opened.close();
});

async function create(name = 'a'): Promise<KubeObject> {
  const { stored } = await opened.registry.create(opened.type('portgroups'), undefined, portgroup(name), WRITE);
  return stored.object;
}

function watch(resourceVersion: string): { readonly lines: string[]; readonly stop: () => void } {
  const lines: string[] = [];
  const stop = client.watch('Portgroup', resourceVersion, {
    event: (type, object) => lines.push(`${type} ${object.metadata.name} ${object.metadata.resourceVersion}`),
    ended: (reason) => lines.push(`ended ${reason?.message ?? ''}`.trim()),
  });
  return { lines, stop };
}

describe('the API from another thread', () => {
  it('is written and read as in the same thread', async () => {
    const { metadata } = await create();
    expect(await client.writeFinalizer(REF, metadata.uid, 'bridgekeeper.dev/host', true)).toBe('written');
    expect(await client.writeStatus(REF, metadata.uid, STATUS)).toBe('written');
    expect(await client.read(REF)).toEqual(opened.registry.get(opened.at('portgroups', 'a')).object);
    expect(await client.read({ ...REF, name: 'none' })).toBeUndefined();
    expect((await client.list('Portgroup')).items).toEqual([await client.read(REF)]);
  });

  it('shows the change of a write before it answers the write', async () => {
    const { metadata } = await create();
    const { lines } = watch(metadata.resourceVersion);
    await client.writeStatus(REF, metadata.uid, STATUS);
    expect(lines).toEqual([`MODIFIED a ${String(opened.store.revision)}`]);
  });

  it('is watched until that is stopped, which ends once', async () => {
    const { metadata } = await create();
    const { lines, stop } = watch(metadata.resourceVersion);
    await client.delete(REF);
    stop();
    stop();
    await create('c');
    await client.list('Portgroup');
    expect(lines).toEqual([`DELETED a ${String(opened.store.revision - 1)}`, 'ended']);
  });

  it('tells that a watch began too late', async () => {
    const { metadata } = await create();
    await create('b');
    await create('c');
    await opened.store.compact(opened.store.revision);
    const { lines } = watch(metadata.resourceVersion);
    await eventually(() => lines.length > 0);
    expect(lines).toEqual([`ended too old resource version: ${metadata.resourceVersion} (${opened.store.compactedRevision})`]);
  });

  it('refuses with the same error', async () => {
    const { metadata } = await create();
    const refused: unknown = await client.writeStatus(REF, metadata.uid, { ...STATUS, invented: 1 }).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(ApiError);
    expect(refused).toMatchObject({ status: { code: 422 }, message: expect.stringContaining('unknown field "status.invented"') as string });
  });

  it('gives what a Secret holds as bytes', async () => {
    const secret = { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'hook', namespace: 'default' }, data: { key: 'w6Q=' } };
    await opened.registry.create(opened.type('secrets'), 'default', secret, WRITE);
    expect((await client.readSecret('default', 'hook'))?.get('key')?.toString('utf8')).toBe('ä');
  });
});
