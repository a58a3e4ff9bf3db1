import type { Vlan } from '../systems/vlan.ts';
import type { OwnerKey } from '../systems/owner.ts';
import { ownerKey, type HostResources } from './resources.ts';

/** A tunnel of VLANs looks at two headers; Open vSwitch looks at one unless it is told. */
const NEEDED_HEADERS = 2;
const NO_LIMIT = 0;

/** Where `dot1q-tunnel` is asked for on a host whose `vlanLimit` does not reach: the inner tag would be taken for payload. */
export function tunnelDoubts({ host, bridges, vlanPorts, portgroups, virtualMachines }: HostResources): Map<OwnerKey, readonly string[]> {
  const limit = host?.spec.ovs?.vlanLimit;
  if (limit === NEEDED_HEADERS || limit === NO_LIMIT) return new Map();
  const settings = [
    ...bridges.flatMap((bridge) => [
      { owner: ownerKey(bridge), field: 'spec.localPort.vlan', vlan: bridge.spec.localPort?.vlan },
      ...(bridge.spec.uplinks ?? []).map(({ vlan }, index) => ({ owner: ownerKey(bridge), field: `spec.uplinks[${index}].vlan`, vlan })),
    ]),
    ...[...vlanPorts, ...portgroups].filter(({ spec }) => isTunnel(spec.vlan)).map((resource) => ({ owner: ownerKey(resource), field: 'spec.vlan', vlan: resource.spec.vlan })),
    ...virtualMachines.flatMap((vm) =>
      (vm.spec.interfaces ?? []).map(({ vlan }, index) => ({ owner: ownerKey(vm), field: `spec.interfaces[${index}].vlan`, vlan })),
    ),
  ];
  const tunnels = settings.filter(({ vlan }) => isTunnel(vlan));
  return new Map(
    [...Map.groupBy(tunnels, ({ owner }) => owner)].map(([owner, all]) => [
      owner,
      all.map(({ field }) => `${field}: dot1q-tunnel needs spec.ovs.vlanLimit ${NEEDED_HEADERS} on the Host, or Open vSwitch does not look at the tag within`),
    ]),
  );
}

function isTunnel(vlan: Vlan | undefined): boolean {
  return vlan?.mode === 'dot1q-tunnel';
}
