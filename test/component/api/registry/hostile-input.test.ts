import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { customResourceDefinitions } from '../../../../api/generated/crds.ts';
import { ApiError } from '../../../../api/machinery/api-error.ts';
import { equalJson } from '../../../../api/machinery/json.ts';
import type { ResourceType } from '../../../../api/registry/contract.ts';
import { openRegistry, WRITE, type OpenedRegistry } from './opened-registry.ts';

let opened: OpenedRegistry;

beforeAll(async () => {
  opened = await openRegistry({ crds: customResourceDefinitions });
});

afterAll(() => opened.close());

const FIELDS = [
  'apiVersion', 'kind', 'metadata', 'spec', 'status', 'name', 'labels', 'annotations', 'finalizers', 'ownerReferences', 'managedFields', 'uid',
  'resourceVersion', 'generateName', 'vlan', 'tag', 'trunks', 'mode', 'uplinks', 'interfaces', 'bridgeName', 'data', 'stringData', 'conditions',
  'fieldsV1', 'operation', 'Update', 'f:spec', 'k:{"name":"a"}', '.', '__proto__', 'constructor', 'hasOwnProperty', 'toString', 'length', '',
];

const scalar = fc.oneof(fc.constantFrom<unknown>(null, true, 0, -1, 1e21, Infinity, '', 'a', 'access', '\ud800', '0', '2026-01-01T00:00:00Z'), fc.string(), fc.integer());
const { value } = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 5, withCrossShrink: true },
    scalar,
    fc.array(tie('value'), { maxLength: 3 }),
    fc.array(fc.tuple(fc.constantFrom(...FIELDS), tie('value')), { maxLength: 5 }).map((entries) => record(entries)),
  ),
}));

/** With `__proto__` as a member of its own, as JSON.parse makes it. */
function record(entries: readonly (readonly [string, unknown])[]): unknown {
  const object: Record<string, unknown> = {};
  for (const [name, member] of entries) Object.defineProperty(object, name, { value: member, enumerable: true, configurable: true, writable: true });
  return object;
}

/** A body that begins as one of the kind, so that it gets further than the first check. */
function plausible(type: ResourceType, parts: { metadata: unknown; spec: unknown; more: unknown }): unknown {
  const { metadata, spec, more } = parts;
  const apiVersion = type.group === '' ? type.version : `${type.group}/${type.version}`;
  const rest = typeof more === 'object' && more !== null ? more : {};
  return { ...rest, apiVersion, kind: type.kind, metadata: typeof metadata === 'object' && metadata !== null ? { name: 'a', ...metadata } : { name: 'a' }, spec };
}

async function refusedOrStored(write: () => Promise<{ readonly stored: { readonly object: unknown; readonly bytes: Buffer } }>): Promise<void> {
  try {
    const { stored } = await write();
    expect(equalJson(JSON.parse(stored.bytes.toString()), stored.object)).toBe(true);
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    expect(error.code).toBeLessThan(500);
  }
}

const parts = fc.record({ metadata: value, spec: value, more: value });
const typeIndex = fc.nat({ max: 14 });

it('is refused or stored as it is shown, whatever the body of a write holds', { timeout: 120_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(typeIndex, fc.constantFrom('create', 'update', 'merge', 'json', 'apply'), parts, value, async (index, verb, each, raw) => {
      const type = opened.registry.types[index % opened.registry.types.length];
      if (type === undefined) throw new Error('no types');
      const body = raw === 0 ? raw : plausible(type, each);
      const at = { type, name: 'a', namespace: 'default' };
      const options = { ...WRITE, force: index % 2 === 0 };
      await refusedOrStored(() => {
        switch (verb) {
          case 'create':
            return opened.registry.create(type, 'default', body, options);
          case 'update':
            return opened.registry.update(at, body, options);
          case 'json':
            return opened.registry.patch(at, { type: 'json', body: raw }, options);
          case 'merge':
            return opened.registry.patch(at, { type: 'merge', body: each }, options);
          default:
            return opened.registry.patch(at, { type: 'apply', body }, options);
        }
      });
    }),
    { numRuns: 3000 },
  );
  expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
});

it('is refused or answered, whatever a list is asked for', () => {
  const text = fc.oneof(fc.string(), fc.constantFrom('0', '1', '99999999999999999999', '-1', 'metadata.name=a', 'a in (b', 'a=b,!c', 'eyJ2IjoibWV0YS5rOHMuaW8vdjEiLCJydiI6MSwic3RhcnQiOiIvYSJ9'));
  const options = fc.record(
    { labelSelector: text, fieldSelector: text, continueToken: text, resourceVersion: text, resourceVersionMatch: fc.constantFrom('Exact', 'NotOlderThan'), limit: fc.integer(), namespace: text },
    { requiredKeys: [] },
  );
  fc.assert(
    fc.property(typeIndex, options, (index, list) => {
      const type = opened.registry.types[index % opened.registry.types.length];
      if (type === undefined) throw new Error('no types');
      try {
        opened.registry.list(type, list);
      } catch (error) {
        if (!(error instanceof ApiError)) throw error;
        expect([400, 410, 504]).toContain(error.code);
      }
    }),
    { numRuns: 2000 },
  );
});
