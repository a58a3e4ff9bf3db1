import type { KubeObject } from '../../api/machinery/object.ts';
import type { OwnerKey } from '../systems/owner.ts';
import { nicNames } from './bridge.ts';
import { byAge, Claims } from './claims.ts';
import { portgroupName } from './portgroup.ts';
import type { Problem } from './problem.ts';
import { deviceName, ownerKey, type HostResources } from './resources.ts';
import { domainName, nicMac } from './virtual-machine.ts';

interface Claimant {
  readonly object: KubeObject;
  /** Field and thing: `spec.uplinks: device eth0`. */
  readonly things: readonly { readonly field: string; readonly thing: string }[];
}

/** The resources that claim what an older one has. One that is being deleted claims nothing. */
export function deviceConflicts(resources: HostResources): Map<OwnerKey, Problem> {
  const claims = new Claims();
  const problems = new Map<OwnerKey, Problem>();
  const claimants = allClaimants(resources).filter(({ object }) => object.metadata.deletionTimestamp === undefined);
  for (const { object, things } of claimants.sort((a, b) => byAge(a.object, b.object))) {
    const owner = ownerKey(object);
    for (const { field, thing } of things) {
      const holder = claims.claim(thing, owner);
      if (holder === undefined || problems.has(owner)) continue;
      const message = `${field}: ${thing} belongs to ${holder}, which is older; choose another, or delete ${holder}`;
      problems.set(owner, { owner, reason: 'DeviceConflict', message, needsPerson: true });
    }
  }
  return problems;
}

function allClaimants({ bridges, vlanPorts, portgroups, virtualMachines }: HostResources): Claimant[] {
  return [
    ...bridges.map((bridge) => ({
      object: bridge,
      things: [
        { field: 'metadata.name', thing: `device ${deviceName(bridge)}` },
        ...(bridge.spec.uplinks ?? []).flatMap((uplink) =>
          [...new Set([uplink.name, ...nicNames(uplink)])].map((name) => ({ field: 'spec.uplinks', thing: `device ${name}` })),
        ),
        ...(bridge.spec.libvirtNetwork ? [{ field: 'spec.libvirtNetwork.name', thing: `libvirt network ${bridge.spec.libvirtNetwork.name}` }] : []),
      ],
    })),
    ...vlanPorts.map((port) => ({ object: port, things: [{ field: 'metadata.name', thing: `device ${deviceName(port)}` }] })),
    ...portgroups.map((portgroup) => ({
      object: portgroup,
      things: [
        { field: 'spec.libvirtName', thing: `portgroup "${portgroupName(portgroup)}" of bridge ${portgroup.spec.bridgeName}` },
        ...(portgroup.spec.default ? [{ field: 'spec.default', thing: `the default portgroup of bridge ${portgroup.spec.bridgeName}` }] : []),
      ],
    })),
    ...virtualMachines.map((vm) => ({
      object: vm,
      things: [
        { field: 'metadata.name', thing: `libvirt domain ${domainName(vm)}` },
        ...(vm.spec.interfaces ?? []).map((nic) => ({ field: 'spec.interfaces', thing: `MAC address ${nicMac(vm, nic)}` })),
      ],
    })),
  ];
}
