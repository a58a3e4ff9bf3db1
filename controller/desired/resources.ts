import type {
  BridgeSpec,
  HostSpec,
  PortgroupSpec,
  VirtualMachineSpec,
  VlanPortSpec,
} from '../../api/generated/kinds.ts';
import type { KubeObject } from '../../api/machinery/object.ts';
import type { OwnerKey } from '../systems/owner.ts';

/** A resource whose spec the API has pruned, defaulted and validated by its CRD. */
export type Resource<Spec> = KubeObject & { readonly spec: Spec };

export type HostResource = Resource<HostSpec>;
export type BridgeResource = Resource<BridgeSpec>;
export type VlanPortResource = Resource<VlanPortSpec>;
export type PortgroupResource = Resource<PortgroupSpec>;
export type VirtualMachineResource = Resource<VirtualMachineSpec>;

/** The kinds that say what a host should be, in the order in which one needs the other. */
export const DESIRED_KINDS = ['Host', 'Bridge', 'VlanPort', 'Portgroup', 'VirtualMachine'] as const;
export type DesiredKind = (typeof DESIRED_KINDS)[number];

/** All resources that one host carries out. */
export interface HostResources {
  readonly host: HostResource | undefined;
  readonly bridges: readonly BridgeResource[];
  readonly vlanPorts: readonly VlanPortResource[];
  readonly portgroups: readonly PortgroupResource[];
  readonly virtualMachines: readonly VirtualMachineResource[];
}

export function ownerKey({ kind, metadata }: { readonly kind: string; readonly metadata: { readonly name: string } }): OwnerKey {
  return `${kind}/${metadata.name}`;
}

/** The name of a bridge or port on the host. */
export function deviceName(resource: BridgeResource | VlanPortResource): string {
  return resource.spec.deviceName ?? resource.metadata.name;
}

/** The same of an object of either kind that was not narrowed yet. */
export function deviceNameOf(object: KubeObject): string {
  const name = specField(object, 'deviceName');
  return typeof name === 'string' ? name : object.metadata.name;
}

/** True for what this host carries out: it names the host, or names none and the server stands alone. */
export function belongsTo(object: KubeObject, hostName: string, standalone: boolean): boolean {
  if (object.kind === 'Host') return object.metadata.name === hostName;
  const wanted = specField(object, 'hostName');
  return wanted === hostName || (wanted === undefined && standalone);
}

function specField(object: KubeObject, field: string): unknown {
  return typeof object.spec === 'object' && object.spec !== null ? Reflect.get(object.spec, field) : undefined;
}
