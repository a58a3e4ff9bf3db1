import type { Ownership, OwnerKey } from '../../owner.ts';
import { ATTACHED_MAC, IFACE_ID, VM_ID } from '../replica/mark.ts';
import type { OvsRows } from '../replica/rows.ts';
import type { BridgeRow, InterfaceRow, PortRow } from '../schema/rows.ts';
import type { PlanDraft } from './draft.ts';

/** Whose a port is: its own mark, or where somebody took that away, the mark of an interface of it. */
export function portOwner(row: PortRow, rows: OvsRows): OwnerKey | undefined {
  const own = rows.mark('Port', row.uuid);
  if (own !== undefined) return own;
  return row.interfaces.map((uuid) => rows.mark('Interface', uuid)).find((mark) => mark !== undefined);
}

/** Whose a bridge is: its own mark, or where somebody took that away, the mark of its local port. */
export function bridgeOwner(row: BridgeRow, rows: OvsRows): OwnerKey | undefined {
  const own = rows.mark('Bridge', row.uuid);
  if (own !== undefined) return own;
  const local = localPort(row, rows);
  return local && portOwner(local, rows);
}

/** The port of the bridge's own name. */
export function localPort(bridge: BridgeRow, rows: OvsRows): PortRow | undefined {
  const port = rows.named('Port', bridge.name);
  return port && bridge.ports.includes(port.uuid) ? port : undefined;
}

/** The interface of the port that belongs to a virtual machine, if there is one. */
export function vmInterface(row: PortRow, rows: OvsRows): InterfaceRow | undefined {
  return rows.interfacesOf(row).find((iface) => iface.external_ids.has(VM_ID) || iface.external_ids.has(ATTACHED_MAC));
}

/** Whether libvirt, or another hypervisor, made the port for a guest. */
export function isGuestPort(row: PortRow, rows: OvsRows): boolean {
  return vmInterface(row, rows) !== undefined || rows.interfacesOf(row).some((iface) => iface.external_ids.has(IFACE_ID));
}

/** Whether a guest that runs is behind the port, though somebody may have taken away what says so. */
export function hasLivingGuest(row: PortRow, { rows, observed }: PlanDraft): boolean {
  return rows.interfacesOf(row).some(({ name }) => observed.guests.devices.has(name));
}

export function describeVm(iface: InterfaceRow): string {
  return `VM ${iface.external_ids.get(VM_ID) ?? 'unknown'} (NIC ${iface.external_ids.get(ATTACHED_MAC) ?? 'unknown'})`;
}

export type Fate = 'delete' | 'delete-leftover' | 'release' | 'keep';

/** What becomes of something that carries the mark of `owner` and is not desired. */
export function fateOf(owner: OwnerKey, ownership: Ownership): Fate {
  if (ownership.frozen.has(owner)) return 'keep';
  if (ownership.released.has(owner)) return 'release';
  if (ownership.present.has(owner) || ownership.leaving.has(owner)) return 'delete';
  return 'delete-leftover';
}

/** The mark of a resource that is gone: what carries it goes, or is taken over by who wants it, with no gap between. */
export function isLeftOver(owner: OwnerKey, ownership: Ownership): boolean {
  return fateOf(owner, ownership) === 'delete-leftover';
}

/** Whether the port is deleted by the very plan that is being made, so that its interfaces are free in the same transaction. */
export function goesAtOnce(row: PortRow, { rows, wanted, desired }: PlanDraft): boolean {
  const owner = portOwner(row, rows);
  if (owner === undefined || wanted.ports.get(row.name)?.port.owner === owner || vmInterface(row, rows)) return false;
  return fateOf(owner, desired.ownership) === 'delete';
}
