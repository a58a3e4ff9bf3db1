import type { HostSpec } from '../../../api/generated/kinds.ts';
import type { Manifest } from '../../../api/machinery/object.ts';
import type { DesiredKind } from '../../desired/resources.ts';
import type { OwnerKey } from '../../systems/owner.ts';
import { isOurs } from '../../systems/netplan/netplan-file.ts';
import type { HostObserved } from '../host-observed.ts';
import { importBridges } from './bridges.ts';
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
  const bridges = ovs ? importBridges({ ovs, netplan, libvirtNetworkOf: (name, owner) => networks.networkOf(name, owner, draft) }, draft) : [];
  for (const bridge of bridges) {
    if (ovs) importVlanPorts(bridge, { ovs, netplan, hostName }, draft);
    networks.importPortgroups(bridge.row.name, bridge.owner, draft);
  }
  const ownerOfBridge = new Map(bridges.map(({ row, owner }) => [row.name, owner]));
  if (libvirt) {
    importMachines(libvirt.domains.values(), { portgroupOf: (network, portgroup) => networks.portgroupOf(network, portgroup), bridgeOf: (name) => ownerOfBridge.get(name) }, draft);
    networks.remarkOnOthers(draft);
  }
  importNetplan(observed, hostName, draft);
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

/** What of netplan concerns the host as a whole, and the devices that no manifest has. */
function importNetplan({ netplan, ovs }: HostObserved, hostName: string, draft: ImportDraft): void {
  if (!netplan) return;
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
  importHostSpec(netplan, renderers, hostName, draft);
}

function importHostSpec(netplan: NonNullable<HostObserved['netplan']>, renderers: ReadonlySet<string>, hostName: string, draft: ImportDraft): void {
  const own = netplan.files.find(isOurs)?.mark;
  const fileName = own && own.fileName !== DEFAULT_NETPLAN_FILE ? own.fileName : undefined;
  const [renderer] = renderers;
  const isForeign = renderers.size === 1 && renderer === 'NetworkManager';
  if (renderers.size > 1) draft.leftOut(`some ports of Open vSwitch are rendered by NetworkManager and some by networkd: a Host has one renderer`);
  if (fileName === undefined && !isForeign) return;
  const spec: Written<HostSpec> = { netplan: { ...(fileName === undefined ? {} : { fileName }), ...(isForeign ? { renderer: 'NetworkManager' as const } : {}) } };
  draft.add(draft.key('Host', hostName, own?.owner), hostName, spec);
}
