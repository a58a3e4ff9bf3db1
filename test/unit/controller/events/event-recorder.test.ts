import { describe, expect, it } from 'vitest';
import type { Manifest } from '../../../../api/machinery/object.ts';
import type { ResourceClient } from '../../../../controller/client/resource-client.ts';
import { EventRecorder } from '../../../../controller/events/event-recorder.ts';
import { FakeClock } from '../../../fixtures/fake-clock.ts';

class Bench {
  readonly clock = new FakeClock();
  readonly created: Manifest[] = [];
  readonly failures: unknown[] = [];
  refuse = false;
  readonly events: EventRecorder;

  constructor() {
    const unused = (): never => expect.unreachable('not called here');
    const client: ResourceClient = {
      list: unused, watch: unused, writeFinalizer: unused, writeStatus: unused, ensure: unused, delete: unused, read: unused, readSecret: unused,
      create: async (manifest) => {
        if (this.refuse) throw new Error('the store is full');
        this.created.push(manifest);
        return 'conflict';
      },
    };
    this.events = new EventRecorder({ client, clock: this.clock, hostName: 'luna', uidOf: (_kind, name) => `uid of ${name}`, failed: (error) => this.failures.push(error) });
  }

  record(count: number): void {
    for (let index = 0; index < count; index += 1) {
      this.events.record({ about: { apiVersion: 'v1', kind: 'VlanPort', name: `p${index}` }, type: 'Normal', reason: 'Ready', message: 'is ready' });
    }
  }

  async pass(ms: number): Promise<void> {
    this.clock.advance(ms);
    await new Promise((resolve) => setImmediate(resolve));
  }
}

describe('events', () => {
  it('are written at once where they are few, with the uid of what they are about', async () => {
    const bench = new Bench();
    bench.record(1);
    await bench.pass(0);
    expect(bench.created).toMatchObject([{ kind: 'Event', reason: 'Ready', involvedObject: { name: 'p0', uid: 'uid of p0' }, firstTimestamp: '2026-01-01T00:00:00Z' }]);
  });

  it('that come together are written little by little, in order, and none is lost', async () => {
    const bench = new Bench();
    bench.record(25);
    for (const written of [10, 20, 25, 25]) {
      await bench.pass(0);
      expect(bench.created).toHaveLength(written);
      await bench.pass(50);
    }
    expect(bench.created.map(({ involvedObject }) => involvedObject)).toMatchObject(Array.from({ length: 25 }, (_, index) => ({ name: `p${index}` })));
  });

  it('that wait are written when it stops', async () => {
    const bench = new Bench();
    bench.record(1_000);
    await bench.events.stop();
    expect(bench.created).toHaveLength(1_000);
  });

  it('of a storm without end are bounded, and it is told how many are missing', async () => {
    const bench = new Bench();
    bench.record(10_100);
    await bench.events.stop();
    expect(bench.created.length).toBe(10_000);
    expect(String(bench.failures)).toContain('100 events were not written');
  });

  it('that can not be written are told', async () => {
    const bench = new Bench();
    bench.refuse = true;
    bench.record(1);
    await bench.pass(0);
    expect(bench.failures).toHaveLength(1);
    bench.refuse = false;
    bench.record(1);
    await bench.pass(0);
    expect(bench.created).toHaveLength(1);
  });
});
