import { dirname } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { programPath } from '../contract/program.ts';
import { eventually } from '../fixtures/eventually.ts';
import { startLab, type Lab } from '../lab/lab.ts';
import { at, CLIENT, Daemon, objectOf, parseObject, ROOT } from './daemon.ts';
import { EditedHost, type Edit, type EditedManifest } from './random-edits.ts';

const EDITS = 40;
const MOST_AT_ONCE = 4;
/** Another day's edits: EDIT_SEED=7 npx vitest run test/e2e/import.test.ts */
const SEED = Number(process.env['EDIT_SEED'] ?? 20260101);

/** libvirt gives one to each NIC on a bridge; the edits name none. */
const ID_OF_LIBVIRT = 'interfaceID';

/** What a person would call the same: lists that are sets in any order, one Kind/name after the other. */
function comparable(objects: readonly EditedManifest[]): Record<string, unknown> {
  const entries = objects.map(({ kind, metadata, spec }) => [`${kind}/${metadata.name}`, withSortedSets(spec)] as const);
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}

function withSortedSets(value: unknown): unknown {
  if (Array.isArray(value)) return value.every((item) => typeof item !== 'object') ? value.map(String).sort() : value.map(withSortedSets);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).flatMap(([key, own]) => (key === ID_OF_LIBVIRT ? [] : [[key, withSortedSets(own)]])));
}

/** Edits of different things that follow each other go in one command, as a person would send them. */
function grouped(edits: readonly Edit[]): Edit[][] {
  const groups: Edit[][] = [];
  for (const edit of edits) {
    const last = groups.at(-1);
    const isFree = last?.every((other) => 'apply' in other && 'apply' in edit && keyOf(other.apply) !== keyOf(edit.apply)) === true;
    if (last && isFree && last.length < MOST_AT_ONCE) last.push(edit);
    else groups.push([edit]);
  }
  return groups;
}

function keyOf({ kind, metadata }: EditedManifest): string {
  return `${kind}/${metadata.name}`;
}

async function imported(daemon: Daemon): Promise<EditedManifest[]> {
  const { items } = parseObject(await daemon.bridgectl('import', '-o', 'json'));
  return (Array.isArray(items) ? items : []).map((item: unknown) => objectOf(item) as unknown as EditedManifest);
}

describe('a host that Bridgekeeper keeps', () => {
  let lab: Lab;
  let daemon: Daemon;

  beforeAll(async () => {
    lab = await startLab('import');
    daemon = await Daemon.start(lab);
  });

  afterAll(async () => {
    await lab.down();
  });

  async function carryOut(edits: readonly Edit[]): Promise<void> {
    const [first] = edits;
    const items = edits.flatMap((edit) => ('apply' in edit ? [edit.apply] : []));
    const { code, stderr } =
      first && 'remove' in first
        ? await daemon.try(['delete', first.remove.kind, first.remove.metadata.name, '--wait=false'])
        : await daemon.apply(JSON.stringify({ apiVersion: 'v1', kind: 'List', items }));
    expect(stderr.replace(/^Warning: .*$/gm, '').trim()).toBe('');
    expect(code).toBe(0);
  }

  it(`is imported as it was applied, after ${EDITS} edits (seed ${SEED})`, async () => {
    const host = new EditedHost(SEED);
    await daemon.apply(JSON.stringify({ apiVersion: 'v1', kind: 'List', items: host.objects }));
    for (const group of grouped(Array.from({ length: EDITS }, () => host.edit()))) await carryOut(group);
    await eventually(async () => (await daemon.items('bridge,vlanport,portgroup,virtualmachine')).every((item) => at(item, 'metadata.deletionTimestamp') === undefined), 60_000);
    await daemon.bridgectl('wait', '--for=condition=Ready', '--all', 'bridge,vlanport,portgroup,virtualmachine', '--timeout=60s');
    expect(comparable(await imported(daemon))).toEqual(comparable(host.objects));
  });

  it('is imported so that the plan of it is empty', async () => {
    const { code, stdout } = await daemon.try(['plan', '-f', '-'], await daemon.bridgectl('import'));
    expect(stdout).toBe('Plan: nothing to change.\n');
    expect(code).toBe(0);
  });

  it('answers kubectl, which finds bridgectl as a plugin and completes it', async () => {
    const inKubectl = (...args: string[]): Promise<{ code: number; stdout: string }> =>
      lab.exec(['env', `PATH=${dirname(CLIENT[0])}:${dirname(programPath('kubectl'))}:/usr/sbin:/usr/bin:/sbin:/bin`, `KUBECONFIG=${CLIENT[2]}`, 'kubectl', ...args]);
    expect((await inKubectl('plugin', 'list')).stdout).toContain('/kubectl-bridgekeeper\n');
    expect(await inKubectl('bridgekeeper', 'plan')).toMatchObject({ code: 0, stdout: 'Plan: nothing to change.\n' });
    expect((await inKubectl('__complete', 'bridgekeeper', 'get', 'bridge', '')).stdout).toMatch(/^lunabr\n:4$/m);
  });

  it('tells what is outstanding, and what a manifest would change, without doing it', async () => {
    const [port] = (await imported(daemon)).filter(({ kind }) => kind === 'VlanPort');
    if (!port) throw new Error('the edits left no VlanPort');
    const device = String(port.spec['deviceName'] ?? port.metadata.name);
    const before = await lab.run(['ovs-vsctl', 'get', 'Port', device, 'tag']);
    const { code, stdout } = await daemon.try(['plan', '-f', '-'], JSON.stringify({ ...port, spec: { ...port.spec, vlan: { mode: 'access', tag: 4094 } } }));
    expect(stdout).toContain(`  ~ update Port ${device}\n      Port[${device}].tag: `);
    expect(stdout).toMatch(/-> 4094\n/);
    expect(stdout).toMatch(/^Plan: 1 step to do\.$/m);
    expect(code).toBe(1);
    expect(await lab.run(['ovs-vsctl', 'get', 'Port', device, 'tag'])).toBe(before);
    expect(await daemon.items('hostquery')).toEqual([]);
  });
});

describe('a host that was made by hand', () => {
  let lab: Lab;
  let daemon: Daemon;

  beforeAll(async () => {
    lab = await startLab('by-hand');
    await lab.run(['install', '-m', '600', `${ROOT}/examples/adopt/00-red-luna.yaml`, '/etc/netplan/00-red-luna.yaml']);
    await lab.run(['env', 'DATAPATH=netdev', 'sh', `${ROOT}/examples/adopt/by-hand.sh`]);
    await lab.run(['netplan', 'apply']);
    await define(domainXml('byhand', "<source network='switch-lunabr' portgroup='Vlan 100'/>"));
    await define(domainXml('nated', "<source network='default'/>"));
    daemon = await Daemon.start(lab);
  });

  afterAll(async () => {
    await lab.down();
  });

  async function define(xml: string): Promise<void> {
    await lab.run(['sh', '-c', 'cat > /run/domain.xml && virsh define /run/domain.xml'], { input: xml });
  }

  /** Everything that frames, addresses and VMs go by; not our marks. */
  function wire(): Promise<string> {
    return lab.run([
      'sh',
      '-c',
      `ovs-vsctl --format=csv --columns=name,tag,trunks,vlan_mode,interfaces list Port | sort
       ovs-vsctl --format=csv --columns=name,type,mac,mac_in_use,ofport,mtu,error list Interface | sort
       ip -br -4 address; ip -4 route
       virsh net-dumpxml switch-lunabr | grep -v bridgekeeper; virsh dumpxml --inactive byhand | grep -v 'bridgekeeper\\|metadata'`,
    ]);
  }

  it('is imported whole: its plan is empty but for marks, and what no manifest says is named', async () => {
    const manifests = await daemon.bridgectl('import');
    expect(manifests).toMatch(/^# What no manifest says:$/m);
    expect(manifests.replaceAll('\n#   ', ' ')).toContain('# - domain nated stays as it is: NIC 52:54:00:00:00:01 names no portgroup of network default');
    expect(manifests).not.toContain('# Differs');
    const { code, stdout } = await daemon.try(['plan', '-f', '-'], manifests);
    expect(stdout).toMatch(/^Plan: nothing to change, \d+ only marks\.$/m);
    expect(code).toBe(0);
  });

  it('is taken over by applying that, with nothing changed on the wire and nothing said to the kernel', async () => {
    // Link-local addresses become usable a second after a device appears.
    await lab.run(['sh', '-c', 'while ip -6 address show tentative | grep -q inet6; do sleep 0.1; done']);
    const before = await wire();
    // All but neighbours, which the kernel forgets by itself.
    await lab.run(['sh', '-c', 'ip monitor link address route rule netconf >/run/seen 2>&1 & echo $! >/run/monitor']);
    expect((await daemon.apply(await daemon.bridgectl('import'))).code).toBe(0);
    await daemon.bridgectl('wait', '--for=condition=Programmed', '--all', 'bridge,vlanport,portgroup,virtualmachine', '--timeout=60s');
    expect(await wire()).toBe(before);
    expect(await lab.run(['sh', '-c', 'kill $(cat /run/monitor); cat /run/seen'])).toBe('');
    expect((await daemon.try(['plan'])).stdout).toBe('Plan: nothing to change.\n');
  });
});

function domainXml(name: string, source: string): string {
  return `<domain type='qemu'><name>${name}</name><memory unit='MiB'>64</memory><os><type arch='x86_64' machine='q35'>hvm</type></os>
    <devices><interface type='network'><mac address='52:54:00:00:00:0${name.length - 4}'/>${source}<model type='virtio'/></interface></devices></domain>`;
}
