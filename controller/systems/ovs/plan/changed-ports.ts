import { isDeepStrictEqual } from 'node:util';

import type { Ownership, OwnerKey } from '../../owner.ts';
import type { OvsBridge, OvsDesired } from '../desired.ts';
import type { OvsRows } from '../replica/rows.ts';
import type { BridgeRow } from '../schema/rows.ts';
import { isPlannedAlike } from './interface-status.ts';
import { fateOf } from './ownership.ts';
import { wantedOf } from './wanted.ts';

/** What was asked, and what was there. */
export interface PlannedState {
  readonly desired: OvsDesired;
  readonly rows: OvsRows;
}

/**
 * The names of the ports of which a plan may say something else now than it did then; undefined where more than ports has changed,
 * and only a plan of everything will do.
 */
export function changedPorts(before: PlannedState, now: PlannedState): Set<string> | undefined {
  if (!hasSameFrame(before, now)) return undefined;
  const changed = changedRows(before.rows, now.rows);
  if (!changed) return undefined;
  if (before.desired === now.desired) return changed;
  const marked = portsOfChangedOwners(before.desired.ownership, now);
  if (!marked) return undefined;
  return new Set([...changed, ...marked, ...changedWishes(before.desired, now.desired)]);
}

const FRAME_TABLES = ['Manager', 'Mirror', 'Controller', 'NetFlow', 'sFlow', 'IPFIX', 'QoS', 'Queue'] as const;

/** Whether all is as it was but ports and interfaces, and the counters of configurations. */
function hasSameFrame(before: PlannedState, now: PlannedState): boolean {
  const [was, is] = [before.rows.indexes.tables, now.rows.indexes.tables];
  const isSameBridges = was.Bridge === is.Bridge && before.desired === now.desired;
  return (
    FRAME_TABLES.every((name) => was[name] === is[name]) &&
    before.rows.root.other_config === now.rows.root.other_config &&
    before.rows.root.external_ids === now.rows.root.external_ids &&
    before.rows.root.manager_options === now.rows.root.manager_options &&
    isDeepStrictEqual(before.desired.root, now.desired.root) &&
    before.rows.root.bridges === now.rows.root.bridges &&
    now.desired.bridges.every(({ name }) => now.rows.named('Bridge', name)?.datapath_id !== undefined) &&
    (isSameBridges || (hasSameBridgeRows(before.rows, now.rows) && asksTheSameOfBridges(before.desired, now.desired)))
  );
}

function hasSameBridgeRows(before: OvsRows, now: OvsRows): boolean {
  return [...now.bridges].every((row) => isSameBut('ports', before.row('Bridge', row.uuid), row));
}

function asksTheSameOfBridges(before: OvsDesired, now: OvsDesired): boolean {
  return (
    before.bridges.length === now.bridges.length &&
    // A mirror hangs on ports that may come or go.
    now.bridges.every((bridge, index) => bridge.mirrors.length === 0 && isSameBut('ports', before.bridges[index], bridge)) &&
    isDeepStrictEqual(before.vmPorts, now.vmPorts) &&
    isDeepStrictEqual(before.portgroups, now.portgroups)
  );
}

function isSameBut<T extends BridgeRow | OvsBridge>(key: keyof T, before: T | undefined, now: T): boolean {
  return before === now || (before !== undefined && isDeepStrictEqual({ ...before, [key]: [] }, { ...now, [key]: [] }));
}

/** Undefined where a port let go of a QoS row, which may be left over then. */
function changedRows(before: OvsRows, now: OvsRows): Set<string> | undefined {
  const names = new Set<string>();
  for (const uuid of now.indexes.tables.Port.changedSince(before.indexes.tables.Port)) {
    const qos = before.row('Port', uuid)?.qos;
    if (qos !== undefined && now.row('Port', uuid)?.qos !== qos) return undefined;
    for (const rows of [before, now]) names.add(rows.row('Port', uuid)?.name ?? '');
  }
  for (const uuid of now.indexes.tables.Interface.changedSince(before.indexes.tables.Interface)) {
    if (isPlannedAlike(before.row('Interface', uuid), now.row('Interface', uuid))) continue;
    for (const rows of [before, now]) names.add(rows.row('Port', rows.indexes.portOfInterface.get(uuid))?.name ?? '');
  }
  for (const uuid of now.indexes.bridgeOfPort.changedSince(before.indexes.bridgeOfPort)) names.add(now.row('Port', uuid)?.name ?? '');
  names.delete('');
  return names;
}

/** Ports that are desired otherwise, elsewhere, no longer or only now. */
function changedWishes(before: OvsDesired, now: OvsDesired): Set<string> {
  const [was, is] = [wantedOf(before), wantedOf(now)];
  const names = new Set<string>();
  for (const [name, { port, bridge }] of is.ports) {
    const known = was.ports.get(name);
    if (known?.port !== port && (known?.bridge.name !== bridge.name || !isDeepStrictEqual(known.port, port))) names.add(name);
  }
  for (const name of was.ports.keys()) if (!is.ports.has(name)) names.add(name);
  return names;
}

/** Ports that carry the mark of an owner whose leftovers have another fate now; undefined when a bridge does. */
function portsOfChangedOwners(before: Ownership, { desired, rows }: PlannedState): Set<string> | undefined {
  const { marks } = rows.indexes;
  const isChanged = fateComparison(before, desired.ownership);
  for (const [, owner] of marks.Bridge.entries()) if (isChanged(owner)) return undefined;
  const names = new Set<string>();
  for (const [uuid, owner] of marks.Port.entries()) if (isChanged(owner)) names.add(rows.row('Port', uuid)?.name ?? '');
  for (const [uuid, owner] of marks.Interface.entries()) {
    if (isChanged(owner)) names.add(rows.row('Port', rows.indexes.portOfInterface.get(uuid))?.name ?? '');
  }
  names.delete('');
  return names;
}

function fateComparison(before: Ownership, now: Ownership): (owner: OwnerKey) => boolean {
  return (owner) => fateOf(owner, before) !== fateOf(owner, now);
}
