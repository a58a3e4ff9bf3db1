import type { Vlan } from '../../vlan.ts';

/** The three columns of a Port that make its VLAN setting (ovs-vswitchd.conf.db(5), "VLAN Configuration"). */
export type VlanColumns = {
  readonly tag: number | undefined;
  readonly trunks: readonly number[];
  readonly vlan_mode: string | undefined;
};

/**
 * The shortest way to write a setting: an access port is its tag alone and a trunk its trunks alone, as `ovs-vsctl add-port` and
 * libvirt write them; the other modes are named, and their native tag stands among the trunks, as libvirt puts it there.
 */
export function vlanColumns(vlan: Vlan | undefined): VlanColumns {
  if (vlan === undefined) return { tag: undefined, trunks: [], vlan_mode: undefined };
  const { mode, tag, trunks = [] } = vlan;
  const isPlain = (mode === 'access' && tag !== undefined) || (mode === 'trunk' && tag === undefined);
  return { tag, trunks: isNative(mode) ? withNative(tag, trunks) : sorted(trunks), vlan_mode: isPlain ? undefined : mode };
}

/** Whether two settings are the same in normal form: an unset mode named, the native tag among the trunks. */
export function sameVlan(a: VlanColumns, b: VlanColumns): boolean {
  return normalForm(a) === normalForm(b);
}

/** The setting that the columns make; undefined when every VLAN passes. */
export function vlanOfColumns({ tag, trunks, vlan_mode }: VlanColumns): Vlan | undefined {
  if (tag === undefined && trunks.length === 0 && vlan_mode === undefined) return undefined;
  return {
    mode: modeOf({ tag, trunks, vlan_mode }),
    ...(tag === undefined ? {} : { tag }),
    ...(trunks.length === 0 ? {} : { trunks }),
  };
}

function normalForm(columns: VlanColumns): string {
  const mode = modeOf(columns);
  const { tag, trunks } = columns;
  return `${mode} ${tag ?? ''} ${(isNative(mode) ? withNative(tag, trunks) : sorted(trunks)).join(',')}`;
}

function modeOf({ tag, vlan_mode }: VlanColumns): Vlan['mode'] {
  switch (vlan_mode) {
    case 'access':
    case 'trunk':
    case 'native-tagged':
    case 'native-untagged':
    case 'dot1q-tunnel':
      return vlan_mode;
    default:
      return tag === undefined ? 'trunk' : 'access';
  }
}

function isNative(mode: string): boolean {
  return mode === 'native-tagged' || mode === 'native-untagged';
}

/** No trunks at all means every VLAN, so the native tag is in it already. */
function withNative(tag: number | undefined, trunks: readonly number[]): readonly number[] {
  return tag === undefined || trunks.length === 0 ? sorted(trunks) : sorted([...trunks, tag]);
}

function sorted(trunks: readonly number[]): readonly number[] {
  return [...new Set(trunks)].sort((a, b) => a - b);
}
