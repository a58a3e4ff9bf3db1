import type { OvsBridge } from '../desired.ts';
import type { Uuid } from '../schema/datum.ts';
import type { BridgeRow } from '../schema/rows.ts';
import { bridgeHandle, compareBridge, compareBridgeMarks, insertBridge, localPortOf } from './bridge-rows.ts';
import { joinChanges } from './change.ts';
import type { Change } from './change.ts';
import type { PlanDraft } from './draft.ts';
import { planForeignPort, reportUnaskedOfBridge } from './foreign.ts';
import { mirrorDifferences, planMirrors } from './mirrors.ts';
import { otherOwnerMessage, otherOwnerOfBridge } from './other-owners.ts';
import { bridgeOwner, isLeftOver } from './ownership.ts';
import { notOwnedMessage, planPort } from './port.ts';
import type { PortBridge } from './port.ts';
import type { OvsStep } from './step.ts';
import { comparePort } from './port-rows.ts';

/** Plans one bridge with all that is on it. */
export function planBridge(bridge: OvsBridge, draft: PlanDraft): void {
  const row = draft.rows.named('Bridge', bridge.name);
  draft.about();
  if (row ? !takeBridge(bridge, row, draft) : !createBridge(bridge, draft)) {
    return waitForBridge(bridge, draft);
  }
  const place: PortBridge = { name: bridge.name, row, reference: row?.uuid ?? bridgeHandle(bridge.name) };
  const ports = planPorts(bridge, place, draft);
  draft.about();
  planMirrors(bridge, place, ports, draft);
  if (!row) return;
  for (const uuid of row.ports) planForeignPort(bridge, row, uuid, draft);
  draft.about();
  reportUnaskedOfBridge(bridge, row, draft);
  if (row.datapath_id === undefined && isCarriedOut(draft)) {
    draft.wait(bridge.owner, 'DatapathUnavailable', datapathMessage(bridge.name, row.datapath_type));
  }
}

/** Says why a bridge has no datapath_id, the only sign that its datapath does not work. */
export function datapathMessage(name: string, datapathType: string): string {
  if (datapathType !== '' && datapathType !== 'system') return `bridge ${name} has no datapath of type ${datapathType}; see the log of ovs-vswitchd`;
  return `bridge ${name} has no datapath: Open vSwitch can't use the kernel's; load the module (modprobe openvswitch), or set datapathType: netdev`;
}

/** Whether vswitchd has done all that the database asks for. */
function isCarriedOut({ rows }: PlanDraft): boolean {
  return rows.root.cur_cfg >= rows.root.next_cfg;
}

function createBridge(bridge: OvsBridge, draft: PlanDraft): boolean {
  const iface = draft.rows.named('Interface', bridge.name);
  const holder = iface && draft.rows.portOf(iface);
  if (holder) {
    const message = `the name ${bridge.name} is in use by port ${holder.name} of bridge ${draft.rows.bridgeOf(holder)?.name ?? 'unknown'}`;
    draft.refuse(bridge.owner, 'DeviceConflict', message);
    return false;
  }
  const lost = draft.rows.lost('Bridge', bridge.name);
  draft.step(
    { owner: bridge.owner, verb: 'create', object: `Bridge ${bridge.name}`, bridgeName: bridge.name },
    {
      edits: insertBridge(bridge, datapathTypeToCreate(bridge, draft), draft.rows),
      differences: [{ path: 'Open_vSwitch.bridges', expected: bridge.name, found: '' }],
      locators: lost ? [{ table: 'Bridge', uuid: lost.uuid, columns: [] }] : [],
    },
  );
  return true;
}

function datapathTypeToCreate({ datapathType }: OvsBridge, { observed }: PlanDraft): string {
  if (datapathType !== 'auto') return datapathType;
  return observed.systemDatapath ? 'system' : 'netdev';
}

/** Brings the bridge's own row to what is desired. Says whether the bridge is ours. */
function takeBridge(bridge: OvsBridge, row: BridgeRow, draft: PlanDraft): boolean {
  const other = otherOwnerOfBridge(row, draft.rows);
  if (other) draft.refuse(bridge.owner, other.reason, otherOwnerMessage(`bridge ${bridge.name}`, other));
  const mark = bridgeOwner(row, draft.rows);
  const owner = mark ?? draft.rows.lost('Bridge', bridge.name)?.owner;
  if (owner === bridge.owner || (owner !== undefined && isLeftOver(owner, draft.desired.ownership))) updateBridge(bridge, row, draft);
  else if (mark === undefined) return !other && adoptBridge(bridge, row, draft);
  else {
    const message = `bridge ${bridge.name} is marked as belonging to ${mark}`;
    const { ownership } = draft.desired;
    if (ownership.present.has(mark) || ownership.frozen.has(mark)) draft.refuse(bridge.owner, 'DeviceConflict', message);
    else draft.wait(bridge.owner, 'DeviceConflict', message);
    return false;
  }
  return true;
}

function updateBridge(bridge: OvsBridge, row: BridgeRow, draft: PlanDraft): void {
  const change = joinChanges(compareBridgeMarks(bridge, row, draft.rows), compareBridge(bridge, row, draft.rows));
  draft.step({ owner: bridge.owner, verb: 'update', object: `Bridge ${bridge.name}`, ...aftermath(bridge, change) }, change);
}

function adoptBridge(bridge: OvsBridge, row: BridgeRow, draft: PlanDraft): boolean {
  const change = compareBridge(bridge, row, draft.rows);
  const differences = [...change.differences, ...partDifferences(bridge, row, draft)];
  if (bridge.adoption === 'Never' || (bridge.adoption === 'IfMatching' && differences.length > 0)) {
    draft.refuse(bridge.owner, 'NotOwned', notOwnedMessage(`bridge ${bridge.name}`, bridge.adoption, { differences }));
    return false;
  }
  const object = `Bridge ${bridge.name}`;
  draft.step({ owner: bridge.owner, verb: 'claim', object }, compareBridgeMarks(bridge, row, draft.rows));
  draft.step({ owner: bridge.owner, verb: 'update', object, ...aftermath(bridge, change) }, change);
  return true;
}

/** What has to be looked after once the change is made. */
function aftermath({ name }: OvsBridge, { edits }: Change): Pick<OvsStep, 'bridgeName' | 'endsSpanningTreeOf'> {
  const after = edits.flatMap((edit) => (edit.edit === 'update' && edit.table === 'Bridge' ? [edit.after] : []));
  return {
    ...(after.some((columns) => 'datapath_type' in columns) ? { bridgeName: name } : {}),
    ...(after.some((columns) => columns['stp_enable'] === false || columns['rstp_enable'] === false) ? { endsSpanningTreeOf: name } : {}),
  };
}

/** A bridge is only as desired when its own ports are, the local one and its uplinks, and its mirrors. */
function partDifferences(bridge: OvsBridge, row: BridgeRow, draft: PlanDraft) {
  const own = [localPortOf(bridge), ...bridge.ports.filter((port) => port.owner === bridge.owner)];
  const onBridge = draft.rows.rows('Port', row.ports);
  const ofPorts = own.flatMap((port) => {
    const found = onBridge.find((other) => other.name === port.name);
    if (found) return comparePort(port, found, draft.rows, 'keep').differences;
    return [{ path: `Bridge[${row.name}].ports`, expected: port.name, found: '' }];
  });
  return [...ofPorts, ...mirrorDifferences(bridge, row, draft.rows)];
}

/** Plans the ports; gives the references of those that are, or will be, on the bridge, as far as mirrors need them. */
function planPorts(bridge: OvsBridge, place: PortBridge, draft: PlanDraft): ReadonlyMap<string, Uuid> {
  const onBridge = bridge.mirrors.length === 0 ? [] : draft.rows.rows('Port', place.row?.ports ?? []);
  const references = new Map(onBridge.map((port) => [port.name, port.uuid]));
  // The local port of a new bridge comes with it.
  const ports = place.row ? [localPortOf(bridge), ...bridge.ports] : bridge.ports;
  for (const port of ports) {
    const reference = planPort(port, place, draft);
    if (reference !== undefined) references.set(port.name, reference);
  }
  return references;
}

/** Ports of others on a bridge that can't be had can't be had either; their owners are told why. */
function waitForBridge(bridge: OvsBridge, draft: PlanDraft): void {
  const owners = new Set(bridge.ports.map((port) => port.owner));
  owners.delete(bridge.owner);
  for (const owner of owners) draft.wait(owner, 'BridgeNotReady', `waits for bridge ${bridge.name} (${bridge.owner}), which is refused`);
}
