import type { HostSpec } from '../../../api/generated/kinds.ts';
import type { Manifest } from '../../../api/machinery/object.ts';
import type { DesiredKind } from '../../desired/resources.ts';
import type { OwnerKey } from '../../systems/owner.ts';
import { isOurs } from '../../systems/netplan/netplan-file.ts';
import type { HostObserved } from '../host-observed.ts';
import { findBridges, importBridge } from './bridges.ts';
import { deviceSettings, textAt } from './device-settings.ts';
import { ImportDraft, type ImportedObject, type Remark } from './draft.ts';
import { FoundNetworks } from './portgroups.ts';
import { importMachines } from './virtual-machines.ts';
import { importVlanPorts } from './vlan-ports.ts';
import type { Written } from './written.ts';

export interface ImportedHost {
  /** In the order to apply them. */
  readonly objects: readonly ImportedObject[];
  readonly remarks: readonly Remark[];
}

const DEFAULT_NETPLAN_FILE = '90-bridgekeeper.yaml';
const ORDER: readonly string[] = ['Host', 'Bridge', 'VlanPort', 'Portgroup', 'VirtualMachine'] satisfies readonly DesiredKind[];

/** The manifests that describe a host as it is, and what they can't say. Pure. */
export function importHost(observed: HostObserved, hostName: string): ImportedHost {
  const { ovs, netplan, libvirt } = observed;
  const draft = new ImportDraft();
  const networks = new FoundNetworks(libvirt, (name) => ovs?.rows.named('Bridge', name) !== undefined);
  const guestDevices = new Set([...(libvirt?.domains.values() ?? [])].flatMap(({ interfaces }) => interfaces.flatMap(({ targetDevice }) => targetDevice ?? [])));
  const bridges = ovs ? findBridges(ovs, guestDevices, draft) : [];
  for (const bridge of bridges) {
    if (ovs) importVlanPorts(bridge, { ovs, netplan, hostName }, draft);
    networks.importPortgroups(bridge.row.name, bridge.owner, { isIsolated: (network, portgroup) => isIsolated(network, portgroup, observed) }, draft);
  }
  const ownerOfBridge = new Map(bridges.map(({ row, owner }) => [row.name, owner]));
  const nics = importMachines(libvirt?.domains.values() ?? [], { portgroupOf: (network, portgroup) => networks.portgroupOf(network, portgroup), bridgeOf: (name) => ownerOfBridge.get(name) }, draft);
  for (const bridge of bridges) {
    if (ovs) importBridge(bridge, { ovs, netplan, libvirtNetworkOf: (name, owner) => networks.networkOf(name, owner, draft), nicNamed: (mac) => nics.get(mac) }, draft);
  }
  networks.remarkOnOthers(draft);
  importHostSpec(observed, hostName, draft);
  const objects = draft.objects.toSorted((a, b) => ORDER.indexOf(a.manifest.kind) - ORDER.indexOf(b.manifest.kind));
  return { objects, remarks: draft.remarks };
}

/** Narrows an import to some kinds, and to what has one of these names, as a resource or on the host. */
export function selectImported({ objects, remarks }: ImportedHost, kinds: ReadonlySet<string> | undefined, names: ReadonlySet<string> | undefined): ImportedHost {
  const selected = objects.filter(({ manifest, hostName }) => (kinds?.has(manifest.kind) ?? true) && (names === undefined || names.has(hostName) || names.has(manifest.metadata.name ?? '')));
  if (selected.length === objects.length) return { objects, remarks };
  const owners = new Set<OwnerKey | undefined>(selected.map(({ owner }) => owner));
  const isWhole = names === undefined;
  return { objects: selected, remarks: remarks.filter(({ owner }) => (owner === undefined ? isWhole : owners.has(owner))) };
}

export function manifestsOf({ objects }: ImportedHost): readonly Manifest[] {
  return objects.map(({ manifest }) => manifest);
}

/** libvirt can't say it, so it is read from the ports of running VMs: all of them on the portgroup are isolated. */
function isIsolated(network: string, portgroup: string, { ovs, libvirt }: HostObserved): boolean {
  const nics = [...(libvirt?.domains.values() ?? [])].flatMap(({ interfaces }) => interfaces.filter((nic) => nic.network === network && nic.portgroup === portgroup));
  const ports = nics.flatMap(({ mac }) => {
    const port = ovs?.portAttachedTo(mac)?.port;
    return (port && ovs?.rows.named('Port', port.name)) ?? [];
  });
  return ports.length > 0 && ports.every((port) => port.protected);
}

/** A Host only where it says something that is not so by default. */
function importHostSpec(observed: HostObserved, hostName: string, draft: ImportDraft): void {
  const root = observed.ovs?.rows.root;
  const vlanLimit = root?.other_config.get('vlan-limit');
  const netplan = importNetplan(observed, draft);
  if (vlanLimit === undefined && netplan === undefined) return;
  const mark = observed.netplan?.files.find(isOurs)?.mark?.owner;
  draft.add(draft.key('Host', hostName, mark), hostName, { netplan, ovs: vlanLimit === undefined ? undefined : { vlanLimit: Number(vlanLimit) } } satisfies Written<HostSpec>);
}

/** What of netplan concerns the host as a whole, and the devices that no manifest has. */
function importNetplan({ netplan, ovs }: HostObserved, draft: ImportDraft): Written<HostSpec>['netplan'] {
  if (!netplan) return undefined;
  const named = new Set(draft.objects.map((object) => object.hostName));
  const isPort = (device: string): boolean => named.has(device) || ovs?.rows.named('Interface', device) !== undefined;
  const devices = netplan.files.flatMap((file) => file.definitions.map((definition) => ({ file, definition, device: textAt(definition.stanza, 'set-name') ?? definition.name })));
  for (const { file, definition, device } of devices) {
    if (!isPort(device)) draft.leftOut(`${file.path}:${definition.line}: ${definition.section}.${definition.name} is no port of Open vSwitch; it stays as it is`);
  }
  for (const file of netplan.files) {
    if (file.syntaxError !== '') draft.leftOut(`${file.path} can't be read: ${file.syntaxError}`);
  }
  const renderers = new Set(devices.filter(({ device }) => isPort(device)).map(({ device }) => textAt(deviceSettings(device, netplan).stanza, 'renderer') ?? 'networkd'));
  if (renderers.size > 1) draft.leftOut('some ports of Open vSwitch are rendered by NetworkManager and some by networkd: a Host has one renderer');
  const own = netplan.files.find(isOurs)?.mark;
  const fileName = own && own.fileName !== DEFAULT_NETPLAN_FILE ? own.fileName : undefined;
  const isForeign = renderers.size === 1 && renderers.has('NetworkManager');
  if (fileName === undefined && !isForeign) return undefined;
  return { ...(fileName === undefined ? {} : { fileName }), ...(isForeign ? { renderer: 'NetworkManager' } : {}) };
}
