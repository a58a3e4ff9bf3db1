import type { OwnerKey } from '../../owner.ts';
import type { Uuid } from '../schema/datum.ts';
import type { BridgeRow, PortRow } from '../schema/rows.ts';
import { joinChanges, removeMark } from './change.ts';
import type { Change } from './change.ts';
import { releaseCollectors } from './collectors.ts';
import type { PlanDraft } from './draft.ts';
import { bridgeOwner, describeVm, fateOf, isLeftOver, portOwner, vmInterface } from './ownership.ts';
import type { Fate } from './ownership.ts';

/** What carries a mark and is not desired: taken away, given free or left, as its owner's fate says. */
export function planLeftovers(draft: PlanDraft): void {
  const settled = new Set<Uuid>();
  draft.about();
  for (const row of draft.rows.bridges) {
    const owner = bridgeOwner(row, draft.rows);
    if (owner === undefined || isWanted(draft.wanted.bridges.get(row.name)?.owner, owner, draft)) continue;
    for (const port of ownPorts(row, owner, draft)) settled.add(port.uuid);
    planLeftoverBridge(row, owner, draft);
  }
  for (const port of unwantedPorts(draft)) if (!settled.has(port.uuid)) planLeftoverPort(port, draft);
}

/** Ports that are marked, by their own mark or that of an interface of theirs, and not wanted by the owner; each once. */
function unwantedPorts({ rows, wanted }: PlanDraft): Iterable<PortRow> {
  const { marks } = rows.indexes;
  const ports = new Map<Uuid, PortRow>();
  for (const [uuid, owner] of marks.Port.entries()) {
    const port = rows.row('Port', uuid);
    if (port && wanted.ports.get(port.name)?.port.owner !== owner) ports.set(uuid, port);
  }
  for (const [uuid, owner] of marks.Interface.entries()) {
    const iface = rows.row('Interface', uuid);
    if (!iface || wanted.interfaceOwners.get(iface.name) === owner) continue;
    const port = rows.portOf(iface);
    if (port) ports.set(port.uuid, port);
  }
  return ports.values();
}

/** Wanted by whose mark it carries, or by another, who takes over what is left of a resource that is gone. */
function isWanted(wanter: OwnerKey | undefined, owner: OwnerKey, { desired }: PlanDraft): boolean {
  return wanter === owner || (wanter !== undefined && isLeftOver(owner, desired.ownership));
}

function ownPorts(row: BridgeRow, owner: OwnerKey, { rows }: PlanDraft): PortRow[] {
  return rows.rows('Port', row.ports).filter((port) => port.name === row.name || portOwner(port, rows) === owner);
}

function planLeftoverBridge(row: BridgeRow, owner: OwnerKey, draft: PlanDraft): void {
  const fate = fateOf(owner, draft.desired.ownership);
  const object = `Bridge ${row.name}`;
  if (fate === 'keep') return;
  const givesUp = [row.uuid, ...ownPorts(row, owner, draft).flatMap((port) => [port.uuid, ...port.interfaces])];
  if (fate === 'release') return draft.step({ owner, verb: 'release', object, givesUp }, releaseBridge(row, owner, draft));
  const blockers = portsInTheWay(row, owner, fate, draft);
  if (blockers.length > 0) {
    const message = `bridge ${row.name} can't be deleted while ports of others are on it: ${blockers.join(', ')}`;
    return draft.wait(owner, 'InUse', message);
  }
  draft.step(
    { owner, verb: 'delete', object, givesUp, leftover: fate === 'delete-leftover' },
    {
      edits: [
        { edit: 'expect', table: 'Bridge', uuid: row.uuid, columns: { ports: row.ports, external_ids: row.external_ids } },
        { edit: 'members', table: 'Open_vSwitch', holder: draft.rows.root.uuid, column: 'bridges', add: [], remove: [row.uuid] },
      ],
      differences: [{ path: 'Open_vSwitch.bridges', expected: '', found: row.name }],
      locators: [{ table: 'Bridge', uuid: row.uuid, columns: [] }],
    },
  );
}

/** Ports that are not to go with the bridge: those without a mark, and those of owners who keep them. */
function portsInTheWay(row: BridgeRow, owner: OwnerKey, fate: Fate, { rows, wanted, desired }: PlanDraft): string[] {
  return rows
    .rows('Port', row.ports)
    .filter((port) => port.name !== row.name && !mayGo(port))
    .map((port) => {
      const vm = vmInterface(port, rows);
      return vm ? `${port.name} of ${describeVm(vm)}` : port.name;
    });

  function mayGo(port: PortRow): boolean {
    const portMark = portOwner(port, rows);
    if (portMark === undefined || vmInterface(port, rows)) return false;
    if (portMark === owner) return true;
    const portFate = fateOf(portMark, desired.ownership);
    return (portFate === 'delete' || portFate === fate) && wanted.ports.get(port.name)?.port.owner !== portMark;
  }
}

function releaseBridge(row: BridgeRow, owner: OwnerKey, draft: PlanDraft): Change {
  const { rows } = draft;
  return joinChanges(
    removeMark('Bridge', row),
    ...ownPorts(row, owner, draft).map((port) => releasePort(port, draft)),
    ...rows.rows('Mirror', row.mirrors).map((mirror) => removeMark('Mirror', mirror)),
    ...rows.rows('Controller', row.controller).map((controller) => removeMark('Controller', { ...controller, name: controller.target })),
    releaseCollectors(row, rows),
  );
}

function releasePort(port: PortRow, { rows }: PlanDraft): Change {
  return joinChanges(removeMark('Port', port), ...rows.interfacesOf(port).map((iface) => removeMark('Interface', iface)));
}

/** One port that may carry a mark; nothing is done where its owner wants it. */
export function planLeftoverPort(port: PortRow, draft: PlanDraft): void {
  const owner = portOwner(port, draft.rows);
  if (owner === undefined || isWanted(draft.wanted.ports.get(port.name)?.port.owner, owner, draft)) return;
  const fate = fateOf(owner, draft.desired.ownership);
  const bridge = draft.rows.bridgeOf(port);
  const object = `Port ${port.name}`;
  const givesUp = [port.uuid, ...port.interfaces];
  draft.about(port.name);
  if (fate === 'keep' || !bridge) return;
  // A VM that came to use a port of ours keeps it.
  if (fate === 'release' || vmInterface(port, draft.rows) || port.name === bridge.name) {
    return draft.step({ owner, verb: 'release', object, givesUp }, releasePort(port, draft));
  }
  draft.step(
    { owner, verb: 'delete', object, givesUp, leftover: fate === 'delete-leftover' },
    {
      edits: [
        { edit: 'expect', table: 'Port', uuid: port.uuid, columns: { external_ids: port.external_ids } },
        { edit: 'members', table: 'Bridge', holder: bridge.uuid, column: 'ports', add: [], remove: [port.uuid] },
      ],
      differences: [{ path: `Bridge[${bridge.name}].ports`, expected: '', found: port.name }],
      locators: [{ table: 'Port', uuid: port.uuid, columns: [] }],
    },
  );
}
