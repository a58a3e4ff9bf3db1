import { OWNER_MARK } from '../../owner.ts';
import type { OvsBridge, OvsMirror } from '../desired.ts';
import type { OvsRows } from '../replica/rows.ts';
import type { Columns, Uuid } from '../schema/datum.ts';
import type { MirrorRow } from '../schema/rows.ts';
import { compareColumns, compareMark, joinChanges } from './change.ts';
import type { Change } from './change.ts';
import type { PlanDraft } from './draft.ts';
import type { PortBridge } from './port.ts';
import { withoutDefaults } from './port-rows.ts';
import type { Handle } from './step.ts';

/** Plans the mirrors of a bridge that is ours. `ports` knows the bridge's ports by name, those that the plan makes too. */
export function planMirrors(bridge: OvsBridge, place: PortBridge, ports: ReadonlyMap<string, Uuid>, draft: PlanDraft): void {
  const found = draft.rows.rows('Mirror', place.row?.mirrors ?? []);
  const kept = new Set<Uuid>();
  for (const mirror of bridge.mirrors) {
    const row = found.find((other) => other.name === mirror.name && !kept.has(other.uuid));
    if (row) kept.add(row.uuid);
    planMirror(bridge, mirror, row, place, ports, draft);
  }
  for (const row of found) if (!kept.has(row.uuid)) removeMirror(bridge, row, place, draft);
}

function planMirror(
  bridge: OvsBridge,
  mirror: OvsMirror,
  row: MirrorRow | undefined,
  place: PortBridge,
  ports: ReadonlyMap<string, Uuid>,
  draft: PlanDraft,
): void {
  const missing = portNames(mirror).filter((name) => !ports.has(name));
  if (missing.length > 0) {
    const message = `mirror ${mirror.name} of bridge ${bridge.name} waits for port ${missing.join(', ')}, which is not on the bridge`;
    return draft.wait(bridge.owner, 'MirrorPortNotFound', message);
  }
  const columns = mirrorColumns(mirror, ports);
  const object = `Mirror ${mirror.name} of ${bridge.name}`;
  if (row) {
    const change = joinChanges(compareMark('Mirror', row, bridge.owner), compareColumns('Mirror', row, columns));
    draft.step({ owner: bridge.owner, verb: 'update', object }, inPortNames(change, draft.rows));
  } else {
    draft.step({ owner: bridge.owner, verb: 'create', object }, insertMirror(bridge, mirror, columns, place));
  }
}

function portNames(mirror: OvsMirror): readonly string[] {
  return mirror.outputPort === undefined ? mirror.selectPorts : [...mirror.selectPorts, mirror.outputPort];
}

function mirrorColumns(mirror: OvsMirror, ports: ReadonlyMap<string, Uuid>): Columns {
  const selected = mirror.selectPorts.map((name) => ports.get(name)).filter((port) => port !== undefined);
  return {
    select_all: mirror.selectAll,
    select_src_port: selected,
    select_dst_port: selected,
    select_vlan: [...mirror.selectVlans].sort((a, b) => a - b),
    output_port: mirror.outputPort === undefined ? undefined : ports.get(mirror.outputPort),
    output_vlan: mirror.outputVlan,
  };
}

function insertMirror(bridge: OvsBridge, mirror: OvsMirror, columns: Columns, place: PortBridge): Change {
  const handle: Handle = `@Mirror/${bridge.name}/${mirror.name}`;
  return {
    edits: [
      {
        edit: 'insert',
        table: 'Mirror',
        handle,
        row: withoutDefaults({ name: mirror.name, ...columns, external_ids: new Map([[OWNER_MARK, bridge.owner]]) }),
      },
      { edit: 'members', table: 'Bridge', holder: place.reference, column: 'mirrors', add: [handle], remove: [] },
    ],
    differences: [{ path: `Bridge[${bridge.name}].mirrors`, expected: mirror.name, found: '' }],
    locators: place.row ? [{ table: 'Bridge', uuid: place.row.uuid, columns: ['mirrors'] }] : [],
  };
}

/** A mirror on a bridge of ours that nobody asked for copies traffic to where it should not go. */
function removeMirror(bridge: OvsBridge, row: MirrorRow, place: PortBridge, draft: PlanDraft): void {
  draft.step(
    { owner: bridge.owner, verb: 'delete', object: `Mirror ${row.name} of ${bridge.name}` },
    {
      edits: [{ edit: 'members', table: 'Bridge', holder: place.reference, column: 'mirrors', add: [], remove: [row.uuid] }],
      differences: [{ path: `Bridge[${bridge.name}].mirrors`, expected: '', found: row.name }],
      locators: [{ table: 'Mirror', uuid: row.uuid, columns: [] }],
    },
  );
}

/** People know ports by name. */
function inPortNames(change: Change, rows: OvsRows): Change {
  const nameOf = (reference: string) => rows.row('Port', reference)?.name ?? reference.replace(/^@Port\//, '');
  const translate = (text: string) => text.split(', ').map(nameOf).join(', ');
  return {
    ...change,
    differences: change.differences.map((difference) =>
      difference.path.endsWith('_port')
        ? { ...difference, expected: translate(difference.expected), found: translate(difference.found) }
        : difference,
    ),
  };
}
