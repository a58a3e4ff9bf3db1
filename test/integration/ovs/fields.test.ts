import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';

import type { OvsBridge, OvsDesired, OvsVmPort } from '../../../controller/systems/ovs/desired.ts';
import { desiredOf, lunaBridge } from '../../unit/controller/systems/ovs/luna-desired.ts';
import { startOvsHost } from './ovs-host.ts';
import type { OvsHost } from './ovs-host.ts';
import { addressVnet100, countRows, eventually, settle, startGuest } from './settle.ts';

let host: OvsHost;

beforeAll(async () => {
  host = await startOvsHost('ovs-fields');
});
afterAll(() => host[Symbol.asyncDispose]());

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
    await settle(host, withCollectors);
    expect(await countRows(host, ...TABLES)).toEqual({ NetFlow: 1, sFlow: 1, IPFIX: 1 });
    expect(await host.vsctl('get', 'netflow', '.', 'engine_type', 'engine_id')).toBe('0\n7\n');
    await addressVnet100(host);
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
    await settle(host, withCollectors);
    const uuids = await host.vsctl('get', 'bridge', 'lunabr', 'netflow', 'sflow', 'ipfix');
    await settle(host, desiredOf([lunaBridge({ netflow: { targets: ['127.0.0.1:1'] }, sflow: { targets: ['127.0.0.1:2'] }, ipfix: { targets: ['127.0.0.1:3', '127.0.0.1:4'] } })]));
    expect(await host.vsctl('get', 'bridge', 'lunabr', 'netflow', 'sflow', 'ipfix')).toBe(uuids);
    expect(await host.vsctl('get', 'sflow', '.', 'agent', 'sampling', 'polling', 'header')).toBe('[]\n[]\n[]\n[]\n');
    await settle(host, desiredOf([lunaBridge()]));
    expect(await countRows(host, ...TABLES)).toEqual({ NetFlow: 0, sFlow: 0, IPFIX: 0 });
    await settle(host, withCollectors);
    await settle(host, desiredOf([]));
    expect(await countRows(host, ...TABLES, 'Bridge', 'Port', 'Interface')).toEqual({ NetFlow: 0, sFlow: 0, IPFIX: 0, Bridge: 0, Port: 0, Interface: 0 });
  });

  it.each([
    ['a target', ['add', 'netflow', '.', 'targets', '"192.0.2.1:9"'], ['NetFlow[lunabr].targets']],
    ['a sampling', ['set', 'sflow', '.', 'sampling=400', 'agent=eth0'], ['sFlow[lunabr].agent', 'sFlow[lunabr].sampling']],
    ['a domain', ['set', 'ipfix', '.', 'obs_domain_id=1'], ['IPFIX[lunabr].obs_domain_id']],
    ['a collector gone', ['clear', 'bridge', 'lunabr', 'sflow'], ['Bridge[lunabr].sflow']],
    ['a collector more', ['clear', 'bridge', 'lunabr', 'ipfix', '--', 'set', 'bridge', 'lunabr', 'ipfix=@i', '--', '--id=@i', 'create', 'ipfix', 'targets="203.0.113.9:4739"'], ['IPFIX[lunabr].external_ids:bridgekeeper', 'IPFIX[lunabr].targets', 'IPFIX[lunabr].sampling', 'IPFIX[lunabr].obs_domain_id', 'IPFIX[lunabr].obs_point_id', 'IPFIX[lunabr].cache_active_timeout', 'IPFIX[lunabr].cache_max_flows']],
  ] as const)('changed by hand are mended: %s', async (_what, command, paths) => {
    await settle(host, withCollectors);
    await host.vsctl(...command);
    const { steps } = await host.plan(withCollectors);
    expect(steps.flatMap((step) => step.differences.map(({ path }) => path))).toEqual(paths);
    await settle(host, withCollectors);
  });

  it('of two bridges are two, even where somebody made them one', async () => {
    const other: OvsBridge = { ...lunaBridge({ ...collectors, ports: [] }), owner: 'Bridge/br-other', name: 'br-other' };
    const both = desiredOf([lunaBridge(collectors), other]);
    await settle(host, both);
    expect(await countRows(host, ...TABLES)).toEqual({ NetFlow: 2, sFlow: 2, IPFIX: 2 });
    const [uuid = ''] = (await host.vsctl('get', 'bridge', 'lunabr', 'sflow')).split('\n');
    await host.vsctl('set', 'bridge', 'br-other', `sflow=${uuid}`);
    await settle(host, both, 2);
    expect(await countRows(host, ...TABLES)).toEqual({ NetFlow: 2, sFlow: 2, IPFIX: 2 });
  });

  it('that others made as they should be are taken over', async () => {
    await host.vsctl('add-br', 'br-hand', '--', 'set', 'bridge', 'br-hand', 'datapath_type=netdev', 'netflow=@n', '--', '--id=@n', 'create', 'netflow', 'targets="127.0.0.1:2055"');
    const wanted = (port: number) => desiredOf([{ ...lunaBridge({ ports: [], netflow: { targets: [`127.0.0.1:${port}`] } }), owner: 'Bridge/br-hand', name: 'br-hand' }]);
    expect((await host.plan(wanted(9))).refusals).toMatchObject([{ reason: 'NotOwned', message: expect.stringContaining('NetFlow[br-hand].targets is 127.0.0.1:2055, desired 127.0.0.1:9') }]);
    expect((await host.plan(wanted(2055))).steps.map(({ verb }) => verb)).toEqual(['claim', 'claim']);
    await settle(host, wanted(2055));
    expect(await countRows(host, 'NetFlow')).toEqual({ NetFlow: 1 });
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

describe("VMs' ports", () => {
  const guests = ['52:54:01:aa:02:01', '52:54:01:aa:02:02'].map(
    (mac): OvsVmPort => ({ owner: `VirtualMachine/guest${mac.slice(-1)}`, bridgeName: 'lunabr', mac, isolated: false, vlan: { mode: 'access', tag: 100 } }),
  );
  const plain = desiredOf([lunaBridge()]);
  const withGuests = (change: Partial<OvsVmPort>): OvsDesired => ({ ...plain, root: { owner: 'Host/luna' }, vmPorts: guests.map((guest) => ({ ...guest, ...change })) });

  beforeAll(async () => {
    await settle(host, plain);
    await addressVnet100(host);
    for (const [index, guest] of guests.entries()) {
      const name = `vnet${index + 1}`;
      await startGuest(host, name, guest.mac);
      await host.lab.run(['ip', 'netns', 'add', name]);
      await host.lab.run(['ip', 'link', 'set', name, 'netns', name]);
      await host.lab.run(['ip', '-n', name, 'address', 'add', `10.77.0.${index + 11}/24`, 'dev', name]);
      await host.lab.run(['ip', '-n', name, 'link', 'set', name, 'up']);
    }
  });
  afterAll(() => host.vsctl('del-br', 'lunabr'));

  const pings = async (address: string): Promise<boolean> => (await host.lab.exec(['ip', 'netns', 'exec', 'vnet1', 'ping', '-c', '1', '-W', '1', address])).code === 0;

  it('that are isolated reach the host and not each other', async () => {
    await settle(host, withGuests({}));
    expect(await eventually(() => pings('10.77.0.12'), (ok) => ok)).toBe(true);
    const isolated = withGuests({ isolated: true });
    expect((await host.plan(isolated)).steps).toMatchObject([{ verb: 'claim', fresh: true }, { verb: 'claim', fresh: true }]);
    await settle(host, isolated);
    expect(await eventually(() => pings('10.77.0.12'), (ok) => !ok)).toBe(false);
    expect(await pings('10.77.0.1')).toBe(true);
    await host.vsctl('set', 'port', 'vnet1', 'protected=false');
    const { steps } = await host.plan(isolated);
    expect(steps).toMatchObject([{ verb: 'update', differences: [{ path: 'Port[vnet1].protected', expected: 'true', found: 'false' }] }]);
    expect(steps[0]?.fresh).toBeUndefined();
    await settle(host, isolated);
    await settle(host, withGuests({}));
    expect(await eventually(() => pings('10.77.0.12'), (ok) => ok)).toBe(true);
    expect(await host.vsctl('get', 'port', 'vnet1', 'external_ids')).toBe('{}\n');
  });

  it('get limits at once, changed and taken away, and nothing is left of them', async () => {
    const limits = { inbound: { averageKiBps: 1000, peakKiBps: 5000, burstKiB: 5120 }, outbound: { averageKiBps: 128, peakKiBps: 256, burstKiB: 256 } };
    await settle(host, withGuests({ limits }));
    const qos = async (): Promise<string> => host.vsctl('get', 'qos', ((await host.vsctl('get', 'port', 'vnet1', 'qos')).trim()), 'type', 'other_config', 'external_ids');
    expect(await qos()).toBe('linux-htb\n{burst="41943040", max-rate="40000000", min-rate="8000000"}\n{ifname=vnet1, vm-id="0f3c"}\n');
    expect(await host.vsctl('get', 'interface', 'vnet1', 'ingress_policing_rate', 'ingress_policing_burst')).toBe('1024\n2048\n');
    await settle(host, withGuests({ limits: { inbound: { averageKiBps: 2 } } }));
    expect(await qos()).toBe('linux-htb\n{min-rate="16000"}\n{ifname=vnet1, vm-id="0f3c"}\n');
    expect(await countRows(host, 'QoS', 'Queue')).toEqual({ QoS: 2, Queue: 2 });
    await host.vsctl('clear', 'port', 'vnet1', 'qos');
    expect((await host.plan(withGuests({ limits: { inbound: { averageKiBps: 2 } } }))).steps).toMatchObject([
      { object: expect.stringMatching(/^QoS /), leftover: true },
      { verb: 'update', differences: [{ path: 'Port[vnet1].qos', expected: 'min-rate=16000', found: '' }] },
    ]);
    await settle(host, withGuests({ limits: { inbound: { averageKiBps: 2 } } }), 2);
    await settle(host, withGuests({}));
    expect(await countRows(host, 'QoS', 'Queue')).toEqual({ QoS: 0, Queue: 0 });
    expect(await host.vsctl('get', 'interface', 'vnet1', 'ingress_policing_rate', 'ingress_policing_burst')).toBe('0\n0\n');
  });
});

describe('the switch as a whole', () => {
  const withLimit = (vlanLimit?: number): OvsDesired => ({ ...desiredOf([]), root: { owner: 'Host/luna', ...(vlanLimit === undefined ? {} : { vlanLimit }) } });
  const present = (desired: OvsDesired): OvsDesired => ({ ...desired, ownership: { ...desired.ownership, present: new Set(['Host/luna']) } });

  it('looks at as many VLAN headers as the Host says, and at as many as before when it says nothing more', async () => {
    const before = await host.vsctl('get', 'open_vswitch', '.', 'external_ids');
    await settle(host, present(withLimit(2)));
    expect(await host.vsctl('get', 'open_vswitch', '.', 'other_config:vlan-limit')).toBe('"2"\n');
    await host.vsctl('set', 'open_vswitch', '.', 'other_config:vlan-limit=1');
    expect((await host.plan(present(withLimit(2)))).steps).toMatchObject([{ differences: [{ path: 'Open_vSwitch[.].other_config:vlan-limit', expected: '2', found: '1' }] }]);
    await settle(host, present(withLimit(2)));
    await settle(host, present(withLimit()));
    expect(await host.vsctl('get', 'open_vswitch', '.', 'other_config')).toBe('{}\n');
    expect(await host.vsctl('get', 'open_vswitch', '.', 'external_ids')).toBe(before);
  });
});
