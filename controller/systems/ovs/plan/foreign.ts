import type { OwnerKey } from '../../owner.ts';
import type { OvsBridge } from '../desired.ts';
import type { Uuid } from '../schema/datum.ts';
import type { BridgeRow, PortRow } from '../schema/rows.ts';
import type { ComparedRow } from './change.ts';
import type { PlanDraft } from './draft.ts';
import { otherOwnerOfPort } from './other-owners.ts';
import type { OtherOwner } from './other-owners.ts';
import { hasLivingGuest, isGuestPort, portOwner } from './ownership.ts';
import { BOND_KEYS } from './port-rows.ts';
import type { Locator } from './step.ts';
import { unaskedValues } from './unasked.ts';
import type { UnaskedRow, UnaskedTable } from './unasked.ts';

/** A port on a bridge of ours that nobody here asked for; those of guests are none of our business. */
export function planForeignPort(bridge: OvsBridge, row: BridgeRow, uuid: Uuid, draft: PlanDraft): void {
  if (bridge.unmanagedPorts === 'Ignore') return;
  const port = draft.rows.row('Port', uuid);
  if (!port || draft.wanted.ports.has(port.name)) return;
  if (portOwner(port, draft.rows) !== undefined || isGuestPort(port, draft.rows) || hasLivingGuest(port, draft)) return;
  draft.about(port.name);
  if (bridge.unmanagedPorts === 'Remove' && !otherOwnerOfPort(port, draft.rows)) removePort(bridge, row, port, draft);
  else reportPort(bridge, port, draft);
}

function reportPort(bridge: OvsBridge, port: PortRow, draft: PlanDraft): void {
  draft.finding({
    owner: bridge.owner,
    object: `Port ${port.name}`,
    difference: foreignPort(bridge, port, otherOwnerOfPort(port, draft.rows)),
    locators: [wholeRow(port)],
  });
}

function removePort(bridge: OvsBridge, row: BridgeRow, port: PortRow, draft: PlanDraft): void {
  const { external_ids, interfaces } = port;
  draft.step(
    { owner: bridge.owner, verb: 'delete', object: `Port ${port.name}` },
    {
      edits: [
        { edit: 'expect', table: 'Port', uuid: port.uuid, columns: { external_ids, interfaces } },
        ...draft.rows.interfacesOf(port).map((iface) => ({
          edit: 'expect' as const,
          table: 'Interface' as const,
          uuid: iface.uuid,
          columns: { external_ids: iface.external_ids },
        })),
        { edit: 'members', table: 'Bridge', holder: row.uuid, column: 'ports', add: [], remove: [port.uuid] },
      ],
      differences: [foreignPort(bridge, port)],
      locators: [wholeRow(port)],
    },
  );
}

function foreignPort(bridge: OvsBridge, port: PortRow, other?: OtherOwner) {
  return { path: `Bridge[${bridge.name}].ports`, expected: '', found: other ? `${port.name} of ${other.name}` : port.name };
}

function wholeRow(port: PortRow): Locator {
  return { table: 'Port', uuid: port.uuid, columns: [] };
}

/** What others set in a port of ours and its interfaces, and no resource can ask for. */
export function reportUnaskedOfPort(owner: OwnerKey, port: PortRow, draft: PlanDraft): void {
  reportUnasked('Port', port, owner, draft);
  for (const iface of draft.rows.interfacesOf(port)) reportUnasked('Interface', iface, owner, draft);
}

export function reportUnaskedOfBridge(bridge: OvsBridge, row: BridgeRow, draft: PlanDraft): void {
  reportUnasked('Bridge', row, bridge.owner, draft);
}

const OWN_KEYS: ReadonlySet<string> = new Set(BOND_KEYS);

function reportUnasked(table: UnaskedTable, row: ComparedRow & UnaskedRow, owner: OwnerKey, draft: PlanDraft): void {
  for (const { column, value } of unaskedValues(table, row, OWN_KEYS)) {
    draft.finding({
      owner,
      object: `${table} ${row.name}`,
      difference: { path: `${table}[${row.name}].${column}`, expected: '', found: draft.rows.row('QoS', value)?.type ?? value },
      locators: [{ table, uuid: row.uuid, columns: [column] }],
    });
  }
}
