import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import type { OvsBridge, OvsDesired, OvsPort, OvsVmPort } from '../../../controller/systems/ovs/desired.ts';
import { desiredOf, eth0, internalPort, lunaBridge, vnet100 } from '../../unit/controller/systems/ovs/luna-desired.ts';
import { startOvsHost } from './ovs-host.ts';
import type { OvsHost } from './ovs-host.ts';
import { addressVnet100, countRows, eventually, quiet, settle, startGuest } from './settle.ts';

let host: OvsHost;

beforeAll(async () => {
  host = await startOvsHost('ovs-forwarding');
});
afterAll(() => host[Symbol.asyncDispose]());

const FRAME = `${process.cwd()}/test/lab/frame`;

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
    await settle(host, desiredOf([lunaBridge()]));
    await addressVnet100(host);
  });
  afterAll(() => host.vsctl('del-br', 'lunabr'));

  it('takes the place of a live uplink, carries its traffic, and gives it back', async () => {
    await settle(host, withBond({ primary: 'eth0' }));
    const shown = await eventually(() => host.lab.run(['ovs-appctl', 'bond/show', 'bond0']), (text) => (text.match(/: enabled/g) ?? []).length === 2);
    expect(shown).toMatch(/active-backup primary: eth0/);
    expect(await host.lab.arping({ vlan: 100, address: '10.77.0.1', timeoutMs: 5_000 })).toBeDefined();
    await settle(host, desiredOf([lunaBridge()]));
    expect(await host.vsctl('list-ports', 'lunabr')).toBe('eth0\nvnet100\n');
    expect(await host.lab.arping({ vlan: 100, address: '10.77.0.1', timeoutMs: 5_000 })).toBeDefined();
    expect(await countRows(host, 'Port', 'Interface')).toEqual({ Port: 3, Interface: 3 });
  });

  it('changes its mode, its LACP and its delays while it runs', async () => {
    await settle(host, withBond());
    const [uuid] = (await host.vsctl('get', 'port', 'bond0', '_uuid')).split('\n');
    await settle(host, withBond({ mode: 'balance-tcp', lacp: 'active', lacpTime: 'fast', updelayMilliseconds: 100, downdelayMilliseconds: 50, rebalanceIntervalMilliseconds: 2_000 }));
    expect((await host.vsctl('get', 'port', 'bond0', '_uuid')).split('\n')[0]).toBe(uuid);
    expect(await host.lab.run(['ovs-appctl', 'bond/show', 'bond0'])).toMatch(/bond_mode: balance-tcp[\s\S]*updelay: 100 ms[\s\S]*downdelay: 50 ms/);
    expect(await host.lab.run(['ovs-appctl', 'lacp/show', 'bond0'])).toMatch(/status: active[\s\S]*lacp_time: fast/);
    await host.vsctl('set', 'port', 'bond0', 'other_config:lacp-time=slow', 'other_config:bond-primary=up1', 'other_config:foreign=1');
    const { steps, findings } = await host.plan(withBond({ lacpTime: 'fast' }));
    expect(steps.flatMap((step) => step.differences.map(({ path }) => path))).toEqual(expect.arrayContaining(['Port[bond0].other_config:lacp-time', 'Port[bond0].other_config:bond-primary']));
    expect(findings).toMatchObject([{ difference: { path: 'Port[bond0].other_config:foreign', found: '1' } }]);
    await host.vsctl('remove', 'port', 'bond0', 'other_config', 'foreign');
    await settle(host, withBond());
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
    await settle(host, withMirror(mirror));
    await host.lab.run(['ip', 'link', 'set', 'mon', 'up']);
    await host.lab.run(['ip', 'link', 'set', 'vnet100', 'up']);
    expect(await copies('mon', 100)).toBe(true);
  });

  it('into a VLAN turn learning off there, and on again', async () => {
    await settle(host, withMirror({ selectPorts: [{ name: 'vnet100' }], outputVlan: 99 }));
    expect(await host.vsctl('get', 'bridge', 'lunabr', 'flood_vlans')).toBe('[99]\n');
    await settle(host, withMirror({ selectPorts: [{ name: 'vnet100' }], outputPort: { name: 'mon' } }));
    expect(await host.vsctl('get', 'bridge', 'lunabr', 'flood_vlans')).toBe('[]\n');
  });

  it('follow a VM over its restarts', async () => {
    const desired = withMirror({ selectPorts: [{ attachedMac: guest.mac }], outputPort: { name: 'mon' } }, [guest]);
    await settle(host, desired);
    for (const name of ['vnet7', 'vnet8']) {
      await startGuest(host, name, guest.mac);
      expect((await host.plan(desired)).steps).toMatchObject([{ object: 'Mirror span of lunabr', fresh: true }]);
      await settle(host, desired);
      await host.vsctl('clear', 'mirror', 'span', 'select_src_port');
      const { steps } = await host.plan(desired);
      expect(steps).toMatchObject([{ differences: [{ path: 'Mirror[span].select_src_port', expected: name, found: '' }] }]);
      expect(steps[0]?.fresh).toBeUndefined();
      await settle(host, desired);
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

/** An OpenFlow controller that says hello and answers echoes, and nothing else. */
const CONTROLLER = `
import socket, struct
server = socket.socket(); server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
server.bind(('127.0.0.1', 6653)); server.listen()
while True:
    link, _ = server.accept()
    link.send(struct.pack('!BBHI', 1, 0, 8, 1))
    while True:
        header = link.recv(8, socket.MSG_WAITALL)
        if len(header) < 8: break
        version, kind, length, xid = struct.unpack('!BBHI', header)
        body = link.recv(length - 8, socket.MSG_WAITALL) if length > 8 else b''
        if kind == 2: link.send(struct.pack('!BBHI', version, 3, length, xid) + body)
`;

describe('what a bridge and its ports let through', () => {
  const answers = async (vlan: number): Promise<boolean> => (await host.lab.arping({ vlan, address: '10.77.0.1', timeoutMs: 700 })) !== undefined;
  const withVlans = (uplink: OvsPort['vlan'], port: OvsPort['vlan'], change: Partial<OvsBridge> = {}): OvsDesired => {
    const { vlan: _none, ...plain } = vnet100;
    return desiredOf([lunaBridge({ ports: [{ ...eth0, ...(uplink ? { vlan: uplink } : {}) }, { ...plain, ...(port ? { vlan: port } : {}) }], ...change })]);
  };
  const access = { mode: 'access', tag: 100 } as const;

  beforeAll(async () => {
    await settle(host, withVlans(undefined, access));
    await addressVnet100(host);
  });
  afterAll(() => host.vsctl('del-br', 'lunabr'));

  it.each<[string, OvsPort['vlan'], OvsPort['vlan'], number, boolean]>([
    ['access in its VLAN', undefined, access, 100, true],
    ['access in no other', undefined, access, 101, false],
    ['native-untagged in its native VLAN', undefined, { mode: 'native-untagged', tag: 100, trunks: [200] }, 100, true],
    ['native-tagged tags its native VLAN, which the device does not take', undefined, { mode: 'native-tagged', tag: 100, trunks: [200] }, 100, false],
    ['trunk passes tagged frames as they are, which the device does not take', undefined, { mode: 'trunk', trunks: [100] }, 100, false],
    ['dot1q-tunnel puts untagged frames into its VLAN', undefined, { mode: 'dot1q-tunnel', tag: 100 }, 100, true],
    ['an uplink that carries the VLAN', { mode: 'trunk', trunks: [100, 200] }, access, 100, true],
    ['an uplink that does not', { mode: 'trunk', trunks: [200] }, access, 100, false],
    ['an uplink in another VLAN', { mode: 'access', tag: 7 }, access, 100, false],
  ])('%s', async (_what, uplink, port, vlan, isAnswered) => {
    await settle(host, withVlans(uplink, port));
    expect(isAnswered ? await eventually(() => answers(vlan), Boolean) : await answers(vlan)).toBe(isAnswered);
  });

  it('is nothing while it fails secure, and all while it stands alone; a controller that comes is seen', async () => {
    const controllers = ['tcp:127.0.0.1:6653'];
    await settle(host, withVlans(undefined, access, { failMode: 'secure', controllers }));
    expect(await answers(100)).toBe(false);
    expect((await host.ovs.observe()).bridges.get('lunabr')?.controllers).toEqual([{ target: 'tcp:127.0.0.1:6653', connected: false }]);
    const controller = host.lab.spawn(['python3', '-c', CONTROLLER]);
    await host.until('the controller is connected', ({ bridges }) => bridges.get('lunabr')?.controllers.some(({ connected, role }) => connected && role === 'other'));
    controller.kill();
    await settle(host, withVlans(undefined, access, { failMode: 'standalone' }));
    expect(await countRows(host, 'Controller')).toEqual({ Controller: 0 });
    expect(await eventually(() => answers(100), Boolean)).toBe(true);
  });

  it('is as large as its MTU says, also after somebody set the device smaller', async () => {
    const mtu = async (): Promise<string> => /mtu (\d+)/.exec(await host.lab.run(['ip', 'link', 'show', 'vnet100']))?.[1] ?? '';
    const small = desiredOf([lunaBridge({ ports: [eth0, { ...vnet100, interfaces: vnet100.interfaces.map((iface) => ({ ...iface, mtuRequest: 1400 })) }] })]);
    await settle(host, small);
    expect(await mtu()).toBe('1400');
    await host.lab.run(['ip', 'link', 'set', 'vnet100', 'mtu', '1300']);
    expect(await eventually(mtu, (value) => value === '1400')).toBe('1400');
    await settle(host, withVlans(undefined, access));
    expect(await host.vsctl('get', 'interface', 'vnet100', 'mtu_request')).toBe('[]\n');
  });
});

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
    await settle(host, plain);
    await host.lab.run(['ip', 'link', 'set', 'eth0', 'up']);
    const before = await eventually(floodedTo, (ports) => ports.length > 1);
    await settle(host, desiredOf([lunaBridge(on)]));
    // A port of RSTP forwards after three seconds, one of STP after thirty; only then does turning off do harm.
    if (_name === 'RSTP') await eventually(floodedTo, (ports) => ports.length === before.length);
    await settle(host, plain);
    expect(await floodedTo()).toEqual(before);
    await host.vsctl('set', 'bridge', 'lunabr', byHand);
    await settle(host, plain);
    expect(await floodedTo()).toEqual(before);
  });
});
