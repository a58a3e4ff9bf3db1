import type { Vlan } from '../../systems/vlan.ts';

/** A VLAN setting in the width of a column: `100`, `2,3,6,100`, `100+2,3`, `all`. */
export function vlanText(vlan: Vlan | undefined): string {
  if (vlan === undefined) return 'all';
  const trunks = (vlan.trunks ?? []).join(',');
  if (vlan.tag === undefined) return trunks || 'all';
  return trunks === '' ? String(vlan.tag) : `${vlan.tag}+${trunks}`;
}
