import { describe, expect, it } from 'vitest';
import { impactOf } from '../../../../controller/safety/impact.ts';
import { ownersReaching } from '../../../../controller/safety/reach.ts';
import { parseConnections } from '../../../../controller/safety/sockets.ts';
import { waysInOf } from '../../../../controller/safety/ways-in.ts';
import type { NetplanDevice } from '../../../../controller/systems/netplan/desired.ts';
import { planNetplan } from '../../../../controller/systems/netplan/plan.ts';
import { fileText } from '../../../../controller/systems/netplan/file-text.ts';
import { stanzaOf } from '../../../../controller/systems/netplan/stanza.ts';
import type { OvsDesired } from '../../../../controller/systems/ovs/desired.ts';
import { planOvs } from '../../../../controller/systems/ovs/plan/plan.ts';
import { desiredOf, internalPort, lunaBridge, vnet100 } from '../systems/ovs/luna-desired.ts';
import { lunaFixture, observedSwitch } from '../systems/ovs/switch-fixture.ts';
import { desire, device } from '../systems/netplan/netplan-desired.ts';
import { link, observed, route } from '../systems/netplan/netplan-observed.ts';

const VNET100 = device('VlanPort/vnet100', 'vnet100', { addresses: ['192.168.105.253/24'], routes: [{ to: 'default', via: '192.168.105.1' }] });
const OTHER = device('VlanPort/vnet2', 'vnet2', { addresses: ['10.2.0.1/24'] });

const kernel = observed({
  files: { '/etc/netplan/90-bridgekeeper.yaml': fileText('Host/luna', '90-bridgekeeper.yaml', [VNET100, OTHER].map((each) => ({ name: each.name, owner: each.owner, stanza: stanzaOf(each) }))) },
  links: [link('eth0'), link('lunabr'), link('vnet100', ['192.168.105.253/24']), link('vnet2', ['10.2.0.1/24'])],
  routes: [route('vnet100', '0.0.0.0/0', '192.168.105.1')],
});
const luna = observedSwitch([lunaFixture()]);
const waysIn = waysInOf({
  kernel: kernel.kernel,
  connections: [
    { localAddress: '192.168.105.253', localPort: 22, peerAddress: '192.168.105.10' },
    { localAddress: '192.168.105.253', localPort: 443, peerAddress: '192.168.105.11' },
    { localAddress: '127.0.0.1', localPort: 22, peerAddress: '127.0.0.1' },
  ],
  sshPorts: new Set([22]),
  listen: { host: '192.168.105.253', port: 6443 },
});

/** What a changed wish does to the ways in: severity, step and way in. */
function impact({ ovs, netplan = [VNET100, OTHER] }: { readonly ovs?: OvsDesired; readonly netplan?: readonly NetplanDevice[] }): string[] {
  const steps = { ovs: ovs ? planOvs(ovs, luna).steps : [], netplan: planNetplan(desire(netplan), kernel).steps };
  return impactOf({ steps, waysIn, observed: { ovs: luna, netplan: kernel } }).map(({ severity, object, wayIn }) => `${severity} ${object.split(' in ')[0]} ${wayIn.kind}`);
}

describe('ways in', () => {
  it('are sessions of sshd and the API, the API itself and the default route, none of them to the host itself', () => {
    expect(waysIn).toEqual([
      { kind: 'SshSession', device: 'vnet100', address: '192.168.105.253', peer: '192.168.105.10' },
      { kind: 'ApiListener', device: 'vnet100', address: '192.168.105.253' },
      { kind: 'DefaultRoute', device: 'vnet100', peer: '192.168.105.1' },
    ]);
  });

  it('are read from the tables of the kernel, where IPv4 may be written as IPv6', () => {
    const v4 = '  sl  local_address rem_address   st\n   0: FD69A8C0:0016 0A69A8C0:D5A2 01 0\n   1: 00000000:0016 00000000:0000 0A 0\n';
    const v6 = 'heading\n 0: 0000000000000000FFFF0000FD69A8C0:192B 0000000000000000FFFF00000B69A8C0:A001 01\n 1: B80D0120000000000000000001000000:0016 B80D0120000000000000000002000000:0400 01\n';
    expect(parseConnections(v4)).toEqual([{ localAddress: '192.168.105.253', localPort: 22, peerAddress: '192.168.105.10' }]);
    expect(parseConnections(v6)).toEqual([
      { localAddress: '192.168.105.253', localPort: 6443, peerAddress: '192.168.105.11' },
      { localAddress: '2001:db8::1', localPort: 22, peerAddress: '2001:db8::2' },
    ]);
  });
});

describe('impact', () => {
  it('is none where nothing changes, and none of a port more or of another port', () => {
    expect(impact({ ovs: desiredOf([lunaBridge()]) })).toEqual([]);
    expect(impact({ ovs: desiredOf([lunaBridge({ ports: [...lunaBridge().ports, internalPort('vnet7', 7)] })]) })).toEqual([]);
    expect(impact({ netplan: [VNET100, { ...OTHER, addresses: ['10.2.0.9/24'] }] })).toEqual([]);
  });

  it('is of a VLAN, of the bridge, and of the uplink that a way in runs over', () => {
    const retagged = lunaBridge({ ports: lunaBridge().ports.map((port) => (port.name === vnet100.name ? internalPort('vnet100', 200) : port)) });
    expect(impact({ ovs: desiredOf([retagged]) })).toContain('Disturbs Port vnet100 SshSession');
    expect(impact({ ovs: desiredOf([lunaBridge({ stp: true })]) })).toContain('Disturbs Bridge lunabr DefaultRoute');
    const withoutUplink = lunaBridge({ ports: lunaBridge().ports.filter(({ name }) => name !== 'eth0') });
    expect(impact({ ovs: desiredOf([withoutUplink]) })).toContain('Cuts Port eth0 DefaultRoute');
  });

  it('is of what is taken away: the port, the bridge, the address', () => {
    const present = desiredOf([lunaBridge()]).ownership;
    expect(impact({ ovs: desiredOf([], { present: new Set(), leaving: present.present }) })).toContain('Cuts Bridge lunabr SshSession');
    expect(impact({ netplan: [{ ...VNET100, addresses: ['192.168.105.9/24'] }, OTHER] })).toContain('Cuts device vnet100 SshSession');
    expect(impact({ netplan: [OTHER] })).toContain('Cuts device vnet100 SshSession');
  });

  it('is of another device that takes the address, the network of the far end, or the default route', () => {
    const also = (more: Partial<NetplanDevice>) => impact({ netplan: [VNET100, { ...OTHER, ...more }] });
    expect(also({ addresses: ['192.168.105.253/24'] })).toContain('Disturbs device vnet2 SshSession');
    expect(also({ addresses: ['192.168.105.8/29'] })).toContain('Disturbs device vnet2 SshSession');
    expect(also({ routes: [{ to: 'default', via: '10.2.0.254' }] })).toContain('Disturbs device vnet2 DefaultRoute');
  });

  it('is of a NIC that a bridge takes from under the address', () => {
    const plain = observed({ links: [link('eth0', ['192.168.105.253/24'])] });
    const ways = waysInOf({ kernel: plain.kernel, connections: [{ localAddress: '192.168.105.253', localPort: 22, peerAddress: '10.0.0.5' }], sshPorts: new Set([22]), listen: undefined });
    const empty = observedSwitch([]);
    const [first] = impactOf({ steps: { ovs: planOvs(desiredOf([lunaBridge()]), empty).steps, netplan: [] }, waysIn: ways, observed: { ovs: empty, netplan: plain } });
    expect(first).toMatchObject({ severity: 'Cuts', owner: 'Bridge/lunabr', sentence: 'create Port eth0 takes away what the SSH session from 10.0.0.5 runs over' });
  });
});

describe('who is connected', () => {
  const retagged = (name: string): OvsDesired => desiredOf([lunaBridge({ ports: [...lunaBridge().ports.filter((port) => port.name !== name), internalPort(name, 200)] })]);
  /** When it was asked for, and whose steps reach a way in. */
  async function reach(ovs: OvsDesired, drift: boolean): Promise<unknown> {
    const asked: unknown[] = [];
    const readWaysIn = (_: unknown, when: unknown): Promise<typeof waysIn> => (asked.push(when), Promise.resolve(waysIn));
    const host = { facts: () => ({ ovs: luna, netplan: kernel }), preview: () => Promise.resolve({}) };
    const owners = await ownersReaching(planOvs(ovs, luna).steps.map((step) => ({ step, drift })), { host, readWaysIn });
    return [...asked, ...owners];
  }

  it('is read anew for what changes, and for what brings back a device with an address', async () => {
    expect(await reach(retagged('vnet100'), true)).toEqual(['now', 'VlanPort/vnet100']);
    expect(await reach(retagged('vnet100'), false)).toEqual(['now', 'VlanPort/vnet100']);
    expect(await reach(retagged('vnet7'), false)).toEqual(['now']);
  });

  it('is as it was read last for what brings back a device without an address', async () => {
    expect(await reach(retagged('vnet7'), true)).toEqual(['lately']);
  });
});
