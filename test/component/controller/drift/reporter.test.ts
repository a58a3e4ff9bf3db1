import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { customResourceDefinitions } from '../../../../api/generated/crds.ts';
import type { KubeObject, Manifest } from '../../../../api/machinery/object.ts';
import type { Alert } from '../../../../controller/alerts/alert.ts';
import { InProcessClient } from '../../../../controller/client/in-process-client.ts';
import type { ResourceClient } from '../../../../controller/client/resource-client.ts';
import { DriftReporter } from '../../../../controller/drift/reporter.ts';
import { EventRecorder } from '../../../../controller/events/event-recorder.ts';
import { VolatileMap, type DurableMap } from '../../../../controller/journal/durable-map.ts';
import type { DriftEvent } from '../../../../controller/reconcile/lane-report.ts';
import { eventually } from '../../../fixtures/eventually.ts';
import { openRegistry, type OpenedRegistry } from '../../api/registry/opened-registry.ts';

const SECOND_MS = 1_000;

/** A process that tells of drift; all that outlives it is in the registry and in the map. */
class Process {
  readonly alerts: Alert[] = [];
  readonly failures: unknown[] = [];
  readonly reporter: DriftReporter;
  readonly #takings: (() => void)[] = [];
  readonly #known = Promise.withResolvers<'known'>();

  constructor(opened: OpenedRegistry, memory: DurableMap, client: ResourceClient = new InProcessClient(opened.registry)) {
    const { clock } = opened;
    const failed = (error: unknown): void => void this.failures.push(error);
    this.reporter = new DriftReporter({
      client,
      events: new EventRecorder({ client, clock, hostName: 'luna', uidOf: () => undefined, failed }),
      alerts: {
        ready: this.#known.promise,
        receiversOf: () => ['ops'],
        tell: (alert, taken) => {
          this.alerts.push(alert);
          this.#takings.push(taken);
        },
      },
      memory,
      clock,
      hostName: 'luna',
      failed,
    });
  }

  /** Now it is known who is to be told. */
  knowReceivers(): void {
    this.#known.resolve('known');
  }

  /** What was told is in the outbox, on disk. */
  takeAlerts(): void {
    for (const taken of this.#takings.splice(0)) taken();
  }
}

class FullDisk extends InProcessClient {
  isFull = true;

  override create(manifest: Manifest): Promise<KubeObject | 'conflict'> {
    return this.isFull ? Promise.reject(new Error('database or disk is full')) : super.create(manifest);
  }
}

let opened: OpenedRegistry;
let memory: VolatileMap;

beforeEach(async () => {
  opened = await openRegistry({ crds: customResourceDefinitions });
  memory = new VolatileMap();
});

afterEach(async () => {
  await opened.close();
});

function start(): Process {
  const process = new Process(opened, memory);
  process.knowReceivers();
  return process;
}

function drift(found: string): DriftEvent {
  const detectedAt = opened.clock.now();
  const differences = [{ path: 'Port[p].tag', expected: '100', found }];
  const step = { owner: 'VlanPort/p', verb: 'update', object: 'Port p', leftover: false, differences, rows: new Map([['needs', 'more than JSON']]) } as const;
  const commands = [{ command: `ovs-vsctl set port p tag=${found}`, process: 'bash', at: detectedAt }];
  return { system: 'ovs', subject: { kind: 'step', step }, detectedAt, action: 'Corrected', correctedAt: detectedAt + 1, cause: { commands, user: 'root', source: 'ovsdb-log' } };
}

async function reports(count: number): Promise<readonly KubeObject[]> {
  return eventually(() => {
    opened.clock.advance(250);
    const { items } = opened.registry.list(opened.type('driftreports'), {});
    const objects = items.map(({ object }) => object);
    return objects.length === count && objects.every(({ status }) => status !== undefined) ? objects : undefined;
  });
}

async function alertsOf(process: Process, count: number): Promise<readonly Alert[]> {
  return eventually(() => {
    opened.clock.advance(250);
    return process.alerts.length >= count && process.alerts;
  });
}

describe('drift', () => {
  it('is told once, and then forgotten', async () => {
    const process = start();
    process.reporter.report(drift('200'));
    const [alert] = await alertsOf(process, 1);
    const [report] = await reports(1);
    expect(alert?.id).toBe(report?.metadata.uid);
    expect([...memory.entries()]).toHaveLength(1);
    process.takeAlerts();
    expect([...memory.entries()]).toEqual([]);
    await process.reporter.stop();
    expect(process.failures).toEqual([]);
  });

  it('that a killed process had not told is told by the next one, with its command', async () => {
    const killed = start();
    killed.reporter.report(drift('200'));
    killed.reporter.report(drift('201'));
    opened.clock.advance(1);
    const next = new Process(opened, copyOf(memory));
    next.knowReceivers();
    const [alert] = await alertsOf(next, 1);
    expect(alert?.drift).toMatchObject({ count: 1, command: 'ovs-vsctl set port p tag=200\novs-vsctl set port p tag=201' });
    expect(alert?.drift?.differences).toEqual([{ path: 'Port[p].tag', expected: '100', found: '200, 201' }]);
  });

  it('whose report was written, and whose alert was not on disk, gets no second report', async () => {
    const killed = start();
    killed.reporter.report(drift('200'));
    await alertsOf(killed, 1);
    const [report] = await reports(1);
    const next = start();
    next.reporter.report(drift('300'));
    const alerts = await alertsOf(next, 2);
    expect(alerts.map(({ drift: told }) => told?.command)).toEqual(['ovs-vsctl set port p tag=200', 'ovs-vsctl set port p tag=300']);
    expect(alerts[0]?.id).toBe(report?.metadata.uid);
    expect(await reports(2)).toContainEqual(report);
    next.takeAlerts();
    expect([...memory.entries()]).toEqual([]);
  });

  it('waits until it is known who is to be told', async () => {
    const process = new Process(opened, memory);
    process.reporter.report(drift('200'));
    opened.clock.advance(60 * SECOND_MS);
    await new Promise((resolve) => setImmediate(resolve));
    expect(opened.registry.list(opened.type('driftreports'), {}).items).toEqual([]);
    process.knowReceivers();
    expect((await reports(1))[0]?.status).toMatchObject({ alerts: [{ receiverName: 'ops', state: 'Pending' }] });
  });

  it('is told later when the report can not be written now', async () => {
    const client = new FullDisk(opened.registry);
    const process = new Process(opened, memory, client);
    process.knowReceivers();
    process.reporter.report(drift('200'));
    await eventually(() => {
      opened.clock.advance(250);
      return process.failures.length > 0;
    });
    client.isFull = false;
    expect((await alertsOf(process, 1))[0]?.drift?.command).toBe('ovs-vsctl set port p tag=200');
    expect(process.failures).toHaveLength(1);
  });
});

/** As the disk has it: what the process that is gone does from now on is not in it. */
function copyOf(from: DurableMap): DurableMap {
  const copy = new VolatileMap();
  for (const [key, value] of from.entries()) copy.put(key, value);
  return copy;
}
