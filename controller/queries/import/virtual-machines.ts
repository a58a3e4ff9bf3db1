import type { VirtualMachineSpec } from '../../../api/generated/kinds.ts';
import type { DomainState } from '../../systems/libvirt/observed.ts';
import { nameInAlias } from '../../systems/libvirt/xml/device-alias.ts';
import type { DiskView } from '../../systems/libvirt/xml/disk.ts';
import type { NicView } from '../../systems/libvirt/xml/interface.ts';
import type { OwnerKey } from '../../systems/owner.ts';
import { nameOf, type ImportDraft } from './draft.ts';
import type { Written } from './written.ts';

type WrittenMachine = Written<VirtualMachineSpec>;
type Nic = NonNullable<WrittenMachine['interfaces']>[number];
type Disk = NonNullable<WrittenMachine['disks']>[number];

export interface MachineSurroundings {
  /** The Portgroup of a portgroup of a libvirt network, where it was imported. */
  readonly portgroupOf: (network: string, portgroup: string) => OwnerKey | undefined;
  /** The Bridge of a bridge's name. */
  readonly bridgeOf: (bridgeName: string) => OwnerKey | undefined;
}

/**
 * The libvirt domains as VirtualMachines. One that Bridgekeeper keeps in full comes back in full; of every other only the NICs are
 * taken over (InterfacesOnly): what others made of it is theirs. Gives `VM/NIC` by MAC.
 */
export function importMachines(domains: Iterable<DomainState>, around: MachineSurroundings, draft: ImportDraft): ReadonlyMap<string, string> {
  return new Map([...domains].sort((a, b) => (a.name < b.name ? -1 : 1)).flatMap((domain) => importMachine(domain, around, draft)));
}

function importMachine(domain: DomainState, around: MachineSurroundings, draft: ImportDraft): (readonly [mac: string, name: string])[] {
  const { view } = domain.config;
  const interfaces = view.interfaces.map((nic, index) => nicOf(nic, index, around));
  const obstacle = interfaces.length === 0 && view.mark === undefined ? 'it has no NIC' : interfaces.find((nic) => typeof nic === 'string');
  if (typeof obstacle === 'string') {
    draft.leftOut(`domain ${domain.name} stays as it is: ${obstacle}`);
    return [];
  }
  const owner = draft.key('VirtualMachine', domain.name, domain.owner);
  const nics = interfaces.filter((nic) => typeof nic !== 'string');
  const isFull = view.mark?.domain?.management === 'Full';
  const spec: WrittenMachine = {
    ...(nameOf(owner) === domain.name ? {} : { domainName: domain.name }),
    managementPolicy: isFull ? 'Full' : 'InterfacesOnly',
    ...(isFull ? fullSettings(domain) : {}),
    interfaces: nics,
  };
  draft.add(owner, domain.name, spec);
  if (isFull) draft.chosen(owner, `runStrategy is read from the domain's autostart and state: ${runStrategyOf(domain)}`);
  return nics.flatMap(({ macAddress, name }) => (macAddress === undefined ? [] : [[macAddress, `${nameOf(owner)}/${name ?? ''}`] as const]));
}

/** A NIC; or, as text, why no manifest can say where it ends. */
function nicOf(nic: NicView, index: number, { portgroupOf, bridgeOf }: MachineSurroundings): Nic | string {
  const place = placeOf(nic, portgroupOf, bridgeOf);
  if (typeof place === 'string') return `NIC ${nic.mac} ${place}`;
  return {
    name: nameInAlias(nic.alias) ?? `net${index}`,
    macAddress: nic.mac,
    ...place,
    ...(nic.model === undefined || nic.model === 'virtio' ? {} : { model: nic.model }),
    ...(nic.mtu === undefined ? {} : { mtu: nic.mtu }),
    ...(nic.linkState === 'down' ? { linkState: 'down' } : {}),
  };
}


function placeOf({ source, vlan, interfaceId }: NicView, portgroupOf: MachineSurroundings['portgroupOf'], bridgeOf: MachineSurroundings['bridgeOf']): Pick<Nic, 'portgroupName' | 'bridgeName' | 'vlan' | 'interfaceID'> | string {
  if (source.type === 'other') return `is of type ${source.text}, which no manifest says`;
  if (source.type === 'bridge') {
    const bridge = bridgeOf(source.bridge);
    if (!bridge) return `is on ${source.bridge}, which is no bridge of Open vSwitch`;
    return { bridgeName: nameOf(bridge), ...(vlan === undefined ? {} : { vlan }), ...(interfaceId === undefined ? {} : { interfaceID: interfaceId }) };
  }
  if (source.portgroup === undefined) return `names no portgroup of network ${source.network}; write it into the domain: virsh edit, <source network='${source.network}' portgroup='…'/>`;
  const portgroup = portgroupOf(source.network, source.portgroup);
  if (!portgroup) return `is on network ${source.network}, portgroup ${source.portgroup}, which leads to no bridge of Open vSwitch or is not there`;
  return { portgroupName: nameOf(portgroup), ...(interfaceId === undefined ? {} : { interfaceID: interfaceId }) };
}

/** What libvirt writes into a definition that names no CPU. */
const DEFAULT_CPU = 'qemu64';

function fullSettings(domain: DomainState): WrittenMachine {
  const { view } = domain.config;
  const disks = view.disks.filter(({ device }) => device === 'disk').flatMap((disk, index) => diskOf(disk, index));
  const cdroms = view.disks.filter(({ device }) => device === 'cdrom').flatMap((disk, index) => (disk.path === undefined ? [] : [{ name: nameInAlias(disk.alias) ?? `cdrom${index}`, path: disk.path }]));
  const [graphics] = view.graphics;
  const bootOrder = bootOrderOf(domain);
  return {
    runStrategy: runStrategyOf(domain),
    cpu: { cores: view.vcpus, ...(view.cpu === undefined || view.cpu === DEFAULT_CPU ? {} : { model: view.cpu }) },
    memory: memoryText(view.memoryKiB),
    ...(view.machine === '' ? {} : { machine: view.machine }),
    ...(view.firmware === 'uefi' ? { firmware: 'uefi' as const } : {}),
    ...(disks.length === 0 ? {} : { disks }),
    ...(cdroms.length === 0 ? {} : { cdroms }),
    ...(bootOrder.length === 0 ? {} : { bootOrder }),
    ...(graphics?.type === 'vnc' || graphics?.type === 'spice' ? { graphics: { type: graphics.type, ...(graphics.listenAddress === '' ? {} : { listenAddress: graphics.listenAddress }) } } : {}),
    ...(view.hasSerialConsole ? {} : { serialConsole: false }),
    ...(view.mark?.domain?.diskReclaim === 'Delete' ? { diskReclaimPolicy: 'Delete' as const } : {}),
  };
}

function diskOf({ alias, path, format, bus, readOnly }: DiskView, index: number): Disk[] {
  if (path === undefined) return [];
  return [
    {
      name: nameInAlias(alias) ?? `disk${index}`,
      path,
      ...(format === 'raw' ? { format } : {}),
      ...(bus === 'scsi' || bus === 'sata' || bus === 'ide' ? { bus } : {}),
      ...(readOnly ? { readOnly } : {}),
    },
  ];
}

/** As names of devices of ours; none where the order is of others. */
function bootOrderOf({ config }: DomainState): string[] {
  const names = config.view.bootOrder.map(nameInAlias);
  return names.every((name) => name !== undefined) ? names : [];
}

/** The strategy under which the domain would be as it is. */
function runStrategyOf({ autostart, live }: DomainState): NonNullable<WrittenMachine['runStrategy']> {
  if (autostart) return 'Always';
  return live ? 'Manual' : 'Halted';
}

function memoryText(kib: number): string {
  if (kib % 1_048_576 === 0) return `${kib / 1_048_576}Gi`;
  return kib % 1024 === 0 ? `${kib / 1024}Mi` : `${kib}Ki`;
}
