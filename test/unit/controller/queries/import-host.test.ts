import { describe, expect, it } from 'vitest';
import type { HostObserved } from '../../../../controller/queries/host-observed.ts';
import { importHost, selectImported } from '../../../../controller/queries/import/import-host.ts';
import { domainState, networkState, observe } from '../systems/libvirt/observed-fixture.ts';
import { link, observed, route, type ObservedParts } from '../systems/netplan/netplan-observed.ts';
import { observedSwitch, type BridgeFixture, type PortFixture } from '../systems/ovs/switch-fixture.ts';

function host(parts: { readonly bridges?: readonly BridgeFixture[]; readonly netplan?: ObservedParts; readonly networks?: readonly string[]; readonly domains?: readonly string[] }): HostObserved {
  return {
    ovs: observedSwitch(parts.bridges ?? []),
    netplan: observed(parts.netplan),
    libvirt: observe({ networks: (parts.networks ?? []).map((xml) => networkState(xml)), domains: (parts.domains ?? []).map((xml) => domainState(xml)) }),
    unreachable: [],
  };
}

function bridge(name: string, ports: readonly PortFixture[], columns: Partial<BridgeFixture> = {}): BridgeFixture {
  return { name, datapath_type: 'netdev', withPorts: [{ name, ifaces: [{ name, type: 'internal' }] }, ...ports], ...columns };
}

function internal(name: string, columns: Partial<PortFixture> = {}, iface: Record<string, unknown> = {}): PortFixture {
  return { name, ifaces: [{ name, type: 'internal', ...iface }], ...columns };
}

/** Specs by Kind/name. */
function specs(from: HostObserved): Record<string, unknown> {
  return Object.fromEntries(importHost(from, 'luna').objects.map(({ owner, manifest }) => [owner, manifest.spec]));
}

function remarks(from: HostObserved): string[] {
  return importHost(from, 'luna').remarks.map(({ type, owner, message }) => `${type}${owner === undefined ? '' : ` ${owner}`}: ${message}`);
}

const network = (name: string, bridgeName: string, portgroups: string): string =>
  `<network><name>${name}</name><uuid>00000000-0000-4000-8000-00000000000a</uuid><forward mode='bridge'/><bridge name='${bridgeName}'/><virtualport type='openvswitch'/>${portgroups}</network>`;

const domain = (name: string, devices: string): string => `<domain type='qemu'><name>${name}</name><uuid>00000000-0000-4000-8000-0000000000b1</uuid><memory>65536</memory><devices>${devices}</devices></domain>`;

describe('names', () => {
  it('that no resource can have become one that it can, and stand beside it', () => {
    const portgroups = "<portgroup name='Sin vlan'/><portgroup name='Diseño'/><portgroup name='plain'/>";
    const found = specs(host({ bridges: [bridge('OVS_br', [internal('Port_1')])], networks: [network('lan', 'OVS_br', portgroups)] }));
    expect(found).toMatchObject({
      'Bridge/ovs-br': { deviceName: 'OVS_br', libvirtNetwork: { name: 'lan' } },
      'VlanPort/port-1': { deviceName: 'Port_1', bridgeName: 'ovs-br' },
      'Portgroup/sin-vlan': { libvirtName: 'Sin vlan' },
      'Portgroup/diseno': { libvirtName: 'Diseño' },
    });
    expect(found['Portgroup/plain']).not.toHaveProperty('libvirtName');
  });

  it('that fall together are told apart', () => {
    expect(Object.keys(specs(host({ bridges: [bridge('br0', [internal('a_b'), internal('a-b')])] })))).toEqual(['Bridge/br0', 'VlanPort/a-b', 'VlanPort/a-b-2']);
  });

  it('are those of the mark where Bridgekeeper made the thing', () => {
    const port = internal('vnet100', { mark: 'VlanPort/management', tag: 100 });
    expect(specs(host({ bridges: [bridge('br0', [port])] }))).toMatchObject({ 'VlanPort/management': { deviceName: 'vnet100', vlan: { mode: 'access', tag: 100 } } });
  });
});

describe('ports', () => {
  it('of the system are uplinks, with what netplan says of the NIC; several interfaces are a bond', () => {
    const files = { '/etc/netplan/10.yaml': 'network:\n  ethernets:\n    lan: {match: {macaddress: "94:C6:91:1A:A6:3E"}, set-name: eth0, optional: true}\n' };
    const bond: PortFixture = { name: 'bond0', bond_mode: 'balance-tcp', lacp: 'active', other_config: ['map', [['lacp-time', 'fast']]], ifaces: [{ name: 'eth2' }, { name: 'eth1' }] };
    expect(specs(host({ bridges: [bridge('br0', [{ name: 'eth0' }, bond])], netplan: { files } }))['Bridge/br0']).toMatchObject({
      uplinks: [
        { name: 'bond0', bond: { interfaces: [{ name: 'eth1' }, { name: 'eth2' }], mode: 'balance-tcp', lacp: 'active', lacpTime: 'fast' } },
        { name: 'eth0', match: { macAddress: '94:c6:91:1a:a6:3e' }, optional: true },
      ],
    });
  });

  it('of VMs belong to them, and those that no manifest says are named', () => {
    const guest: PortFixture = { name: 'vnet5', ifaces: [{ name: 'vnet5', ids: { 'attached-mac': '52:54:00:00:00:01' } }] };
    const patch: PortFixture = { name: 'patch0', ifaces: [{ name: 'patch0', type: 'patch' }] };
    const from = host({ bridges: [bridge('br0', [guest, patch, { name: 'tap9' }])], netplan: { links: [link('tap9')] } });
    expect(Object.keys(specs(from))).toEqual(['Bridge/br0']);
    expect(specs(from)['Bridge/br0']).not.toHaveProperty('uplinks');
    expect(remarks(from)).toEqual([
      'NotImported Bridge/br0: port patch0 is of type patch, which no manifest says; it stays as it is',
      'NotImported Bridge/br0: port tap9 is a tap device, as a VM or a container has; it stays as it is',
      'Chosen Bridge/br0: bridge br0 has no way out of the host: a network inside it',
    ]);
  });

  it('have the MTU of their bridge only once', () => {
    const mtu = { mtu_request: 9000 };
    const ports = [internal('same', {}, mtu), internal('other', {}, { mtu_request: 1400 }), internal('none')];
    const local = { name: 'br0', ifaces: [{ name: 'br0', type: 'internal', ...mtu }] };
    const from = host({ bridges: [{ name: 'br0', withPorts: [local, ...ports] }] });
    expect(specs(from)).toMatchObject({ 'Bridge/br0': { mtu: 9000 }, 'VlanPort/other': { mtu: 1400 } });
    expect(specs(from)['VlanPort/same']).not.toHaveProperty('mtu');
    expect(remarks(from)).toContain('Chosen VlanPort/none: none asks for no MTU while its bridge asks for 9000, which it will ask for too');
  });
});

describe('addresses', () => {
  it('are those of all netplan files that name the device, merged as netplan does', () => {
    const files = {
      '/etc/netplan/10.yaml': 'network:\n  ethernets:\n    mgmt: {addresses: [10.0.0.1/24], dhcp4: yes, nameservers: {addresses: [10.0.0.53]}}\n',
      '/etc/netplan/20.yaml': 'network:\n  ethernets:\n    mgmt:\n      addresses: [10.0.1.1/24, 10.0.0.1/24]\n      dhcp4: no\n      routes: [{to: 0.0.0.0/0, via: 10.0.0.254, metric: 5}]\n      nameservers: {search: [example.org]}\n',
    };
    expect(specs(host({ bridges: [bridge('br0', [internal('mgmt')])], netplan: { files } }))['VlanPort/mgmt']).toEqual({
      bridgeName: 'br0',
      addresses: ['10.0.0.1/24', '10.0.1.1/24'],
      routes: [{ to: 'default', via: '10.0.0.254', metric: 5 }],
      nameservers: { addresses: ['10.0.0.53'], search: ['example.org'] },
    });
  });

  it('that only the kernel has are read from it, and that is said', () => {
    const netplan = { links: [link('mgmt', ['10.0.0.1/24'])], routes: [route('mgmt', '0.0.0.0/0', '10.0.0.254', { protocol: 3 }), route('mgmt', '10.0.0.0/24', undefined, { protocol: 2 })] };
    const from = host({ bridges: [bridge('br0', [internal('mgmt')])], netplan });
    expect(specs(from)['VlanPort/mgmt']).toMatchObject({ addresses: ['10.0.0.1/24'], routes: [{ to: 'default', via: '10.0.0.254' }] });
    expect(remarks(from)).toContain('Chosen VlanPort/mgmt: no netplan file names mgmt: its addresses and routes were read from the kernel');
  });

  it('stand beside keys that no manifest says, which are named', () => {
    const files = { '/etc/netplan/10.yaml': 'network:\n  ethernets:\n    mgmt: {addresses: [10.0.0.1/24], wakeonlan: true}\n  wifis:\n    wlan0: {}\n' };
    expect(remarks(host({ bridges: [bridge('br0', [internal('mgmt')])], netplan: { files } }))).toEqual(
      expect.arrayContaining([
        'NotImported VlanPort/mgmt: mgmt: wakeonlan in /etc/netplan/10.yaml: no manifest says this',
        'NotImported: /etc/netplan/10.yaml:5: wifis.wlan0 is no port of Open vSwitch; it stays as it is',
      ]),
    );
  });
});

describe('VMs', () => {
  const onPortgroup = "<interface type='network'><mac address='52:54:00:00:00:01'/><source network='lan' portgroup='Vlan 6'/><model type='e1000'/></interface>";
  const straight = "<interface type='bridge'><mac address='52:54:00:00:00:02'/><source bridge='br0'/><vlan trunk='yes'><tag id='2'/><tag id='3'/></vlan><virtualport type='openvswitch'><parameters interfaceid='7d072813-014c-41f9-9f0d-4ebc350b9887'/></virtualport><model type='virtio'/></interface>";
  const bridges = [bridge('br0', [{ name: 'eth0' }])];
  const networks = [network('lan', 'br0', "<portgroup name='Vlan 6'><vlan><tag id='6'/></vlan></portgroup>")];

  it('made by others come with their NICs alone', () => {
    expect(specs(host({ bridges, networks, domains: [domain('web server', onPortgroup + straight)] }))['VirtualMachine/web-server']).toEqual({
      domainName: 'web server',
      managementPolicy: 'InterfacesOnly',
      interfaces: [
        { name: 'net0', macAddress: '52:54:00:00:00:01', portgroupName: 'vlan-6', model: 'e1000' },
        { name: 'net1', macAddress: '52:54:00:00:00:02', bridgeName: 'br0', vlan: { mode: 'trunk', trunks: [2, 3] }, interfaceID: '7d072813-014c-41f9-9f0d-4ebc350b9887' },
      ],
    });
  });

  it('with a NIC that leads elsewhere stay out, and are named with the way in', () => {
    const nat = "<interface type='network'><mac address='52:54:00:00:00:03'/><source network='default'/></interface>";
    const from = host({ bridges, networks, domains: [domain('a', nat), domain('b', '')] });
    expect(Object.keys(specs(from))).not.toContain('VirtualMachine/a');
    expect(remarks(from)).toEqual(expect.arrayContaining([expect.stringMatching(/^NotImported: domain a stays as it is: NIC 52:54:00:00:00:03 names no portgroup of network default; write it/), 'NotImported: domain b stays as it is: it has no NIC']));
  });
});

describe('a part of a host', () => {
  const whole = importHost(host({ bridges: [bridge('br0', [internal('vnet100'), internal('Port_1')])] }), 'luna');

  it('is chosen by kind, and by name as a resource or on the host', () => {
    const owners = (kinds: string[] | undefined, names: string[] | undefined): string[] =>
      selectImported(whole, kinds && new Set(kinds), names && new Set(names)).objects.map(({ owner }) => owner);
    expect(owners(['VlanPort'], undefined)).toEqual(['VlanPort/port-1', 'VlanPort/vnet100']);
    expect(owners(undefined, ['Port_1', 'br0'])).toEqual(['Bridge/br0', 'VlanPort/port-1']);
    expect(selectImported(whole, undefined, new Set(['vnet100'])).remarks).toEqual([]);
  });
});
