import { describe, expect, it } from 'vitest';
import { API_VERSION, type KubeObject } from '../../../../api/machinery/object.ts';
import type { ResourceClient, WriteResult } from '../../../../controller/client/resource-client.ts';
import { compile } from '../../../../controller/desired/compile.ts';
import type { Compiled } from '../../../../controller/desired/host-desired.ts';
import type { LaneReports } from '../../../../controller/reconcile/lanes.ts';
import { StatusWriter } from '../../../../controller/reconcile/status-writer.ts';
import { Summarizer } from '../../../../controller/reconcile/summarizer.ts';
import { NO_GUARD_REPORT } from '../../../../controller/safety/guard-report.ts';
import type { OwnerKey } from '../../../../controller/systems/owner.ts';
import type { ObservedLink } from '../../../../controller/systems/netplan/observed.ts';
import { eventually } from '../../../fixtures/eventually.ts';
import { FakeClock } from '../../../fixtures/fake-clock.ts';
import { onLuna, resource } from '../../../fixtures/resources.ts';

const FACTS = { hostName: 'luna', imagesDirectory: '/images', workingBridges: new Set<string>() };

function link(name: string, addresses: readonly string[] = []): ObservedLink {
  return { name, mac: '0a:00:00:00:00:01', mtu: 1500, up: true, carrier: true, addresses, routes: [] };
}

/** The resources of a host with a bridge and so many ports, and a client that stores what is written. */
class Bench {
  readonly clock = new FakeClock();
  readonly objects = new Map<string, KubeObject>();
  readonly links = new Map<string, ObservedLink>();
  readonly written: string[] = [];
  readonly turned: string[] = [];
  readonly released: string[] = [];
  readonly notCompiled = new Set<OwnerKey>();
  readonly compiled: Compiled;
  /** How often an object was asked for. */
  lookedAgain = 0;
  atOnce = 0;
  mostAtOnce = 0;
  failNext = false;
  readonly failures: unknown[] = [];
  readonly #summarizer: Summarizer;

  constructor(ports: number) {
    const bridge = resource('Bridge', 'br0', { uplinks: [] });
    const all = [bridge, ...Array.from({ length: ports }, (_, index) => resource('VlanPort', `p${index}`, { bridgeName: 'br0' }))];
    for (const object of all) this.objects.set(`${object.kind}/${object.metadata.name}`, object);
    for (const { metadata } of all) this.links.set(metadata.name, link(metadata.name));
    this.compiled = compile(onLuna(...all), FACTS);
    const writer = new StatusWriter({
      client: this.#client(),
      clock: this.clock,
      listener: { turned: ({ metadata }, { status }) => this.turned.push(`${metadata.name} ${status}`), failed: (error) => this.failures.push(error) },
      lookAgain: () => (this.lookedAgain += 1),
    });
    this.#summarizer = new Summarizer({
      clock: this.clock,
      hostName: 'luna',
      kernelRelease: '6.1',
      objectOf: (owner) => this.objects.get(owner),
      writer,
      release: ({ metadata }) => this.released.push(metadata.name),
    });
  }

  reports(): LaneReports {
    const rest = { version: 1, outstanding: new Map(), findings: [] };
    const ovs = { ovsVersion: '3', schemaVersion: '8', bridges: new Map(), portNamed: () => undefined, bridgeNameOf: () => undefined, portAttachedTo: () => undefined };
    return {
      ovs: { ...rest, system: 'ovs', observed: ovs },
      netplan: { ...rest, system: 'netplan', observed: { netplanVersion: '1', links: this.links } },
    };
  }

  /** One walk and all its writes; answers what was written by it. */
  async run(reports = this.reports()): Promise<string[]> {
    const before = this.written.length;
    await this.#summarizer.run(() => ({ compiled: this.compiled, notCompiled: this.notCompiled, guard: NO_GUARD_REPORT, reports }));
    await eventually(() => this.atOnce === 0);
    return this.written.slice(before);
  }

  /** Walks until there is nothing to write. */
  async settle(): Promise<void> {
    while ((await this.run()).length > 0) this.clock.advance(2_000);
  }

  #client(): ResourceClient {
    const unused = (): never => expect.unreachable('not called here');
    return {
      list: unused, watch: unused, writeFinalizer: unused, create: unused, ensure: unused, delete: unused, read: unused, readSecret: unused,
      writeStatus: ({ kind, name }, _uid, status) => this.#write(`${kind}/${name}`, status),
    };
  }

  async #write(key: string, status: unknown): Promise<WriteResult> {
    this.mostAtOnce = Math.max(this.mostAtOnce, (this.atOnce += 1));
    await new Promise((resolve) => setImmediate(resolve));
    this.atOnce -= 1;
    if (this.failNext) {
      this.failNext = false;
      throw new Error('the store is full');
    }
    const object = this.objects.get(key);
    if (!object) return 'gone';
    this.objects.set(key, { ...object, apiVersion: API_VERSION, status: JSON.parse(JSON.stringify(status)) as unknown });
    this.written.push(key);
    return 'written';
  }
}

describe('status', () => {
  it('is written for all, a few at once, and not again where it is right', async () => {
    const bench = new Bench(100);
    expect(await bench.run()).toHaveLength(101);
    expect(bench.mostAtOnce).toBeLessThanOrEqual(32);
    expect(await bench.run()).toEqual([]);
    expect(bench.turned.filter((turn) => turn.endsWith('True'))).toHaveLength(100);
  });

  it('is looked at only where something changed', async () => {
    const bench = new Bench(50);
    await bench.settle();
    bench.links.set('p7', { ...link('p7'), up: false });
    expect(await bench.run()).toEqual(['VlanPort/p7']);
    expect(bench.turned.at(-1)).toBe('p7 False');
  });

  it('shows details at once where nothing was written just now, else within a second, the newest only', async () => {
    const bench = new Bench(1);
    await bench.settle();
    bench.clock.advance(1_000);
    bench.links.set('p0', { ...link('p0'), mtu: 1400 });
    expect(await bench.run()).toEqual(['VlanPort/p0']);
    for (const mtu of [1401, 1402]) {
      bench.links.set('p0', { ...link('p0'), mtu });
      expect(await bench.run()).toEqual([]);
    }
    const before = bench.lookedAgain;
    bench.clock.advance(1_000);
    expect(bench.lookedAgain).toBe(before + 1);
    expect(await bench.run()).toEqual(['VlanPort/p0']);
    expect(bench.objects.get('VlanPort/p0')?.status).toMatchObject({ mtu: 1402 });
  });

  it('shows a condition that turned at once, whatever was written just now', async () => {
    const bench = new Bench(1);
    await bench.settle();
    for (const up of [false, true, false]) {
      bench.links.set('p0', { ...link('p0'), up });
      expect(await bench.run()).toEqual(['VlanPort/p0']);
    }
  });

  it('is tried again after a write that failed', async () => {
    const bench = new Bench(1);
    await bench.settle();
    bench.links.set('p0', { ...link('p0'), up: false });
    bench.failNext = true;
    expect(await bench.run()).toEqual([]);
    expect(bench.failures).toHaveLength(1);
    expect(await bench.run()).toEqual(['VlanPort/p0']);
  });

  it('is put right where somebody else wrote it', async () => {
    const bench = new Bench(2);
    await bench.settle();
    const object = bench.objects.get('VlanPort/p1');
    if (object) bench.objects.set('VlanPort/p1', { ...object, status: { conditions: [] } });
    bench.clock.advance(1_000);
    expect(await bench.run()).toEqual(['VlanPort/p1']);
  });

  it('says nothing of what asks for something else since, until that is known', async () => {
    const bench = new Bench(2);
    bench.notCompiled.add('VlanPort/p1');
    expect(await bench.run()).toEqual(['Bridge/br0', 'VlanPort/p0']);
    bench.notCompiled.clear();
    expect(await bench.run()).toContain('VlanPort/p1');
  });

  it('says nothing while a lane has not reported', async () => {
    const bench = new Bench(1);
    const { ovs } = bench.reports();
    expect(await bench.run(ovs ? { ovs } : {})).toEqual([]);
  });
});
