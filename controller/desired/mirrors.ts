import type { MirrorPort, OvsMirror } from '../systems/ovs/desired.ts';
import { deviceName, type BridgeResource, type HostResources } from './resources.ts';
import { nicMac } from './virtual-machine.ts';

/**
 * The mirrors of a bridge. A port is named as on the host, by its VlanPort, or as `VM/NIC`, which is found by the NIC's MAC, since
 * libvirt gives its port another name at each start.
 */
export function ovsMirrors({ spec }: BridgeResource, resources: HostResources): OvsMirror[] {
  const port = (name: string): MirrorPort => nicPort(name, resources) ?? { name: vlanPortName(name, resources) ?? name };
  return (spec.mirrors ?? []).map(({ name, selectAll, selectPorts, selectVlans, outputPort, outputVlan }) => ({
    name,
    selectAll: selectAll ?? false,
    selectPorts: (selectPorts ?? []).map(port),
    selectVlans: selectVlans ?? [],
    ...(outputPort === undefined ? {} : { outputPort: port(outputPort) }),
    ...(outputVlan === undefined ? {} : { outputVlan }),
  }));
}

/** A device's name has no slash in it. */
function nicPort(name: string, { virtualMachines }: HostResources): MirrorPort | undefined {
  const slash = name.indexOf('/');
  if (slash < 0) return undefined;
  const vm = virtualMachines.find(({ metadata }) => metadata.name === name.slice(0, slash));
  const nic = vm?.spec.interfaces?.find((candidate) => candidate.name === name.slice(slash + 1));
  return vm && nic && { attachedMac: nicMac(vm, nic) };
}

function vlanPortName(name: string, { vlanPorts }: HostResources): string | undefined {
  const port = vlanPorts.find(({ metadata }) => metadata.name === name);
  return port && deviceName(port);
}
