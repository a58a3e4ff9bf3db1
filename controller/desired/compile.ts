import type { LibvirtDomain } from '../systems/libvirt/desired.ts';
import type { NetplanDevice } from '../systems/netplan/desired.ts';
import type { OvsBridge, OvsRoot, OvsVmPort } from '../systems/ovs/desired.ts';
import type { Ownership, OwnerKey } from '../systems/owner.ts';
import { bridgeDevices, libvirtNetwork, ovsBridge } from './bridge.ts';
import { userDataRef } from './cloud-init.ts';
import { deviceConflicts } from './conflicts.ts';
import { doubtsOf } from './doubts.ts';
import type { Compiled, HostFacts } from './host-desired.ts';
import { lifecycleOf, type Lifecycle } from './lifecycle.ts';
import { ovsMirrors } from './mirrors.ts';
import { neighbourDoubts } from './neighbour-doubts.ts';
import { PerResource } from './per-resource.ts';
import { libvirtPortgroup, ovsPortgroup } from './portgroup.ts';
import type { Problem } from './problem.ts';
import { tunnelDoubts } from './tunnel-doubts.ts';
import {
  ownerKey,
  type BridgeResource,
  type HostResources,
  type PortgroupResource,
  type VirtualMachineResource,
  type VlanPortResource,
} from './resources.ts';
import { libvirtDomain, vmPorts, type Attachment } from './virtual-machine.ts';
import { internalPort, vlanPortDevice } from './vlan-port.ts';
import { vlansNotOnUplink } from './vlan.ts';

const DEFAULT_NETPLAN_FILE = '90-bridgekeeper.yaml';

/**
 * What the host should be, in the words of its three systems. Pure. Every element carries the key of the resource it comes from; a
 * problem belongs to one resource and leaves the others alone.
 */
export function compile(resources: HostResources, facts: HostFacts): Compiled {
  const compilation = new Compilation(resources, facts);
  return compilation.result();
}

const ownDoubts = new PerResource<KubeResources[number], readonly string[]>();

type AnyResource = BridgeResource | VlanPortResource | PortgroupResource | VirtualMachineResource;

/** One run of the compiler: what it has found so far. */
class Compilation {
  readonly #resources: HostResources;
  readonly #facts: HostFacts;
  readonly #problems: Map<OwnerKey, Problem>;
  readonly #lifecycles = new Map<OwnerKey, Lifecycle>();
  readonly #bridges: ReadonlyMap<string, BridgeResource>;
  readonly #portgroups: ReadonlyMap<string, PortgroupResource>;

  constructor(resources: HostResources, facts: HostFacts) {
    this.#resources = resources;
    this.#facts = facts;
    this.#problems = deviceConflicts(resources);
    this.#bridges = byName(resources.bridges);
    this.#portgroups = byName(resources.portgroups);
    for (const object of everything(resources)) this.#lifecycles.set(ownerKey(object), lifecycleOf(object, resources));
  }

  result(): Compiled {
    const bridges = this.#resources.bridges.filter((bridge) => this.#compiles(bridge));
    const vlanPorts = this.#resources.vlanPorts.filter((port) => this.#compiles(port) && this.#standsOn(port));
    const portgroups = this.#resources.portgroups.filter((group) => this.#compiles(group) && this.#standsOn(group) && this.#hasNetwork(group));
    const machines = this.#resources.virtualMachines.flatMap((vm) => {
      const attachments = this.#compiles(vm) && this.#hasUserData(vm) ? this.#attach(vm) : undefined;
      return attachments ? [{ vm, attachments }] : [];
    });
    const portsByBridge = Map.groupBy(vlanPorts, ({ spec }) => spec.bridgeName);
    const portgroupsByBridge = Map.groupBy(portgroups, ({ spec }) => spec.bridgeName);
    const ownership = this.#ownership();
    const { host } = this.#resources;
    return {
      desired: {
        ovs: {
          ...this.#ovsRoot(),
          bridges: bridges.map((bridge) => this.#ovsBridge(bridge, portsByBridge.get(bridge.metadata.name) ?? [])),
          vmPorts: machines.flatMap(({ vm, attachments }): OvsVmPort[] => vmPorts(vm, attachments)),
          portgroups: bridges.flatMap((bridge) => (portgroupsByBridge.get(bridge.metadata.name) ?? []).map((group) => ovsPortgroup(group, bridge))),
          ownership,
        },
        netplan: {
          owner: `Host/${this.#facts.hostName}`,
          fileName: host?.spec.netplan?.fileName ?? DEFAULT_NETPLAN_FILE,
          devices: [
            ...bridges.flatMap((bridge): NetplanDevice[] => bridgeDevices(bridge, host)),
            ...vlanPorts.map((port) => vlanPortDevice(port, host)),
          ],
          ownership,
        },
        libvirt: {
          networks: bridges.flatMap((bridge) => libvirtNetwork(bridge, (portgroupsByBridge.get(bridge.metadata.name) ?? []).map(libvirtPortgroup)) ?? []),
          domains: machines.map(({ vm, attachments }): LibvirtDomain => libvirtDomain(vm, attachments, this.#facts)),
          ...this.#defaultNetwork(),
          ownership,
        },
      },
      problems: this.#problems,
      lifecycles: this.#lifecycles,
      doubts: this.#doubts(),
    };
  }

  /** Present or held by others, and without a problem so far. */
  #compiles(resource: AnyResource): boolean {
    const owner = ownerKey(resource);
    const state = this.#lifecycles.get(owner)?.state;
    return (state === 'present' || state === 'held') && !this.#problems.has(owner);
  }

  #standsOn(resource: VlanPortResource | PortgroupResource): boolean {
    const bridge = this.#bridgeFor(resource, 'spec.bridgeName', resource.spec.bridgeName);
    return bridge !== undefined && this.#reachesUplink(resource, 'spec.vlan', resource.spec.vlan, bridge);
  }

  #bridgeFor(resource: AnyResource, field: string, name: string): BridgeResource | undefined {
    const bridge = this.#bridges.get(name);
    if (!bridge) {
      this.#problem(resource, 'BridgeNotFound', `${field}: there is no Bridge "${name}" on host ${this.#facts.hostName}; create it, or name another`, false);
      return undefined;
    }
    if (!this.#compiles(bridge)) {
      this.#problem(resource, 'BridgeNotProgrammed', `${field}: Bridge "${name}" is not carried out yet; see its conditions`, false);
      return undefined;
    }
    return bridge;
  }

  #reachesUplink(resource: AnyResource, field: string, vlan: VlanPortResource['spec']['vlan'], bridge: BridgeResource): boolean {
    const missing = vlansNotOnUplink(vlan, bridge);
    if (missing.length === 0) return true;
    const ids = missing.join(', ');
    this.#problem(resource, 'VlanNotOnUplink', `${field}: no uplink of Bridge "${bridge.metadata.name}" carries VLAN ${ids}; add it to an uplink's trunks, or choose another`, true);
    return false;
  }

  #hasNetwork(portgroup: PortgroupResource): boolean {
    const bridge = this.#bridges.get(portgroup.spec.bridgeName);
    if (bridge?.spec.libvirtNetwork !== undefined) return true;
    this.#problem(portgroup, 'NetworkNotFound', `spec.bridgeName: Bridge "${portgroup.spec.bridgeName}" has no libvirt network; set its spec.libvirtNetwork.name`, false);
    return false;
  }

  /** Its Secret was read: a guest's first boot must not do without what it holds. */
  #hasUserData(vm: VirtualMachineResource): boolean {
    const ref = userDataRef(vm);
    if (ref === undefined || this.#facts.userData?.get(ref) !== undefined) return true;
    this.#problem(vm, 'SecretNotFound', `spec.cloudInit.userDataSecretRef: there is no Secret "${ref}" with a key userData; create it`, false);
    return false;
  }

  /** Where each NIC ends, or undefined when one of them finds no place. */
  #attach(vm: VirtualMachineResource): Attachment[] | undefined {
    const attachments: Attachment[] = [];
    for (const [index, nic] of (vm.spec.interfaces ?? []).entries()) {
      const field = `spec.interfaces[${index}]`;
      const attachment = nic.portgroupName === undefined ? this.#toBridge(vm, nic, field) : this.#toPortgroup(vm, nic, field, nic.portgroupName);
      if (!attachment) return undefined;
      attachments.push(attachment);
    }
    return attachments;
  }

  #toBridge(vm: VirtualMachineResource, nic: Attachment['nic'], field: string): Attachment | undefined {
    const bridge = this.#bridgeFor(vm, `${field}.bridgeName`, nic.bridgeName ?? '');
    if (!bridge || !this.#reachesUplink(vm, `${field}.vlan`, nic.vlan, bridge)) return undefined;
    return { nic, bridge, vlan: nic.vlan };
  }

  #toPortgroup(vm: VirtualMachineResource, nic: Attachment['nic'], field: string, name: string): Attachment | undefined {
    const portgroup = this.#portgroups.get(name);
    if (!portgroup) {
      this.#problem(vm, 'PortgroupNotFound', `${field}.portgroupName: there is no Portgroup "${name}"; create it, or name another`, false);
      return undefined;
    }
    const bridge = this.#bridgeFor(vm, `${field}.portgroupName`, portgroup.spec.bridgeName);
    if (!bridge) return undefined;
    if (this.#problems.has(ownerKey(portgroup))) {
      this.#problem(vm, 'PortgroupNotProgrammed', `${field}.portgroupName: Portgroup "${name}" is not carried out yet; see its conditions`, false);
      return undefined;
    }
    return { nic, bridge, portgroup, vlan: portgroup.spec.vlan };
  }

  #ovsBridge(bridge: BridgeResource, ports: readonly VlanPortResource[]): OvsBridge {
    return ovsBridge(bridge, {
      internalPorts: ports.map((port) => internalPort(port, bridge, this.#facts.hostName)),
      mirrors: ovsMirrors(bridge, this.#resources),
      host: this.#resources.host,
    });
  }

  #ovsRoot(): { root?: OvsRoot } {
    const { host } = this.#resources;
    if (!host || this.#lifecycles.get(ownerKey(host))?.state !== 'present') return {};
    const vlanLimit = host.spec.ovs?.vlanLimit;
    return { root: { owner: ownerKey(host), ...(vlanLimit === undefined ? {} : { vlanLimit }) } };
  }

  #defaultNetwork(): { defaultNetwork?: { owner: OwnerKey; policy: 'Absent' | 'Unmanaged' } } {
    const { host } = this.#resources;
    const policy = host?.spec.libvirt?.defaultNetwork;
    if (!host || policy === undefined || this.#lifecycles.get(ownerKey(host))?.state !== 'present') return {};
    return { defaultNetwork: { owner: ownerKey(host), policy } };
  }

  #ownership(): Ownership {
    const sets = { present: new Set<OwnerKey>(), leaving: new Set<OwnerKey>(), released: new Set<OwnerKey>(), frozen: new Set<OwnerKey>() };
    for (const [owner, { state }] of this.#lifecycles) {
      if (state === 'leaving' || state === 'released') sets[state].add(owner);
      else if (state === 'new' || this.#problems.has(owner)) sets.frozen.add(owner);
      else sets.present.add(owner);
    }
    return sets;
  }

  #doubts(): Map<OwnerKey, readonly string[]> {
    const doubts = new Map<OwnerKey, readonly string[]>();
    const besides = [neighbourDoubts(this.#resources), tunnelDoubts(this.#resources)];
    for (const object of everything(this.#resources)) {
      const owner = ownerKey(object);
      const own = ownDoubts.of(object, [], () => doubtsOf(object));
      const all = [...own, ...besides.flatMap((found) => found.get(owner) ?? [])];
      if (all.length > 0) doubts.set(owner, all);
    }
    return doubts;
  }

  #problem(resource: AnyResource, reason: string, message: string, needsPerson: boolean): void {
    const owner = ownerKey(resource);
    if (!this.#problems.has(owner)) this.#problems.set(owner, { owner, reason, message, needsPerson });
  }
}

function everything({ host, bridges, vlanPorts, portgroups, virtualMachines }: HostResources): KubeResources {
  return [...(host ? [host] : []), ...bridges, ...vlanPorts, ...portgroups, ...virtualMachines];
}

type KubeResources = readonly (NonNullable<HostResources['host']> | AnyResource)[];

function byName<R extends AnyResource>(resources: readonly R[]): ReadonlyMap<string, R> {
  return new Map(resources.map((resource) => [resource.metadata.name, resource]));
}
