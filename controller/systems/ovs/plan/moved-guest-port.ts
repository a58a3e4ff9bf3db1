import type { OvsVmPort } from '../desired.ts';
import type { BridgeRow, PortRow } from '../schema/rows.ts';
import { compareColumns, joinChanges } from './change.ts';
import type { Change } from './change.ts';
import type { PlanDraft } from './draft.ts';
import { sameVlan, vlanColumns } from './vlan.ts';

/**
 * Takes a guest's port that somebody moved back to the bridge that its NIC is on, with its VLAN in the same transaction, so that it is
 * never in another. Where the hypervisor itself says another bridge, nobody moved it. `ids`: what else the port lacks.
 */
export function planMovedGuestPort({ owner, bridgeName, mac, vlan }: OvsVmPort, port: PortRow, ids: Change, draft: PlanDraft): void {
  const [from, to] = [draft.rows.bridgeOf(port), draft.rows.named('Bridge', bridgeName)];
  if (!from || !to || draft.observed.guests.nics?.get(mac.toLowerCase())?.bridgeName !== bridgeName) return;
  const wanted = vlanColumns(vlan);
  const vlanChange = sameVlan(port, wanted) ? [] : [compareColumns('Port', port, wanted)];
  draft.step({ owner, verb: 'update', object: `Port ${port.name}` }, joinChanges(moved(port, from, to), ids, ...vlanChange));
}

function moved(port: PortRow, from: BridgeRow, to: BridgeRow): Change {
  return {
    edits: [
      { edit: 'expect', table: 'Bridge', uuid: to.uuid, columns: { name: to.name } },
      { edit: 'members', table: 'Bridge', holder: from.uuid, column: 'ports', add: [], remove: [port.uuid] },
      { edit: 'members', table: 'Bridge', holder: to.uuid, column: 'ports', add: [port.uuid], remove: [] },
    ],
    differences: [{ path: `Port[${port.name}].bridge`, expected: to.name, found: from.name }],
    locators: [{ table: 'Port', uuid: port.uuid, columns: [] }],
  };
}
