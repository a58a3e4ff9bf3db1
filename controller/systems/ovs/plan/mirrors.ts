import { OWNER_MARK } from '../../owner.ts';
import type { Difference } from '../../system.ts';
import type { MirrorPort, OvsBridge, OvsMirror } from '../desired.ts';
import type { OvsRows } from '../replica/rows.ts';
import type { Columns, Uuid } from '../schema/datum.ts';
import type { BridgeRow, MirrorRow } from '../schema/rows.ts';
import { compareColumns, compareKeys, compareMark, isEmpty, joinChanges, NO_CHANGE } from './change.ts';
import type { Change } from './change.ts';
import { withoutDefaults } from './defaults.ts';
import type { PlanDraft } from './draft.ts';
import type { PortBridge } from './port.ts';
import type { Handle } from './step.ts';

/** The bridge's ports by name, those that the plan makes too. */
type PortsByName = ReadonlyMap<string, Uuid>;

/** Plans the mirrors of a bridge that is ours. */
export function planMirrors(bridge: OvsBridge, place: PortBridge, ports: PortsByName, draft: PlanDraft): void {
  const pairs = mirrorPairs(bridge, place.row, draft.rows);
  for (const { mirror, row } of pairs.wanted) planMirror(bridge, mirror, row, place, ports, draft);
  for (const row of pairs.surplus) removeMirror(bridge, row, place, draft);
}

/** What of a bridge's mirrors is not as desired: for a bridge that is not ours yet. */
export function mirrorDifferences(bridge: OvsBridge, row: BridgeRow, rows: OvsRows): Difference[] {
  const ports = new Map(rows.rows('Port', row.ports).map((port) => [port.name, port.uuid]));
  const pairs = mirrorPairs(bridge, row, rows);
  return [
    ...pairs.wanted.flatMap(({ mirror, row: found }) =>
      found
        ? inPortNames(compareColumns('Mirror', found, mirrorColumns(bridge, mirror, ports, rows)), rows).differences
        : [{ path: mirrorsPath(bridge), expected: mirror.name, found: '' }],
    ),
    ...pairs.surplus.map(({ name }) => ({ path: mirrorsPath(bridge), expected: '', found: name })),
  ];
}

interface MirrorPairs {
  readonly wanted: readonly { readonly mirror: OvsMirror; readonly row: MirrorRow | undefined }[];
  readonly surplus: readonly MirrorRow[];
}

/** Mirrors are told apart by name; of two rows with one name the first counts. */
function mirrorPairs(bridge: OvsBridge, row: BridgeRow | undefined, rows: OvsRows): MirrorPairs {
  const found = rows.rows('Mirror', row?.mirrors ?? []);
  const wanted = bridge.mirrors.map((mirror) => ({ mirror, row: found.find(({ name }) => name === mirror.name) }));
  return { wanted, surplus: found.filter((other) => !wanted.some((pair) => pair.row === other)) };
}

function planMirror(
  bridge: OvsBridge,
  mirror: OvsMirror,
  row: MirrorRow | undefined,
  place: PortBridge,
  ports: PortsByName,
  draft: PlanDraft,
): void {
  const missing = namedPorts(mirror).filter((name) => !ports.has(name));
  if (missing.length > 0) {
    const message = `mirror ${mirror.name} of bridge ${bridge.name} waits for ${missing.map(describeMissing).join(', ')}`;
    return draft.wait(bridge.owner, 'MirrorPortNotFound', message);
  }
  const columns = mirrorColumns(bridge, mirror, ports, draft.rows);
  const object = `Mirror ${mirror.name} of ${bridge.name}`;
  if (row) {
    const followed = compareFollowed(bridge, mirror, row, draft.rows);
    const change = joinChanges(compareMark('Mirror', row, bridge.owner), compareColumns('Mirror', row, columns), followed);
    const fresh = !isEmpty(followed) && isAsBefore(bridge, mirror, row, ports, draft.rows);
    draft.step({ owner: bridge.owner, verb: 'update', object, ...(fresh ? { fresh } : {}) }, inPortNames(change, draft.rows));
  } else {
    draft.step({ owner: bridge.owner, verb: 'create', object }, insertMirror(bridge, mirror, columns, place, draft.rows));
  }
}

/** A slash is in no port's name: that is the NIC of a VM that no resource describes. */
function describeMissing(name: string): string {
  return name.includes('/') ? `NIC ${name}, which no VirtualMachine has` : `port ${name}, which is not on the bridge`;
}

function namedPorts({ selectPorts, outputPort }: OvsMirror): string[] {
  return [...selectPorts, ...(outputPort ? [outputPort] : [])].flatMap((port) => ('name' in port ? [port.name] : []));
}

/**
 * Open vSwitch takes `select_vlan` as a filter on the frames of the selected ports, so VLANs alone are all ports, filtered. A VM
 * that does not run has no port: what selects it selects nothing, and without its output a mirror rests.
 */
function mirrorColumns(
  bridge: OvsBridge,
  mirror: OvsMirror,
  ports: PortsByName,
  rows: OvsRows,
  isFollowed: (uuid: Uuid) => boolean = () => true,
): Columns {
  const { selectPorts, selectVlans, outputPort, outputVlan } = mirror;
  const resolve = (port: MirrorPort): Uuid | undefined => {
    if ('name' in port) return ports.get(port.name);
    const attached = portAttachedTo(port.attachedMac, bridge, rows);
    return attached !== undefined && isFollowed(attached) ? attached : undefined;
  };
  const selected = [...new Set(selectPorts.map(resolve))].filter((port) => port !== undefined);
  return {
    select_all: mirror.selectAll || (selectPorts.length === 0 && selectVlans.length > 0),
    select_src_port: selected,
    select_dst_port: selected,
    select_vlan: [...selectVlans].sort((a, b) => a - b),
    output_port: outputPort && resolve(outputPort),
    output_vlan: outputVlan,
  };
}

/** In `external_ids` of a mirror: the VMs' ports that it was set to last. One that is not among them came since, and that is no drift. */
const FOLLOWED_NOTE = 'bridgekeeper-follows';

function compareFollowed(bridge: OvsBridge, mirror: OvsMirror, row: MirrorRow, rows: OvsRows): Change {
  const present = followedPorts(bridge, mirror, rows);
  const noted = notedPorts(row);
  if (present.every((uuid) => noted.has(uuid))) return NO_CHANGE;
  return compareKeys('Mirror', row, 'external_ids', { [FOLLOWED_NOTE]: present.join(' ') });
}

/** Whether the mirror has all that it was set to: only VMs' ports that came since are missing. */
function isAsBefore(bridge: OvsBridge, mirror: OvsMirror, row: MirrorRow, ports: PortsByName, rows: OvsRows): boolean {
  const noted = notedPorts(row);
  return isEmpty(compareColumns('Mirror', row, mirrorColumns(bridge, mirror, ports, rows, (uuid) => noted.has(uuid))));
}

function notedPorts(row: MirrorRow): ReadonlySet<Uuid> {
  return new Set(row.external_ids.get(FOLLOWED_NOTE)?.split(' '));
}

function followedPorts(bridge: OvsBridge, { selectPorts, outputPort }: OvsMirror, rows: OvsRows): Uuid[] {
  const all = outputPort ? [...selectPorts, outputPort] : selectPorts;
  return all.flatMap((port) => ('attachedMac' in port ? (portAttachedTo(port.attachedMac, bridge, rows) ?? []) : [])).sort();
}

function portAttachedTo(mac: string, bridge: OvsBridge, rows: OvsRows): Uuid | undefined {
  return rows
    .attachedTo(mac)
    .map((iface) => rows.portOf(iface))
    .find((port) => port && rows.bridgeOf(port)?.name === bridge.name)?.uuid;
}

function insertMirror(bridge: OvsBridge, mirror: OvsMirror, columns: Columns, place: PortBridge, rows: OvsRows): Change {
  const handle: Handle = `@Mirror/${bridge.name}/${mirror.name}`;
  const followed = followedPorts(bridge, mirror, rows);
  const note = followed.length === 0 ? [] : [[FOLLOWED_NOTE, followed.join(' ')] as const];
  return {
    edits: [
      {
        edit: 'insert',
        table: 'Mirror',
        handle,
        row: withoutDefaults('Mirror', { name: mirror.name, ...columns, external_ids: new Map([[OWNER_MARK, bridge.owner], ...note]) }),
      },
      { edit: 'members', table: 'Bridge', holder: place.reference, column: 'mirrors', add: [handle], remove: [] },
    ],
    differences: [{ path: mirrorsPath(bridge), expected: mirror.name, found: '' }],
    locators: place.row ? [{ table: 'Bridge', uuid: place.row.uuid, columns: ['mirrors'] }] : [],
  };
}

/** A mirror on a bridge of ours that nobody asked for copies traffic to where it should not go. */
function removeMirror(bridge: OvsBridge, row: MirrorRow, place: PortBridge, draft: PlanDraft): void {
  draft.step(
    { owner: bridge.owner, verb: 'delete', object: `Mirror ${row.name} of ${bridge.name}` },
    {
      edits: [{ edit: 'members', table: 'Bridge', holder: place.reference, column: 'mirrors', add: [], remove: [row.uuid] }],
      differences: [{ path: mirrorsPath(bridge), expected: '', found: row.name }],
      locators: [{ table: 'Mirror', uuid: row.uuid, columns: [] }],
    },
  );
}

function mirrorsPath({ name }: OvsBridge): string {
  return `Bridge[${name}].mirrors`;
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
