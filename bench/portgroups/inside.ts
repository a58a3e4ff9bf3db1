// Runs in the lab host, beside the daemon: edits a Portgroup again and again, and tells as JSON when what followed.
import { execFile, spawn } from 'node:child_process';
import { promisify } from 'node:util';
import { setTimeout as sleep } from 'node:timers/promises';
import { writeFile } from 'node:fs/promises';
import { Api } from './api.ts';
import { disagreeing, listNics, portNames, virsh } from './books.ts';
import { GuestPorts } from './guest-ports.ts';
import { guests, MOVED_PORTGROUP, NETWORK } from './scene.ts';
import type { Measured } from './measured.ts';

const run = promisify(execFile);
const [count = 0, moved = 0, rounds = 0, firstTag = 0] = process.argv.slice(2).map(Number);
const KUBECONFIG = '/var/lib/bridgekeeper/admin.kubeconfig';
const OVSDB = '/run/openvswitch/db.sock';
const BOOKS_PATIENCE_MS = 30_000;
const PAUSE_MS = 300;
/** The daemon must not miss libvirt's keepalive meanwhile. */
const VIRSH_ROUNDS = 3;

const all = guests(count, moved);
const edited = all.slice(0, moved);
const names = portNames(await virsh(listNics(all)));
const movedPorts = new Set(edited.map(({ mac }) => names.get(mac) ?? ''));
const ports = await GuestPorts.follow(OVSDB);

async function pids(): Promise<string> {
  return (await run('sh', ['-c', 'grep -H . /run/libvirt/qemu/g*.pid'])).stdout;
}

/** Edits the Portgroup, and waits until Open vSwitch and libvirt's books have it. */
async function edit(api: Api, tag: number): Promise<{ readonly tagsMs: number; readonly booksMs: number }> {
  const tagged = ports.allHave(movedPorts, tag);
  const answeredAt = await api.patchPortgroup(MOVED_PORTGROUP, { vlan: { mode: 'access', tag } });
  const tagsMs = Math.max(0, (await tagged) - answeredAt);
  await agree(tag);
  return { tagsMs, booksMs: performance.now() - answeredAt };
}

async function agree(tag: number): Promise<void> {
  const giveUpAt = performance.now() + BOOKS_PATIENCE_MS;
  for (;;) {
    const wrong = await disagreeing(edited, tag);
    if (wrong.length === 0) return;
    if (performance.now() > giveUpAt) throw new Error(`libvirt's books do not agree on VLAN ${tag}: ${wrong.join(', ')}`);
  }
}

/** The same by one transaction that does nothing else. */
async function floor(tag: number): Promise<number> {
  const tagged = ports.allHave(movedPorts, tag);
  const startedAt = performance.now();
  await ports.setTags(movedPorts, tag);
  return (await tagged) - startedAt;
}

/** The guest's NIC as `virsh update-device` takes it: what shows of a NIC that runs is not what it was made from. */
function nicWith(domainXml: string, tag: number): string {
  const nic = /<interface[\s\S]*?<\/interface>/.exec(domainXml)?.[0] ?? '';
  return nic.replace(/<tag id='\d+'\/>/, `<tag id='${tag}'/>`).replace("type='bridge'", "type='network'").replace(/ (portid|bridge)='[^']*'/g, '');
}

/** The books by a script of virsh: the network, then each guest's NIC, a process each. */
async function byVirsh(tag: number): Promise<number> {
  const texts = (await virsh(...edited.map(({ name }) => `dumpxml ${name}`))).split(/(?<=<\/domain>)\n+/);
  const nics = texts.slice(0, edited.length).map((text) => nicWith(text, tag));
  await Promise.all(edited.map(({ name }, index) => writeFile(`/run/${name}.xml`, nics[index] ?? '')));
  const startedAt = performance.now();
  await run('virsh', ['-q', 'net-update', NETWORK, 'modify', 'portgroup', `<portgroup name='${MOVED_PORTGROUP}'><vlan><tag id='${tag}'/></vlan></portgroup>`, '--live', '--config']);
  for (const { name } of edited) await run('virsh', ['-q', 'update-device', name, `/run/${name}.xml`, '--live']);
  return performance.now() - startedAt;
}

async function signalDaemon(signal: 'STOP' | 'CONT'): Promise<void> {
  await run('pkill', [`-${signal}`, '-f', 'dist/bridgekeeper.mjs serve']);
}

/** What the kernel tells of devices, until it is stopped. */
class LinkEvents implements Disposable {
  readonly #monitor = spawn('ip', ['-o', 'monitor', 'link'], { stdio: ['ignore', 'pipe', 'inherit'] });
  readonly #seen: string[] = [];

  constructor() {
    this.#monitor.stdout.on('data', (chunk: Buffer) => this.#seen.push(...chunk.toString().trim().split('\n')));
  }

  take(): string[] {
    return this.#seen.splice(0);
  }

  [Symbol.dispose](): void {
    this.#monitor.kill();
  }
}

async function measure(): Promise<Measured> {
  using api = new Api(KUBECONFIG);
  using links = new LinkEvents();
  const pidsBefore = await pids();
  const [tagsMs, booksMs]: [number[], number[]] = [[], []];
  await edit(api, firstTag + 1);
  ports.takeTouched();
  for (let round = 0; round < rounds; round += 1) {
    await sleep(PAUSE_MS);
    const took = await edit(api, firstTag + 2 + round);
    tagsMs.push(took.tagsMs);
    booksMs.push(took.booksMs);
  }
  const lastTag = firstTag + 1 + rounds;
  const otherPortsTouched = [...ports.takeTouched()].filter((name) => !movedPorts.has(name));
  const linkEvents = links.take();
  const floors = await measureFloors(lastTag);
  return { lastTag, tagsMs, booksMs, ...floors, otherPortsTouched, linkEvents, isSameQemus: pidsBefore === (await pids()) };
}

/** With the daemon held; everything is as it was after. */
async function measureFloors(lastTag: number): Promise<Pick<Measured, 'floorMs' | 'virshMs'>> {
  const [floorMs, virshMs]: [number[], number[]] = [[], []];
  await signalDaemon('STOP');
  try {
    for (let round = 0; round < rounds; round += 1) floorMs.push(await floor(round % 2 === 0 ? lastTag + 1 : lastTag));
    for (let round = 1; round <= VIRSH_ROUNDS; round += 1) virshMs.push(await byVirsh(round === VIRSH_ROUNDS ? lastTag : lastTag + round));
    await ports.setTags(movedPorts, lastTag);
    return { floorMs, virshMs };
  } finally {
    await signalDaemon('CONT');
  }
}

try {
  console.log(JSON.stringify(await measure()));
} finally {
  ports.close();
}
