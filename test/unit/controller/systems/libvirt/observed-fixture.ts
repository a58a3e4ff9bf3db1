import type { LibvirtDesired, LibvirtDomain, LibvirtNetwork, LibvirtPortgroup } from '../../../../../controller/systems/libvirt/desired.ts';
import type { Keep } from '../../../../../controller/systems/libvirt/keep.ts';
import type { DomainState, LibvirtObserved, NetworkState } from '../../../../../controller/systems/libvirt/observed.ts';
import { readDomain } from '../../../../../controller/systems/libvirt/xml/domain.ts';
import { readNetwork } from '../../../../../controller/systems/libvirt/xml/network.ts';
import type { OwnerKey, Ownership } from '../../../../../controller/systems/owner.ts';

/** When everything in these fixtures is observed. */
export const NOW = Date.parse('2026-01-01T00:00:00Z');

export class MapKeep implements Keep {
  readonly entries = new Map<string, string>();
  get(key: string): string | undefined {
    return this.entries.get(key);
  }
  put(key: string, value: string): void {
    this.entries.set(key, value);
  }
  delete(key: string): void {
    this.entries.delete(key);
  }
}

/** A network as observed: stored as `xml`, and active as `liveXml` or as stored. */
export function networkState(xml: string, more: Partial<NetworkState> & { readonly liveXml?: string } = {}): NetworkState {
  const { liveXml = xml, active = true, ...rest } = more;
  const view = readNetwork(xml);
  return {
    name: view.name,
    uuid: view.uuid,
    owner: view.mark?.owner,
    active,
    autostart: true,
    persistent: true,
    bridgeName: view.bridgeName,
    portgroups: new Map([...view.portgroups].map(([name, { vlan }]) => [name, vlan])),
    config: { xml, view },
    live: active ? { xml: liveXml, view: readNetwork(liveXml) } : undefined,
    ...rest,
  };
}

/** A domain as observed: stored as `xml`, and, unless it is off, running as `liveXml` or as stored. */
export function domainState(xml: string, more: Partial<DomainState> & { readonly liveXml?: string } = {}): DomainState {
  const { liveXml = xml, state = 'shutoff', ...rest } = more;
  const view = readDomain(xml);
  return {
    name: view.name,
    uuid: view.uuid,
    owner: view.mark?.owner,
    state,
    stateReason: 'unknown',
    autostart: false,
    persistent: true,
    config: { xml, view },
    live: state === 'shutoff' ? undefined : { xml: liveXml, view: readDomain(liveXml) },
    interfaces: [],
    missingFiles: [],
    memory: { detachAsked: new Set(), completed: false },
    ...rest,
  };
}

export function observe(things: { networks?: NetworkState[]; domains?: DomainState[] } & Partial<Pick<LibvirtObserved, 'kvmOffered' | 'machinesOffered' | 'keptDefaultNetwork' | 'busyDomains'>>): LibvirtObserved {
  return {
    libvirtVersion: '9.0.0',
    hypervisorVersion: '7.2.22',
    observedAt: NOW,
    kvmOffered: things.kvmOffered ?? false,
    machinesOffered: things.machinesOffered ?? new Set(),
    busyDomains: things.busyDomains ?? new Set(),
    lateFailures: new Map(),
    networks: new Map((things.networks ?? []).map((state) => [state.name, state])),
    domains: new Map((things.domains ?? []).map((state) => [state.name, state])),
    keptDefaultNetwork: things.keptDefaultNetwork,
  };
}

/** Everything given is desired and its owners present; the owners of `sets` stand as they say. */
export function desire(
  things: Partial<Omit<LibvirtDesired, 'ownership'>>,
  sets: { readonly [Set in keyof Ownership]?: readonly OwnerKey[] } = {},
): LibvirtDesired {
  const owners = [
    ...(things.networks ?? []).flatMap(({ owner, portgroups }) => [owner, ...portgroups.map((group) => group.owner)]),
    ...(things.domains ?? []).map(({ owner }) => owner),
    ...(things.defaultNetwork ? [things.defaultNetwork.owner] : []),
  ];
  const set = (name: keyof Ownership, more: readonly OwnerKey[] = []): ReadonlySet<OwnerKey> => new Set([...(sets[name] ?? []), ...more]);
  const ownership = { present: set('present', owners), leaving: set('leaving'), released: set('released'), frozen: set('frozen') };
  return { networks: [], domains: [], ...things, ownership };
}

export function network(portgroups: readonly LibvirtPortgroup[], more: Partial<LibvirtNetwork> = {}): LibvirtNetwork {
  return { owner: 'Bridge/br', name: 'lan', bridgeName: 'br', autostart: true, adoption: 'IfMatching', portgroups, ...more };
}

export function portgroup(name: string, tag?: number, more: Partial<LibvirtPortgroup> = {}): LibvirtPortgroup {
  const vlan = tag === undefined ? undefined : ({ mode: 'access', tag } as const);
  return { owner: `Portgroup/${name}`, name, isDefault: false, adoption: 'IfMatching', vlan, ...more };
}

export const DOMAIN_UUID = '00000000-0000-4000-8000-000000000001';

export function domain(more: Partial<LibvirtDomain> = {}): LibvirtDomain {
  return {
    owner: 'VirtualMachine/vm',
    name: 'vm',
    adoption: 'IfMatching',
    uuid: DOMAIN_UUID,
    management: 'Full',
    runStrategy: 'Always',
    vcpus: 1,
    memoryKiB: 65_536,
    firmware: 'bios',
    acceleration: 'auto',
    disks: [],
    cdroms: [],
    bootOrder: [],
    interfaces: [],
    serialConsole: false,
    diskReclaim: 'Retain',
    ...more,
  };
}
