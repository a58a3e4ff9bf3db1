import type { KubeObject } from '../../api/machinery/object.ts';
import type { OwnerKey } from '../systems/owner.ts';
import {
  deviceName,
  ownerKey,
  type BridgeResource,
  type HostResources,
  type PortgroupResource,
  type VirtualMachineResource,
  type VlanPortResource,
} from './resources.ts';

/** libvirt names the ports of VMs vnet0, vnet1, …, and may come to any of these names. */
const LIBVIRT_PORT_NAME = /^vnet\d+$/;

/** What is legal in one object, but perhaps not meant. Pure; the object need not be one of ours. */
export function doubtsOf(object: KubeObject): string[] {
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

/** Addresses in one network whose prefix lengths differ: one of them thinks that a neighbour is behind a router. */
export function neighbourDoubts(resources: HostResources): Map<OwnerKey, readonly string[]> {
  const doubts = new Map<OwnerKey, string[]>();
  const addressed = resources.vlanPorts.flatMap((port) => (port.spec.addresses ?? []).map((address) => ({ port, address })));
  for (const { port, address } of addressed) {
    const other = addressed.find((candidate) => candidate.port !== port && sameVlan(candidate.port, port) && prefixDiffers(candidate.address, address));
    if (!other) continue;
    const text = `spec.addresses: ${address} has another prefix length than its neighbour ${other.address} of VlanPort/${other.port.metadata.name}`;
    doubts.set(ownerKey(port), [...(doubts.get(ownerKey(port)) ?? []), text]);
  }
  return doubts;
}

function bridgeDoubts({ spec }: BridgeResource): string[] {
  const uplinks = spec.uplinks ?? [];
  const loop = uplinks.length > 1 && spec.stp !== true && spec.rstp !== true;
  return loop ? [`spec.uplinks: ${uplinks.length} uplinks without spec.stp or spec.rstp make a loop if they lead to the same switch; bond them, or turn one on`] : [];
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

function sameVlan(a: VlanPortResource, b: VlanPortResource): boolean {
  return a.spec.bridgeName === b.spec.bridgeName && a.spec.vlan?.tag === b.spec.vlan?.tag;
}

function prefixDiffers(a: string, b: string): boolean {
  const [hostA = '', prefixA] = a.split('/');
  const [hostB = '', prefixB] = b.split('/');
  if (prefixA === prefixB || hostA.includes(':') !== hostB.includes(':') || hostA.includes(':')) return false;
  const shorter = Math.min(Number(prefixA), Number(prefixB));
  return ipv4Network(hostA, shorter) === ipv4Network(hostB, shorter);
}

function ipv4Network(address: string, prefixLength: number): number {
  const value = address.split('.').reduce((sum, octet) => sum * 256 + Number(octet), 0);
  return Math.floor(value / 2 ** (32 - prefixLength));
}
