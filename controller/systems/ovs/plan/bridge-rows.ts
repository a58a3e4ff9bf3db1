import { OWNER_MARK } from '../../owner.ts';
import type { OvsBridge, OvsPort } from '../desired.ts';
import type { OvsRows } from '../replica/rows.ts';
import type { BridgeRow } from '../schema/rows.ts';
import { compareColumns, compareMark, joinChanges, NO_CHANGE } from './change.ts';
import type { Change } from './change.ts';
import { compareCollectorMarks, compareCollectors, insertCollectors } from './collectors.ts';
import { withoutDefaults } from './defaults.ts';
import { insertPort, portHandle } from './port-rows.ts';
import type { Handle, RowEdit } from './step.ts';

export function bridgeHandle(name: string): Handle {
  return `@Bridge/${name}`;
}

/** The bridge's own port, in the form of any other port. */
export function localPortOf(bridge: OvsBridge): OvsPort {
  const { owner, name, adoption, localPort } = bridge;
  return {
    owner,
    name,
    adoption,
    ...(localPort.vlan === undefined ? {} : { vlan: localPort.vlan }),
    interfaces: [
      {
        name,
        type: 'internal',
        optional: false,
        ...(localPort.mtuRequest === undefined ? {} : { mtuRequest: localPort.mtuRequest }),
      },
    ],
  };
}

/** The rows of a bridge that is not there yet, with its local port and its controllers. */
export function insertBridge(bridge: OvsBridge, datapathType: string, rows: OvsRows): readonly RowEdit[] {
  const controllers = insertControllers(bridge, bridge.controllers);
  const collectors = insertCollectors(bridge);
  return [
    ...insertPort(localPortOf(bridge)),
    ...controllers,
    ...collectors.inserts,
    {
      edit: 'insert',
      table: 'Bridge',
      handle: bridgeHandle(bridge.name),
      row: withoutDefaults('Bridge', {
        name: bridge.name,
        datapath_type: datapathType,
        ...switchColumns(bridge),
        ports: [portHandle(bridge.name)],
        controller: controllers.map((edit) => edit.handle),
        ...collectors.columns,
        external_ids: new Map([[OWNER_MARK, bridge.owner]]),
      }),
    },
    {
      edit: 'members',
      table: 'Open_vSwitch',
      holder: rows.root.uuid,
      column: 'bridges',
      add: [bridgeHandle(bridge.name)],
      remove: [],
    },
  ];
}

/** What of the bridge's own row differs from desired, its mark aside. */
export function compareBridge(bridge: OvsBridge, row: BridgeRow, rows: OvsRows): Change {
  return joinChanges(
    compareDatapathType(bridge, row),
    compareColumns('Bridge', row, switchColumns(bridge)),
    compareControllers(bridge, row, rows),
    compareCollectors(bridge, row, rows),
  );
}

/** The marks that the bridge's row and those of its collectors should carry. */
export function compareBridgeMarks(bridge: OvsBridge, row: BridgeRow, rows: OvsRows): Change {
  return joinChanges(compareMark('Bridge', row, bridge.owner), compareCollectorMarks(bridge, row, rows));
}

function switchColumns(bridge: OvsBridge) {
  return {
    fail_mode: bridge.failMode,
    stp_enable: bridge.stp,
    rstp_enable: bridge.rstp,
    mcast_snooping_enable: bridge.mcastSnooping,
    // In a VLAN of copies no address may be learned, or a copy would go where its original went (ovs-vswitchd.conf.db(5)).
    flood_vlans: [...new Set(bridge.mirrors.flatMap(({ outputVlan }) => outputVlan ?? []))].sort((a, b) => a - b),
    protocols: [...bridge.protocols].sort(),
  };
}

/** `auto` never changes a bridge that is there; an empty datapath_type means `system`. */
function compareDatapathType(bridge: OvsBridge, row: BridgeRow): Change {
  const { datapathType } = bridge;
  if (datapathType === 'auto' || (row.datapath_type || 'system') === datapathType) return NO_CHANGE;
  return compareColumns('Bridge', row, { datapath_type: datapathType });
}

function compareControllers(bridge: OvsBridge, row: BridgeRow, rows: OvsRows): Change {
  const found = rows.rows('Controller', row.controller);
  const wanted = new Set(bridge.controllers);
  const kept = found.filter((controller) => wanted.has(controller.target));
  const missing = bridge.controllers.filter((target) => !found.some((controller) => controller.target === target));
  if (missing.length === 0 && kept.length === found.length) return NO_CHANGE;
  const inserts = insertControllers(bridge, missing);
  return {
    edits: [
      ...inserts,
      {
        edit: 'update',
        table: 'Bridge',
        uuid: row.uuid,
        before: { controller: row.controller },
        after: { controller: [...kept.map((controller) => controller.uuid), ...inserts.map((edit) => edit.handle)] },
      },
    ],
    differences: [
      {
        path: `Bridge[${row.name}].controller`,
        expected: [...wanted].sort().join(', '),
        found: found.map((controller) => controller.target).sort().join(', '),
      },
    ],
    locators: [{ table: 'Bridge', uuid: row.uuid, columns: ['controller'] }],
  };
}

function insertControllers(bridge: OvsBridge, targets: readonly string[]) {
  return targets.map((target) => ({
    edit: 'insert' as const,
    table: 'Controller' as const,
    handle: `@Controller/${bridge.name}/${target}` as const,
    row: { target, external_ids: new Map([[OWNER_MARK, bridge.owner]]) },
  }));
}
