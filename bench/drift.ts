// From the commit of somebody's change to the commit of its correction, beside a client that does nothing but correct.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { BenchHost } from './host/bench-host.ts';
import { BRIDGE, BRIDGE_MANIFEST, portName, portTag, vlanPortManifests } from './host/manifests.ts';
import { Ovsdb } from './host/ovsdb.ts';
import { median, quantile } from './host/quantile.ts';
import { ms, ratio, table } from './host/table.ts';

const USAGE = 'usage: make bench-drift [SIZES=10,1000,10000] [SAMPLES=200] [VLANPORTS=1000]';
const SIZES = (process.env['SIZES'] ?? '10,1000,10000').split(',').map(Number);
const SAMPLES = Number(process.env['SAMPLES'] ?? 200);
/** No more of the ports than these are VlanPorts; the others are tunnels that somebody made, for networkd takes minutes for thousands. */
const VLAN_PORTS = Number(process.env['VLANPORTS'] ?? 1000);
/** Peer and product take turns in batches of this many, so that a busy machine hits both. */
const BATCH = 50;
const PAUSE_MS = 20;
const WARM_UP = 20;
/** A slow machine takes fewer samples. */
const LONGEST_ROUND_MS = 20_000;
const PATIENCE_MS = 20_000;
/** Tags that no port of the benchmark has. */
const FIRST_WRONG_TAG = 4010;
const WRONG_TAGS = 80;
const APPLIED_MEANWHILE = 1000;

interface Row {
  readonly what: string;
  readonly floor: readonly number[];
  readonly drift: readonly number[];
}

/** The ports of a benchmark, one of which is changed by hand and watched until it is as it was. */
class Victims {
  readonly #client: Ovsdb;
  /** By UUID: the tag that it should have. */
  readonly #tags = new Map<string, number>();
  #seen: (uuid: string, tag: unknown) => void = () => undefined;

  private constructor(client: Ovsdb) {
    this.#client = client;
  }

  static async find(socket: string, count: number): Promise<Victims> {
    const victims = new Victims(await Ovsdb.connect(socket));
    const tagOf = new Map(Array.from({ length: count }, (_, index) => [portName(index), portTag(index)]));
    await victims.#client.monitor({ Port: ['name', 'tag'] }, ({ Port = {} }) => {
      for (const [uuid, { initial, modify }] of Object.entries(Port)) {
        const tag = tagOf.get(String(field(initial, 'name')));
        if (tag !== undefined) victims.#tags.set(uuid, tag);
        victims.#seen(uuid, field(modify, 'tag'));
      }
    });
    return victims;
  }

  close(): void {
    this.#client.close();
  }

  /**
   * Milliseconds between the commits of a change and of its correction, both as a third party sees them. Each time another port and
   * another value: who writes the same again and again is no drift but a fight.
   */
  async correctionMs(): Promise<number> {
    const [uuid = '', tag = 0] = [...this.#tags][Math.floor(Math.random() * this.#tags.size)] ?? [];
    const wrong = FIRST_WRONG_TAG + Math.floor(Math.random() * WRONG_TAGS);
    let changedAt = 0;
    const corrected = new Promise<number>((resolve) => {
      this.#seen = (changed, found) => {
        if (changed !== uuid) return;
        if (found === wrong) changedAt = performance.now();
        else if (found === tag) resolve(performance.now() - changedAt);
      };
    });
    await this.#client.transact({ op: 'update', table: 'Port', where: [['_uuid', '==', ['uuid', uuid]]], row: { tag: wrong } });
    return withDeadline(corrected, PATIENCE_MS);
  }
}

function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}

async function withDeadline<T>(result: Promise<T>, withinMs: number): Promise<T> {
  const done = new AbortController();
  const late = sleep(withinMs, undefined, { signal: done.signal }).then(
    () => Promise.reject(new Error(`not corrected within ${withinMs} ms`)),
    () => result,
  );
  try {
    return await Promise.race([result, late]);
  } finally {
    done.abort();
  }
}

async function samples(victims: Victims, count: number): Promise<number[]> {
  const taken: number[] = [];
  for (let at = 0; at < count; at += 1) {
    taken.push(await victims.correctionMs());
    await sleep(PAUSE_MS / 2 + Math.random() * PAUSE_MS);
  }
  return taken;
}

/** The same by a process that watches the port and writes its tag, while the daemon is stopped. */
async function floorSamples(host: BenchHost, victims: Victims, count: number): Promise<number[]> {
  await host.signalDaemon('STOP');
  const program = path.join(import.meta.dirname, 'host/bare-corrector.ts');
  const peer = spawn(process.execPath, [program, host.ovsdbSocket], { stdio: ['ignore', 'pipe', 'inherit'] });
  try {
    await once(peer.stdout, 'data');
    return await samples(victims, count);
  } finally {
    peer.kill();
    await host.signalDaemon('CONT');
  }
}

async function measure(host: BenchHost, size: number): Promise<Row> {
  const victims = await Victims.find(host.ovsdbSocket, Math.min(size, VLAN_PORTS));
  const floor: number[] = [];
  const drift: number[] = [];
  const endsAt = performance.now() + LONGEST_ROUND_MS;
  await samples(victims, WARM_UP);
  while (drift.length < SAMPLES && performance.now() < endsAt) {
    floor.push(...(await floorSamples(host, victims, BATCH)));
    await host.allReady();
    drift.push(...(await samples(victims, BATCH)));
  }
  victims.close();
  const others = size > VLAN_PORTS ? `, ${VLAN_PORTS.toLocaleString('en-US')} of them VlanPorts` : '';
  return { what: `${size.toLocaleString('en-US')} ports${others}`, floor, drift };
}

/** New VlanPorts are applied while those that are there drift. */
async function measureMeanwhile(host: BenchHost, first: number): Promise<Row> {
  const victims = await Victims.find(host.ovsdbSocket, first);
  const floor = await floorSamples(host, victims, BATCH);
  const file = await host.file('meanwhile.yaml', vlanPortManifests(first, first + APPLIED_MEANWHILE, 'plain'));
  let isReady = false;
  const applied = host.bridgectl('apply', '-f', file).then(() => host.allReady()).finally(() => (isReady = true));
  const drift: number[] = [];
  while (!isReady) drift.push(...(await samples(victims, 1)));
  await applied;
  victims.close();
  return { what: `${first.toLocaleString('en-US')} ports, while ${APPLIED_MEANWHILE.toLocaleString('en-US')} more are applied`, floor, drift };
}

function report(rows: readonly Row[]): string {
  const head = ['', 'samples', 'floor median', 'floor p99', 'correction median', 'p99', 'worst', 'median / floor'];
  return table([head, ...rows.map(({ what, floor, drift }) => [
    what, String(drift.length), ms(median(floor)), ms(quantile(floor, 0.99)),
    ms(median(drift)), ms(quantile(drift, 0.99)), ms(Math.max(...drift)), ratio(median(drift), median(floor)),
  ])]);
}

/** Brings the switch to so many ports, as VlanPorts as far as that goes. */
async function grow(host: BenchHost, from: number, size: number): Promise<void> {
  const first = Math.min(from, VLAN_PORTS);
  const end = Math.min(size, VLAN_PORTS);
  if (end > first) await host.bridgectl('apply', '-f', await host.file('ports.yaml', vlanPortManifests(first, end, 'plain')));
  await host.allReady();
  if (size > Math.max(from, end)) await addTunnels(host, size - Math.max(from, end));
}

async function addTunnels(host: BenchHost, count: number): Promise<void> {
  const client = await Ovsdb.connect(host.ovsdbSocket);
  const inserts = Array.from({ length: count }, (_, index) => [
    {
      op: 'insert',
      table: 'Interface',
      'uuid-name': `i${index}`,
      row: { name: `gre${index}x`, type: 'gre', options: ['map', [['remote_ip', '192.0.2.1'], ['key', String(index)]]] },
    },
    { op: 'insert', table: 'Port', 'uuid-name': `p${index}`, row: { name: `gre${index}x`, interfaces: ['named-uuid', `i${index}`] } },
  ]);
  const references = ['set', inserts.map((_, index) => ['named-uuid', `p${index}`])];
  await client.transact(...inserts.flat(), { op: 'mutate', table: 'Bridge', where: [['name', '==', BRIDGE]], mutations: [['ports', 'insert', references]] });
  await host.lab.run(['ovs-vsctl', '--timeout=120', 'set', 'open_vswitch', '.', 'external_ids:bench=filled'], { timeoutMs: 120_000 });
  client.close();
}

if (![...SIZES, SAMPLES, VLAN_PORTS].every((value) => Number.isInteger(value) && value > 0)) throw new Error(USAGE);
const rows: Row[] = [];
await using host = await BenchHost.start('bench-drift');
await host.startDaemon();
await host.bridgectl('apply', '-f', await host.file('bridge.yaml', BRIDGE_MANIFEST));
let present = 0;
for (const size of SIZES) {
  const startedAt = performance.now();
  await grow(host, present, size);
  present = Math.max(size, present);
  console.error(`${size} ports after ${ms(performance.now() - startedAt)}; the daemon has ${Math.round(await host.daemonMemoryMiB())} MiB`);
  rows.push(await measure(host, size));
  if (size !== VLAN_PORTS) continue;
  rows.push(await measureMeanwhile(host, size));
  present += APPLIED_MEANWHILE;
}
console.log(report(rows));
