// From `bridgectl apply` of a thousand VlanPorts to all of them Ready, beside other ways to the same rows.
import { setTimeout as sleep } from 'node:timers/promises';
import { BenchHost } from './host/bench-host.ts';
import { BRIDGE, BRIDGE_MANIFEST, portAddress, portName, portTag, vlanPortManifests } from './host/manifests.ts';
import { Ovsdb, type Operation } from './host/ovsdb.ts';
import { describeUse } from './host/processor-time.ts';
import { ms, ratio, table } from './host/table.ts';

const USAGE = 'usage: make bench-converge [PORTS=1000] [LOOP=1000]';
const PORTS = Number(process.env['PORTS'] ?? 1000);
/** How many ports the loop of ovs-vsctl makes; fewer for a slow machine, from which what all would take is reckoned. */
const LOOP = Math.min(Number(process.env['LOOP'] ?? PORTS), PORTS);

/** How often it is looked whether networkd is done; a look takes it a few milliseconds. */
const LOOK_MS = 200;

interface Measured {
  readonly what: string;
  readonly tookMs: number;
  readonly note?: string;
  /** Processor time of the programs of the host: it says more than the clock where others use the machine. */
  readonly use: string;
}

type Timed = Omit<Measured, 'what'>;

if (![PORTS, LOOP].every((value) => Number.isInteger(value) && value > 0)) throw new Error(USAGE);

/** Each way on a fresh host, for a switch with a thousand ports is another switch. */
async function onFreshHost(what: string, work: (host: BenchHost) => Promise<Timed>): Promise<Measured> {
  await using host = await BenchHost.start('bench-converge');
  const measured = { what, ...(await work(host)) };
  console.error(`${what}: ${ms(measured.tookMs)}; ${measured.use}`);
  return measured;
}

async function timed(host: BenchHost, work: () => Promise<unknown>): Promise<Timed> {
  const [before, startedAt] = [await host.processorTime(), performance.now()];
  await work();
  const tookMs = performance.now() - startedAt;
  return { tookMs, use: describeUse(before, await host.processorTime()) };
}

async function oneTransaction(host: BenchHost): Promise<Timed> {
  await host.lab.run(['ovs-vsctl', 'add-br', BRIDGE, '--', 'set', 'bridge', BRIDGE, 'datapath_type=netdev']);
  const client = await Ovsdb.connect(host.ovsdbSocket);
  const configured = new Configured();
  await client.monitor({ Open_vSwitch: ['next_cfg', 'cur_cfg'] }, ({ Open_vSwitch = {} }) => configured.update(Open_vSwitch));
  const measured = await timed(host, async () => {
    const results = await client.transact(...insertPorts(), ...bumpNextCfg());
    await configured.until(nextCfgOf(results.at(-1)));
  });
  client.close();
  return measured;
}

/** What vswitchd says that it has carried out. */
class Configured {
  #curCfg = 0;
  #changed: () => void = () => undefined;

  update(rows: Readonly<Record<string, Readonly<Record<string, unknown>>>>): void {
    for (const { initial, modify } of Object.values(rows)) {
      const row = initial ?? modify;
      if (typeof row === 'object' && row !== null && 'cur_cfg' in row) this.#curCfg = Number(row.cur_cfg);
    }
    this.#changed();
  }

  async until(nextCfg: number): Promise<void> {
    while (this.#curCfg < nextCfg) await new Promise<void>((resolve) => (this.#changed = resolve));
  }
}

function insertPorts(): Operation[] {
  const rows = Array.from({ length: PORTS }, (_, index): Operation[] => [
    { op: 'insert', table: 'Interface', 'uuid-name': `i${index}`, row: { name: portName(index), type: 'internal' } },
    { op: 'insert', table: 'Port', 'uuid-name': `p${index}`, row: { name: portName(index), tag: portTag(index), interfaces: ['named-uuid', `i${index}`] } },
  ]);
  const references = ['set', rows.map((_, index) => ['named-uuid', `p${index}`])];
  return [...rows.flat(), { op: 'mutate', table: 'Bridge', where: [['name', '==', BRIDGE]], mutations: [['ports', 'insert', references]] }];
}

function bumpNextCfg(): Operation[] {
  return [
    { op: 'mutate', table: 'Open_vSwitch', where: [], mutations: [['next_cfg', '+=', 1]] },
    { op: 'select', table: 'Open_vSwitch', where: [], columns: ['next_cfg'] },
  ];
}

function nextCfgOf(result: Readonly<Record<string, unknown>> | undefined): number {
  const rows: readonly unknown[] = Array.isArray(result?.['rows']) ? result['rows'] : [];
  const [row] = rows;
  return typeof row === 'object' && row !== null && 'next_cfg' in row ? Number(row.next_cfg) : Number.NaN;
}

function addPort(index: number): readonly string[] {
  return ['add-port', BRIDGE, portName(index), `tag=${portTag(index)}`, '--', 'set', 'interface', portName(index), 'type=internal'];
}

async function oneVsctl(host: BenchHost): Promise<Timed> {
  await host.lab.run(['ovs-vsctl', 'add-br', BRIDGE, '--', 'set', 'bridge', BRIDGE, 'datapath_type=netdev']);
  const commands = Array.from({ length: PORTS }, (_, index) => ['--', ...addPort(index)]).flat();
  return timed(host, () => host.lab.run(['ovs-vsctl', ...commands]));
}

async function vsctlLoop(host: BenchHost): Promise<Timed> {
  await host.lab.run(['ovs-vsctl', 'add-br', BRIDGE, '--', 'set', 'bridge', BRIDGE, 'datapath_type=netdev']);
  // In the host, so that entering it counts once.
  const lines = Array.from({ length: LOOP }, (_, index) => `ovs-vsctl ${addPort(index).join(' ')}\n`);
  const { tookMs, use } = await timed(host, () => host.lab.run(['sh', '-e'], { input: lines.join(''), timeoutMs: 180_000 }));
  const note = LOOP === PORTS ? '' : `${ms(tookMs)} for the first ${LOOP}; each further one takes longer`;
  return { tookMs: (tookMs / LOOP) * PORTS, use, note };
}

/** The ports with addresses by hand: a file each for networkd, as netplan writes it, and one reload. What is measured is networkd. */
async function networkdAlone(host: BenchHost): Promise<Timed> {
  await host.lab.run(['ovs-vsctl', 'add-br', BRIDGE, '--', 'set', 'bridge', BRIDGE, 'datapath_type=netdev']);
  const texts = Array.from({ length: PORTS }, (_, index) => [
    `/run/systemd/network/10-netplan-${portName(index)}.network`,
    `[Match]\nName=${portName(index)}\n\n[Network]\nLinkLocalAddressing=ipv6\nAddress=${portAddress(index)}\n`,
  ]);
  return timed(host, async () => {
    await host.lab.run(['mkdir', '-p', '/run/systemd/network']);
    await Promise.all(texts.map(([path = '', text = '']) => host.write(path, text)));
    await host.lab.run(['networkctl', 'reload']);
    await host.lab.run(['ovs-vsctl', ...Array.from({ length: PORTS }, (_, index) => ['--', ...addPort(index)]).flat()]);
    while ((await addressCount(host)) < PORTS) await sleep(LOOK_MS);
  });
}

async function addressCount(host: BenchHost): Promise<number> {
  const listed: unknown = JSON.parse(await host.lab.run(['ip', '-json', '-4', 'address', 'show', 'up']));
  return Array.isArray(listed) ? listed.filter((link) => typeof link === 'object' && link !== null && String(Reflect.get(link, 'ifname')).startsWith('vp')).length : 0;
}

async function bridgekeeper(host: BenchHost, addresses: 'plain' | 'addressed'): Promise<Timed> {
  await host.startDaemon();
  await host.bridgectl('apply', '-f', await host.file('bridge.yaml', BRIDGE_MANIFEST));
  await host.allReady();
  const file = await host.file('ports.yaml', vlanPortManifests(0, PORTS, addresses));
  let appliedMs = 0;
  const measured = await timed(host, async () => {
    const startedAt = performance.now();
    await host.bridgectl('apply', '-f', file);
    appliedMs = performance.now() - startedAt;
    await host.allReady();
  });
  return { ...measured, note: `apply returned after ${ms(appliedMs)}; the daemon has ${Math.round(await host.daemonMemoryMiB())} MiB` };
}

const limit = await onFreshHost('(a) one OVSDB transaction, to cur_cfg', oneTransaction);
const plain = await onFreshHost('Bridgekeeper, plain VlanPorts, to Ready', (host) => bridgekeeper(host, 'plain'));
const addressed = await onFreshHost('Bridgekeeper, VlanPorts with addresses, to Ready', (host) => bridgekeeper(host, 'addressed'));
const networkd = await onFreshHost('(d) networkd alone, with addresses', networkdAlone);
const single = await onFreshHost('(c) one ovs-vsctl with all commands', oneVsctl);
const loop = await onFreshHost('(b) a loop of ovs-vsctl', vsctlLoop);
console.log(`${PORTS.toLocaleString('en-US')} ports\n`);
console.log(
  table([
    ['', 'took', 'beside (a)', '(b) beside it', 'processor time', ''],
    ...[limit, plain, addressed, networkd, single, loop].map(({ what, tookMs, use, note }) => [
      what, ms(tookMs), ratio(tookMs, limit.tookMs), ratio(loop.tookMs, tookMs), use, note ?? '',
    ]),
  ]),
);
