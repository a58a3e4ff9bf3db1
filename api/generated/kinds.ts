// Generated from crds/ by build/generate.mjs. Do not edit.
import type { ObjectMeta } from '../machinery/object.ts';
import type { components } from './types.ts';

type Schemas = components['schemas'];

/** An object as the server gives it: defaults are in, and metadata is complete. */
type Served<Kind extends string, Schema extends { spec?: unknown; status?: unknown }> = {
  apiVersion: string;
  kind: Kind;
  metadata: ObjectMeta;
  spec: NonNullable<Schema['spec']>;
  status: NonNullable<Schema['status']>;
};

/** Where alerts go. */
export type AlertReceiver = Served<'AlertReceiver', Schemas['dev.bridgekeeper.v1alpha1.AlertReceiver']>;
export type AlertReceiverSpec = AlertReceiver['spec'];
export type AlertReceiverStatus = AlertReceiver['status'];

/** An Open vSwitch bridge with its uplinks, bonds and mirrors, and the libvirt network on it. */
export type Bridge = Served<'Bridge', Schemas['dev.bridgekeeper.v1alpha1.Bridge']>;
export type BridgeSpec = Bridge['spec'];
export type BridgeStatus = Bridge['status'];

/** A plan that was applied to a host - for whom, what, before, after, how long. Written by the controller. */
export type Change = Served<'Change', Schemas['dev.bridgekeeper.v1alpha1.Change']>;
export type ChangeSpec = Change['spec'];
export type ChangeStatus = Change['status'];

/** A change made behind our back, and what became of it. Written by the controller. */
export type DriftReport = Served<'DriftReport', Schemas['dev.bridgekeeper.v1alpha1.DriftReport']>;
export type DriftReportSpec = DriftReport['spec'];
export type DriftReportStatus = DriftReport['status'];

/** A question to a host, answered in its status, and gone after a while. */
export type HostQuery = Served<'HostQuery', Schemas['dev.bridgekeeper.v1alpha1.HostQuery']>;
export type HostQuerySpec = HostQuery['spec'];
export type HostQueryStatus = HostQuery['status'];

/** A machine that runs Open vSwitch, netplan and libvirt - how its network is kept, and what it is. */
export type Host = Served<'Host', Schemas['dev.bridgekeeper.v1alpha1.Host']>;
export type HostSpec = Host['spec'];
export type HostStatus = Host['status'];

/** A portgroup of a Bridge's libvirt network. VMs on it get its VLAN, at once and while they run. */
export type Portgroup = Served<'Portgroup', Schemas['dev.bridgekeeper.v1alpha1.Portgroup']>;
export type PortgroupSpec = Portgroup['spec'];
export type PortgroupStatus = Portgroup['status'];

/** A libvirt domain, or only the NICs of one. */
export type VirtualMachine = Served<'VirtualMachine', Schemas['dev.bridgekeeper.v1alpha1.VirtualMachine']>;
export type VirtualMachineSpec = VirtualMachine['spec'];
export type VirtualMachineStatus = VirtualMachine['status'];

/** An Open vSwitch internal port of the host itself, in a VLAN, with addresses and routes. */
export type VlanPort = Served<'VlanPort', Schemas['dev.bridgekeeper.v1alpha1.VlanPort']>;
export type VlanPortSpec = VlanPort['spec'];
export type VlanPortStatus = VlanPort['status'];

/** Any of our kinds; told apart by `kind`. */
export type Resource = AlertReceiver | Bridge | Change | DriftReport | HostQuery | Host | Portgroup | VirtualMachine | VlanPort;
export type Kind = Resource['kind'];

export const KINDS: readonly Kind[] = ['AlertReceiver', 'Bridge', 'Change', 'DriftReport', 'HostQuery', 'Host', 'Portgroup', 'VirtualMachine', 'VlanPort'];
