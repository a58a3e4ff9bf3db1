import { isOwnerKey, OWNER_MARK } from '../../owner.ts';
import type { OwnerKey } from '../../owner.ts';

/** Whose a row is, by its external_ids; undefined when it does not carry our mark, or something that is no mark of ours. */
export function ownerOf(row: { readonly external_ids: ReadonlyMap<string, string> }): OwnerKey | undefined {
  const mark = row.external_ids.get(OWNER_MARK);
  return mark !== undefined && isOwnerKey(mark) ? mark : undefined;
}

/** Keys that libvirt writes into an Interface's external_ids. */
export const ATTACHED_MAC = 'attached-mac';
export const VM_ID = 'vm-id';
export const IFACE_ID = 'iface-id';
