import type { KubeObject } from '../../api/machinery/object.ts';
import { idlePointers } from './drift-ignore.ts';
import {
  deviceName,
  type BridgeResource,
  type PortgroupResource,
  type VirtualMachineResource,
  type VlanPortResource,
} from './resources.ts';

/** libvirt names the ports of VMs vnet0, vnet1, …, and may come to any of these names. */
const LIBVIRT_PORT_NAME = /^vnet\d+$/;

/** What is legal in one object, but perhaps not meant. Pure; the object need not be one of ours. */
export function doubtsOf(object: KubeObject): string[] {
  const idle = idlePointers(object).map((pointer) => `spec.driftIgnore: ${pointer} names nothing on the host that could drift`);
  return [...kindDoubts(object), ...idle];
}

function kindDoubts(object: KubeObject): string[] {
  switch (object.kind) {
    case 'Bridge':
      return bridgeDoubts(object as BridgeResource);
    case 'VlanPort':
      return vlanPortDoubts(object as VlanPortResource);
    case 'Portgroup':
      return vlanDoubts('spec.vlan', (object as PortgroupResource).spec.vlan);
    case 'VirtualMachine':
      return machineDoubts(object as VirtualMachineResource);
    default:
      return [];
  }
}

function bridgeDoubts({ spec }: BridgeResource): string[] {
  const uplinks = spec.uplinks ?? [];
  const loop = uplinks.length > 1 && spec.stp !== true && spec.rstp !== true;
  const copies = (spec.mirrors ?? []).filter(({ outputVlan }) => outputVlan !== undefined);
  const slb = uplinks.filter(({ bond }) => bond?.mode === 'balance-slb');
  return [
    ...(loop ? [`spec.uplinks: ${uplinks.length} uplinks without spec.stp or spec.rstp make a loop if they lead to the same switch; bond them, or turn one on`] : []),
    // ovs-vswitchd.conf.db(5), Bridge.flood_vlans.
    ...(copies.length > 0 && slb.length > 0 ? [`spec.mirrors: a mirror into a VLAN and a bond of mode balance-slb (${slb.map(({ name }) => name).join(', ')}) do not go together; choose another mode, or an outputPort`] : []),
  ];
}

function vlanPortDoubts(port: VlanPortResource): string[] {
  const name = deviceName(port);
  const reserved = LIBVIRT_PORT_NAME.test(name);
  return [
    ...vlanDoubts('spec.vlan', port.spec.vlan),
    ...(reserved ? [`metadata.name: libvirt names the ports of VMs like ${name} and may come to this name`] : []),
  ];
}

function machineDoubts({ spec }: VirtualMachineResource): string[] {
  return (spec.interfaces ?? []).flatMap((nic, index) =>
    nic.bridgeName === undefined ? [] : vlanDoubts(`spec.interfaces[${index}].vlan`, nic.vlan),
  );
}

function vlanDoubts(field: string, vlan: PortgroupResource['spec']['vlan']): string[] {
  return vlan === undefined ? [`${field}: without a VLAN, Open vSwitch passes every VLAN`] : [];
}
