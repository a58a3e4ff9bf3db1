// From the API's answer to an edit of a Portgroup until its running guests are in the other VLAN, and libvirt's books say so.
import path from 'node:path';
import { BenchHost } from './host/bench-host.ts';
import { median } from './host/quantile.ts';
import { ms, ratio, table } from './host/table.ts';
import { listNics, portNames } from './portgroups/books.ts';
import { vlansOnUplink } from './portgroups/frames.ts';
import type { Measured } from './portgroups/measured.ts';
import { guestManifests, guests, HALT_IMAGE, haltImage, networkManifest, tagOf, type Guest } from './portgroups/scene.ts';

const USAGE = 'usage: make bench-portgroups [GUESTS=50] [MOVED=20] [ROUNDS=10]';
const GUESTS = Number(process.env['GUESTS'] ?? 50);
const MOVED = Number(process.env['MOVED'] ?? 20);
const ROUNDS = Number(process.env['ROUNDS'] ?? 10);
const FIRST_TAG = 100;
const MEASURE_TIMEOUT_MS = 600_000;

if (![GUESTS, MOVED, ROUNDS].every((value) => Number.isInteger(value) && value > 0) || MOVED > GUESTS || GUESTS > 250) throw new Error(USAGE);

/** Where the far switch sees a guest in another VLAN than its portgroup's; `tag` is that of the portgroup that is edited. */
async function wrongOnUplink(host: BenchHost, all: readonly Guest[], tag: number): Promise<string[]> {
  const names = portNames(await host.lab.run(['virsh', '-q', listNics(all)]));
  const seen = await vlansOnUplink(host.lab, all, names);
  return all.flatMap(({ name, mac, portgroup }) => {
    const wanted = tagOf(portgroup, tag);
    return seen.get(mac) === wanted ? [] : [`on the uplink ${name} is in VLAN ${String(seen.get(mac))}, not ${wanted}`];
  });
}

async function measure(host: BenchHost): Promise<Measured> {
  const program = path.join(import.meta.dirname, 'portgroups/inside.ts');
  return JSON.parse(await host.lab.run([process.execPath, program, ...[GUESTS, MOVED, ROUNDS, FIRST_TAG].map(String)], { timeoutMs: MEASURE_TIMEOUT_MS })) as Measured;
}

function row(what: string, samples: readonly number[], floor: readonly number[]): string[] {
  return [what, String(samples.length), ms(median(samples)), ms(Math.max(...samples)), ratio(median(samples), median(floor))];
}

function report({ tagsMs, floorMs, booksMs, virshMs }: Measured): string {
  return table([
    ['', 'samples', 'median', 'worst', 'beside its floor'],
    row(`answer to the last of ${MOVED} tags in OVSDB`, tagsMs, floorMs),
    row(`  floor: one transaction with ${MOVED} tags`, floorMs, floorMs),
    row("answer to libvirt's books agreeing", booksMs, virshMs),
    row(`  floor: virsh net-update and ${MOVED} of virsh update-device`, virshMs, virshMs),
  ]);
}

await using host = await BenchHost.start('bench-portgroups');
const all = guests(GUESTS, MOVED);
await host.write(HALT_IMAGE, haltImage());
await host.startDaemon();
await host.bridgectl('apply', '-f', await host.file('network.yaml', networkManifest(FIRST_TAG)));
const startedAt = performance.now();
await host.bridgectl('apply', '-f', await host.file('guests.yaml', guestManifests(all)));
await host.allReady('bridge,portgroup,virtualmachine');
console.error(`${GUESTS} guests Ready: ${ms(performance.now() - startedAt)}`);
const before = await wrongOnUplink(host, all, FIRST_TAG);
const measured = await measure(host);
const after = await wrongOnUplink(host, all, measured.lastTag);
console.log(`${GUESTS} guests on 6 portgroups; an edit moves ${MOVED}\n\n${report(measured)}\n`);
const wrong = [
  ...before, ...after,
  ...measured.otherPortsTouched.map((name) => `${name}, which was not to move, changed`),
  ...measured.linkEvents.map((line) => `a device changed: ${line}`),
  ...(measured.isSameQemus ? [] : ['a QEMU is another process than before']),
];
console.log(wrong.length === 0 ? 'Each guest was in its VLAN on the uplink before and after; no QEMU restarted; no other port, and no device, changed.' : wrong.join('\n'));
process.exitCode = wrong.length === 0 ? 0 : 1;
