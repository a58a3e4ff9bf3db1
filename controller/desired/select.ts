import type { KubeObject } from '../../api/machinery/object.ts';
import {
  belongsTo,
  type BridgeResource,
  type DesiredKind,
  type HostResource,
  type HostResources,
  type PortgroupResource,
  type VirtualMachineResource,
  type VlanPortResource,
} from './resources.ts';

/**
 * The resources of one host. What the API serves was validated by its CRD when it was written, so its spec has the type that is
 * generated from the same CRD: this is the one place that takes it at its word.
 */
export function selectResources(all: (kind: DesiredKind) => readonly KubeObject[], hostName: string, standalone: boolean): HostResources {
  const ofThisHost = (kind: DesiredKind): readonly KubeObject[] => all(kind).filter((object) => belongsTo(object, hostName, standalone));
  const [host] = ofThisHost('Host') as readonly HostResource[];
  return {
    host,
    bridges: ofThisHost('Bridge') as readonly BridgeResource[],
    vlanPorts: ofThisHost('VlanPort') as readonly VlanPortResource[],
    portgroups: ofThisHost('Portgroup') as readonly PortgroupResource[],
    virtualMachines: ofThisHost('VirtualMachine') as readonly VirtualMachineResource[],
  };
}
