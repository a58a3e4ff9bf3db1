import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { eventually } from '../../../fixtures/eventually.ts';
import { fieldOf } from '../../../../api/machinery/json.ts';
import { DELETE, openRegistry, refusal, WRITE, type OpenedRegistry } from './opened-registry.ts';

let opened: OpenedRegistry;

beforeEach(async () => {
  opened = await openRegistry();
});

afterEach(() => opened.close());

function create(plural: string, namespace: string | undefined, body: unknown, group?: string) {
  return opened.registry.create(opened.type(plural, group), namespace, body, WRITE);
}

const configMap = (name: string, data: unknown = { a: 'b' }) => ({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name }, data });

function exists(plural: string, name: string, namespace?: string): boolean {
  const { type } = opened.at(plural, name);
  return opened.registry.list(type, namespace === undefined ? {} : { namespace }).items.some(({ object }) => object.metadata.name === name);
}

describe('namespaces', () => {
  it('default and kube-system are there, Active, and stay', async () => {
    const { object } = opened.registry.get(opened.at('namespaces', 'default'));
    expect(object).toMatchObject({ metadata: { labels: { 'kubernetes.io/metadata.name': 'default' } }, status: { phase: 'Active' } });
    expect((await refusal(opened.registry.delete(opened.at('namespaces', 'kube-system'), DELETE))).message).toBe(
      'namespaces "kube-system" is forbidden: this namespace may not be deleted',
    );
  });

  it('must exist before something is put into them', async () => {
    expect((await refusal(create('configmaps', 'nowhere', configMap('a')))).message).toBe('namespaces "nowhere" not found');
  });

  it('take what is in them along, and take nothing new meanwhile', async () => {
    await create('namespaces', undefined, { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'x' } });
    await create('configmaps', 'x', configMap('a'));
    await create('configmaps', 'x', { ...configMap('held'), metadata: { name: 'held', finalizers: ['x.dev/hold'] } });
    const answer = await opened.registry.delete(opened.at('namespaces', 'x'), DELETE);
    expect(answer.gone ? undefined : answer.stored.object.status).toEqual({ phase: 'Terminating' });
    expect((await refusal(create('configmaps', 'x', configMap('late')))).message).toContain('because it is being terminated');
    await eventually(() => !exists('configmaps', 'a', 'x'));
    expect(exists('namespaces', 'x')).toBe(true);
    await opened.registry.patch(opened.at('configmaps', 'held', 'x'), { type: 'merge', body: { metadata: { finalizers: null } } }, WRITE);
    await eventually(() => !exists('namespaces', 'x'));
  });
});

describe('secrets', () => {
  it('take stringData into data and do not show it', async () => {
    const body = { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'a' }, data: { x: 'eA==' }, stringData: { y: 'y' } };
    const { stored } = await create('secrets', 'default', body);
    expect(stored.object).toMatchObject({ type: 'Opaque', data: { x: 'eA==', y: 'eQ==' } });
    expect(stored.object).not.toHaveProperty('stringData');
  });

  it('refuse stringData that is no string', async () => {
    for (const stringData of [{ y: 1 }, { y: { toString: null } }, 'y', ['y']]) {
      const error = await refusal(create('secrets', 'default', { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'a' }, stringData }));
      expect(error.status.details?.causes?.[0]?.field).toContain('stringData');
    }
  });

  it('keep their type, and their data once they are immutable', async () => {
    await create('secrets', 'default', { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'a' }, immutable: true, data: { x: 'eA==' } });
    const at = opened.at('secrets', 'a', 'default');
    const error = await refusal(opened.registry.patch(at, { type: 'merge', body: { type: 'other', data: { x: 'eQ==' } } }, WRITE));
    expect(error.status.details?.causes?.map(({ field }) => field)).toEqual(['type', 'data']);
  });
});

describe('config maps', () => {
  it('are updated without a resourceVersion', async () => {
    await create('configmaps', 'default', configMap('a'));
    const { stored } = await opened.registry.update(opened.at('configmaps', 'a', 'default'), configMap('a', { a: 'c' }), WRITE);
    expect(stored.object['data']).toEqual({ a: 'c' });
    expect(stored.object.metadata).not.toHaveProperty('generation');
  });

  it('refuse keys that are no file names', async () => {
    const error = await refusal(create('configmaps', 'default', configMap('a', { 'a/b': 'x' })));
    expect(error.status.details?.causes?.[0]?.field).toBe('data[a/b]');
  });
});

describe('events', () => {
  const event = {
    apiVersion: 'v1',
    kind: 'Event',
    metadata: { name: 'e', namespace: 'default' },
    involvedObject: { kind: 'Portgroup', name: 'a', uid: 'u' },
    reason: 'Drift',
    message: 'the tag changed',
    type: 'Warning',
    count: 2,
    source: { component: 'bridgekeeper' },
  };

  it('are the same objects under both groups', async () => {
    await create('events', 'default', event, '');
    const newer = { type: opened.type('events', 'events.k8s.io'), namespace: 'default', name: 'e' };
    const { object, bytes } = opened.registry.get(newer);
    expect(object).toMatchObject({
      apiVersion: 'events.k8s.io/v1', regarding: { name: 'a' }, note: 'the tag changed', deprecatedCount: 2, deprecatedSource: { component: 'bridgekeeper' },
    });
    expect(JSON.parse(bytes.toString())).toEqual(object);
    await opened.registry.patch(newer, { type: 'merge', body: { note: 'it changed again' } }, WRITE);
    const { object: core } = opened.registry.get({ type: opened.type('events', ''), namespace: 'default', name: 'e' });
    expect(core).toMatchObject({ apiVersion: 'v1', kind: 'Event', message: 'it changed again', count: 2 });
    expect(core).not.toHaveProperty('note');
  });

  it('are selected by what they are about', async () => {
    await create('events', 'default', event, '');
    const selected = (fieldSelector: string) => opened.registry.list(opened.type('events', ''), { fieldSelector }).items.length;
    expect(selected('involvedObject.kind=Portgroup,involvedObject.name=a,involvedObject.namespace=,involvedObject.uid=u')).toBe(1);
    expect(selected('involvedObject.name=b')).toBe(0);
    expect(selected('reason=Drift,type!=Normal')).toBe(1);
  });

  it('about cluster-scoped objects live in default', async () => {
    await create('namespaces', undefined, { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'x' } });
    const error = await refusal(create('events', 'x', { ...event, metadata: { name: 'e' } }, ''));
    expect(error.message).toBe('Event "e" is invalid: involvedObject.namespace: Invalid value: "": does not match event.namespace');
  });

  it('go after an hour without news', async () => {
    await create('events', 'default', event, '');
    const at = { type: opened.type('events', ''), namespace: 'default', name: 'e' };
    opened.clock.advance(50 * 60_000);
    await opened.registry.patch(at, { type: 'merge', body: { count: 3 } }, WRITE);
    opened.clock.advance(59 * 60_000);
    await opened.store.write(() => undefined);
    expect(fieldOf(opened.registry.get(at).object, 'count')).toBe(3);
    opened.clock.advance(2 * 60_000);
    await eventually(() => !exists('events', 'e', 'default'));
  });
});

describe('leases', () => {
  it('are created by a PUT, and guarded by their resourceVersion', async () => {
    const lease = { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', metadata: { name: 'l', namespace: 'default' }, spec: { holderIdentity: 'a' } };
    const at = opened.at('leases', 'l', 'default');
    const { stored, created } = await opened.registry.update(at, lease, WRITE);
    expect(created).toBe(true);
    const taken = { ...stored.object, spec: { holderIdentity: 'b' } };
    await opened.registry.update(at, taken, WRITE);
    expect((await refusal(opened.registry.update(at, taken, WRITE))).reason).toBe('Conflict');
  });
});
