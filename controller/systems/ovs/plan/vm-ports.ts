import type { OvsVmPort } from '../desired.ts';
import type { InterfaceRow } from '../schema/rows.ts';
import { compareColumns } from './change.ts';
import type { PlanDraft } from './draft.ts';
import { sameVlan, vlanColumns } from './vlan.ts';

/** Keeps the VLAN of a running VM's port; a port that is not there is libvirt's to make. */
export function planVmPort(vmPort: OvsVmPort, interfaces: readonly InterfaceRow[], draft: PlanDraft): void {
  const wanted = vlanColumns(vmPort.vlan);
  for (const iface of interfaces) {
    const port = draft.rows.portOf(iface);
    if (!port || draft.rows.bridgeOf(port)?.name !== vmPort.bridgeName || sameVlan(port, wanted)) continue;
    draft.about(port.name);
    draft.step({ owner: vmPort.owner, verb: 'update', object: `Port ${port.name}` }, compareColumns('Port', port, wanted));
  }
}
