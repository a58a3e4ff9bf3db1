import { describe, expect, it } from 'vitest';
import type { OvsSnapshot, OvsTouch } from '../../../../../../controller/systems/ovs/checkpoint/snapshot.ts';
import { undoOperations } from '../../../../../../controller/systems/ovs/checkpoint/undo.ts';

type Rows = Record<string, Record<string, Record<string, unknown>>>;

const refs = (...uuids: string[]) => ['set', uuids.map((uuid) => ['uuid', uuid])];
const ids = (...pairs: [string, string][]) => ['map', pairs];
const OURS = ids(['bridgekeeper', 'VlanPort/x']);

const BEFORE: Rows = {
  Open_vSwitch: { root: { bridges: ['uuid', 'br'] } },
  Bridge: { br: { name: 'br0', ports: refs('p1', 'p2'), stp_enable: false, external_ids: OURS } },
  Port: {
    p1: { name: 'eth0', interfaces: ['uuid', 'i1'], tag: ['set', []], external_ids: OURS },
    p2: { name: 'vnet1', interfaces: ['uuid', 'i2'], tag: 100, external_ids: OURS },
  },
  Interface: { i1: { name: 'eth0', type: '', external_ids: ids() }, i2: { name: 'vnet1', type: 'internal', external_ids: OURS } },
};

/** The rows of before, with these changes: null takes a row away. */
function now(change: Record<string, Record<string, Record<string, unknown> | null>>): OvsSnapshot {
  const tables = structuredClone(BEFORE);
  for (const [table, rows] of Object.entries(change)) {
    for (const [uuid, row] of Object.entries(rows)) {
      if (row === null) delete tables[table]?.[uuid];
      else (tables[table] ??= {})[uuid] = { ...tables[table]?.[uuid], ...row };
    }
  }
  return { tables };
}

const undo = (later: OvsSnapshot, ...touches: OvsTouch[]) => undoOperations({ tables: BEFORE }, later, touches);
const where = (uuid: string) => [['_uuid', '==', ['uuid', uuid]]];
const ports = (more: Partial<Extract<OvsTouch, { touch: 'members' }>>): OvsTouch => ({ touch: 'members', table: 'Bridge', uuid: 'br', column: 'ports', removed: [], moved: [], made: [], ...more });

describe('undoing what was touched', () => {
  it('gives columns their values, and leaves those that are as they were, or that nobody of us touched', () => {
    const later = now({ Port: { p2: { tag: 200, vlan_mode: 'trunk' } } });
    expect(undo(later, { touch: 'columns', table: 'Port', uuid: 'p2', columns: ['tag'] })).toEqual([{ op: 'update', table: 'Port', where: where('p2'), row: { tag: 100 } }]);
    expect(undo(now({}), { touch: 'columns', table: 'Port', uuid: 'p2', columns: ['tag'] })).toEqual([]);
    expect(undo(later)).toEqual([]);
  });

  it('gives single keys of a map their values', () => {
    const later = now({ Port: { p1: { external_ids: ids(['bridgekeeper', 'Bridge/z'], ['new', '1'], ['theirs', '2']) } } });
    expect(undo(later, { touch: 'keys', table: 'Port', uuid: 'p1', column: 'external_ids', keys: ['bridgekeeper', 'new'] })).toEqual([
      { op: 'mutate', table: 'Port', where: where('p1'), mutations: [['external_ids', 'delete', ['set', ['bridgekeeper', 'new']]], ['external_ids', 'insert', ['map', [['bridgekeeper', 'VlanPort/x']]]]] },
    ]);
  });

  it('takes away the ports that it made, and leaves those of guests that came since, whatever their name', () => {
    const later = now({
      Bridge: { br: { ports: refs('p1', 'p2', 'p3', 'p4', 'p5') } },
      Port: { p3: { name: 'vnet3', interfaces: ['uuid', 'i3'], external_ids: OURS }, p4: { name: 'vnet4', interfaces: ['uuid', 'i4'], external_ids: ids() }, p5: { name: 'tap0', interfaces: [], external_ids: ids() } },
      Interface: { i3: { name: 'vnet3', external_ids: OURS }, i4: { name: 'vnet4', external_ids: ids(['attached-mac', '52:54:00:00:00:01']) } },
    });
    expect(undo(later, ports({ made: ['vnet3', 'vnet4'] }))).toEqual([
      { op: 'mutate', table: 'Bridge', where: where('br'), mutations: [['ports', 'delete', ['set', [['uuid', 'p3']]]]] },
    ]);
  });

  it('makes rows that are gone again, with all that they refer to', () => {
    const later = now({ Bridge: { br: { ports: ['uuid', 'p1'] } }, Port: { p2: null }, Interface: { i2: null } });
    expect(undo(later, ports({ removed: ['p2'] }))).toEqual([
      { op: 'insert', table: 'Interface', 'uuid-name': expect.any(String), row: BEFORE['Interface']?.['i2'] },
      { op: 'insert', table: 'Port', 'uuid-name': expect.any(String), row: { ...BEFORE['Port']?.['p2'], interfaces: ['named-uuid', expect.any(String)] } },
      { op: 'mutate', table: 'Bridge', where: where('br'), mutations: [['ports', 'insert', ['set', [['named-uuid', expect.any(String)]]]]] },
    ]);
  });

  it('does nothing a second time, though what it made again has other UUIDs', () => {
    const again = { p2: null, q2: { ...BEFORE['Port']?.['p2'], interfaces: ['uuid', 'j2'] } };
    const later = now({ Bridge: { br: { ports: refs('p1', 'q2') } }, Port: again, Interface: { i2: null, j2: { ...BEFORE['Interface']?.['i2'] } } });
    expect(undo(later, ports({ removed: ['p2'] }))).toEqual([]);
    expect(undo(later, ports({ removed: ['p2'], made: ['vnet1'] }))).toEqual([]);
  });

  it('makes the former row again where another of its name was made in its place', () => {
    const instead = { p2: null, q2: { ...BEFORE['Port']?.['p2'], interfaces: ['uuid', 'j2'] } };
    const later = now({ Bridge: { br: { ports: refs('p1', 'q2') } }, Port: instead, Interface: { i2: null, j2: { name: 'vnet1', type: '', external_ids: OURS } } });
    const operations = undo(later, ports({ removed: ['p2'], made: ['vnet1'] }));
    expect(operations.map((operation) => ('table' in operation ? `${operation.op} ${operation.table}` : operation.op))).toEqual(['insert Interface', 'insert Port', 'mutate Bridge']);
    expect(operations.at(-1)).toMatchObject({ mutations: [['ports', 'delete', ['set', [['uuid', 'q2']]]], ['ports', 'insert', expect.anything()]] });
  });

  it('makes a bridge again that is gone as a whole, each row once', () => {
    const later = now({ Open_vSwitch: { root: { bridges: refs() } }, Bridge: { br: null }, Port: { p1: null, p2: null }, Interface: { i1: null, i2: null } });
    const operations = undo(later, { touch: 'members', table: 'Open_vSwitch', uuid: 'root', column: 'bridges', removed: ['br'], moved: [], made: [] }, ports({ removed: ['p1', 'p2'] }));
    expect(operations.map((operation) => ('table' in operation ? `${operation.op} ${operation.table}` : operation.op)).sort()).toEqual([
      'insert Bridge', 'insert Interface', 'insert Interface', 'insert Port', 'insert Port', 'mutate Open_vSwitch',
    ]);
    const names = operations.flatMap((operation) => ('uuid-name' in operation ? [operation['uuid-name']] : []));
    expect(new Set(names).size).toBe(5);
  });

  it('leaves a new bridge that a guest came to use, without what we put on it', () => {
    const later = now({
      Open_vSwitch: { root: { bridges: refs('br', 'nb') } },
      Bridge: { nb: { name: 'new', ports: refs('n0', 'n1', 'n2'), external_ids: OURS } },
      Port: { n0: { name: 'new', interfaces: [], external_ids: OURS }, n1: { name: 'eth1', interfaces: [], external_ids: OURS }, n2: { name: 'vnet9', interfaces: ['uuid', 'i9'], external_ids: ids() } },
      Interface: { i9: { name: 'vnet9', external_ids: ids(['vm-id', 'a']) } },
    });
    const touch: OvsTouch = { touch: 'members', table: 'Open_vSwitch', uuid: 'root', column: 'bridges', removed: [], moved: [], made: ['new'] };
    expect(undo(later, touch)).toEqual([{ op: 'mutate', table: 'Bridge', where: where('nb'), mutations: [['ports', 'delete', ['set', [['uuid', 'n1']]]]] }]);
  });
});
