import type { KubeObject } from '../../api/machinery/object.ts';
import type { OwnerKey } from '../systems/owner.ts';
import { nicNames } from './bridge.ts';
import { byAge, Claims } from './claims.ts';
import { portgroupName } from './portgroup.ts';
import { PerResource } from './per-resource.ts';
import {
  deviceName,
  ownerKey,
  type BridgeResource,
  type HostResources,
  type PortgroupResource,
  type VirtualMachineResource,
} from './resources.ts';
import type { Problem } from './problem.ts';
import { domainName, nicMac } from './virtual-machine.ts';

interface Claimant {
  readonly object: KubeObject;
  readonly owner: OwnerKey;
  /** Field and thing: `spec.uplinks: device eth0`. */
  readonly things: readonly { readonly field: string; readonly thing: string }[];
}

/** The resources that claim what an older one has. One that is being deleted claims nothing. */
export function deviceConflicts(resources: HostResources): Map<OwnerKey, Problem> {
  const claims = new Claims();
  const problems = new Map<OwnerKey, Problem>();
  const claimants = allClaimants(resources).filter(({ object }) => object.metadata.deletionTimestamp === undefined);
  for (const { owner, things } of claimants.sort(byAge)) {
    for (const { field, thing } of things) {
      const holder = claims.claim(thing, owner);
      if (holder === undefined || problems.has(owner)) continue;
      const message = `${field}: ${thing} belongs to ${holder}, which is older; choose another, or delete ${holder}`;
      problems.set(owner, { owner, reason: 'DeviceConflict', message, needsPerson: true });
    }
  }
  return problems;
}

const claimants = new PerResource<KubeObject, Claimant>();

function allClaimants({ bridges, vlanPorts, portgroups, virtualMachines }: HostResources): Claimant[] {
  return [
    ...bridges.map((bridge) => claimant(bridge, () => bridgeThings(bridge))),
    ...vlanPorts.map((port) => claimant(port, () => [{ field: 'metadata.name', thing: `device ${deviceName(port)}` }])),
    ...portgroups.map((portgroup) => claimant(portgroup, () => portgroupThings(portgroup))),
    ...virtualMachines.map((vm) => claimant(vm, () => machineThings(vm))),
  ];
}

function claimant(object: KubeObject, things: () => Claimant['things']): Claimant {
  return claimants.of(object, [], () => ({ object, owner: ownerKey(object), things: things() }));
}

function bridgeThings(bridge: BridgeResource): Claimant['things'] {
  const { uplinks = [], libvirtNetwork } = bridge.spec;
  return [
    { field: 'metadata.name', thing: `device ${deviceName(bridge)}` },
    ...uplinks.flatMap((uplink) =>
      [...new Set([uplink.name, ...nicNames(uplink)])].map((name) => ({ field: 'spec.uplinks', thing: `device ${name}` })),
    ),
    ...(libvirtNetwork ? [{ field: 'spec.libvirtNetwork.name', thing: `libvirt network ${libvirtNetwork.name}` }] : []),
  ];
}

function portgroupThings(portgroup: PortgroupResource): Claimant['things'] {
  const { bridgeName, default: isDefault } = portgroup.spec;
  return [
    { field: 'spec.libvirtName', thing: `portgroup "${portgroupName(portgroup)}" of bridge ${bridgeName}` },
    ...(isDefault ? [{ field: 'spec.default', thing: `the default portgroup of bridge ${bridgeName}` }] : []),
  ];
}

function machineThings(vm: VirtualMachineResource): Claimant['things'] {
  return [
    { field: 'metadata.name', thing: `libvirt domain ${domainName(vm)}` },
    ...(vm.spec.interfaces ?? []).map((nic) => ({ field: 'spec.interfaces', thing: `MAC address ${nicMac(vm, nic)}` })),
  ];
}
