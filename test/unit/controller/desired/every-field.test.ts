import { describe, expect, it } from 'vitest';
import { customResourceDefinitions } from '../../../../api/generated/crds.ts';
import type { KubeObject } from '../../../../api/machinery/object.ts';
import { compile } from '../../../../controller/desired/compile.ts';
import { setPaths } from '../../../../controller/desired/not-yet-acting.ts';
import { policies } from '../../../../controller/reconcile/policies.ts';
import { guardPolicy } from '../../../../controller/safety/policy.ts';
import { onLuna, resource } from '../../../fixtures/resources.ts';

/** A schema as far as it matters here. */
interface Schema {
  readonly type?: string;
  readonly enum?: readonly unknown[];
  readonly default?: unknown;
  readonly minimum?: number;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
}

/** Not what the host should be, but which host, and what becomes of the thing when it is deleted. */
const ABOUT_THE_RESOURCE = ['spec.hostName', 'spec.deletionPolicy'];

/** Objects in which every field has a place: lists have one item that carries what the items need. */
const BASES: Readonly<Record<string, Record<string, unknown>>> = {
  Host: { libvirt: { defaultNetwork: 'Unmanaged' } },
  Bridge: {
    uplinks: [{ name: 'eth0' }, { name: 'bond0', bond: { interfaces: [{ name: 'eth1' }, { name: 'eth2' }] } }],
    localPort: {},
    mirrors: [{ name: 'm', selectVlans: [1], outputVlan: 2 }],
    libvirtNetwork: { name: 'net' },
  },
  VlanPort: { bridgeName: 'br', addresses: ['10.0.0.1/24'], routes: [{ to: 'default', via: '10.0.0.254' }], routingPolicy: [{ from: '10.0.0.0/24' }], nameservers: {} },
  Portgroup: { bridgeName: 'br', bandwidth: { inbound: { averageKiBps: 1 }, outbound: { averageKiBps: 1 } } },
  VirtualMachine: { disks: [{ name: 'a', path: '/a' }], cdroms: [{ name: 'c', path: '/c' }], interfaces: [{ name: 'eth0', bridgeName: 'br' }] },
};

function schemaOf(kind: string): { readonly spec: Schema; readonly notYetActing: readonly string[] } {
  const crd = customResourceDefinitions.find(({ spec }) => spec.names.kind === kind);
  const root = crd?.spec.versions[0]?.schema.openAPIV3Schema as Schema | undefined;
  const spec = root?.properties?.['spec'];
  if (!spec) throw new Error(`no schema of ${kind}`);
  return { spec, notYetActing: (crd?.metadata.annotations?.['bridgekeeper.dev/not-yet-acting'] ?? '').split('\n') };
}

/** Every field of a schema that has no fields of its own, as a path. */
function leaves(schema: Schema, path: string): { readonly path: string; readonly schema: Schema }[] {
  if (schema.properties) return Object.entries(schema.properties).flatMap(([name, field]) => leaves(field, `${path}.${name}`));
  if (schema.items?.properties) return leaves(schema.items, `${path}[]`);
  return [{ path, schema }];
}

/** A value that differs from what is there when the field is not set. */
function sample({ type, enum: values, default: usual, minimum = 1, items }: Schema, path: string): unknown {
  if (values) return values.findLast((value) => value !== usual);
  if (path === 'spec.localPort.up') return false;
  if (path.endsWith('ize') || path.endsWith('memory')) return '3Gi';
  if (path.endsWith('acAddress')) return '02:00:00:00:00:77';
  if (path.endsWith('ridgeName')) return 'other';
  if (path.endsWith('portgroupName')) return 'pg';
  switch (type) {
    case 'boolean':
      return usual !== true;
    case 'integer':
      return minimum + 6;
    case 'array':
      return [sample(items ?? { type: 'string' }, path)];
    default:
      return 'sample';
  }
}

function withField(spec: Record<string, unknown>, path: string, value: unknown): Record<string, unknown> {
  const copy = structuredClone(spec);
  let at: Record<string, unknown> = copy;
  const steps = path.replace(/^spec\./, '').split('.');
  for (const [index, step] of steps.slice(0, -1).entries()) at = into(at, step, steps[index + 1] ?? '');
  at[steps.at(-1) ?? ''] = value;
  return copy;
}

/** One step down, made where it is missing; of a list the item that has the next step, or else the first. */
function into(at: Record<string, unknown>, step: string, next: string): Record<string, unknown> {
  const name = step.replace('[]', '');
  const found = at[name];
  if (Array.isArray(found)) {
    const items = found as Record<string, unknown>[];
    const item = items.find((candidate) => next.replace('[]', '') in candidate) ?? items[0];
    if (item) return item;
  } else if (typeof found === 'object' && found !== null) {
    return found as Record<string, unknown>;
  }
  const made = step === 'vlan' ? { mode: 'native-tagged', tag: 5, trunks: [6] } : {};
  at[name] = step.endsWith('[]') ? [made] : made;
  return made;
}

const surroundings = [
  resource('Bridge', 'br', { libvirtNetwork: { name: 'brnet' } }),
  resource('Bridge', 'other', { libvirtNetwork: { name: 'othernet' } }),
  resource('Portgroup', 'pg', { bridgeName: 'br' }),
  resource('VirtualMachine', 'guest', { interfaces: [{ name: 'eth0', portgroupName: 'subject', macAddress: '52:54:00:00:00:01' }] }),
];

/** All that comes of a resource, as text. */
function outcome(object: KubeObject): string {
  const resources = onLuna(...surroundings, object);
  const { desired, problems } = compile(resources, { hostName: 'luna', imagesDirectory: '/images', workingBridges: new Set(['br', 'other', 'subject']) });
  return JSON.stringify([desired, [...problems.values()], [...policies(resources)], guardPolicy(resources.host?.spec.rollback).text]);
}

describe.each(Object.keys(BASES))('every field of %s', (kind) => {
  const { spec: schema, notYetActing } = schemaOf(kind);
  const fields = leaves(schema, 'spec').filter(({ path }) => !ABOUT_THE_RESOURCE.includes(path));
  const name = kind === 'Host' ? 'luna' : 'subject';
  const metadata = { uid: '11111111-1111-4111-8111-111111111111', creationTimestamp: '2027-01-01T00:00:00Z' };

  it.each(fields)('acts, or is named as not acting yet: $path', ({ path, schema: field }) => {
    const base = BASES[kind] ?? {};
    const spec = withField(base, path, sample(field, path));
    const object = resource(kind, name, spec, metadata);
    const isNamed = setPaths(object, notYetActing).length > 0;
    const acts = outcome(object) !== outcome(resource(kind, name, withField(spec, path, undefined), metadata));
    expect(acts || isNamed, `${path}: acts ${acts}, is named ${isNamed}`).toBe(true);
    expect(acts && notYetActing.includes(path), `${path} acts and is named as not acting`).toBe(false);
  });
});
