import { describe, expect, it } from 'vitest';
import { customResourceDefinitions } from '../../../api/generated/crds.ts';
import type { Kind } from '../../../api/generated/kinds.ts';
import type { Manifest } from '../../../api/machinery/object.ts';
import { compileSchema } from '../../../api/schema/compile-schema.ts';

/** The pattern of a Portgroup's libvirtName. */
const LIBVIRT_NAME = String.raw`^[^\s&<>'"]([^\r\n\t&<>'"]*[^\s&<>'"])?$`;

const schemas = new Map<string, ReturnType<typeof compileSchema>>(customResourceDefinitions.map((crd) => [crd.spec.names.kind, compileSchema(crd)]));
const NOT_CHECKED = /^Invalid value: null: some validation rules were not checked/;

function causes(kind: Kind, spec: unknown, name = 'x', oldSpec?: unknown): string[] {
  const schema = schemas.get(kind);
  if (schema === undefined) throw new Error(`no schema of ${kind}`);
  const object = manifest(kind, spec, name);
  schema.applyDefaults(object);
  const old = oldSpec === undefined ? undefined : manifest(kind, oldSpec, name);
  if (old !== undefined) schema.applyDefaults(old);
  return schema.validate(object, old).filter(({ message }) => !NOT_CHECKED.test(message)).map(({ field, message }) => `${field}: ${message}`);
}

function manifest(kind: Kind, spec: unknown, name: string): Manifest {
  return { apiVersion: 'bridgekeeper.dev/v1alpha1', kind, metadata: { name }, spec: structuredClone(spec) };
}

const port = (more: object): object => ({ bridgeName: 'lunabr', ...more });
const vm = (more: object): object => ({ memory: '256Mi', ...more });
const nic = (more: object): object => vm({ interfaces: [{ name: 'eth0', bridgeName: 'lunabr', ...more }] });
const uplink = (more: object): object => ({ uplinks: [{ name: 'eth0', ...more }] });
const bond = (more: object): object => uplink({ bond: { interfaces: [{ name: 'eth1' }, { name: 'eth2' }], ...more } });
const mirror = (more: object): object => ({ mirrors: [{ name: 'm', ...more }] });

describe('a VLAN', () => {
  it.each<[string, object, string]>([
    ['with a tag too high', { mode: 'access', tag: 5000 }, 'spec.vlan.tag: Invalid value: 5000: spec.vlan.tag in body should be less than or equal to 4094'],
    ['with a tag too low', { mode: 'access', tag: -1 }, 'spec.vlan.tag: Invalid value: -1: spec.vlan.tag in body should be greater than or equal to 0'],
    ['with a word for a tag', { mode: 'access', tag: 'cien' }, 'spec.vlan.tag: Invalid value: "string": spec.vlan.tag in body must be of type integer: "string"'],
    ['with half a tag', { mode: 'access', tag: 1.5 }, 'spec.vlan.tag: Invalid value: "number": spec.vlan.tag in body must be of type integer: "number"'],
    ['of an unknown mode', { mode: 'zigzag', tag: 1 }, 'spec.vlan.mode: Unsupported value: "zigzag": supported values: "access", "trunk", "native-tagged", "native-untagged", "dot1q-tunnel"'],
    ['without a mode', { tag: 1 }, 'spec.vlan.mode: Required value'],
    ['access without tag', { mode: 'access' }, 'spec.vlan.tag: Required value: tag is missing: every mode but trunk needs vlan.tag; set it, or choose mode trunk'],
    ['native-untagged without tag', { mode: 'native-untagged', trunks: [1] }, 'spec.vlan.tag: Required value: tag is missing: every mode but trunk needs vlan.tag; set it, or choose mode trunk'],
    ['dot1q-tunnel without tag', { mode: 'dot1q-tunnel' }, 'spec.vlan.tag: Required value: tag is missing: every mode but trunk needs vlan.tag; set it, or choose mode trunk'],
    ['access with trunks', { mode: 'access', tag: 1, trunks: [1, 2] }, 'spec.vlan.trunks: Invalid value: a port of mode access or dot1q-tunnel has no trunks: remove vlan.trunks, or choose mode trunk, native-tagged or native-untagged'],
    ['trunk with tag', { mode: 'trunk', tag: 1, trunks: [1, 2] }, 'spec.vlan.tag: Invalid value: a trunk has no tag: remove vlan.tag, or choose mode native-tagged or native-untagged'],
    ['trunk without trunks', { mode: 'trunk' }, 'spec.vlan.trunks: Required value: trunks is missing: mode trunk needs vlan.trunks; for every VLAN leave vlan out'],
    ['with no trunks at all', { mode: 'trunk', trunks: [] }, 'spec.vlan.trunks: Invalid value: 0: spec.vlan.trunks in body should have at least 1 items'],
    ['with a trunk twice', { mode: 'trunk', trunks: [2, 3, 2] }, 'spec.vlan.trunks[2]: Duplicate value: 2'],
    ['with a trunk too high', { mode: 'trunk', trunks: [4095] }, 'spec.vlan.trunks[0]: Invalid value: 4095: spec.vlan.trunks[0] in body should be less than or equal to 4094'],
    ['that is a list', [], 'spec.vlan: Invalid value: "array": spec.vlan in body must be of type object: "array"'],
  ])('%s is refused', (_, vlan, expected) => {
    expect(causes('VlanPort', port({ vlan }))).toEqual([expected]);
  });

  it.each<[string, object]>([
    ['access', { mode: 'access', tag: 0 }],
    ['trunk', { mode: 'trunk', trunks: [0, 4094] }],
    ['native-tagged without trunks', { mode: 'native-tagged', tag: 1 }],
    ['native-untagged with trunks', { mode: 'native-untagged', tag: 1, trunks: [2] }],
    ['dot1q-tunnel', { mode: 'dot1q-tunnel', tag: 1 }],
  ])('%s is taken', (_, vlan) => {
    expect(causes('VlanPort', port({ vlan }))).toEqual([]);
  });
});

describe('a VlanPort', () => {
  it.each<[string, object, string]>([
    ['without bridge', {}, 'spec.bridgeName: Required value'],
    ['with a device name too long', port({ deviceName: 'sixteen-letters-' }), 'spec.deviceName: Too long: may not be more than 15 bytes'],
    ['with a device name with a slash', port({ deviceName: 'a/b' }), "spec.deviceName: Invalid value: \"a/b\": spec.deviceName in body should match '^[A-Za-z0-9_][A-Za-z0-9_.-]*$'"],
    ['with an address without prefix', port({ addresses: ['192.168.105.253'] }), 'spec.addresses[0]: Invalid value: "192.168.105.253": spec.addresses[0] in body must be of type cidr: "192.168.105.253"'],
    ['with an address twice', port({ addresses: ['10.0.0.1/8', '10.0.0.1/8'] }), 'spec.addresses[1]: Duplicate value: "10.0.0.1/8"'],
    ['with a multicast MAC', port({ macAddress: '01:00:5e:00:00:01' }), "spec.macAddress: Invalid value: \"01:00:5e:00:00:01\": spec.macAddress in body should match '^[0-9A-Fa-f][02468ACEace](:[0-9A-Fa-f]{2}){5}$'"],
    ['with a tiny MTU', port({ mtu: 60 }), 'spec.mtu: Invalid value: 60: spec.mtu in body should be greater than or equal to 68'],
    ['with an MTU beyond 32 bits', port({ mtu: 3_000_000_000 }), 'spec.mtu: Invalid value: 3000000000: spec.mtu in body should be less than or equal to 65535'],
    ['with a yes for a number', port({ mtu: true }), 'spec.mtu: Invalid value: "boolean": spec.mtu in body must be of type integer: "boolean"'],
    ['with a word for a yes', port({ dhcp4: 'yes' }), 'spec.dhcp4: Invalid value: "string": spec.dhcp4 in body must be of type boolean: "string"'],
    ['with a route without gateway', port({ routes: [{ to: 'default' }] }), 'spec.routes[0].via: Required value: via is missing: a route needs a gateway; set via, or scope link for what is reached directly'],
    ['with a routing rule for nothing', port({ routingPolicy: [{ table: 5 }] }), 'spec.routingPolicy[0]: Invalid value: a routing rule needs from or to: set one of them'],
    ['with an ignore rule outside spec', port({ driftIgnore: ['/status/x'] }), "spec.driftIgnore[0]: Invalid value: \"/status/x\": spec.driftIgnore[0] in body should match '^/spec(/.+)?$'"],
  ])('%s is refused', (_, spec, expected) => {
    expect(causes('VlanPort', spec)).toEqual([expected]);
  });

  it('with a gateway that is no address is refused, in the words of Kubernetes', () => {
    expect(causes('VlanPort', port({ routes: [{ to: 'default', via: 'router' }] }))).toEqual([
      '<nil>: Invalid value: "": "spec.routes[0].via" must validate at least one schema (anyOf)',
      'spec.routes[0].via: Invalid value: "router": spec.routes[0].via in body must be of type ipv4: "router"',
    ]);
  });

  it('whose name is no device name needs a deviceName', () => {
    const expected = 'metadata.name: Invalid value: metadata.name is the name of the device, and Linux allows 15 bytes: shorten it, or set spec.deviceName';
    expect(causes('VlanPort', port({}), 'management-network')).toEqual([expected]);
    expect(causes('VlanPort', port({ deviceName: 'mgmt' }), 'management-network')).toEqual([]);
    expect(causes('VlanPort', port({}), 'fifteen-letters')).toEqual([]);
  });

  it('takes what netplan takes', () => {
    const spec = port({
      addresses: ['192.0.2.1/24', '2001:db8::1/64'],
      routes: [{ to: 'default', via: '192.0.2.254', metric: 100 }, { to: '10.0.0.0/8', scope: 'link' }, { to: '198.51.100.7', via: '192.0.2.9', onLink: true, table: 100 }],
      routingPolicy: [{ from: '192.0.2.0/24', table: 100, priority: 10 }],
      nameservers: { addresses: ['192.0.2.53', '2001:db8::53'], search: ['example.org'] },
    });
    expect(causes('VlanPort', spec)).toEqual([]);
  });
});

describe('what never changes', () => {
  it.each<[Kind, string, object, object]>([
    ['VlanPort', 'hostName', port({ hostName: 'luna' }), port({ hostName: 'sol' })],
    ['VlanPort', 'hostName', port({}), port({ hostName: 'sol' })],
    ['VlanPort', 'hostName', port({ hostName: 'luna' }), port({})],
    ['VlanPort', 'deviceName', port({ deviceName: 'a' }), port({ deviceName: 'b' })],
    ['Bridge', 'deviceName', { deviceName: 'a' }, { deviceName: 'b' }],
    ['Portgroup', 'libvirtName', port({ libvirtName: 'Vlan 2' }), port({})],
    ['VirtualMachine', 'domainName', vm({ domainName: 'a' }), vm({ domainName: 'b' })],
  ])('%s: %s', (kind, field, before, after) => {
    expect(causes(kind, after, 'x', before)).toEqual([`spec.${field}: Invalid value: ${field} is immutable: delete the ${kind} and create it anew`]);
    expect(causes(kind, before, 'x', before)).toEqual([]);
  });

  it.each<[Kind, object]>([
    ['DriftReport', { hostName: 'luna', system: 'ovs', subject: { kind: 'VlanPort', name: 'vnet100' }, detectedAt: '2026-01-01T00:00:00Z' }],
    ['Change', { hostName: 'luna', subject: { kind: 'VlanPort', name: 'vnet100' }, startedAt: '2026-01-01T00:00:00Z' }],
  ])('%s: all of spec', (kind, spec) => {
    expect(causes(kind, { ...spec, hostName: 'sol' }, 'x', spec)).toEqual([expect.stringMatching(/^spec: Invalid value: spec is immutable/)]);
    expect(causes(kind, spec, 'x', spec)).toEqual([]);
  });
});

describe('a Bridge', () => {
  it.each<[string, object, string]>([
    ['with STP twice', { stp: true, rstp: true }, 'spec.rstp: Invalid value: stp and rstp exclude each other: set only one of them'],
    ['with an uplink twice', { uplinks: [{ name: 'eth0' }, { name: 'eth0' }] }, 'spec.uplinks[1]: Duplicate value: {"name":"eth0"}'],
    ['with an uplink without name', { uplinks: [{ mtu: 1500 }] }, 'spec.uplinks[0].name: Required value'],
    ['with a bond of one', uplink({ bond: { interfaces: [{ name: 'eth1' }] } }), 'spec.uplinks[0].bond.interfaces: Invalid value: 1: spec.uplinks[0].bond.interfaces in body should have at least 2 items'],
    ['with balance-tcp without LACP', bond({ mode: 'balance-tcp' }), 'spec.uplinks[0].bond.lacp: Invalid value: balance-tcp needs LACP: set lacp to active or passive, or choose mode balance-slb'],
    ['with a bond of the same NIC', uplink({ bond: { interfaces: [{ name: 'eth1' }, { name: 'eth1', match: { macAddress: '52:54:00:00:00:01' } }] } }), 'spec.uplinks[0].bond.interfaces[1]: Duplicate value: {"name":"eth1"}'],
    ['with a strange primary', bond({ primary: 'eth9' }), 'spec.uplinks[0].bond.primary: Invalid value: primary is no NIC of the bond: name one of interfaces'],
    ['with a match on a bond', uplink({ match: { macAddress: '52:54:00:00:00:01' }, bond: { interfaces: [{ name: 'eth1' }, { name: 'eth2' }] } }), 'spec.uplinks[0].match: Invalid value: a bond has no address of its own to match: move match to the items of bond.interfaces'],
    ['with a mirror without output', mirror({ selectAll: true }), 'spec.mirrors[0]: Invalid value: a mirror has one way out: set either outputPort or outputVlan'],
    ['with a mirror of nothing', mirror({ outputVlan: 9 }), 'spec.mirrors[0]: Invalid value: a mirror that selects nothing copies nothing: set selectAll, selectPorts or selectVlans'],
    ['with a mirror of all and some', mirror({ outputVlan: 9, selectAll: true, selectVlans: [1] }), 'spec.mirrors[0].selectAll: Invalid value: selectAll already is every port and every VLAN: remove selectAll, or selectPorts and selectVlans'],
    ['with an unknown datapath', { datapathType: 'dpdk' }, 'spec.datapathType: Unsupported value: "dpdk": supported values: "auto", "system", "netdev"'],
    ['with a controller without scheme', { controllers: ['127.0.0.1:6653'] }, "spec.controllers[0]: Invalid value: \"127.0.0.1:6653\": spec.controllers[0] in body should match '^(tcp|ssl|unix|ptcp|pssl|punix):.+$'"],
    ['with a nameless libvirt network', { libvirtNetwork: {} }, 'spec.libvirtNetwork.name: Required value'],
  ])('%s is refused', (_, spec, expected) => {
    expect(causes('Bridge', spec)).toEqual([expected]);
  });

  it('takes bonds, mirrors and flow exports', () => {
    const spec = {
      ...bond({ mode: 'balance-tcp', lacp: 'active', updelayMilliseconds: 100, primary: 'eth1' }),
      ...mirror({ selectPorts: ['eth0', 'guest1/eth0'], outputPort: 'span0' }),
      netflow: { targets: ['192.0.2.1:2055'] },
      sflow: { targets: ['[2001:db8::1]:6343'], agent: 'eth0', sampling: 64, pollingSeconds: 10 },
      ipfix: { targets: ['collector.example.org:4739'], obsDomainID: 1 },
    };
    expect(causes('Bridge', spec)).toEqual([]);
  });
});

describe('a VirtualMachine', () => {
  it.each<[string, object, string]>([
    ['without memory', {}, 'spec.memory: Required value: memory is missing: set it, for example to 512Mi, or choose managementPolicy InterfacesOnly'],
    ['with memory that is no quantity', { memory: 'lots' }, "spec.memory: Invalid value: \"lots\": spec.memory in body should match '^([1-9][0-9]*(\\.[0-9]+)?|0\\.[0-9]*[1-9][0-9]*)(Ki|Mi|Gi|Ti|Pi|Ei|k|M|G|T|P|E)?$'"],
    ['with no memory at all', { memory: 0 }, 'spec.memory: Invalid value: 0: spec.memory in body should be greater than or equal to 1'],
    ['on two networks', nic({ portgroupName: 'vlan-100' }), 'spec.interfaces[0]: Invalid value: a NIC is on one network: set either portgroupName or bridgeName'],
    ['on no network', vm({ interfaces: [{ name: 'eth0' }] }), 'spec.interfaces[0]: Invalid value: a NIC is on one network: set either portgroupName or bridgeName'],
    ['with a VLAN beside a portgroup', vm({ interfaces: [{ name: 'eth0', portgroupName: 'p', vlan: { mode: 'access', tag: 1 } }] }), "spec.interfaces[0].vlan: Invalid value: the VLAN of a NIC on a Portgroup is the Portgroup's: remove vlan, or set bridgeName instead of portgroupName"],
    ['with an interfaceID that is none', nic({ interfaceID: '1234' }), "spec.interfaces[0].interfaceID: Invalid value: \"1234\": spec.interfaces[0].interfaceID in body should match '^[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}$'"],
    ['with a link state that is none', nic({ linkState: 'Up' }), 'spec.interfaces[0].linkState: Unsupported value: "Up": supported values: "up", "down"'],
    ['with a disk that is there and made', vm({ disks: [{ name: 'root', path: '/a.qcow2', size: '1Gi' }] }), 'spec.disks[0]: Invalid value: a disk is either there or made: set path alone, or size and baseImage (or one of them)'],
    ['with a disk of nothing', vm({ disks: [{ name: 'root' }] }), 'spec.disks[0]: Invalid value: a disk is either there or made: set path alone, or size and baseImage (or one of them)'],
    ['with a relative path', vm({ disks: [{ name: 'root', path: 'a.qcow2' }] }), "spec.disks[0].path: Invalid value: \"a.qcow2\": spec.disks[0].path in body should match '^/[^\\r\\n]+$'"],
    ['with a disk twice', vm({ disks: [{ name: 'root', size: '1Gi' }, { name: 'root', size: '2Gi' }] }), 'spec.disks[1]: Duplicate value: {"name":"root"}'],
    ['that boots from nowhere', vm({ bootOrder: ['root'] }), 'spec.bootOrder: Invalid value: bootOrder names what is not there: name disks, cdroms and interfaces of this VM'],
    ['with a MAC twice', vm({ interfaces: [{ name: 'a', bridgeName: 'b', macAddress: '52:54:00:00:00:0a' }, { name: 'b', bridgeName: 'b', macAddress: '52:54:00:00:00:0A' }] }), 'spec.interfaces: Invalid value: two NICs have the same macAddress: give each its own, or leave it out'],
    ['with user-data from two places', vm({ cloudInit: { userData: '#cloud-config', userDataSecretRef: { namespace: 'default', name: 's' } } }), 'spec.cloudInit.userDataSecretRef: Invalid value: the user-data has one source: set either userData or userDataSecretRef'],
    ['adopted, with cloud-init', { managementPolicy: 'InterfacesOnly', cloudInit: { userData: 'x' } }, 'spec.cloudInit: Invalid value: cloudInit needs a VM that is made here: remove it, or choose managementPolicy Full'],
    ['adopted, with a guest', { managementPolicy: 'InterfacesOnly', interfaces: [{ name: 'e', bridgeName: 'b', guest: {} }] }, 'spec.interfaces: Invalid value: guest needs a VM that is made here: remove interfaces[].guest, or choose managementPolicy Full'],
    ['with no CPU', vm({ cpu: { cores: 0 } }), 'spec.cpu.cores: Invalid value: 0: spec.cpu.cores in body should be greater than or equal to 1'],
    ['with a domain name with a slash', vm({ domainName: 'a/b' }), "spec.domainName: Invalid value: \"a/b\": spec.domainName in body should match '^[^/\\s]([^/\\r\\n\\t]*[^/\\s])?$'"],
    ['with 33 NICs', vm({ interfaces: Array.from({ length: 33 }, (_, index) => ({ name: `eth${index}`, bridgeName: 'b' })) }), 'spec.interfaces: Too many: 33: must have at most 32 items'],
  ])('%s is refused', (_, spec, expected) => {
    expect(causes('VirtualMachine', spec)).toEqual([expected]);
  });

  it.each(['256Mi', '1.5Gi', '0.5G', 268435456, '268435456'])('takes %s of memory', (memory) => {
    expect(causes('VirtualMachine', { memory })).toEqual([]);
  });

  it('boots from disks, cdroms and interfaces', () => {
    const parts = { disks: [{ name: 'root', size: '1Gi' }], cdroms: [{ name: 'cd', path: '/a.iso' }], interfaces: [{ name: 'eth0', portgroupName: 'p' }] };
    expect(causes('VirtualMachine', vm({ ...parts, bootOrder: ['cd', 'root', 'eth0'] }))).toEqual([]);
  });
});

describe('the other kinds', () => {
  it.each<[string, Kind, object, string]>([
    ['a probe of two kinds', 'Host', { rollback: { probes: [{ gateway: {}, ping: { address: '192.0.2.1' } }] } }, 'spec.rollback.probes[0]: Invalid value: a probe is one of gateway, ping, tcp and http: set exactly one, each further one as its own item of probes'],
    ['a probe of no kind', 'Host', { rollback: { probes: [{}] } }, 'spec.rollback.probes[0]: Invalid value: a probe is one of gateway, ping, tcp and http: set exactly one, each further one as its own item of probes'],
    ['a file that is no YAML', 'Host', { netplan: { fileName: '../evil' } }, "spec.netplan.fileName: Invalid value: \"../evil\": spec.netplan.fileName in body should match '^[A-Za-z0-9_][A-Za-z0-9_.-]*\\.yaml$'"],
    ['an unknown default network', 'Host', { libvirt: { defaultNetwork: 'Gone' } }, 'spec.libvirt.defaultNetwork: Unsupported value: "Gone": supported values: "Absent", "Unmanaged"'],
    ['a limit without average', 'Portgroup', port({ bandwidth: { inbound: { peakKiBps: 5 } } }), 'spec.bandwidth.inbound.averageKiBps: Required value'],
    ['a name that begins with a blank', 'Portgroup', port({ libvirtName: ' Vlan 2' }), `spec.libvirtName: Invalid value: " Vlan 2": spec.libvirtName in body should match '${LIBVIRT_NAME}'`],
    ['a name that libvirt cannot write back', 'Portgroup', port({ libvirtName: 'A & B' }), `spec.libvirtName: Invalid value: "A & B": spec.libvirtName in body should match '${LIBVIRT_NAME}'`],
    ['a receiver without URL', 'AlertReceiver', { type: 'slack' }, 'spec.url: Required value'],
    ['a receiver by mail', 'AlertReceiver', { type: 'webhook', url: 'mailto:a@b' }, "spec.url: Invalid value: \"mailto:a@b\": spec.url in body should match '^https?://[^\\s/?#]+([/?#]\\S*)?$'"],
    ['an event that is none', 'AlertReceiver', { type: 'ntfy', url: 'https://ntfy.sh/x', events: ['Rain'] }, 'spec.events[0]: Unsupported value: "Rain": supported values: "DriftDetected", "DriftCorrected", "RolledBack", "Stalled", "Recovered", "HostUnreachable"'],
    ['a question that is none', 'HostQuery', { type: 'Guess' }, 'spec.type: Unsupported value: "Guess": supported values: "Plan", "Import", "Diagnose"'],
    ['objects for a diagnosis', 'HostQuery', { type: 'Diagnose', objects: [{ apiVersion: 'v1', kind: 'X' }] }, 'spec: Invalid value: only a Plan has objects, packedObjects and deletions: remove them, or choose type Plan'],
    ['an object without kind', 'HostQuery', { type: 'Plan', objects: [{ apiVersion: 'v1' }] }, 'spec.objects[0].kind: Required value'],
    ['a drift of an unknown system', 'DriftReport', { hostName: 'h', system: 'xen', subject: { kind: 'a', name: 'b' }, detectedAt: '2026-01-01T00:00:00Z' }, 'spec.system: Unsupported value: "xen": supported values: "ovs", "netplan", "libvirt", "kernel"'],
    ['a time that is none', 'DriftReport', { hostName: 'h', system: 'ovs', subject: { kind: 'a', name: 'b' }, detectedAt: 'now' }, 'spec.detectedAt: Invalid value: "now": spec.detectedAt in body must be of type date-time: "now"'],
  ])('%s is refused', (_, kind, spec, expected) => {
    expect(causes(kind, spec)).toEqual([expected]);
  });

  it('Bridge needs a spec, Host does not', () => {
    const withoutSpec = (kind: Kind): Manifest => ({ apiVersion: 'bridgekeeper.dev/v1alpha1', kind, metadata: { name: 'x' } });
    expect(schemas.get('Bridge')?.validate(withoutSpec('Bridge'))[0]).toEqual({ reason: 'FieldValueRequired', message: 'Required value', field: 'spec' });
    const host = withoutSpec('Host');
    schemas.get('Host')?.applyDefaults(host);
    expect(schemas.get('Host')?.validate(host)).toEqual([]);
    expect(host.spec).toEqual({ driftPolicy: 'Correct', libvirt: { defaultNetwork: 'Unmanaged' }, netplan: { fileName: '90-bridgekeeper.yaml' }, unmanagedPorts: 'Report' });
  });
});
