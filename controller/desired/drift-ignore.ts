import type { KubeObject } from '../../api/machinery/object.ts';
import { nicNames } from './bridge.ts';
import { portgroupName } from './portgroup.ts';
import { deviceName, type BridgeResource, type PortgroupResource, type VirtualMachineResource, type VlanPortResource } from './resources.ts';
import { domainName, nicMac } from './virtual-machine.ts';

/** What of a resource may be changed behind our back. */
export interface DriftIgnore {
  /** The paths of differences that `spec.driftIgnore` names, `*` for anything. */
  readonly paths: readonly string[];
  /** What the spec says in these fields, as text: when it says something else, that is to be done. */
  readonly asked: string;
}

/** A field of a spec, as a JSON pointer, and the paths of differences that it shows in. */
type FieldPaths = readonly (readonly [pointer: string, ...paths: readonly string[]])[];

/** What `spec.driftIgnore` of a resource names on the host; undefined where it names nothing. Pure. */
export function driftIgnoreOf(object: KubeObject): DriftIgnore | undefined {
  const pointers = stringsAt(object, 'driftIgnore');
  if (pointers.length === 0) return undefined;
  const fields = fieldPaths(object);
  return {
    paths: [...new Set(pointers.flatMap((pointer) => namedBy(pointer, fields)))],
    asked: JSON.stringify(pointers.map((pointer) => valueAt(object, pointer) ?? null)),
  };
}

/** Pointers in `spec.driftIgnore` of a resource that name nothing that could drift. */
export function idlePointers(object: KubeObject): string[] {
  const pointers = stringsAt(object, 'driftIgnore');
  const fields = pointers.length === 0 ? [] : fieldPaths(object);
  return pointers.filter((pointer) => namedBy(pointer, fields).length === 0);
}

/** A pointer names its field and all below it; one that goes deeper than a field that is compared as a whole names that field. */
function namedBy(pointer: string, fields: FieldPaths): readonly string[] {
  const below = fields.filter(([field]) => field === pointer || field.startsWith(`${pointer}/`));
  if (below.length > 0) return below.flatMap(([, ...paths]) => paths);
  const above = fields.filter(([field]) => pointer.startsWith(`${field}/`)).sort(([a], [b]) => b.length - a.length);
  return above.slice(0, 1).flatMap(([, ...paths]) => paths);
}

function fieldPaths(object: KubeObject): FieldPaths {
  switch (object.kind) {
    case 'Bridge':
      return bridgePaths(object as BridgeResource);
    case 'VlanPort':
      return vlanPortPaths(object as VlanPortResource);
    case 'Portgroup':
      return portgroupPaths(object as PortgroupResource);
    case 'VirtualMachine':
      return machinePaths(object as VirtualMachineResource);
    default:
      return [];
  }
}

function bridgePaths(bridge: BridgeResource): FieldPaths {
  const { spec } = bridge;
  const name = deviceName(bridge);
  const uplinks = spec.uplinks ?? [];
  const takesBridgeMtu = uplinks.filter(({ mtu }) => mtu === undefined).flatMap(nicNames);
  const network = spec.libvirtNetwork?.name;
  return [
    ['/spec/datapathType', `Bridge[${name}].datapath_type`],
    ['/spec/uplinks', `Bridge[${name}].ports`],
    ...uplinks.flatMap((uplink, index) => uplinkPaths(uplink, `/spec/uplinks/${index}`)),
    ...vlanPaths('/spec/localPort/vlan', name),
    ['/spec/localPort/addresses', `${name}.addresses`],
    ['/spec/localPort/up', `${name}.link`, `${name}.activation-mode`],
    ['/spec/mtu', ...[name, ...takesBridgeMtu].map((device) => `Interface[${device}].mtu_request`)],
    ['/spec/failMode', `Bridge[${name}].fail_mode`],
    ['/spec/stp', `Bridge[${name}].stp_enable`],
    ['/spec/rstp', `Bridge[${name}].rstp_enable`],
    ['/spec/mcastSnooping', `Bridge[${name}].mcast_snooping_enable`],
    ['/spec/controllers', `Bridge[${name}].controller`],
    ['/spec/protocols', `Bridge[${name}].protocols`],
    ['/spec/mirrors', `Bridge[${name}].mirrors`, `Bridge[${name}].flood_vlans`],
    ...(spec.mirrors ?? []).map((mirror, index) => [`/spec/mirrors/${index}`, `Mirror[${mirror.name}].*`] as const),
    ...collectorPaths('netflow', 'NetFlow', name, NETFLOW_COLUMNS),
    ...collectorPaths('sflow', 'sFlow', name, SFLOW_COLUMNS),
    ...collectorPaths('ipfix', 'IPFIX', name, IPFIX_COLUMNS),
    ...(network === undefined ? [] : [['/spec/libvirtNetwork/autostart', `network[${network}].autostart`] as const]),
  ];
}

function uplinkPaths(uplink: NonNullable<BridgeResource['spec']['uplinks']>[number], pointer: string): FieldPaths {
  const port = `Port[${uplink.name}]`;
  return [
    ...vlanPaths(`${pointer}/vlan`, uplink.name),
    ...(uplink.mtu === undefined ? [] : [[`${pointer}/mtu`, ...nicNames(uplink).map((nic) => `Interface[${nic}].mtu_request`)] as const]),
    [`${pointer}/bond/interfaces`, `${port}.interfaces`],
    [`${pointer}/bond/mode`, `${port}.bond_mode`],
    [`${pointer}/bond/lacp`, `${port}.lacp`],
    [`${pointer}/bond/lacpTime`, `${port}.other_config:lacp-time`],
    [`${pointer}/bond/updelayMilliseconds`, `${port}.bond_updelay`],
    [`${pointer}/bond/downdelayMilliseconds`, `${port}.bond_downdelay`],
    [`${pointer}/bond/rebalanceIntervalMilliseconds`, `${port}.other_config:bond-rebalance-interval`],
    [`${pointer}/bond/primary`, `${port}.other_config:bond-primary`],
  ];
}

const NETFLOW_COLUMNS = {
  targets: 'targets',
  activeTimeoutSeconds: 'active_timeout',
  engineType: 'engine_type',
  engineID: 'engine_id',
  addIDToInterface: 'add_id_to_interface',
};
const SFLOW_COLUMNS = { targets: 'targets', agent: 'agent', sampling: 'sampling', pollingSeconds: 'polling', headerBytes: 'header' };
const IPFIX_COLUMNS = {
  targets: 'targets',
  sampling: 'sampling',
  obsDomainID: 'obs_domain_id',
  obsPointID: 'obs_point_id',
  cacheActiveTimeoutSeconds: 'cache_active_timeout',
  cacheMaxFlows: 'cache_max_flows',
};

function collectorPaths(field: string, table: string, bridge: string, columns: Readonly<Record<string, string>>): FieldPaths {
  return [
    [`/spec/${field}`, `Bridge[${bridge}].${field}`],
    ...Object.entries(columns).map(([name, column]) => [`/spec/${field}/${name}`, `${table}[${bridge}].${column}`] as const),
  ];
}

function vlanPaths(pointer: string, port: string): FieldPaths {
  return [
    [`${pointer}/mode`, `Port[${port}].vlan_mode`],
    [`${pointer}/tag`, `Port[${port}].tag`],
    [`${pointer}/trunks`, `Port[${port}].trunks`],
  ];
}

function vlanPortPaths(port: VlanPortResource): FieldPaths {
  const name = deviceName(port);
  return [
    ['/spec/bridgeName', `Port[${name}].bridge`],
    ...vlanPaths('/spec/vlan', name),
    ['/spec/macAddress', `Interface[${name}].mac`],
    ['/spec/mtu', `Interface[${name}].mtu_request`],
    ['/spec/addresses', `${name}.addresses`],
    ['/spec/dhcp4', `${name}.dhcp4`],
    ['/spec/dhcp6', `${name}.dhcp6`],
    ['/spec/acceptRa', `${name}.accept-ra`],
    ['/spec/routes', `${name}.routes`],
    ['/spec/routingPolicy', `${name}.routing-policy`],
    ['/spec/nameservers', `${name}.nameservers*`],
    ['/spec/optional', `${name}.optional`],
  ];
}

function portgroupPaths(portgroup: PortgroupResource): FieldPaths {
  const path = `network[*].portgroup[${portgroupName(portgroup)}]`;
  return [
    ['/spec/default', `${path}.default`],
    // What a Portgroup asks of ports, it asks of those of its guests alone.
    ['/spec/vlan', `${path}.vlan`, ...VM_PORT_VLAN],
    ['/spec/bandwidth/inbound', `${path}.bandwidth.inbound`, 'Port[*].qos', 'QoS[*].*', 'Queue[*].*'],
    ['/spec/bandwidth/outbound', `${path}.bandwidth.outbound`, 'Interface[*].ingress_policing_*'],
    ['/spec/trustGuestRxFilters', `${path}.trustGuestRxFilters`],
    ['/spec/isolated', 'Port[*].protected'],
  ];
}

/** libvirt gives a VM's port another name at each start. */
const VM_PORT_VLAN = ['Port[*].vlan_mode', 'Port[*].tag', 'Port[*].trunks'] as const;

function machinePaths(vm: VirtualMachineResource): FieldPaths {
  const path = `domain[${domainName(vm)}]`;
  const nics = vm.spec.interfaces ?? [];
  // Of several ports a path does not tell which NIC's it is.
  const vlan = nics.length === 1 ? VM_PORT_VLAN : [];
  return [
    ['/spec/runStrategy', `${path}.state`, `${path}.autostart`],
    ['/spec/cpu/cores', `${path}.vcpu`],
    ['/spec/cpu/model', `${path}.cpu`],
    ['/spec/memory', `${path}.memory`],
    ['/spec/machine', `${path}.machine`],
    ['/spec/firmware', `${path}.firmware`],
    ['/spec/acceleration', `${path}.type`],
    ['/spec/graphics', `${path}.graphics`],
    ['/spec/serialConsole', `${path}.serialConsole`],
    ['/spec/bootOrder', `${path}.bootOrder`],
    ...(vm.spec.disks ?? []).map((disk, index) => [`/spec/disks/${index}`, `${path}.disk[${disk.name}]*`] as const),
    ...nics.flatMap((nic, index) => nicPaths(`/spec/interfaces/${index}`, `${path}.interface[${nicMac(vm, nic)}]`, vlan)),
  ];
}

function nicPaths(pointer: string, path: string, portVlan: readonly string[]): FieldPaths {
  return [
    [`${pointer}/portgroupName`, `${path}.source`],
    [`${pointer}/bridgeName`, `${path}.source`],
    [`${pointer}/vlan`, `${path}.vlan`, ...portVlan],
    [`${pointer}/model`, `${path}.model`],
    [`${pointer}/mtu`, `${path}.mtu`],
    [`${pointer}/linkState`, `${path}.link`],
    [`${pointer}/interfaceID`, `${path}.interfaceid`],
  ];
}

function stringsAt({ spec }: KubeObject, field: string): readonly string[] {
  const value: unknown = typeof spec === 'object' && spec !== null ? Reflect.get(spec, field) : undefined;
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}

/** RFC 6901, section 4; undefined where it points at nothing. */
function valueAt(object: unknown, pointer: string): unknown {
  const steps = pointer.split('/').slice(1).map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
  return steps.reduce((value: unknown, step) => (typeof value === 'object' && value !== null ? Reflect.get(value, step) : undefined), object);
}
