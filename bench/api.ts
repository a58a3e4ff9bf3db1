// What the API server does in a second, and with how much memory, beside kube-apiserver with etcd on such a machine.
import { writeFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { kubectlPath } from '../test/contract/kubectl.ts';
import { finished } from './api/finished.ts';
import { portgroupManifests } from './api/portgroups.ts';
import { Served } from './api/served.ts';
import { needWrk, runWrk, type BenchVerb } from './api/wrk.ts';
import { BRIDGE_MANIFEST, vlanPortManifests } from './host/manifests.ts';
import { ratio, table } from './host/table.ts';

const USAGE = 'usage: make bench-api [DURATION=6]   how long each kind of request is measured';
const SECONDS = Number(process.env['DURATION'] ?? 6);
const WARM_UP_SECONDS = 2;
/** Long enough for what the start left to be collected. */
const REST_MS = 3000;
const OBJECTS = 1000;
/** kubectl is slow where others keep the processor busy. */
const APPLY_DEADLINE_MS = 300_000;
const BRIDGECTL = path.join(import.meta.dirname, '..', 'bin', 'bridgectl');

/** kube-apiserver 1.20 and etcd, measured on a machine like this one: 2 shared cores, TLS, wrk. */
const PEER = {
  getsPerSecond: 1950,
  listsPerSecond: 6.8,
  createsPerSecond: 920,
  applySeconds: 10.5,
  reapplySeconds: 6,
  serverSideSeconds: 20.6,
  restMiB: 440,
  loadMiB: 690,
};

type Row = readonly [what: string, ours: string, peer: string, ratio: string, aim: string, cpu: string, p50: string, p99: string, refused: string];

const HEAD: Row = ['', 'bridgekeeper', 'kube-apiserver', 'ratio', 'aim', 'server CPU', 'p50', 'p99', 'refused'];
const rows: Row[] = [HEAD];

if (process.argv.includes('--help') || !(SECONDS > 0)) {
  console.log(USAGE);
  process.exit(SECONDS > 0 ? 0 : 2);
}
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130));
needWrk();
const loadBefore = loadavg()[0] ?? 0;
const served = await Served.start();
try {
  await measure();
} finally {
  await served.stop();
}
console.log(table(rows));
// Its answers to the GET of each object cost it next to nothing, as the processor time of the server shows.
console.log('\nkubectl 1.35 parses the OpenAPI document of a group anew for each object that exists; kube-apiserver 1.20 has none to parse.');
// Rates fall with what else the machine does; the processor time of a request hardly does.
console.log(`\nload average before: ${loadBefore.toFixed(1)}`);

async function measure(): Promise<void> {
  await sleep(REST_MS);
  memoryRow('memory at rest', served.memory().now, PEER.restMiB);
  const ports = manifestFile('ports.yaml', BRIDGE_MANIFEST + '---\n' + vlanPortManifests(0, OBJECTS, 'addressed'));
  const kubectl = kubectlPath();
  await applyRow('kubectl apply, 1,000 new', kubectl, ['apply', '-f', ports], PEER.applySeconds);
  await applyRow('kubectl apply, 1,000 unchanged', kubectl, ['apply', '-f', ports], PEER.reapplySeconds);
  await applyRow('kubectl apply --server-side, 1,000', kubectl, ['apply', '--server-side', '--force-conflicts', '-f', ports], PEER.serverSideSeconds);
  const groups = manifestFile('portgroups.yaml', portgroupManifests(OBJECTS));
  await applyRow('bridgectl apply, 1,000 new', BRIDGECTL, ['apply', '-f', groups], PEER.applySeconds);
  await applyRow('bridgectl apply, 1,000 unchanged', BRIDGECTL, ['apply', '-f', groups], PEER.reapplySeconds);
  await wrkRow('GET of one object, c32', { verb: 'get', connections: 32, peer: PEER.getsPerSecond, aim: '5x' });
  await wrkRow('LIST of 1,000, c4', { verb: 'list', connections: 4, peer: PEER.listsPerSecond, aim: '20x' });
  await wrkRow('server-side apply, unchanged, c16', { verb: 'reapply', connections: 16 });
  await wrkRow('merge patch, c16', { verb: 'patch', connections: 16 });
  await wrkRow('status write, c16', { verb: 'status', connections: 16 });
  await wrkRow('server-side apply, c16', { verb: 'apply', connections: 16 });
  await wrkRow('create, c16', { verb: 'create', connections: 16, peer: PEER.createsPerSecond, aim: '5x' });
  const { now, highest } = served.memory();
  memoryRow('memory after all of this', now, PEER.loadMiB);
  memoryRow('memory at its highest', highest, PEER.loadMiB);
}

interface Load {
  readonly verb: BenchVerb;
  readonly connections: number;
  readonly peer?: number;
  readonly aim?: string;
}

async function wrkRow(what: string, { verb, connections, peer, aim = '-' }: Load): Promise<void> {
  const run = { verb, connections, url: served.url, token: served.token, objects: OBJECTS };
  // Creates go on counting where the first run began, so they are not warmed up: their names would be taken.
  if (verb !== 'create') await runWrk({ ...run, seconds: WARM_UP_SECONDS });
  const before = served.cpuMs();
  const result = await runWrk({ ...run, seconds: SECONDS });
  const cpu = (served.cpuMs() - before) / result.requests;
  if (result.broken > 0) throw new Error(`${what}: ${result.broken} requests were not answered`);
  const quick = result.perSecond >= 100;
  rows.push([
    what,
    `${result.perSecond.toLocaleString('en-US', { maximumFractionDigits: quick ? 0 : 1 })}/s`,
    peer === undefined ? '-' : `${peer.toLocaleString('en-US')}/s`,
    peer === undefined ? '-' : ratio(result.perSecond, peer),
    aim,
    milliseconds(cpu),
    milliseconds(result.p50Ms),
    milliseconds(result.p99Ms),
    String(result.refused),
  ]);
}

async function applyRow(what: string, program: string, args: readonly string[], peerSeconds: number): Promise<void> {
  const before = served.cpuMs();
  const startedAt = performance.now();
  await finished(program, args, { env: clientEnvironment(), timeoutMs: APPLY_DEADLINE_MS });
  const seconds = (performance.now() - startedAt) / 1000;
  const cpu = (served.cpuMs() - before) / OBJECTS;
  rows.push([what, `${seconds.toFixed(2)} s`, `${peerSeconds} s`, ratio(peerSeconds, seconds), '-', milliseconds(cpu), '-', '-', '0']);
}

function memoryRow(what: string, bytes: number, peerMiB: number): void {
  const mebibytes = bytes / 2 ** 20;
  rows.push([what, `${mebibytes.toFixed(0)} MiB`, `${peerMiB} MiB`, ratio(peerMiB, mebibytes), '4x', '-', '-', '-', '-']);
}

function clientEnvironment(): Record<string, string> {
  return { PATH: process.env['PATH'] ?? '', HOME: served.directory, KUBECONFIG: served.kubeconfig, KUBECACHEDIR: path.join(served.directory, 'cache') };
}

function manifestFile(name: string, text: string): string {
  const file = path.join(served.directory, name);
  writeFileSync(file, text);
  return file;
}

function milliseconds(value: number): string {
  return `${value.toFixed(value < 1 ? 3 : 1)} ms`;
}
