import type { OvsPort } from '../desired.ts';
import type { BridgeRow, InterfaceRow, PortRow } from '../schema/rows.ts';
import { describeDifferences, isEmpty, joinChanges, NO_CHANGE } from './change.ts';
import type { Change } from './change.ts';
import type { PlanDraft } from './draft.ts';
import { reportUnaskedOfPort } from './foreign.ts';
import { otherOwnerMessage, otherOwnerOfPort } from './other-owners.ts';
import { isPlannedAlike } from './interface-status.ts';
import { describeVm, goesAtOnce, isLeftOver, portOwner, vmInterface } from './ownership.ts';
import { comparePort, comparePortMarks, insertPort, isAdopted, portHandle } from './port-rows.ts';
import type { Uuid } from '../schema/datum.ts';
import { unaskedValues } from './unasked.ts';

/** The bridge that a port is to be on: as it is there, or the handle of the one that the plan makes. */
export interface PortBridge {
  readonly name: string;
  readonly row: BridgeRow | undefined;
  readonly reference: Uuid;
}

/** Plans one port. Returns a reference to its row, or undefined where it can't be had. */
export function planPort(port: OvsPort, bridge: PortBridge, draft: PlanDraft): Uuid | undefined {
  const row = draft.rows.named('Port', port.name);
  if (row && isKnownQuiet(port, row, bridge, draft)) return row.uuid;
  draft.about(port.name);
  const conflict = row ? rowConflict(port, row, draft) : interfaceConflict(port, draft);
  if (conflict) {
    if (conflict.needsPerson) draft.refuse(port.owner, 'DeviceConflict', conflict.message);
    else draft.wait(port.owner, 'DeviceConflict', conflict.message);
    return undefined;
  }
  if (!row) return createPort(port, bridge, draft);
  const other = otherOwnerOfPort(row, draft.rows);
  if (other) draft.refuse(port.owner, other.reason, otherOwnerMessage(`port ${port.name}`, other));
  if (isOurs(port, row, draft)) return updatePort(port, row, bridge, draft);
  return other ? undefined : adoptPort(port, row, bridge, draft);
}

/** Rows of a port that were found to be as desired, and to carry nothing of others. */
interface QuietPort {
  readonly row: PortRow;
  readonly interfaces: readonly InterfaceRow[];
}

/** A desired port that comes again with the very same rows needs no second look: of thousands, few change at a time. */
const NO_KEYS: ReadonlySet<string> = new Set();
const quietPorts = new WeakMap<OvsPort, QuietPort>();

function isKnownQuiet(port: OvsPort, row: PortRow, bridge: PortBridge, { rows }: PlanDraft): boolean {
  const known = quietPorts.get(port);
  if (known?.row !== row || rows.indexes.bridgeOfPort.get(row.uuid) !== bridge.row?.uuid) return false;
  return row.interfaces.every((uuid, index) => isPlannedAlike(rows.row('Interface', uuid), known.interfaces[index]));
}

function noteQuiet(port: OvsPort, row: PortRow, { rows }: PlanDraft): void {
  const interfaces = rows.interfacesOf(row);
  const isPlain = unaskedValues('Port', row, NO_KEYS).length === 0 && interfaces.every((iface) => unaskedValues('Interface', iface, NO_KEYS).length === 0);
  const isQuiet = isPlain && interfaces.every(({ error }) => !error) && !otherOwnerOfPort(row, rows);
  if (isQuiet) quietPorts.set(port, { row, interfaces });
}

interface Conflict {
  readonly message: string;
  readonly needsPerson: boolean;
}

function rowConflict(port: OvsPort, row: PortRow, draft: PlanDraft): Conflict | undefined {
  const vm = vmInterface(row, draft.rows);
  if (vm) {
    const message = `port ${port.name} on bridge ${bridgeName(row, draft)} belongs to ${describeVm(vm)}; choose another name (spec.deviceName)`;
    return { message, needsPerson: true };
  }
  const owner = portOwner(row, draft.rows);
  const { ownership } = draft.desired;
  if (owner === undefined || owner === port.owner || isLeftOver(owner, ownership)) return interfaceConflict(port, draft, row);
  return {
    message: `port ${port.name} on bridge ${bridgeName(row, draft)} is marked as belonging to ${owner}`,
    needsPerson: ownership.frozen.has(owner) || ownership.present.has(owner),
  };
}

/** An interface of that name may be in use in another port; Open vSwitch knows each name once. */
function interfaceConflict(port: OvsPort, draft: PlanDraft, row?: PortRow): Conflict | undefined {
  for (const { name } of port.interfaces) {
    const iface = draft.rows.named('Interface', name);
    const holder = iface && draft.rows.portOf(iface);
    if (!holder || holder.uuid === row?.uuid || goesAtOnce(holder, draft)) continue;
    const message = `interface ${name} is in use by port ${holder.name} on bridge ${bridgeName(holder, draft)}`;
    return { message, needsPerson: portOwner(holder, draft.rows) === undefined };
  }
  return undefined;
}

/** Ours by a mark, or put in the place of a port that was ours. */
function isOurs(port: OvsPort, row: PortRow, draft: PlanDraft): boolean {
  const owner = portOwner(row, draft.rows) ?? draft.rows.lost('Port', port.name)?.owner;
  return owner === port.owner || (owner !== undefined && isLeftOver(owner, draft.desired.ownership));
}

function createPort(port: OvsPort, bridge: PortBridge, draft: PlanDraft): Uuid {
  const reference = portHandle(port.name);
  const lost = draft.rows.lost('Port', port.name);
  draft.step(
    { owner: port.owner, verb: 'create', object: `Port ${port.name}`, interfaces: port.interfaces, ...(port.waitsFor === undefined ? {} : { waitsFor: port.waitsFor }) },
    {
      edits: [...insertPort(port), ...attach(bridge, [reference])],
      differences: [{ path: `Bridge[${bridge.name}].ports`, expected: port.name, found: '' }],
      locators: lost ? [{ table: 'Port', uuid: lost.uuid, columns: [] }] : [],
    },
  );
  return reference;
}

function updatePort(port: OvsPort, row: PortRow, bridge: PortBridge, draft: PlanDraft): Uuid {
  const wasAdopted = isAdopted(row, draft.rows);
  const change = joinChanges(
    comparePortMarks(port, row, draft.rows, wasAdopted ? 'adopted' : 'made'),
    comparePort(port, row, draft.rows, wasAdopted ? 'keep' : 'set'),
    movePort(row, bridge, draft),
  );
  draft.step({ owner: port.owner, verb: 'update', object: `Port ${port.name}`, interfaces: touchedInterfaces(port, change) }, change);
  if (isEmpty(change)) {
    reportInterfaceErrors(port, row, draft);
    noteQuiet(port, row, draft);
  }
  reportUnaskedOfPort(port.owner, row, draft);
  return row.uuid;
}

function adoptPort(port: OvsPort, row: PortRow, bridge: PortBridge, draft: PlanDraft): Uuid | undefined {
  const holder = draft.rows.bridgeOf(row);
  if (holder && holder.uuid !== bridge.row?.uuid) {
    draft.refuse(port.owner, 'DeviceConflict', `port ${port.name} is on bridge ${holder.name}; take it off there or choose another name`);
    return undefined;
  }
  const change = comparePort(port, row, draft.rows, 'keep');
  if (port.adoption === 'Never' || (port.adoption === 'IfMatching' && !isEmpty(change))) {
    draft.refuse(port.owner, 'NotOwned', notOwnedMessage(`port ${port.name}`, port.adoption, change));
    return undefined;
  }
  const object = `Port ${port.name}`;
  draft.step({ owner: port.owner, verb: 'claim', object }, comparePortMarks(port, row, draft.rows, 'adopted'));
  draft.step({ owner: port.owner, verb: 'update', object, interfaces: touchedInterfaces(port, change) }, change);
  return row.uuid;
}

/** The port's interfaces, where the change opens one anew. */
function touchedInterfaces(port: OvsPort, { edits }: Change): OvsPort['interfaces'] {
  return edits.some((edit) => edit.edit === 'members' || (edit.edit === 'update' && edit.table === 'Interface')) ? port.interfaces : [];
}

/** Why something of that name is left alone, and the way out. */
export function notOwnedMessage(what: string, adoption: OvsPort['adoption'], { differences }: Pick<Change, 'differences'>): string {
  if (adoption === 'Never') return `${what} is there and was not made by Bridgekeeper; adoptionPolicy Never leaves it alone`;
  return `${what} is there, was not made by Bridgekeeper and differs: ${describeDifferences(differences)}; make it so by hand, or set adoptionPolicy: Always`;
}

/** A port of ours that is on another bridge goes where it belongs, in the same transaction. */
function movePort(row: PortRow, bridge: PortBridge, draft: PlanDraft): Change {
  const holder = draft.rows.bridgeOf(row);
  if (!holder || holder.uuid === bridge.row?.uuid) return NO_CHANGE;
  return {
    edits: [
      { edit: 'members', table: 'Bridge', holder: holder.uuid, column: 'ports', add: [], remove: [row.uuid] },
      ...attach(bridge, [row.uuid]),
    ],
    differences: [{ path: `Port[${row.name}].bridge`, expected: bridge.name, found: holder.name }],
    locators: [{ table: 'Bridge', uuid: holder.uuid, columns: [`ports:${row.uuid}`] }],
  };
}

function attach({ name, row, reference }: PortBridge, ports: readonly Uuid[]): Change['edits'] {
  const members = { edit: 'members', table: 'Bridge', holder: reference, column: 'ports', add: ports, remove: [] } as const;
  return row ? [{ edit: 'expect', table: 'Bridge', uuid: row.uuid, columns: { name } }, members] : [members];
}

function reportInterfaceErrors(port: OvsPort, row: PortRow, draft: PlanDraft): void {
  for (const found of draft.rows.interfacesOf(row)) {
    if (!found.error) continue;
    const wanted = port.interfaces.find((iface) => iface.name === found.name);
    const message = interfaceErrorMessage(found.name, found.error);
    if (wanted?.optional ?? false) draft.wait(port.owner, 'InterfaceError', message);
    else draft.refuse(port.owner, 'InterfaceError', message);
  }
}

export function interfaceErrorMessage(name: string, error: string): string {
  return `Open vSwitch can't use interface ${name}: ${error}`;
}

function bridgeName(row: PortRow, draft: PlanDraft): string {
  return draft.rows.bridgeOf(row)?.name ?? 'unknown';
}
