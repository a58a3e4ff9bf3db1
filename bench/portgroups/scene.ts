const KIND = 'apiVersion: bridgekeeper.dev/v1alpha1\nkind:';

export const BRIDGE = 'br0';
export const NETWORK = 'net0';
/** Its VLAN is edited. */
export const MOVED_PORTGROUP = 'moved';
const OTHER_PORTGROUPS = ['blue', 'green', 'grey', 'red', 'white'];
/** A file of a boot sector that stops the processor: a guest that takes no time. */
export const HALT_IMAGE = '/var/lib/libvirt/images/halt.img';

export interface Guest {
  readonly name: string;
  readonly mac: string;
  readonly portgroup: string;
}

/** The first `moved` guests are on the portgroup that is edited, the others spread over the other five. */
export function guests(count: number, moved: number): Guest[] {
  return Array.from({ length: count }, (_, index) => ({
    name: `g${index}`,
    mac: `52:54:01:00:00:${index.toString(16).padStart(2, '0')}`,
    portgroup: (index < moved ? MOVED_PORTGROUP : OTHER_PORTGROUPS[index % OTHER_PORTGROUPS.length]) ?? '',
  }));
}

/** The bridge with its network and six portgroups. */
export function networkManifest(tag: number): string {
  const bridge = `${KIND} Bridge\nmetadata: {name: ${BRIDGE}}\nspec: {uplinks: [{name: eth0}], libvirtNetwork: {name: ${NETWORK}}}\n`;
  const others = OTHER_PORTGROUPS.map((name) => portgroupManifest(name, tagOf(name, tag)));
  return [bridge, portgroupManifest(MOVED_PORTGROUP, tag), ...others].join('---\n');
}

/** The VLAN of a portgroup while the edited one has `movedTag`. */
export function tagOf(portgroup: string, movedTag: number): number {
  return portgroup === MOVED_PORTGROUP ? movedTag : 11 + OTHER_PORTGROUPS.indexOf(portgroup);
}

function portgroupManifest(name: string, tag: number): string {
  return `${KIND} Portgroup\nmetadata: {name: ${name}}\nspec: {bridgeName: ${BRIDGE}, vlan: {mode: access, tag: ${tag}}}\n`;
}

export function guestManifests(all: readonly Guest[]): string {
  return all.map(guestManifest).join('---\n');
}

/** Without KVM, since it may be there and run no guest. */
function guestManifest({ name, mac, portgroup }: Guest): string {
  return `${KIND} VirtualMachine
metadata: {name: ${name}}
spec:
  memory: 16Mi
  machine: pc
  acceleration: tcg
  disks: [{name: halt, path: ${HALT_IMAGE}, format: raw, readOnly: true}]
  interfaces: [{name: eth0, macAddress: "${mac}", portgroupName: ${portgroup}}]
`;
}

/** `cli; hlt; jmp` back to the `hlt`, as the BIOS loads and runs it. */
export function haltImage(): Buffer {
  const sector = Buffer.alloc(512);
  sector.set([0xfa, 0xf4, 0xeb, 0xfd]);
  sector.set([0x55, 0xaa], 510);
  return sector;
}
