const KIND = 'apiVersion: bridgekeeper.dev/v1alpha1\nkind:';

/** The bridge that the ports of a benchmark are on. */
export const BRIDGE = 'br0';
export const BRIDGE_MANIFEST = `${KIND} Bridge\nmetadata: {name: ${BRIDGE}}\nspec: {uplinks: [{name: eth0}], unmanagedPorts: Ignore}\n`;

/** Name and tag of the port of that number; no two neighbours have the same tag. */
export function portName(index: number): string {
  return `vp${index}`;
}

export function portTag(index: number): number {
  return 2 + (index % 4000);
}

/** Its own network of the private range 10.0.0.0/8. */
export function portAddress(index: number): string {
  return `10.${index >> 8}.${index & 255}.1/24`;
}

/** VlanPorts from `first` up to, without, `end`. */
export function vlanPortManifests(first: number, end: number, addresses: 'addressed' | 'plain'): string {
  const documents = Array.from({ length: end - first }, (_, offset) => {
    const index = first + offset;
    const ip = addresses === 'addressed' ? `, addresses: [${portAddress(index)}]` : '';
    return `${KIND} VlanPort\nmetadata: {name: ${portName(index)}}\nspec: {bridgeName: ${BRIDGE}, vlan: {mode: access, tag: ${portTag(index)}}${ip}}\n`;
  });
  return documents.join('---\n');
}
