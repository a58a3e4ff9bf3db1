import type { VirtualMachineResource } from '../../desired/resources.ts';
import { domainName } from '../../desired/virtual-machine.ts';
import type { LibvirtDomain, LibvirtInterface } from '../../systems/libvirt/desired.ts';
import type { ObservedDomain } from '../../systems/libvirt/observed.ts';
import type { OvsFacts } from '../../systems/ovs/observed.ts';
import type { KindStatus, Surroundings } from './kind-status.ts';

/** In one column; status.interfaces has them all. */
const MAX_SHOWN_ADDRESSES = 16;

export function virtualMachineStatus(vm: VirtualMachineResource, { compiled, reports, hostName }: Surroundings): KindStatus {
  const name = domainName(vm);
  const desired = compiled.desired.libvirt.domains.find(({ owner }) => owner === `VirtualMachine/${vm.metadata.name}`);
  const observed = reports.libvirt?.observed?.domains.get(name);
  return {
    fields: () => ({
      hostName,
      domainName: name,
      ...(observed ? { domainUUID: observed.uuid, state: observed.state } : { state: 'absent' }),
      ...(desired ? { interfaces: desired.interfaces.map((nic) => interfaceStatus(nic, observed, reports.ovs?.observed)) } : {}),
      ...(desired ? { disks: desired.disks.map(({ name: disk, path }) => ({ name: disk, path })) } : {}),
      summary: { networks: (desired?.interfaces ?? []).map(placeOf).join(','), ips: [...(observed?.addresses?.values() ?? [])].flat().slice(0, MAX_SHOWN_ADDRESSES).join(',') },
    }),
    liveness: desired ? liveness(desired, observed) : undefined,
  };
}

function liveness(desired: LibvirtDomain, observed: ObservedDomain | undefined): KindStatus['liveness'] {
  if (!observed) return { reason: 'DomainNotFound', message: `libvirt has no domain ${desired.name} yet` };
  if (desired.runStrategy === 'Halted') {
    return observed.state === 'shutoff' ? undefined : { reason: 'Stopping', message: `domain ${desired.name} is ${observed.state}, and is to be shut off` };
  }
  if (desired.runStrategy === 'Manual' || observed.state === 'running') return undefined;
  if (desired.startBlockedBy) return desired.startBlockedBy;
  if (desired.runStrategy === 'RerunOnFailure' && observed.state === 'shutoff') return undefined;
  return { reason: 'NotRunning', message: `domain ${desired.name} is ${observed.state}, and is to run` };
}

function interfaceStatus(nic: LibvirtInterface, observed: ObservedDomain | undefined, ovs: OvsFacts | undefined): Record<string, unknown> {
  const found = ovs?.portAttachedTo(nic.mac);
  const target = observed?.interfaces.find(({ mac }) => mac === nic.mac)?.targetDevice;
  const portName = found?.port.name ?? target;
  const addresses = observed?.addresses?.get(nic.mac.toLowerCase());
  return {
    name: nic.name,
    macAddress: nic.mac,
    ...(portName === undefined ? {} : { portName }),
    ...(found ? { bridgeName: found.bridgeName } : {}),
    ...(nic.source.type === 'network' ? { portgroupName: nic.source.portgroup } : {}),
    ...(found?.port.vlan === undefined ? {} : { vlan: found.port.vlan }),
    ...(addresses === undefined ? {} : { addresses }),
  };
}

function placeOf({ source }: LibvirtInterface): string {
  return source.type === 'network' ? source.portgroup : source.bridge;
}
