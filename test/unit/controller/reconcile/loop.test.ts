import { setImmediate } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import type { KubeObject } from '../../../../api/machinery/object.ts';
import type { ResourceClient } from '../../../../controller/client/resource-client.ts';
import { VolatileMap } from '../../../../controller/journal/durable-map.ts';
import { Loop } from '../../../../controller/reconcile/loop.ts';
import { NO_GUARD_REPORT } from '../../../../controller/safety/guard-report.ts';
import { OPEN_GATE } from '../../../../controller/safety/lane-gate.ts';
import { SystemUnreachable, type StepInfo, type System, type SystemName } from '../../../../controller/systems/system.ts';
import { eventually } from '../../../fixtures/eventually.ts';
import { FakeClock } from '../../../fixtures/fake-clock.ts';

const HOST: KubeObject = { apiVersion: 'bridgekeeper.dev/v1alpha1', kind: 'Host', metadata: { name: 'luna', uid: 'u', resourceVersion: '1', generation: 1, creationTimestamp: '2026-01-01T00:00:00Z' }, spec: {} };

/** Knows a Host and nothing else, and takes every write. */
const client: ResourceClient = {
  list: (kind) => Promise.resolve({ items: kind === 'Host' ? [HOST] : [], resourceVersion: '1' }),
  watch: () => () => undefined,
  writeStatus: () => Promise.resolve('written'),
  writeFinalizer: () => Promise.resolve('written'),
  create: () => Promise.resolve('conflict'),
  ensure: () => Promise.resolve(),
  delete: () => Promise.resolve('gone'),
  read: () => Promise.resolve(undefined),
  readSecret: () => Promise.resolve(undefined),
};

const looks: SystemName[] = [];

function system(name: SystemName): System<unknown, never, StepInfo> {
  return {
    name,
    start: () => Promise.resolve(),
    stop: () => Promise.resolve(),
    observe: () => {
      looks.push(name);
      return Promise.reject(new SystemUnreachable(name, 'NetplanUnavailable', 'there is none'));
    },
    plan: () => ({ steps: [], findings: [], refusals: [] }),
    apply: () => Promise.resolve([]),
    changes: () => () => undefined,
  };
}

const clock = new FakeClock();
const recovered = Promise.withResolvers<undefined>();
const loop = new Loop({
  hostName: 'luna', standalone: true, imagesDirectory: '/nowhere', kernelRelease: '6.1', client, clock,
  journal: { map: () => new VolatileMap(), close: () => undefined },
  systems: { ovs: system('ovs'), netplan: system('netplan'), libvirt: system('libvirt') },
  guard: { gates: { ovs: OPEN_GATE, netplan: OPEN_GATE }, report: NO_GUARD_REPORT, recover: () => recovered.promise, resourcesChanged: () => undefined, stop: () => undefined },
  listener: { drifted: () => undefined, applied: () => undefined, passed: () => undefined, guests: () => undefined, turned: () => undefined, failed: () => undefined },
});

afterEach(() => loop.stop());

/** More than what is known takes to be gathered and compiled, and a lane to look. */
async function turns(): Promise<void> {
  for (let turn = 0; turn < 100; turn++) {
    await setImmediate();
    clock.advance(10);
  }
}

describe('the loop', () => {
  it('looks at no system until the guard has taken up what an earlier daemon left', async () => {
    const started = loop.start();
    await eventually(() => loop.resource('Host', 'luna') !== undefined);
    await turns();
    expect(looks).toEqual([]);
    recovered.resolve(undefined);
    await started;
    await turns();
    expect(looks).toEqual(expect.arrayContaining(['ovs', 'netplan']));
  });
});
