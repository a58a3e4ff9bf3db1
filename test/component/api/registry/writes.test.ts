import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fieldOf } from '../../../../api/machinery/json.ts';
import { customResourceDefinitions } from '../../../../api/generated/crds.ts';
import { DELETE, openRegistry, portgroup, refusal, WRITE, type OpenedRegistry } from './opened-registry.ts';

let opened: OpenedRegistry;

beforeEach(async () => {
  opened = await openRegistry();
});

afterEach(() => opened.close());

const merge = (body: unknown) => ({ type: 'merge', body }) as const;

async function create(body: unknown = portgroup('a')) {
  return opened.registry.create(opened.type('portgroups'), undefined, body, WRITE);
}

describe('create', () => {
  it('fills in what the server owns, whatever the client sent', async () => {
    const { stored, created } = await create(
      portgroup('a', { uid: 'mine', generation: 7, creationTimestamp: '2020-01-01T00:00:00Z', deletionTimestamp: '2020-01-01T00:00:00Z' }),
    );
    const { metadata } = stored.object;
    expect(created).toBe(true);
    expect(metadata.uid).toMatch(/^[0-9a-f-]{36}$/);
    expect(metadata.generation).toBe(1);
    expect(metadata.creationTimestamp).toBe('2026-01-01T00:00:00Z');
    expect(metadata.deletionTimestamp).toBeUndefined();
    expect(metadata.resourceVersion).toBe(String(stored.revision));
    expect(JSON.parse(stored.bytes.toString())).toEqual(stored.object);
  });

  it('drops a status, which has an endpoint of its own', async () => {
    const { stored } = await create({ ...portgroup('a'), status: { observedGeneration: 3 } });
    expect(stored.object.status).toBeUndefined();
  });

  it('gives the status that the defaults say where the kind has one', async () => {
    await opened.close();
    opened = await openRegistry({ crds: customResourceDefinitions });
    const { stored } = await create();
    expect(fieldOf(stored.object.status, 'conditions')).toMatchObject([{ type: 'Accepted', status: 'Unknown' }, {}, {}]);
    expect(JSON.stringify(stored.object.metadata.managedFields)).not.toContain('f:status');
  });

  it('draws a name from generateName', async () => {
    const { stored } = await create({ ...portgroup(''), metadata: { generateName: 'pg-' } });
    expect(stored.object.metadata.name).toMatch(/^pg-[bcdfghjklmnpqrstvwxz2456789]{5}$/);
  });

  it('names everything that is wrong at once', async () => {
    const { status } = await refusal(create(portgroup('Bad_Name', { labels: { 'a b': 'c d' }, finalizers: ['/x'] }, { vlan: { tag: 5000 } })));
    expect(status.details?.causes?.map(({ field }) => field)).toEqual([
      'metadata.name', 'metadata.labels', 'metadata.labels', 'metadata.finalizers', 'spec.vlan.tag',
    ]);
  });

  it('refuses another kind, another version, and what is no object', async () => {
    expect((await refusal(create({ ...portgroup('a'), kind: 'Bridge' }))).status.details?.causes?.[0]?.message).toContain('must be Portgroup');
    expect((await refusal(create({ ...portgroup('a'), apiVersion: 'v1' }))).message).toBe(
      'the API version in the data (v1) does not match the expected API version (bridgekeeper.dev/v1alpha1)',
    );
    expect((await refusal(create({ metadata: {} }))).message).toContain("Object 'Kind' is missing");
    for (const body of [[], 'x', 3, null]) expect((await refusal(create(body))).code).toBe(400);
  });

  it('refuses metadata of wrong types, naming the field', async () => {
    const error = await refusal(create(portgroup('a', { labels: { tier: 1 } })));
    expect(error.message).toBe(
      'Portgroup in version "v1alpha1" cannot be handled as a Portgroup: json: cannot unmarshal number into Go struct field ObjectMeta.metadata.labels of type string',
    );
  });

  it('stores nothing on a dry run, and takes no revision', async () => {
    const { revision } = opened.store;
    const { stored } = await opened.registry.create(opened.type('portgroups'), undefined, portgroup('a'), { ...WRITE, dryRun: true });
    expect(stored.object.metadata).not.toHaveProperty('resourceVersion');
    expect(opened.store.revision).toBe(revision);
    expect(() => opened.registry.get(opened.at('portgroups', 'a'))).toThrow('not found');
  });

  it('warns of unknown fields and leaves them out', async () => {
    const { stored, warnings } = await create(portgroup('a', { colour: 'red' }, { nope: 1 }));
    expect(warnings).toEqual(['unknown field "metadata.colour"', 'unknown field "spec.nope"']);
    expect(stored.object.spec).not.toHaveProperty('nope');
  });

  it('keeps nothing of a member called __proto__', async () => {
    const body: unknown = JSON.parse('{"apiVersion":"bridgekeeper.dev/v1alpha1","kind":"Portgroup","metadata":{"name":"a","labels":{"__proto__":"x"}},"spec":{"bridgeName":"b","__proto__":{"vlan":{"tag":9}}}}');
    const { stored } = await create(body);
    expect(stored.bytes.toString()).not.toContain('__proto__');
    expect(fieldOf(stored.object.spec, 'vlan')).toBeUndefined();
  });

  it('stores what its bytes say, whatever the strings and numbers hold', async () => {
    const body: unknown = JSON.parse('{"apiVersion":"bridgekeeper.dev/v1alpha1","kind":"Portgroup","metadata":{"name":"a","annotations":{"x":"half \\ud800 pair"}},"spec":{"bridgeName":"\\udfff"}}');
    const { stored } = await create(body);
    expect(JSON.parse(stored.bytes.toString())).toEqual(stored.object);
    expect(stored.object.spec).toEqual({ bridgeName: '\ufffd' });
    const huge: unknown = JSON.parse('{"apiVersion":"bridgekeeper.dev/v1alpha1","kind":"Portgroup","metadata":{"name":"b"},"spec":{"bridgeName":"x","vlan":{"tag":1e999}}}');
    expect((await refusal(create(huge))).code).toBe(400);
  });

  it('refuses what is nested beyond reason', async () => {
    let deep: unknown = 1;
    for (let depth = 0; depth < 5000; depth += 1) deep = [deep];
    expect((await refusal(create(portgroup('a', {}, { deep })))).message).toContain('max depth');
  });
});

describe('update', () => {
  it('counts a generation when the spec changes, and only then', async () => {
    const { stored } = await create();
    const labelled = await opened.registry.patch(opened.at('portgroups', 'a'), merge({ metadata: { labels: { x: 'y' } } }), WRITE);
    expect(labelled.stored.object.metadata.generation).toBe(1);
    const changed = await opened.registry.patch(opened.at('portgroups', 'a'), merge({ spec: { vlan: { tag: 2 } } }), WRITE);
    expect(changed.stored.object.metadata.generation).toBe(2);
    expect(changed.stored.object.metadata.uid).toBe(stored.object.metadata.uid);
  });

  it('gets no new revision when nothing changes', async () => {
    const { stored } = await create();
    const again = await opened.registry.update(opened.at('portgroups', 'a'), stored.object, WRITE);
    expect(again.stored.revision).toBe(stored.revision);
    const patched = await opened.registry.patch(opened.at('portgroups', 'a'), merge({ spec: { vlan: { tag: 100 } } }), { ...WRITE, fieldManager: 'other' });
    expect(patched.stored.revision).toBe(stored.revision);
    expect(opened.store.revision).toBe(stored.revision);
  });

  it('that leaves out what defaults fill in, in a list, gets no new revision', async () => {
    await opened.close();
    opened = await openRegistry({ crds: customResourceDefinitions });
    const spec = { memory: '1Gi', interfaces: [{ name: 'net0', bridgeName: 'lunabr' }] };
    const vm = { apiVersion: 'bridgekeeper.dev/v1alpha1', kind: 'VirtualMachine', metadata: { name: 'vm' }, spec };
    const { stored } = await opened.registry.create(opened.type('virtualmachines'), undefined, vm, WRITE);
    expect(stored.object.spec).not.toEqual(spec);
    const again = await opened.registry.patch(opened.at('virtualmachines', 'vm'), merge({ spec }), { ...WRITE, fieldManager: 'kubectl' });
    expect(again.stored.revision).toBe(stored.revision);
    expect(opened.store.revision).toBe(stored.revision);
  });

  it('needs the resourceVersion of the stored object', async () => {
    const { stored } = await create();
    await opened.registry.patch(opened.at('portgroups', 'a'), merge({ spec: { vlan: { tag: 2 } } }), WRITE);
    expect((await refusal(opened.registry.update(opened.at('portgroups', 'a'), stored.object, WRITE))).status).toMatchObject({ code: 409, reason: 'Conflict' });
    const error = await refusal(opened.registry.update(opened.at('portgroups', 'a'), portgroup('a'), WRITE));
    expect(error.message).toBe(
      'portgroups.bridgekeeper.dev "a" is invalid: metadata.resourceVersion: Invalid value: 0: must be specified for an update',
    );
  });

  it('refuses the uid of another object, and leaves immutable metadata alone', async () => {
    const { stored } = await create();
    const { metadata } = stored.object;
    const other = { ...stored.object, metadata: { ...metadata, uid: 'other' } };
    expect((await refusal(opened.registry.update(opened.at('portgroups', 'a'), other, WRITE))).message).toContain('Precondition failed: UID in precondition: other');
    const tampered = { ...stored.object, metadata: { ...metadata, creationTimestamp: '2020-01-01T00:00:00Z', generation: 9, labels: { a: 'b' } } };
    const answer = await opened.registry.update(opened.at('portgroups', 'a'), tampered, WRITE);
    expect(answer.stored.object.metadata).toMatchObject({ creationTimestamp: metadata.creationTimestamp, generation: 1, labels: { a: 'b' } });
  });

  it('is a 404 for an object that is not there', async () => {
    expect((await refusal(opened.registry.update(opened.at('portgroups', 'a'), portgroup('a'), WRITE))).code).toBe(404);
  });

  it('takes out labels that it does not name', async () => {
    await create(portgroup('a', { labels: { x: 'y' }, annotations: { n: 'm' } }));
    const { resourceVersion } = opened.registry.get(opened.at('portgroups', 'a')).object.metadata;
    const { stored } = await opened.registry.update(opened.at('portgroups', 'a'), portgroup('a', { resourceVersion }), WRITE);
    expect(stored.object.metadata.labels).toBeUndefined();
    expect(stored.object.metadata.annotations).toBeUndefined();
  });
});

describe('status', () => {
  const status = { observedGeneration: 1, conditions: [{ type: 'Ready', status: 'True' }] };

  it('keeps status on a spec update, and spec and labels on a status update', async () => {
    await create();
    const at = { ...opened.at('portgroups', 'a'), subresource: 'status' } as const;
    const written = await opened.registry.patch(at, merge({ status, spec: { vlan: { tag: 7 } }, metadata: { labels: { x: 'y' } } }), WRITE);
    expect(written.stored.object).toMatchObject({ status, spec: { vlan: { tag: 100 } }, metadata: { generation: 1 } });
    expect(written.stored.object.metadata.labels).toBeUndefined();
    const changed = await opened.registry.patch(opened.at('portgroups', 'a'), merge({ spec: { vlan: { tag: 8 } }, status: { observedGeneration: 99 } }), WRITE);
    expect(changed.stored.object).toMatchObject({ status, spec: { vlan: { tag: 8 } }, metadata: { generation: 2 } });
  });

  it('is validated', async () => {
    await create();
    const at = { ...opened.at('portgroups', 'a'), subresource: 'status' } as const;
    const error = await refusal(opened.registry.patch(at, merge({ status: { conditions: [{ type: 'Ready', status: 'Maybe' }] } }), WRITE));
    expect(error.status.details?.causes?.[0]?.field).toBe('status.conditions[0].status');
  });
});

describe('finalizers', () => {
  it('hold a deletion until the last one is gone, and no new ones come', async () => {
    await create(portgroup('a', { finalizers: ['x.dev/one'] }));
    const at = opened.at('portgroups', 'a');
    const marked = await opened.registry.delete(at, DELETE);
    if (marked.gone) throw new Error('the object is gone in spite of its finalizer');
    expect(marked.stored.object.metadata).toMatchObject({ deletionTimestamp: '2026-01-01T00:00:00Z', deletionGracePeriodSeconds: 0, generation: 2 });
    const again = await opened.registry.delete(at, DELETE);
    expect(again.gone ? undefined : again.stored.revision).toBe(marked.stored.revision);
    const added = await refusal(opened.registry.patch(at, merge({ metadata: { finalizers: ['x.dev/one', 'x.dev/two'] } }), WRITE));
    expect(added.message).toContain('no new finalizers can be added if the object is being deleted, found new finalizers []string{"x.dev/two"}');
    await opened.registry.patch(at, merge({ metadata: { finalizers: [] } }), WRITE);
    expect(() => opened.registry.get(at)).toThrow('not found');
  });

  it('are warned of when others may take them for theirs', async () => {
    const { warnings } = await create(portgroup('a', { finalizers: ['mine'] }));
    expect(warnings).toEqual([
      'metadata.finalizers: "mine": prefer a domain-qualified finalizer name to avoid accidental conflicts with other finalizer writers',
    ]);
  });
});

describe('delete', () => {
  it('removes an object at once and answers its last state', async () => {
    const { stored } = await create();
    expect(await opened.registry.delete(opened.at('portgroups', 'a'), DELETE)).toEqual({ gone: true, object: stored.object });
    expect((await refusal(opened.registry.delete(opened.at('portgroups', 'a'), DELETE))).code).toBe(404);
  });

  it('heeds preconditions and dry run', async () => {
    await create();
    const at = opened.at('portgroups', 'a');
    expect((await refusal(opened.registry.delete(at, { ...DELETE, preconditions: { resourceVersion: '1' } }))).reason).toBe('Conflict');
    expect((await opened.registry.delete(at, { ...DELETE, dryRun: true })).gone).toBe(true);
    expect(opened.registry.get(at).object.metadata.name).toBe('a');
  });

  it('of a collection takes what the selector matches', async () => {
    await create(portgroup('a', { labels: { tier: 'x' } }));
    await create(portgroup('b'));
    const gone = await opened.registry.deleteCollection(opened.type('portgroups'), { labelSelector: 'tier=x' }, DELETE);
    expect(gone.map(({ metadata }) => metadata.name)).toEqual(['a']);
    expect(opened.registry.list(opened.type('portgroups'), {}).items.map(({ object }) => object.metadata.name)).toEqual(['b']);
  });
});

describe('warnings', () => {
  it('name what is stored but does not act yet, when it is set to more than its default', async () => {
    await opened.close();
    const crds = customResourceDefinitions.map((crd) => ({
      ...crd,
      metadata: { ...crd.metadata, annotations: { 'bridgekeeper.dev/not-yet-acting': 'spec.isolated' } },
    }));
    opened = await openRegistry({ crds });
    const isolated = await create(portgroup('a', {}, { isolated: true }));
    expect(isolated.warnings).toEqual(['spec.isolated is stored but does not act yet']);
    expect((await create(portgroup('b'))).warnings).toEqual([]);
    const relabelled = await opened.registry.patch(opened.at('portgroups', 'a'), merge({ metadata: { labels: { x: 'y' } } }), WRITE);
    expect(relabelled.warnings).toEqual([]);
  });

  it('carry the doubts of the caller on create and on changes of the spec', async () => {
    await opened.close();
    opened = await openRegistry({ doubts: ({ metadata }) => [`${metadata.name} looks odd`] });
    expect((await create()).warnings).toEqual(['a looks odd']);
    const at = opened.at('portgroups', 'a');
    expect((await opened.registry.patch(at, merge({ metadata: { labels: { x: 'y' } } }), WRITE)).warnings).toEqual([]);
    expect((await opened.registry.patch(at, merge({ spec: { vlan: { tag: 3 } } }), WRITE)).warnings).toEqual(['a looks odd']);
  });
});
