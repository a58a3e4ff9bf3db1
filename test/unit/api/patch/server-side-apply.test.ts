import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ApiError } from '../../../../api/machinery/api-error.ts';
import { canonicalJson } from '../../../../api/machinery/json.ts';
import type { KubeObject, ManagedFieldsEntry, Manifest } from '../../../../api/machinery/object.ts';
import { FieldSet } from '../../../../api/patch/field-set.ts';
import { applyConfiguration } from '../../../../api/patch/server-side-apply.ts';
import { trackUpdate } from '../../../../api/patch/track-update.ts';
import { parseStructural } from '../../../../api/schema/parse-structural.ts';

const API_VERSION = 'test.dev/v1';

const schema = parseStructural({
  type: 'object',
  properties: {
    spec: {
      type: 'object',
      properties: {
        a: { type: 'string' },
        b: { type: 'integer' },
        nested: { type: 'object', properties: { c: { type: 'string' }, d: { type: 'string' } } },
        map: { type: 'object', additionalProperties: { type: 'string' } },
        whole: { type: 'object', 'x-kubernetes-map-type': 'atomic', properties: { e: { type: 'string' }, f: { type: 'string' } } },
        list: { type: 'array', items: { type: 'string' } },
        set: { type: 'array', items: { type: 'string' }, 'x-kubernetes-list-type': 'set' },
        items: {
          type: 'array',
          'x-kubernetes-list-type': 'map',
          'x-kubernetes-list-map-keys': ['name'],
          items: { type: 'object', properties: { name: { type: 'string' }, value: { type: 'string' }, other: { type: 'string' } } },
        },
        any: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
      },
    },
    status: { type: 'object', properties: { state: { type: 'string' } } },
  },
});

type Spec = Record<string, unknown>;

const letters = fc.constantFrom('x', 'y', 'z');
const spec: fc.Arbitrary<Spec> = fc.record(
  {
    a: letters,
    b: fc.integer({ min: 0, max: 2 }),
    nested: fc.record({ c: letters, d: letters }, { requiredKeys: [] }),
    map: fc.dictionary(letters, letters, { maxKeys: 2 }),
    whole: fc.record({ e: letters, f: letters }, { requiredKeys: [] }),
    list: fc.array(letters, { maxLength: 2 }),
    set: fc.uniqueArray(letters, { maxLength: 3 }),
    items: fc.uniqueArray(fc.record({ name: letters, value: letters, other: letters }, { requiredKeys: ['name'] }), { selector: ({ name }) => name, maxLength: 3 }),
    any: fc.record({ g: letters, h: fc.record({ i: letters }, { requiredKeys: [] }) }, { requiredKeys: [] }),
  },
  { requiredKeys: [] },
);

function config(of: Spec): Manifest {
  return { apiVersion: API_VERSION, kind: 'Test', metadata: { name: 'test' }, spec: of };
}

interface ApplyOptions {
  readonly manager: string;
  readonly force?: boolean;
  readonly now?: string;
}

/** The object as the registry would store it after the apply. */
function apply(live: KubeObject | undefined, of: Spec, { manager, force = false, now = '2026-01-01T00:00:00Z' }: ApplyOptions): KubeObject {
  const { object, managedFields } = applyConfiguration({
    schema, hasStatus: true, apiVersion: API_VERSION, live, config: config(of), manager, subresource: '', force, now,
  });
  return stored(object, live, managedFields);
}

function update(old: KubeObject | undefined, of: Spec, manager: string, now = '2026-01-01T00:00:00Z'): KubeObject {
  const next = stored(config(of), old, old?.metadata.managedFields);
  delete next.metadata.managedFields;
  const managedFields = trackUpdate({ schema, hasStatus: true, apiVersion: API_VERSION, old, next, manager, subresource: '', now });
  return stored(next, old, managedFields);
}

function stored(object: Record<string, unknown>, old: KubeObject | undefined, managedFields: ManagedFieldsEntry[] | undefined): KubeObject {
  const metadata = old?.metadata ?? { name: 'test', uid: 'u', resourceVersion: '1', generation: 1, creationTimestamp: 'now' };
  const { managedFields: _before, ...rest } = metadata;
  return { ...object, apiVersion: API_VERSION, kind: 'Test', metadata: { ...rest, ...(managedFields === undefined ? {} : { managedFields }) } };
}

function fieldsOf(object: KubeObject, manager: string): FieldSet {
  const entry = object.metadata.managedFields?.find((each) => each.manager === manager);
  return FieldSet.parse(entry?.fieldsV1 ?? {}) ?? FieldSet.EMPTY;
}

function conflictsOf(action: () => unknown): string[] {
  try {
    action();
  } catch (error) {
    if (error instanceof ApiError) return (error.status.details?.causes ?? []).map(({ field, message }) => `${field ?? ''} ${message}`);
    throw error;
  }
  return [];
}

const json = (value: unknown): string => canonicalJson(value);

describe('properties of server-side apply', () => {
  it('applying twice is applying once', () => {
    fc.assert(
      fc.property(spec, spec, (base, wanted) => {
        const before = update(undefined, base, 'other');
        const once = apply(before, wanted, { manager: 'ann', force: true });
        const twice = apply(once, wanted, { manager: 'ann', force: true, now: '2026-02-02T00:00:00Z' });
        expect(json(twice)).toBe(json(once));
      }),
    );
  });

  it('sets what the configuration says', () => {
    fc.assert(
      fc.property(spec, spec, (base, wanted) => {
        const merged = apply(update(undefined, base, 'other'), wanted, { manager: 'ann', force: true });
        const again = apply(merged, wanted, { manager: 'ben' });
        expect(json(again.spec)).toBe(json(merged.spec));
      }),
    );
  });

  it('leaves fields that only others own as they are', () => {
    fc.assert(
      fc.property(spec, spec, spec, (base, first, second) => {
        const before = update(undefined, base, 'other');
        const one = apply(before, first, { manager: 'ann', force: true });
        const two = apply(one, second, { manager: 'ann', force: true });
        const others = fieldsOf(one, 'other');
        // What `other` still owns afterwards has the value that it set.
        for (const path of fieldsOf(two, 'other').paths()) {
          expect(others.has(path)).toBe(true);
          expectSame(two, before, path);
        }
      }),
      // An empty list that another set: who adds items to it leaves it that it is there.
      { examples: [[{ items: [] }, {}, { items: [{ name: 'x' }] }]] },
    );
  });

  it('removes a field with its last owner, and not before', () => {
    fc.assert(
      fc.property(spec, (wanted) => {
        const ann = apply(undefined, wanted, { manager: 'ann' });
        const both = apply(ann, wanted, { manager: 'ben' });
        const kept = apply(both, {}, { manager: 'ann' });
        expect(json(kept.spec ?? {})).toBe(json(ann.spec ?? {}));
        const gone = apply(kept, {}, { manager: 'ben' });
        expect(leaves(gone.spec)).toEqual([]);
      }),
    );
  });

  it('does not depend on the order of appliers who touch different things', () => {
    fc.assert(
      fc.property(spec, spec, (one, two) => {
        const mine = only(one, ['a', 'nested', 'set']);
        const yours = only(two, ['b', 'map', 'items']);
        const forth = apply(apply(undefined, mine, { manager: 'ann' }), yours, { manager: 'ben' });
        const back = apply(apply(undefined, yours, { manager: 'ben' }), mine, { manager: 'ann' });
        expect(json(withoutTimes(forth))).toBe(json(withoutTimes(back)));
      }),
    );
  });

  it('conflicts exactly where others own another value, and force ends it', () => {
    fc.assert(
      fc.property(spec, spec, (one, two) => {
        const ann = apply(undefined, one, { manager: 'ann' });
        const conflicts = conflictsOf(() => apply(ann, two, { manager: 'ben' }));
        const forced = apply(ann, two, { manager: 'ben', force: true });
        const lost = fieldsOf(ann, 'ann').difference(fieldsOf(forced, 'ann'));
        expect(conflicts).toHaveLength([...lost.paths()].length);
        expect(conflictsOf(() => apply(forced, two, { manager: 'ben' }))).toEqual([]);
      }),
    );
  });

  it('tracks of an update what it changed, and takes nothing from those whose fields it left', () => {
    fc.assert(
      fc.property(spec, spec, (one, two) => {
        const before = apply(undefined, one, { manager: 'ann' });
        const after = update(before, two, 'ben');
        const [annBefore, annAfter, ben] = [fieldsOf(before, 'ann'), fieldsOf(after, 'ann'), fieldsOf(after, 'ben')];
        expect(annAfter.difference(annBefore).isEmpty).toBe(true);
        expect(annAfter.intersection(ben).isEmpty).toBe(true);
        for (const path of annAfter.paths()) expectSame(after, before, path);
      }),
    );
  });

  it('keeps the live object and the configuration unchanged', () => {
    fc.assert(
      fc.property(spec, spec, (base, wanted) => {
        const live = update(undefined, base, 'other');
        const before = json([live, wanted]);
        apply(live, wanted, { manager: 'ann', force: true });
        expect(json([live, wanted])).toBe(before);
      }),
    );
  });
});

describe('lists', () => {
  const items = (...names: string[]) => names.map((name) => ({ name }));

  it('that are maps merge by key, in the order of the applied one', () => {
    const live = apply(undefined, { items: items('a', 'b', 'c') }, { manager: 'ann' });
    const merged = apply(live, { items: items('c', 'new', 'a') }, { manager: 'ben' });
    expect((merged.spec as { items: unknown }).items).toEqual(items('c', 'new', 'a', 'b').sort(byPlace(merged)));
    expect(names(merged)).toContain('b');
    expect(names(merged).indexOf('c')).toBeLessThan(names(merged).indexOf('a'));
  });

  it('that are atomic are one field', () => {
    const live = apply(undefined, { list: ['a'] }, { manager: 'ann' });
    expect(conflictsOf(() => apply(live, { list: ['a', 'b'] }, { manager: 'ben' }))).toEqual(['.spec.list conflict with "ann"']);
  });

  it('that are sets grow by what each applier brings and lose it with its last owner', () => {
    const both = apply(apply(undefined, { set: ['x', 'y'] }, { manager: 'ann' }), { set: ['y', 'z'] }, { manager: 'ben' });
    expect(new Set((both.spec as { set: string[] }).set)).toEqual(new Set(['x', 'y', 'z']));
    const left = apply(both, { set: [] }, { manager: 'ann' });
    expect(new Set((left.spec as { set: string[] }).set)).toEqual(new Set(['y', 'z']));
  });

  function names(object: KubeObject): string[] {
    return (object.spec as { items: { name: string }[] }).items.map(({ name }) => name);
  }

  function byPlace(object: KubeObject) {
    return (left: { name: string }, right: { name: string }) => names(object).indexOf(left.name) - names(object).indexOf(right.name);
  }
});

describe('refusals', () => {
  it('name the fields that the schema has not, and keys that stand there twice', () => {
    expect(() => apply(undefined, { nope: 1 }, { manager: 'ann' })).toThrow(
      'failed to create typed patch object (/test; test.dev/v1, Kind=Test): .spec.nope: field not declared in schema',
    );
    expect(() => apply(undefined, { items: [{ name: 'x' }, { name: 'x' }] }, { manager: 'ann' })).toThrow(
      '.spec.items: duplicate entries for key [name="x"]',
    );
    expect(() => apply(undefined, { b: 'one' }, { manager: 'ann' })).toThrow('.spec.b: expected numeric (int or float), got string');
    expect(() => apply(undefined, { items: [{ value: 'x' }] }, { manager: 'ann' })).toThrow('.spec.items: element 0: associative list with keys has an element that omits all key fields ["name"]');
  });

  it('list several conflicts by manager', () => {
    const live = apply(undefined, { a: 'x', b: 1 }, { manager: 'ann' });
    expect(() => apply(live, { a: 'y', b: 2 }, { manager: 'ben' })).toThrow(
      'Apply failed with 2 conflicts: conflicts with "ann":\n- .spec.a\n- .spec.b',
    );
  });

  it('say of an updater in which version and when it wrote', () => {
    const live = update(undefined, { a: 'x' }, 'kubectl');
    expect(conflictsOf(() => apply(live, { a: 'y' }, { manager: 'ben' }))).toEqual([
      '.spec.a conflict with "kubectl" using test.dev/v1 at 2026-01-01T00:00:00Z',
    ]);
  });
});

describe('kubectl on its way from client-side to server-side apply', () => {
  const ANNOTATION = 'kubectl.kubernetes.io/last-applied-configuration';

  function annotated(of: Spec, lastApplied: Spec): KubeObject {
    const object = update(undefined, of, 'kubectl-client-side-apply');
    return { ...object, metadata: { ...object.metadata, annotations: { [ANNOTATION]: JSON.stringify(config(lastApplied)) } } };
  }

  it('takes over what it applied itself, and brings the annotation up to date', () => {
    const applied = apply(annotated({ a: 'x' }, { a: 'x' }), { a: 'y' }, { manager: 'kubectl' });
    expect(applied.spec).toEqual({ a: 'y' });
    const { object } = applyConfiguration({
      schema, hasStatus: true, apiVersion: API_VERSION, live: annotated({ a: 'x' }, { a: 'x' }), config: config({ a: 'y' }),
      manager: 'kubectl', subresource: '', force: false, now: 'now',
    });
    const { annotations } = object['metadata'] as { annotations: Record<string, string> };
    expect(JSON.parse(annotations[ANNOTATION] ?? '')).toEqual(config({ a: 'y' }));
  });

  it('does not take what somebody else changed since, nor does another manager', () => {
    const changed = annotated({ a: 'z' }, { a: 'x' });
    expect(conflictsOf(() => apply(changed, { a: 'y' }, { manager: 'kubectl' }))).toHaveLength(1);
    expect(conflictsOf(() => apply(annotated({ a: 'x' }, { a: 'x' }), { a: 'y' }, { manager: 'flux' }))).toHaveLength(1);
  });

  it('is not misled by an annotation that is no object', () => {
    const live = annotated({ a: 'x' }, { a: 'x' });
    for (const text of ['{', '3', '[]', '{"apiVersion":"other/v1"}']) {
      const broken = { ...live, metadata: { ...live.metadata, annotations: { [ANNOTATION]: text } } };
      expect(conflictsOf(() => apply(broken, { a: 'y' }, { manager: 'kubectl' }))).toHaveLength(1);
    }
  });
});

describe('managedFields', () => {
  it('of an update keep the time of those who lost and won nothing', () => {
    const one = update(undefined, { a: 'x' }, 'ann', '2026-01-01T00:00:00Z');
    const two = update(one, { a: 'x', b: 1 }, 'ben', '2026-01-02T00:00:00Z');
    expect(two.metadata.managedFields?.map(({ manager, time }) => [manager, time])).toEqual([
      ['ann', '2026-01-01T00:00:00Z'], ['ben', '2026-01-02T00:00:00Z'],
    ]);
  });

  it('of an object that nobody managed go to before-first-apply', () => {
    const bare = stored(config({ a: 'x', b: 1 }), undefined, undefined);
    const applied = apply(bare, { a: 'x' }, { manager: 'ann' });
    expect(applied.metadata.managedFields?.map(({ manager }) => manager)).toEqual(['ann', 'before-first-apply']);
    expect(conflictsOf(() => apply(bare, { a: 'y' }, { manager: 'ann' }))).toHaveLength(1);
  });

  it('join the oldest updaters when there are more than ten', () => {
    let object = update(undefined, { map: {} }, 'w0', '2026-01-01T00:00:00Z');
    const map: Record<string, string> = {};
    for (let writer = 1; writer <= 14; writer += 1) {
      map[`key${writer}`] = 'x';
      object = update(object, { map: { ...map } }, `w${writer}`, `2026-01-01T00:${String(writer).padStart(2, '0')}:00Z`);
    }
    const managers = object.metadata.managedFields?.map(({ manager }) => manager) ?? [];
    expect(managers).toHaveLength(10);
    expect(managers[0]).toBe('ancient-changes');
    expect(fieldsOf(object, 'ancient-changes').has(['f:spec', 'f:map', 'f:key2'])).toBe(true);
  });

  it('never hold what tells which object it is, nor a status that the write could not set', () => {
    const object = apply(undefined, { a: 'x' }, { manager: 'ann' });
    expect(object.metadata.managedFields?.[0]?.fieldsV1).toEqual({ 'f:spec': { 'f:a': {} } });
  });
});

function only(of: Spec, fields: readonly string[]): Spec {
  return Object.fromEntries(Object.entries(of).filter(([name]) => fields.includes(name)));
}

function valueAt(value: unknown, path: readonly string[]): unknown {
  let at = value;
  for (const element of path) {
    const content = element.slice(2);
    if (element.startsWith('f:')) at = (at as Record<string, unknown> | undefined)?.[content];
    else if (element.startsWith('v:')) at = (at as unknown[] | undefined)?.find((item) => json(item) === content);
    else at = (at as { name: string }[] | undefined)?.find((item) => json({ name: item.name }) === content);
  }
  return at;
}

/** Who owns a member or item that others may add to, owns that it is there; of all else, its value. */
function expectSame(left: KubeObject, right: KubeObject, path: readonly string[]): void {
  const [one, two] = [valueAt(left, path), valueAt(right, path)];
  const isWhole = ['f:whole', 'f:list'].includes(path.at(-1) ?? '') || typeof one !== 'object';
  if (isWhole) expect(json(one)).toBe(json(two));
  else expect(two).toBeDefined();
}

/** An applier that changed nothing gets no time, as in Kubernetes. */
function withoutTimes(object: KubeObject): KubeObject {
  const managedFields = (object.metadata.managedFields ?? []).map(({ time: _time, ...entry }) => entry);
  managedFields.sort((left, right) => ((left.manager ?? '') < (right.manager ?? '') ? -1 : 1));
  return { ...object, metadata: { ...object.metadata, managedFields } };
}

/** The scalars of a value, and the atomic things that are not empty. */
function leaves(value: unknown): unknown[] {
  if (typeof value !== 'object' || value === null) return value === undefined ? [] : [value];
  return Object.values(value).flatMap(leaves);
}
