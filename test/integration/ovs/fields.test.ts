import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';

import type { OvsBridge, OvsDesired, OvsPort, OvsVmPort } from '../../../controller/systems/ovs/desired.ts';
import { desiredOf, eth0, internalPort, lunaBridge, vnet100 } from '../../unit/controller/systems/ovs/luna-desired.ts';
import { startOvsHost } from './ovs-host.ts';
import type { OvsHost } from './ovs-host.ts';

const DEADLINE_MS = 20_000;

let host: OvsHost;

beforeAll(async () => {
  host = await startOvsHost('ovs-fields');
});
afterAll(() => host[Symbol.asyncDispose]());

const quiet = { steps: [], findings: [], refusals: [] };

/** Converges until nothing is left to do, which must take no more than `rounds`. */
async function settle(desired: OvsDesired, rounds = 1): Promise<void> {
  for (let round = 0; round < rounds; round += 1) {
    const failed = (await host.converge(desired)).filter(({ result }) => result === 'failed');
    expect(failed).toEqual([]);
  }
  expect(await host.plan(desired)).toEqual(quiet);
}

async function countRows(...tables: readonly string[]): Promise<Record<string, number>> {
  const counts = await Promise.all(tables.map(async (table) => [table, (await host.vsctl('--bare', '--columns=_uuid', 'list', table)).split('\n').filter(Boolean).length] as const));
  return Object.fromEntries(counts);
}

/** Asks again and again until the answer is right; fails with the last one at the deadline. */
async function eventually<T>(ask: () => Promise<T>, isRight: (answer: T) => boolean): Promise<T> {
  const deadline = Date.now() + DEADLINE_MS;
  for (;;) {
    const answer = await ask();
    if (isRight(answer)) return answer;
    if (Date.now() > deadline) throw new Error(`still not right: ${JSON.stringify(answer)}`);
  }
}

describe('flow collectors', () => {
  const NETFLOW = 2055;
  const SFLOW = 6343;
  const IPFIX = 4739;
  const collectors = {
    netflow: { targets: [`127.0.0.1:${NETFLOW}`], activeTimeoutSeconds: 1, engineType: 0, engineId: 7, addIdToInterface: true },
    sflow: { targets: [`127.0.0.1:${SFLOW}`], agent: 'lo', sampling: 1, pollingSeconds: 1, headerBytes: 96 },
    ipfix: { targets: [`127.0.0.1:${IPFIX}`], sampling: 1, obsDomainId: 11, obsPointId: 12, cacheActiveTimeoutSeconds: 1, cacheMaxFlows: 0 },
  } as const;
  const withCollectors = desiredOf([lunaBridge(collectors)]);
  const TABLES = ['NetFlow', 'sFlow', 'IPFIX'];

  afterEach(() => host.vsctl('--if-exists', 'del-br', 'lunabr', '--', '--if-exists', 'del-br', 'br-other'));

  it('come with the bridge, and what they are told arrives', async () => {
    await settle(withCollectors);
    expect(await countRows(...TABLES)).toEqual({ NetFlow: 1, sFlow: 1, IPFIX: 1 });
    expect(await host.vsctl('get', 'netflow', '.', 'engine_type', 'engine_id')).toBe('0\n7\n');
    await host.lab.run(['ip', 'address', 'replace', '10.77.0.1/24', 'dev', 'vnet100']);
    await host.lab.run(['ip', 'link', 'set', 'vnet100', 'up']);
    await host.lab.run(['ip', 'neighbour', 'replace', '10.77.0.2', 'lladdr', '02:00:00:00:00:02', 'dev', 'vnet100']);
    const listener = host.lab.spawn(['python3', '-c', LISTENER, String(NETFLOW), String(SFLOW), String(IPFIX)]);
    const heard = new Set<string>();
    listener.stdout?.on('data', (chunk: Buffer) => chunk.toString().split('\n').filter(Boolean).forEach((port) => heard.add(port)));
    await eventually(
      async () => {
        // NetFlow tells of IP alone.
        await host.lab.exec(['ping', '-c', '1', '-W', '1', '10.77.0.2']);
        return [...heard].sort();
      },
      (ports) => ports.length === 3,
    );
    listener.kill();
  });

  it('change in place, and go with what asked for them', async () => {
    await settle(withCollectors);
    const uuids = await host.vsctl('get', 'bridge', 'lunabr', 'netflow', 'sflow', 'ipfix');
    await settle(desiredOf([lunaBridge({ netflow: { targets: ['127.0.0.1:1'] }, sflow: { targets: ['127.0.0.1:2'] }, ipfix: { targets: ['127.0.0.1:3', '127.0.0.1:4'] } })]));
    expect(await host.vsctl('get', 'bridge', 'lunabr', 'netflow', 'sflow', 'ipfix')).toBe(uuids);
    expect(await host.vsctl('get', 'sflow', '.', 'agent', 'sampling', 'polling', 'header')).toBe('[]\n[]\n[]\n[]\n');
    await settle(desiredOf([lunaBridge()]));
    expect(await countRows(...TABLES)).toEqual({ NetFlow: 0, sFlow: 0, IPFIX: 0 });
    await settle(withCollectors);
    await settle(desiredOf([]));
    expect(await countRows(...TABLES, 'Bridge', 'Port', 'Interface')).toEqual({ NetFlow: 0, sFlow: 0, IPFIX: 0, Bridge: 0, Port: 0, Interface: 0 });
  });

  it.each([
    ['a target', ['add', 'netflow', '.', 'targets', '"192.0.2.1:9"'], ['NetFlow[lunabr].targets']],
    ['a sampling', ['set', 'sflow', '.', 'sampling=400', 'agent=eth0'], ['sFlow[lunabr].agent', 'sFlow[lunabr].sampling']],
    ['a domain', ['set', 'ipfix', '.', 'obs_domain_id=1'], ['IPFIX[lunabr].obs_domain_id']],
    ['a collector gone', ['clear', 'bridge', 'lunabr', 'sflow'], ['Bridge[lunabr].sflow']],
    ['a collector more', ['clear', 'bridge', 'lunabr', 'ipfix', '--', 'set', 'bridge', 'lunabr', 'ipfix=@i', '--', '--id=@i', 'create', 'ipfix', 'targets="203.0.113.9:4739"'], ['IPFIX[lunabr].external_ids:bridgekeeper', 'IPFIX[lunabr].targets', 'IPFIX[lunabr].sampling', 'IPFIX[lunabr].obs_domain_id', 'IPFIX[lunabr].obs_point_id', 'IPFIX[lunabr].cache_active_timeout', 'IPFIX[lunabr].cache_max_flows']],
  ] as const)('changed by hand are mended: %s', async (_what, command, paths) => {
    await settle(withCollectors);
    await host.vsctl(...command);
    const { steps } = await host.plan(withCollectors);
    expect(steps.flatMap((step) => step.differences.map(({ path }) => path))).toEqual(paths);
    await settle(withCollectors);
  });

  it('of two bridges are two, even where somebody made them one', async () => {
    const other: OvsBridge = { ...lunaBridge({ ...collectors, ports: [] }), owner: 'Bridge/br-other', name: 'br-other' };
    const both = desiredOf([lunaBridge(collectors), other]);
    await settle(both);
    expect(await countRows(...TABLES)).toEqual({ NetFlow: 2, sFlow: 2, IPFIX: 2 });
    const [uuid = ''] = (await host.vsctl('get', 'bridge', 'lunabr', 'sflow')).split('\n');
    await host.vsctl('set', 'bridge', 'br-other', `sflow=${uuid}`);
    await settle(both, 2);
    expect(await countRows(...TABLES)).toEqual({ NetFlow: 2, sFlow: 2, IPFIX: 2 });
  });

  it('that others made as they should be are taken over', async () => {
    await host.vsctl('add-br', 'br-hand', '--', 'set', 'bridge', 'br-hand', 'datapath_type=netdev', 'netflow=@n', '--', '--id=@n', 'create', 'netflow', 'targets="127.0.0.1:2055"');
    const wanted = (port: number) => desiredOf([{ ...lunaBridge({ ports: [], netflow: { targets: [`127.0.0.1:${port}`] } }), owner: 'Bridge/br-hand', name: 'br-hand' }]);
    expect((await host.plan(wanted(9))).refusals).toMatchObject([{ reason: 'NotOwned', message: expect.stringContaining('NetFlow[br-hand].targets is 127.0.0.1:2055, desired 127.0.0.1:9') }]);
    expect((await host.plan(wanted(2055))).steps.map(({ verb }) => verb)).toEqual(['claim', 'claim']);
    await settle(wanted(2055));
    expect(await countRows('NetFlow')).toEqual({ NetFlow: 1 });
    await host.vsctl('del-br', 'br-hand');
  });
});

/** Prints the number of each UDP port that something came to, once. */
const LISTENER = `
import select, socket, sys
sockets = [socket.socket(socket.AF_INET, socket.SOCK_DGRAM) for _ in sys.argv[1:]]
for s, port in zip(sockets, sys.argv[1:]): s.bind(('127.0.0.1', int(port)))
heard = set()
while len(heard) < len(sockets):
    for s in select.select(sockets, [], [])[0]:
        s.recv(65536)
        port = s.getsockname()[1]
        if port not in heard: print(port, flush=True)
        heard.add(port)
`;

describe('a bond', () => {
  const bond = (change: Partial<NonNullable<OvsPort['bond']>> = {}): OvsPort => ({
    ...eth0,
    name: 'bond0',
    bond: { mode: 'active-backup', lacp: 'off', ...change },
    interfaces: ['eth0', 'up1'].map((name) => ({ name, type: '', optional: false })),
  });
  const withBond = (change: Partial<NonNullable<OvsPort['bond']>> = {}) => desiredOf([lunaBridge({ ports: [bond(change), vnet100] })]);

  beforeAll(async () => {
    await host.lab.run(['ip', 'link', 'add', 'up1', 'type', 'veth', 'peer', 'name', 'far1']);
    await host.lab.run(['ip', 'link', 'set', 'up1', 'up']);
    await host.lab.run(['ip', 'link', 'set', 'far1', 'up']);
    await settle(desiredOf([lunaBridge()]));
    await host.lab.run(['ip', 'address', 'replace', '10.77.0.1/24', 'dev', 'vnet100']);
    await host.lab.run(['ip', 'link', 'set', 'vnet100', 'up']);
  });
  afterAll(() => host.vsctl('del-br', 'lunabr'));

  it('takes the place of a live uplink, carries its traffic, and gives it back', async () => {
    await settle(withBond({ primary: 'eth0' }));
    const shown = await eventually(() => host.lab.run(['ovs-appctl', 'bond/show', 'bond0']), (text) => (text.match(/: enabled/g) ?? []).length === 2);
    expect(shown).toMatch(/active-backup primary: eth0/);
    expect(await host.lab.arping({ vlan: 100, address: '10.77.0.1', timeoutMs: 5_000 })).toBeDefined();
    await settle(desiredOf([lunaBridge()]));
    expect(await host.vsctl('list-ports', 'lunabr')).toBe('eth0\nvnet100\n');
    expect(await host.lab.arping({ vlan: 100, address: '10.77.0.1', timeoutMs: 5_000 })).toBeDefined();
    expect(await countRows('Port', 'Interface')).toEqual({ Port: 3, Interface: 3 });
  });

  it('changes its mode, its LACP and its delays while it runs', async () => {
    await settle(withBond());
    const [uuid] = (await host.vsctl('get', 'port', 'bond0', '_uuid')).split('\n');
    await settle(withBond({ mode: 'balance-tcp', lacp: 'active', lacpTime: 'fast', updelayMilliseconds: 100, downdelayMilliseconds: 50, rebalanceIntervalMilliseconds: 2_000 }));
    expect((await host.vsctl('get', 'port', 'bond0', '_uuid')).split('\n')[0]).toBe(uuid);
    expect(await host.lab.run(['ovs-appctl', 'bond/show', 'bond0'])).toMatch(/bond_mode: balance-tcp[\s\S]*updelay: 100 ms[\s\S]*downdelay: 50 ms/);
    expect(await host.lab.run(['ovs-appctl', 'lacp/show', 'bond0'])).toMatch(/status: active[\s\S]*lacp_time: fast/);
    await host.vsctl('set', 'port', 'bond0', 'other_config:lacp-time=slow', 'other_config:bond-primary=up1', 'other_config:foreign=1');
    const { steps, findings } = await host.plan(withBond({ lacpTime: 'fast' }));
    expect(steps.flatMap((step) => step.differences.map(({ path }) => path))).toEqual(expect.arrayContaining(['Port[bond0].other_config:lacp-time', 'Port[bond0].other_config:bond-primary']));
    expect(findings).toMatchObject([{ difference: { path: 'Port[bond0].other_config:foreign', found: '1' } }]);
    await host.vsctl('remove', 'port', 'bond0', 'other_config', 'foreign');
    await settle(withBond());
    expect(await host.vsctl('get', 'port', 'bond0', 'other_config')).toBe('{}\n');
  });
});

describe('mirrors', () => {
  const tap = { ...internalPort('mon', 0), vlan: undefined } as const;
  const guest: OvsVmPort = { owner: 'VirtualMachine/guest1', bridgeName: 'lunabr', mac: '52:54:01:aa:02:01', isolated: false, vlan: { mode: 'access', tag: 100 } };
  const withMirror = (mirror: Partial<OvsBridge['mirrors'][number]>, vmPorts: readonly OvsVmPort[] = []): OvsDesired => {
    const { vlan: _none, ...mon } = tap;
    const bridge = lunaBridge({ ports: [eth0, vnet100, mon], mirrors: [{ name: 'span', selectAll: false, selectPorts: [], selectVlans: [], ...mirror }] });
    return { ...desiredOf([bridge]), vmPorts };
  };

  afterAll(() => host.vsctl('del-br', 'lunabr'));

  /** What the far end sends in VLAN 100 and `device` sees of it, by EtherType. */
  async function copies(device: string, tag: number): Promise<boolean> {
    const seen = host.lab.exec([FRAME, 'watch', '--device', device, '--type', '0x88b5', '--count', '1', '--timeout-ms', '6000']);
    let done = false;
    void seen.finally(() => (done = true));
    while (!done) await host.lab.switch([FRAME, 'send', '--vlan', String(tag), 'copy']);
    return (await seen).code === 0;
  }

  it.each([
    ['of a port', { selectPorts: [{ name: 'vnet100' }], outputPort: { name: 'mon' } }],
    ['of a VLAN alone', { selectVlans: [100], outputPort: { name: 'mon' } }],
    ['of all', { selectAll: true, outputPort: { name: 'mon' } }],
  ] as const)('copy what they select to a port: %s', async (_what, mirror) => {
    await settle(withMirror(mirror));
    await host.lab.run(['ip', 'link', 'set', 'mon', 'up']);
    await host.lab.run(['ip', 'link', 'set', 'vnet100', 'up']);
    expect(await copies('mon', 100)).toBe(true);
  });

  it('into a VLAN turn learning off there, and on again', async () => {
    await settle(withMirror({ selectPorts: [{ name: 'vnet100' }], outputVlan: 99 }));
    expect(await host.vsctl('get', 'bridge', 'lunabr', 'flood_vlans')).toBe('[99]\n');
    await settle(withMirror({ selectPorts: [{ name: 'vnet100' }], outputPort: { name: 'mon' } }));
    expect(await host.vsctl('get', 'bridge', 'lunabr', 'flood_vlans')).toBe('[]\n');
  });

  it('follow a VM over its restarts', async () => {
    const desired = withMirror({ selectPorts: [{ attachedMac: guest.mac }], outputPort: { name: 'mon' } }, [guest]);
    await settle(desired);
    for (const name of ['vnet7', 'vnet8']) {
      await startGuest(name, guest.mac);
      expect((await host.plan(desired)).steps).toMatchObject([{ object: 'Mirror span of lunabr', fresh: true }]);
      await settle(desired);
      await host.vsctl('clear', 'mirror', 'span', 'select_src_port');
      const { steps } = await host.plan(desired);
      expect(steps).toMatchObject([{ differences: [{ path: 'Mirror[span].select_src_port', expected: name, found: '' }] }]);
      expect(steps[0]?.fresh).toBeUndefined();
      await settle(desired);
      const [port = ''] = (await host.vsctl('get', 'port', name, '_uuid')).split('\n');
      expect(await host.vsctl('get', 'mirror', 'span', 'select_src_port', 'select_dst_port')).toBe(`[${port}]\n[${port}]\n`);
      await host.lab.run(['ip', 'link', 'set', 'mon', 'up']);
      expect(await copies('mon', 100)).toBe(true);
      await host.vsctl('del-port', name);
      await host.until(`${name} is gone`, (observed) => observed.portNamed(name) === undefined);
      expect(await host.plan(desired)).toEqual(quiet);
    }
  });
});

const FRAME = `${process.cwd()}/test/lab/frame`;

/** A port as libvirt makes it. */
async function startGuest(name: string, mac: string): Promise<void> {
  await host.vsctl(
    ...['add-port', 'lunabr', name, 'tag=100', '--', 'set', 'interface', name, 'type=internal'],
    ...[`external_ids:attached-mac="${mac}"`, 'external_ids:vm-id=0f3c', 'external_ids:iface-status=active'],
  );
  await host.lab.run(['ip', 'link', 'set', name, 'up']);
}

describe('a spanning tree', () => {
  const floodedTo = async (): Promise<readonly string[]> => {
    const traced = await host.lab.run(['ovs-appctl', 'ofproto/trace', 'lunabr', 'in_port=eth0,dl_vlan=100,dl_dst=ff:ff:ff:ff:ff:ff']);
    return /Datapath actions: (.*)/.exec(traced)?.[1]?.split(',') ?? [];
  };

  afterAll(() => host.vsctl('del-br', 'lunabr'));

  it.each([
    ['RSTP', { rstp: true }, 'rstp_enable=true'],
    ['STP', { stp: true }, 'stp_enable=true'],
  ] as const)('of %s that is turned off, by the spec or against a hand, lets broadcasts through again', async (_name, on, byHand) => {
    const plain = desiredOf([lunaBridge()]);
    await settle(plain);
    await host.lab.run(['ip', 'link', 'set', 'eth0', 'up']);
    const before = await eventually(floodedTo, (ports) => ports.length > 1);
    await settle(desiredOf([lunaBridge(on)]));
    // A port of RSTP forwards after three seconds, one of STP after thirty; only then does turning off do harm.
    if (_name === 'RSTP') await eventually(floodedTo, (ports) => ports.length === before.length);
    await settle(plain);
    expect(await floodedTo()).toEqual(before);
    await host.vsctl('set', 'bridge', 'lunabr', byHand);
    await settle(plain);
    expect(await floodedTo()).toEqual(before);
  });
});

describe("VMs' ports", () => {
  const guests = ['52:54:01:aa:02:01', '52:54:01:aa:02:02'].map(
    (mac): OvsVmPort => ({ owner: `VirtualMachine/guest${mac.slice(-1)}`, bridgeName: 'lunabr', mac, isolated: false, vlan: { mode: 'access', tag: 100 } }),
  );
  const plain = desiredOf([lunaBridge()]);
  const withGuests = (change: Partial<OvsVmPort>): OvsDesired => ({ ...plain, root: { owner: 'Host/luna' }, vmPorts: guests.map((guest) => ({ ...guest, ...change })) });

  beforeAll(async () => {
    await settle(plain);
    await host.lab.run(['ip', 'address', 'replace', '10.77.0.1/24', 'dev', 'vnet100']);
    await host.lab.run(['ip', 'link', 'set', 'vnet100', 'up']);
    for (const [index, guest] of guests.entries()) {
      const name = `vnet${index + 1}`;
      await startGuest(name, guest.mac);
      await host.lab.run(['ip', 'netns', 'add', name]);
      await host.lab.run(['ip', 'link', 'set', name, 'netns', name]);
      await host.lab.run(['ip', '-n', name, 'address', 'add', `10.77.0.${index + 11}/24`, 'dev', name]);
      await host.lab.run(['ip', '-n', name, 'link', 'set', name, 'up']);
    }
  });
  afterAll(() => host.vsctl('del-br', 'lunabr'));

  const pings = async (address: string): Promise<boolean> => (await host.lab.exec(['ip', 'netns', 'exec', 'vnet1', 'ping', '-c', '1', '-W', '1', address])).code === 0;

  it('that are isolated reach the host and not each other', async () => {
    await settle(withGuests({}));
    expect(await eventually(() => pings('10.77.0.12'), (ok) => ok)).toBe(true);
    const isolated = withGuests({ isolated: true });
    expect((await host.plan(isolated)).steps).toMatchObject([{ verb: 'claim', fresh: true }, { verb: 'claim', fresh: true }]);
    await settle(isolated);
    expect(await eventually(() => pings('10.77.0.12'), (ok) => !ok)).toBe(false);
    expect(await pings('10.77.0.1')).toBe(true);
    await host.vsctl('set', 'port', 'vnet1', 'protected=false');
    const { steps } = await host.plan(isolated);
    expect(steps).toMatchObject([{ verb: 'update', differences: [{ path: 'Port[vnet1].protected', expected: 'true', found: 'false' }] }]);
    expect(steps[0]?.fresh).toBeUndefined();
    await settle(isolated);
    await settle(withGuests({}));
    expect(await eventually(() => pings('10.77.0.12'), (ok) => ok)).toBe(true);
    expect(await host.vsctl('get', 'port', 'vnet1', 'external_ids')).toBe('{}\n');
  });

  it('get limits at once, changed and taken away, and nothing is left of them', async () => {
    const limits = { inbound: { averageKiBps: 1000, peakKiBps: 5000, burstKiB: 5120 }, outbound: { averageKiBps: 128, peakKiBps: 256, burstKiB: 256 } };
    await settle(withGuests({ limits }));
    const qos = async (): Promise<string> => host.vsctl('get', 'qos', ((await host.vsctl('get', 'port', 'vnet1', 'qos')).trim()), 'type', 'other_config', 'external_ids');
    expect(await qos()).toBe('linux-htb\n{burst="41943040", max-rate="40000000", min-rate="8000000"}\n{ifname=vnet1, vm-id="0f3c"}\n');
    expect(await host.vsctl('get', 'interface', 'vnet1', 'ingress_policing_rate', 'ingress_policing_burst')).toBe('1024\n2048\n');
    await settle(withGuests({ limits: { inbound: { averageKiBps: 2 } } }));
    expect(await qos()).toBe('linux-htb\n{min-rate="16000"}\n{ifname=vnet1, vm-id="0f3c"}\n');
    expect(await countRows('QoS', 'Queue')).toEqual({ QoS: 2, Queue: 2 });
    await host.vsctl('clear', 'port', 'vnet1', 'qos');
    expect((await host.plan(withGuests({ limits: { inbound: { averageKiBps: 2 } } }))).steps).toMatchObject([
      { object: expect.stringMatching(/^QoS /), leftover: true },
      { verb: 'update', differences: [{ path: 'Port[vnet1].qos', expected: 'min-rate=16000', found: '' }] },
    ]);
    await settle(withGuests({ limits: { inbound: { averageKiBps: 2 } } }), 2);
    await settle(withGuests({}));
    expect(await countRows('QoS', 'Queue')).toEqual({ QoS: 0, Queue: 0 });
    expect(await host.vsctl('get', 'interface', 'vnet1', 'ingress_policing_rate', 'ingress_policing_burst')).toBe('0\n0\n');
  });
});

describe('the switch as a whole', () => {
  const withLimit = (vlanLimit?: number): OvsDesired => ({ ...desiredOf([]), root: { owner: 'Host/luna', ...(vlanLimit === undefined ? {} : { vlanLimit }) } });
  const present = (desired: OvsDesired): OvsDesired => ({ ...desired, ownership: { ...desired.ownership, present: new Set(['Host/luna']) } });

  it('looks at as many VLAN headers as the Host says, and at as many as before when it says nothing more', async () => {
    const before = await host.vsctl('get', 'open_vswitch', '.', 'external_ids');
    await settle(present(withLimit(2)));
    expect(await host.vsctl('get', 'open_vswitch', '.', 'other_config:vlan-limit')).toBe('"2"\n');
    await host.vsctl('set', 'open_vswitch', '.', 'other_config:vlan-limit=1');
    expect((await host.plan(present(withLimit(2)))).steps).toMatchObject([{ differences: [{ path: 'Open_vSwitch[.].other_config:vlan-limit', expected: '2', found: '1' }] }]);
    await settle(present(withLimit(2)));
    await settle(present(withLimit()));
    expect(await host.vsctl('get', 'open_vswitch', '.', 'other_config')).toBe('{}\n');
    expect(await host.vsctl('get', 'open_vswitch', '.', 'external_ids')).toBe(before);
  });
});
