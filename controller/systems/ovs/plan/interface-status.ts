import type { InterfaceRow } from '../schema/rows.ts';

/**
 * Whether a plan says the same of both rows: they differ at most in where vswitchd says how an interface is doing (`mac_in_use`,
 * `mtu`, `ofport`, `link_state`), which it writes a thousand at a time. A value that was not written is the very same in both. It
 * is asked of thousands, so the columns are written out.
 */
export function isPlannedAlike(before: InterfaceRow | undefined, now: InterfaceRow | undefined): boolean {
  if (before === now) return true;
  return (
    before !== undefined &&
    now !== undefined &&
    before.error === now.error &&
    before.external_ids === now.external_ids &&
    before.name === now.name &&
    before.type === now.type &&
    before.mac === now.mac &&
    before.mtu_request === now.mtu_request &&
    before.options === now.options &&
    before.other_config === now.other_config &&
    before.ofport_request === now.ofport_request &&
    before.ingress_policing_rate === now.ingress_policing_rate &&
    before.ingress_policing_burst === now.ingress_policing_burst &&
    before.ingress_policing_kpkts_rate === now.ingress_policing_kpkts_rate &&
    before.ingress_policing_kpkts_burst === now.ingress_policing_kpkts_burst &&
    before.lldp === now.lldp &&
    before.bfd === now.bfd &&
    before.cfm_mpid === now.cfm_mpid
  );
}
