import type { LibvirtDisk, LibvirtDomain, LibvirtInterface } from '../systems/libvirt/desired.ts';
import type { OvsVmPort } from '../systems/ovs/desired.ts';
import type { Vlan } from '../systems/vlan.ts';
import { cloudInitSeed, type UserData } from './cloud-init.ts';
import { derivedGuestMac } from './mac.ts';
import { portgroupName } from './portgroup.ts';
import { bytesOf } from './quantity.ts';
import { deviceName, ownerKey, type BridgeResource, type PortgroupResource, type VirtualMachineResource } from './resources.ts';
import { vlanOf } from './vlan.ts';

const KIB = 1024;

type Nic = NonNullable<VirtualMachineResource['spec']['interfaces']>[number];
type Disk = NonNullable<VirtualMachineResource['spec']['disks']>[number];

/** The MAC address of a NIC, lower case. */
export function nicMac(vm: VirtualMachineResource, { name, macAddress }: Nic): string {
  return macAddress?.toLowerCase() ?? derivedGuestMac(vm.metadata.uid, name);
}

/** Where a NIC ends: a portgroup of a bridge's libvirt network, or the bridge itself. */
export interface Attachment {
  readonly nic: Nic;
  readonly bridge: BridgeResource;
  readonly portgroup?: PortgroupResource;
  readonly vlan: Vlan | undefined;
}

/** The domain's name in libvirt. */
export function domainName(vm: VirtualMachineResource): string {
  return vm.spec.domainName ?? vm.metadata.name;
}

/** The libvirt domain of a VirtualMachine whose NICs all found their place. */
export function libvirtDomain(
  vm: VirtualMachineResource,
  attachments: readonly Attachment[],
  surroundings: { readonly imagesDirectory: string; readonly workingBridges: ReadonlySet<string>; readonly userData?: UserData },
): LibvirtDomain {
  const { spec } = vm;
  const blocked = startBlock(attachments, surroundings.workingBridges);
  const seed = cloudInitSeed(vm, { ...surroundings, domain: domainName(vm) }, (nic) => nicMac(vm, nic));
  return {
    owner: ownerKey(vm),
    name: domainName(vm),
    adoption: spec.adoptionPolicy ?? 'IfMatching',
    uuid: vm.metadata.uid,
    management: spec.managementPolicy ?? 'Full',
    runStrategy: spec.runStrategy ?? 'Always',
    ...(blocked === undefined ? {} : { startBlockedBy: blocked }),
    vcpus: spec.cpu?.cores ?? 1,
    ...(spec.cpu?.model === undefined ? {} : { cpuModel: spec.cpu.model }),
    memoryKiB: Math.ceil(bytesOf(spec.memory ?? '512Mi') / KIB),
    ...(spec.machine === undefined ? {} : { machine: spec.machine }),
    firmware: spec.firmware ?? 'bios',
    acceleration: spec.acceleration ?? 'auto',
    disks: (spec.disks ?? []).map((disk) => libvirtDisk(disk, domainName(vm), surroundings.imagesDirectory)),
    cdroms: spec.cdroms ?? [],
    ...(seed === undefined ? {} : { seed }),
    bootOrder: spec.bootOrder ?? [],
    interfaces: attachments.map((attachment) => libvirtInterface(vm, attachment)),
    ...(spec.graphics === undefined ? {} : { graphics: spec.graphics }),
    serialConsole: spec.serialConsole ?? true,
    diskReclaim: spec.diskReclaimPolicy ?? 'Retain',
  };
}

/** What each NIC's port must have while the VM runs. */
export function vmPorts(vm: VirtualMachineResource, attachments: readonly Attachment[]): OvsVmPort[] {
  return attachments.map(({ nic, bridge, portgroup, vlan }) => ({
    owner: ownerKey(vm),
    bridgeName: deviceName(bridge),
    mac: nicMac(vm, nic),
    ...vlanOf(vlan),
    isolated: portgroup?.spec.isolated ?? false,
    ...(portgroup?.spec.bandwidth === undefined ? {} : { limits: portgroup.spec.bandwidth }),
  }));
}

function startBlock(attachments: readonly Attachment[], workingBridges: ReadonlySet<string>): LibvirtDomain['startBlockedBy'] {
  const missing = attachments.map(({ bridge }) => deviceName(bridge)).find((name) => !workingBridges.has(name));
  if (missing === undefined) return undefined;
  return { reason: 'BridgeNotProgrammed', message: `waits for bridge ${missing}: Open vSwitch does not have it working yet` };
}

function libvirtDisk(disk: Disk, domain: string, imagesDirectory: string): LibvirtDisk {
  const format = disk.format ?? 'qcow2';
  return {
    name: disk.name,
    path: disk.path ?? `${imagesDirectory}/${domain}-${disk.name}.${format}`,
    ...(disk.size === undefined ? {} : { sizeBytes: bytesOf(disk.size) }),
    ...(disk.baseImage === undefined ? {} : { baseImage: disk.baseImage }),
    format,
    bus: disk.bus ?? 'virtio',
    readOnly: disk.readOnly ?? false,
  };
}

function libvirtInterface(vm: VirtualMachineResource, { nic, bridge, portgroup, vlan }: Attachment): LibvirtInterface {
  return {
    name: nic.name,
    mac: nicMac(vm, nic),
    source: portgroup
      ? {
          type: 'network',
          network: bridge.spec.libvirtNetwork?.name ?? '',
          portgroup: portgroupName(portgroup),
          ...vlanOf(vlan),
          ...(portgroup.spec.bandwidth === undefined ? {} : { bandwidth: portgroup.spec.bandwidth }),
        }
      : { type: 'bridge', bridge: deviceName(bridge), ...vlanOf(vlan) },
    ...(nic.interfaceID === undefined ? {} : { interfaceId: nic.interfaceID }),
    model: nic.model ?? 'virtio',
    ...(nic.mtu === undefined ? {} : { mtu: nic.mtu }),
    linkState: nic.linkState ?? 'up',
  };
}
