import type { Vlan } from '../../vlan.ts';
import { append, attributeOf, child, children, remove } from './dom.ts';
import type { Element } from './dom.ts';

/**
 * The setting as libvirt can say it (formatnetwork.html, "Setting VLAN tag"): it knows no dot1q-tunnel and no native VLAN beside
 * every other one, so both become plain access to the tag, which lets less through, never more; Open vSwitch is told the truth
 * elsewhere. The native tag is always among the trunks, as libvirt itself puts it there. Absent: every VLAN passes.
 */
export function libvirtVlan(vlan: Vlan | undefined): Vlan | undefined {
  if (!vlan) return undefined;
  const tags = [...new Set(vlan.trunks ?? [])].sort((a, b) => a - b);
  if (vlan.tag === undefined) return tags.length > 0 ? { mode: 'trunk', trunks: tags } : undefined;
  const isNative = vlan.mode === 'native-tagged' || vlan.mode === 'native-untagged';
  if (!isNative || tags.length === 0) return { mode: 'access', tag: vlan.tag };
  const trunks = [...new Set([...tags, vlan.tag])].sort((a, b) => a - b);
  return { mode: vlan.mode, tag: vlan.tag, trunks };
}

/** Reads the `<vlan>` of a portgroup or an interface, in the form that `libvirtVlan` gives. */
export function readVlan(parent: Element): Vlan | undefined {
  const element = child(parent, 'vlan');
  if (!element) return undefined;
  const tags = children(element, 'tag').map((tag) => ({
    id: Number(attributeOf(tag, 'id')),
    nativeMode: attributeOf(tag, 'nativeMode'),
  }));
  const native = tags.find(({ nativeMode }) => nativeMode !== undefined);
  const trunks = tags.map(({ id }) => id);
  if (native) return libvirtVlan({ mode: native.nativeMode === 'tagged' ? 'native-tagged' : 'native-untagged', tag: native.id, trunks });
  if (attributeOf(element, 'trunk') === 'yes' || tags.length > 1) return libvirtVlan({ mode: 'trunk', trunks });
  return tags[0] && { mode: 'access', tag: tags[0].id };
}

/** Puts the setting in the place of the one that is there. */
export function writeVlan(parent: Element, vlan: Vlan | undefined): void {
  const old = child(parent, 'vlan');
  if (old) remove(old);
  const wanted = libvirtVlan(vlan);
  if (!wanted) return;
  const element = append(parent, 'vlan', { trunk: wanted.trunks ? 'yes' : undefined });
  for (const id of wanted.trunks ?? [wanted.tag]) append(element, 'tag', { id, nativeMode: nativeMode(wanted, id) });
}

function nativeMode(vlan: Vlan, id: number | undefined): string | undefined {
  if (vlan.mode === 'native-tagged' && id === vlan.tag) return 'tagged';
  if (vlan.mode === 'native-untagged' && id === vlan.tag) return 'untagged';
  return undefined;
}

/** For people and for comparing: `access 100`, `trunk 2,3,6`, `native-untagged 1 of 1,2`; `every VLAN` where none is set. */
export function vlanText(vlan: Vlan | undefined): string {
  const wanted = libvirtVlan(vlan);
  if (!wanted) return 'every VLAN';
  const trunks = wanted.trunks?.join(',');
  if (wanted.tag === undefined) return `${wanted.mode} ${trunks ?? ''}`;
  return trunks === undefined ? `${wanted.mode} ${wanted.tag}` : `${wanted.mode} ${wanted.tag} of ${trunks}`;
}
