import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { customResourceDefinitions } from '../../../../api/generated/crds.ts';
import { compileSchema } from '../../../../api/schema/compile-schema.ts';
import { isRecord } from '../../../../api/machinery/json.ts';
import type { Manifest } from '../../../../api/machinery/object.ts';

const SPECS: Readonly<Record<string, Record<string, unknown>>> = {
  Host: { rollback: { timeoutSeconds: 30, probes: [{ gateway: {} }, { tcp: { address: 'a', port: 1 } }] } },
  Bridge: { uplinks: [{ name: 'eth0', bond: { interfaces: [{ name: 'a' }, { name: 'b' }], mode: 'balance-slb' } }], mirrors: [{ name: 'm', selectAll: true, outputVlan: 9 }], libvirtNetwork: { name: 'n' } },
  VlanPort: { bridgeName: 'br', vlan: { mode: 'access', tag: 100 }, addresses: ['10.0.0.1/8'], routes: [{ to: 'default', via: '10.0.0.254' }], nameservers: { addresses: ['10.0.0.53'] } },
  Portgroup: { bridgeName: 'br', vlan: { mode: 'trunk', trunks: [1, 2] }, bandwidth: { inbound: { averageKiBps: 1 } } },
  VirtualMachine: { memory: '1Gi', bootOrder: ['root'], disks: [{ name: 'root', size: '1Gi' }], interfaces: [{ name: 'eth0', bridgeName: 'br', macAddress: '52:54:00:00:00:01', guest: { vlans: [{ name: 'v', id: 1 }] } }] },
  DriftReport: { hostName: 'h', system: 'ovs', subject: { kind: 'k', name: 'n' }, detectedAt: '2026-01-01T00:00:00Z', differences: [{ path: 'p' }] },
  Change: { hostName: 'h', subject: { kind: 'k', name: 'n' }, startedAt: '2026-01-01T00:00:00Z', steps: [{ system: 'ovs', verb: 'create', object: 'o' }] },
  HostQuery: { type: 'Plan', objects: [{ apiVersion: 'v1', kind: 'X', metadata: {}, spec: {} }] },
  AlertReceiver: { type: 'webhook', url: 'https://example.org/', events: ['Stalled'] },
};
const strange = fc.oneof(
  fc.constantFrom<unknown>(null, '', 0, -1, 1.5, 2 ** 31, 2 ** 53, 2 ** 63, 1e300, -0, true, [], {}, [null], [[]], { __proto__: null }, '\u0000', '🦆'.repeat(300), 'a'.repeat(70_000)),
  fc.jsonValue({ maxDepth: 4 }),
  fc.dictionary(fc.constantFrom('__proto__', 'constructor', 'toString', 'name', 'mode', 'length'), fc.jsonValue({ maxDepth: 1 })),
);

/** Puts the value at one of the places of the object, chosen by `choice`. */
function replaced(object: unknown, choice: number, value: unknown): unknown {
  const places: (() => void)[] = [];
  const copy: unknown = structuredClone(object);
  const visit = (at: unknown): void => {
    if (Array.isArray(at)) {
      for (const [index, item] of at.entries()) {
        places.push(() => (at[index] = value));
        visit(item);
      }
    } else if (isRecord(at)) {
      for (const [name, member] of Object.entries(at)) {
        places.push(() => (at[name] = value));
        visit(member);
      }
      places.push(() => (at['added'] = value));
    }
  };
  visit(copy);
  places[choice % places.length]?.();
  return copy;
}

describe.each(customResourceDefinitions.map((crd) => [crd.spec.names.kind, compileSchema(crd)] as const))('%s', (kind, schema) => {
  const manifest = (spec: unknown, status?: unknown): Manifest => ({ apiVersion: 'bridgekeeper.dev/v1alpha1', kind, metadata: { name: 'x' }, spec, ...(status === undefined ? {} : { status }) });
  const good = manifest(SPECS[kind]);
  schema.applyDefaults(good);

  it('is valid before it is twisted', () => {
    expect(schema.validate(structuredClone(good))).toEqual([]);
  });

  it('never throws on twisted objects, prunes and defaults once for all, and stores nothing of another shape', () => {
    fc.assert(
      fc.property(fc.nat(), strange, (choice, value) => {
        const spec = replaced({ spec: good.spec }, choice, value);
        const twisted = manifest(isRecord(spec) ? spec['spec'] : spec);
        schema.prune(twisted);
        expect(schema.prune(twisted)).toEqual([]);
        schema.applyDefaults(twisted);
        const once = structuredClone(twisted);
        schema.applyDefaults(twisted);
        expect(twisted).toEqual(once);
        const causes = schema.validate(twisted);
        schema.validate(twisted, good);
        schema.validate(good, twisted);
        for (const { field, message } of causes) expect(`${field}${message}`).not.toContain('undefined');
        expect(twisted).toEqual(once);
      }),
      { numRuns: 300 },
    );
  });

  it('never throws on twisted status', () => {
    fc.assert(
      fc.property(fc.nat(), strange, (choice, value) => {
        const status = replaced({ status: good.status }, choice, value);
        const twisted = manifest(good.spec, isRecord(status) ? status['status'] : status);
        schema.prune(twisted);
        schema.applyDefaults(twisted);
        schema.validateStatus(twisted, good);
        schema.validateStatus(good, twisted);
      }),
      { numRuns: 200 },
    );
  });

  it('lets nobody reach a prototype', () => {
    const evil = JSON.parse(`{"apiVersion":"v1","kind":"${kind}","metadata":{"name":"x"},"spec":{"__proto__":{"polluted":1}},"__proto__":{"polluted":1}}`) as Manifest;
    schema.prune(evil);
    schema.applyDefaults(evil);
    schema.validate(evil);
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
    expect(JSON.stringify(evil)).not.toContain('polluted');
  });
});
