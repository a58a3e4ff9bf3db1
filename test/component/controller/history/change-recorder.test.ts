import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { customResourceDefinitions } from '../../../../api/generated/crds.ts';
import type { KubeObject } from '../../../../api/machinery/object.ts';
import { InProcessClient } from '../../../../controller/client/in-process-client.ts';
import { ChangeRecorder } from '../../../../controller/history/change-recorder.ts';
import { Unwritten } from '../../../../controller/history/unwritten.ts';
import { VolatileMap, type DurableMap } from '../../../../controller/journal/durable-map.ts';
import type { AppliedPlan } from '../../../../controller/reconcile/lane-report.ts';
import type { SystemName } from '../../../../controller/systems/system.ts';
import { eventually } from '../../../fixtures/eventually.ts';
import { resource } from '../../../fixtures/resources.ts';
import { openRegistry, type OpenedRegistry } from '../../api/registry/opened-registry.ts';

let opened: OpenedRegistry;
let memory: DurableMap;
let works: DurableMap;
let numbered: DurableMap;
let client: InProcessClient;
let recorder: ChangeRecorder;
let port: KubeObject;
const failures: unknown[] = [];

beforeEach(async () => {
  opened = await openRegistry({ crds: customResourceDefinitions });
  [memory, works, numbered] = [new VolatileMap(), new VolatileMap(), new VolatileMap()];
  client = new InProcessClient(opened.registry);
  port = resource('VlanPort', 'p', { bridgeName: 'br0' });
  recorder = open();
});

afterEach(async () => {
  await recorder.stop();
  await opened.close();
  expect(failures).toEqual([]);
});

function open(): ChangeRecorder {
  const failed = (error: unknown): void => void failures.push(error);
  const unwritten = new Unwritten({ works, numbered, clock: opened.clock, failed });
  return new ChangeRecorder({ client, memory, unwritten, clock: opened.clock, hostName: 'luna', resource: () => port, failed });
}

/** As after kill -9 before a call of the API: what is on disk then is all that the next recorder knows. */
async function killedBefore(call: 'create' | 'writeStatus' | 'anything'): Promise<ChangeRecorder> {
  const never = new Promise<never>(() => undefined);
  const isReached = vi.fn(() => never);
  vi.spyOn(client, call === 'anything' ? 'create' : call).mockImplementation(isReached);
  if (call !== 'anything') {
    opened.clock.advance(2_000);
    await eventually(() => isReached.mock.calls.length > 1);
  }
  [memory, works, numbered] = [memory, works, numbered].map(copyOf) as [DurableMap, DurableMap, DurableMap];
  client = new InProcessClient(opened.registry);
  return open();
}

function copyOf(map: DurableMap): DurableMap {
  const copied = new VolatileMap();
  for (const [key, value] of map.entries()) copied.put(key, value);
  return copied;
}

function plan(system: SystemName, names: readonly string[], drift = false): AppliedPlan {
  const steps = names.map((name) => ({
    step: { owner: `VlanPort/${name}` as const, verb: 'update' as const, object: `Port ${name}`, leftover: false, differences: [{ path: 'tag', expected: '1', found: '2' }] },
    drift,
  }));
  return { system, steps, startedAt: opened.clock.now(), tookMs: 5 };
}

function spec(bridgeName: string, generation: number): void {
  port = { ...port, spec: { bridgeName }, metadata: { ...port.metadata, generation } };
}

/** What is in the API, by revision, once there are so many that say how they ended. */
async function changes(count: number): Promise<readonly Record<string, unknown>[]> {
  return eventually(async () => {
    opened.clock.advance(250);
    await new Promise((resolve) => setImmediate(resolve));
    const { items } = opened.registry.list(opened.type('changes'), {});
    const ended = items.map(({ object }) => object).filter(({ status }) => typeof status === 'object' && status !== null && 'result' in status);
    if (ended.length < count) return false;
    return ended.map((object) => object.spec as Record<string, unknown>).sort((a, b) => Number(a['revision']) - Number(b['revision']));
  }, 20_000);
}

describe('the recorder of Changes', () => {
  it('makes one Change of what several systems do for one spec', async () => {
    recorder.record(plan('ovs', ['p']));
    opened.clock.advance(1_900);
    recorder.record(plan('netplan', ['p']));
    opened.clock.advance(1_900);
    expect(opened.registry.list(opened.type('changes'), {}).items).toEqual([]);
    const [made] = await changes(1);
    expect(made).toMatchObject({ revision: 1, reason: 'SpecChanged', after: 'bridgeName: br0\n', steps: [{ system: 'ovs' }, { system: 'netplan' }] });
  });

  it('waits for the system that comes last, as long as the resource says that it is under way', async () => {
    const status = (programmed: 'True' | 'Unknown') => ({ conditions: [{ type: 'Programmed', status: programmed, reason: 'x', message: '', observedGeneration: port.metadata.generation }] });
    port = { ...port, status: status('Unknown') };
    recorder.record(plan('ovs', ['p']));
    opened.clock.advance(8_000);
    recorder.record(plan('netplan', ['p']));
    port = { ...port, status: status('True') };
    opened.clock.advance(2_000);
    const [only, ...others] = await changes(1);
    expect(others).toEqual([]);
    expect(only).toMatchObject({ steps: [{ system: 'ovs' }, { system: 'netplan' }] });
  });

  it('waits no longer than ten seconds for an end of the work', async () => {
    for (let each = 0; each < 6; each += 1) {
      recorder.record(plan('ovs', ['p']));
      opened.clock.advance(1_900);
    }
    await changes(1);
  });

  it('makes a Change of each corrected drift', async () => {
    recorder.record(plan('ovs', ['p']));
    recorder.record(plan('ovs', ['p'], true));
    opened.clock.advance(10);
    recorder.record(plan('ovs', ['p'], true));
    expect((await changes(3)).map(({ reason }) => reason)).toEqual(['SpecChanged', 'DriftCorrected', 'DriftCorrected']);
  });

  it('goes on after a restart with the next revision and the spec from before', async () => {
    recorder.record(plan('ovs', ['p']));
    await changes(1);
    await recorder.stop();
    recorder = open();
    spec('br1', 2);
    recorder.record(plan('ovs', ['p']));
    expect((await changes(2))[1]).toMatchObject({ revision: 2, before: 'bridgeName: br0\n', after: 'bridgeName: br1\n' });
  });

  it('goes on counting also when its memory is lost', async () => {
    recorder.record(plan('ovs', ['p']));
    recorder.record(plan('ovs', ['p'], true));
    await changes(2);
    await recorder.stop();
    memory = new VolatileMap();
    recorder = open();
    recorder.record(plan('ovs', ['p']));
    expect((await changes(3)).map(({ revision }) => revision)).toEqual([1, 2, 3]);
  });

  it('writes after kill -9 what it had only taken in', async () => {
    recorder.record(plan('ovs', ['p']));
    opened.clock.advance(1);
    recorder = await killedBefore('anything');
    spec('br1', 2);
    const [made, ...others] = await changes(1);
    expect(others).toEqual([]);
    expect(made).toMatchObject({ revision: 1, reason: 'SpecChanged', after: 'bridgeName: br0\n', steps: [{ system: 'ovs', object: 'Port p' }] });
    recorder.record(plan('ovs', ['p']));
    expect((await changes(2))[1]).toMatchObject({ revision: 2, before: 'bridgeName: br0\n', after: 'bridgeName: br1\n' });
  });

  it.each(['create', 'writeStatus'] as const)('writes after kill -9 what it had numbered, once, where that came before %s', async (call) => {
    recorder.record(plan('ovs', ['p', 'q']));
    recorder = await killedBefore(call);
    const made = await changes(2);
    expect(made.map(({ revision, subject }) => [revision, subject])).toEqual([[1, expect.objectContaining({ name: 'p' })], [1, expect.objectContaining({ name: 'q' })]]);
    expect([...works.entries(), ...numbered.entries()]).toEqual([]);
  });

  it('keeps nothing of what it has written', async () => {
    recorder.record(plan('ovs', ['p', 'q']));
    recorder.record(plan('ovs', ['p'], true));
    opened.clock.advance(1);
    expect([...works.entries()]).toHaveLength(3);
    recorder.record(plan('netplan', ['p']));
    // Written at the very moment when another system's part has come in.
    opened.clock.advance(1_999);
    recorder.record(plan('libvirt', ['p']));
    await recorder.stop();
    await eventually(() => [...works.entries(), ...numbered.entries()].length === 0);
  });

  it('writes what it holds when it is stopped', async () => {
    recorder.record(plan('ovs', Array.from({ length: 50 }, (_, index) => `p${index}`)));
    await recorder.stop();
    expect(opened.registry.list(opened.type('changes'), {}).items).toHaveLength(50);
  });

  it('writes many in pieces with a rest between them, and no more than are kept', async () => {
    recorder.record(plan('ovs', Array.from({ length: 1_005 }, (_, index) => `p${index}`)));
    opened.clock.advance(2_000);
    await eventually(() => opened.registry.list(opened.type('changes'), {}).items.length === 5);
    const written = await changes(1_000);
    expect(written).toHaveLength(1_000);
    expect(opened.registry.list(opened.type('changes'), {}).items.some(({ object }) => object.metadata.name === 'vlanport-p4-1')).toBe(false);
  });
});
