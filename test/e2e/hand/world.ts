/** The host on which hands slip: two bridges, a bond, a mirror, controllers, ports of all VLAN modes and a running VM. */
export const WORLD = `
apiVersion: bridgekeeper.dev/v1alpha1
kind: Bridge
metadata: {name: br0}
spec:
  uplinks:
  - {name: eth0}
  - {name: bond0, bond: {interfaces: [{name: nic1}, {name: nic2}], mode: active-backup, lacp: "off", updelayMilliseconds: 100}, vlan: {mode: trunk, trunks: [7]}}
  mtu: 1400
  stp: false
  mirrors:
  - {name: span, selectPorts: [mgmt], outputPort: probe}
  libvirtNetwork: {name: net0}
---
apiVersion: bridgekeeper.dev/v1alpha1
kind: Bridge
metadata: {name: br1}
spec: {failMode: standalone, protocols: [OpenFlow13], controllers: ["tcp:127.0.0.1:6653"], rstp: false}
---
apiVersion: bridgekeeper.dev/v1alpha1
kind: VlanPort
metadata: {name: mgmt}
spec: {bridgeName: br0, vlan: {mode: access, tag: 100}, addresses: [10.1.2.3/24]}
---
apiVersion: bridgekeeper.dev/v1alpha1
kind: VlanPort
metadata: {name: probe}
spec: {bridgeName: br0}
---
apiVersion: bridgekeeper.dev/v1alpha1
kind: VlanPort
metadata: {name: many}
spec: {bridgeName: br0, vlan: {mode: trunk, trunks: [2, 3]}, mtu: 1300}
---
apiVersion: bridgekeeper.dev/v1alpha1
kind: VlanPort
metadata: {name: native}
spec: {bridgeName: br0, vlan: {mode: native-untagged, tag: 4, trunks: [5]}}
---
apiVersion: bridgekeeper.dev/v1alpha1
kind: VlanPort
metadata: {name: other}
spec: {bridgeName: br1, vlan: {mode: access, tag: 9}, macAddress: "02:00:00:00:09:09"}
---
apiVersion: bridgekeeper.dev/v1alpha1
kind: Portgroup
metadata: {name: blue}
spec: {bridgeName: br0, vlan: {mode: access, tag: 6}}
---
apiVersion: bridgekeeper.dev/v1alpha1
kind: VirtualMachine
metadata: {name: guest}
spec:
  runStrategy: Always
  memory: 64Mi
  interfaces:
  - {name: eth0, macAddress: "52:54:01:aa:02:01", portgroupName: blue}
`;

/** The network cards beside eth0; nic3 is nobody's. */
export const EXTRA_NICS = ['nic1', 'nic2', 'nic3'];
export const GUEST_MAC = '52:54:01:aa:02:01';

export const [BR0, BR1, GUEST] = ['Bridge/br0', 'Bridge/br1', 'VirtualMachine/guest'] as const;
interface InternalPort {
  readonly name: string;
  readonly owner: string;
  readonly bridge: string;
}

/** Internal ports by their resource, with the bridge that each is on. */
export const PORTS: readonly [InternalPort, ...InternalPort[]] = [
  { name: 'mgmt', owner: 'VlanPort/mgmt', bridge: 'br0' },
  { name: 'probe', owner: 'VlanPort/probe', bridge: 'br0' },
  { name: 'many', owner: 'VlanPort/many', bridge: 'br0' },
  { name: 'native', owner: 'VlanPort/native', bridge: 'br0' },
  { name: 'other', owner: 'VlanPort/other', bridge: 'br1' },
];
