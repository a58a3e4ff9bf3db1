import type { OvsRows } from '../replica/rows.ts';
import type { BridgeRow, PortRow } from '../schema/rows.ts';

/** Another program that keeps a bridge or port, by the marks that it leaves. */
export interface OtherOwner {
  readonly name: 'netplan' | 'NetworkManager' | 'OVN';
  /** The reason of a condition. */
  readonly reason: 'OwnedByNetplan' | 'OwnedByNetworkManager' | 'OwnedByOvn';
  /** What would make it let go. */
  readonly remedy: string;
}

const NETPLAN: OtherOwner = {
  name: 'netplan',
  reason: 'OwnedByNetplan',
  remedy: 'take its openvswitch: section out of the netplan files, or delete the resource here',
};
const NETWORK_MANAGER: OtherOwner = {
  name: 'NetworkManager',
  reason: 'OwnedByNetworkManager',
  remedy: 'delete its connection (nmcli connection delete), or delete the resource here',
};
const OVN: OtherOwner = { name: 'OVN', reason: 'OwnedByOvn', remedy: 'choose another bridge: OVN writes its own flows and ports there' };

type Ids = ReadonlyMap<string, string>;

/** Who else keeps the bridge. */
export function otherOwnerOfBridge({ name, external_ids: ids }: BridgeRow, { root }: OvsRows): OtherOwner | undefined {
  // ovn-controller(8): its bridge is br-int unless the database says otherwise, once it knows where its own database is.
  const isOvns = root.external_ids.has('ovn-remote') && name === (root.external_ids.get('ovn-bridge') ?? 'br-int');
  return isOvns ? OVN : markOf(ids);
}

/** Who else keeps the port, by its own marks or those of its interfaces. */
export function otherOwnerOfPort(port: PortRow, rows: OvsRows): OtherOwner | undefined {
  return [port.external_ids, ...rows.interfacesOf(port).map((iface) => iface.external_ids)].map(markOf).find((owner) => owner !== undefined);
}

function markOf(ids: Ids): OtherOwner | undefined {
  for (const key of ids.keys()) {
    // netplan(5) writes netplan=true and netplan/…; NetworkManager NM.connection.uuid; ovn-controller(8) ovn-localnet-port and the like.
    if (key === 'netplan' || key.startsWith('netplan/')) return NETPLAN;
    if (key.startsWith('NM.')) return NETWORK_MANAGER;
    if (key.startsWith('ovn-')) return OVN;
  }
  return undefined;
}

/** Why something that another program keeps is left to it, and the way out. */
export function otherOwnerMessage(what: string, { name, remedy }: OtherOwner): string {
  return `${what} is kept by ${name}, which would undo or delete what is done to it here: ${remedy}`;
}
