import type { Vlan } from '../systems/vlan.ts';
import type { BridgeResource } from './resources.ts';

/** `vlan` as a property to spread, absent where the spec has none. */
export function vlanOf(vlan: Vlan | undefined): { readonly vlan?: Vlan } {
  return vlan === undefined ? {} : { vlan };
}

/**
 * The VLANs of `vlan` that no uplink of the bridge carries. Empty for a port without VLAN, and for a bridge without uplinks, which is
 * a network inside the host.
 */
export function vlansNotOnUplink(vlan: Vlan | undefined, { spec }: BridgeResource): number[] {
  const uplinks = spec.uplinks ?? [];
  if (vlan === undefined || uplinks.length === 0) return [];
  return vlansOf(vlan).filter((id) => !uplinks.some((uplink) => carries(uplink.vlan, id)));
}

/** Every VLAN id that a setting names. */
export function vlansOf({ tag, trunks }: Vlan): number[] {
  return [...new Set([...(tag === undefined ? [] : [tag]), ...(trunks ?? [])])].sort((a, b) => a - b);
}

function carries(vlan: Vlan | undefined, id: number): boolean {
  if (vlan === undefined) return true;
  const isTrunk = vlan.mode !== 'access' && vlan.mode !== 'dot1q-tunnel';
  if (isTrunk && (vlan.trunks ?? []).length === 0) return true;
  return vlansOf(vlan).includes(id);
}
