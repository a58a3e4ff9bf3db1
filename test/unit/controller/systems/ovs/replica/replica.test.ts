import { describe, expect, it } from 'vitest';

import { Replica } from '../../../../../../controller/systems/ovs/replica/replica.ts';
import type { OvsRows } from '../../../../../../controller/systems/ovs/replica/rows.ts';
import { MalformedDatum } from '../../../../../../controller/systems/ovs/schema/datum.ts';
import { lunaFixture, switchReply } from '../switch-fixture.ts';

function lunaReplica(): Replica {
  const replica = new Replica();
  replica.load(switchReply([lunaFixture()]));
  return replica;
}

function rowsOf(replica: Replica): OvsRows {
  const rows = replica.freeze();
  if (!rows) throw new Error('no rows');
  return rows;
}

describe('a replica', () => {
  it('finds rows by name, by place and by VM', () => {
    const rows = rowsOf(lunaReplica());
    const port = rows.named('Port', 'vnet100');
    expect(port).toMatchObject({ uuid: 'Port-vnet100', tag: 100, trunks: [], vlan_mode: undefined });
    expect(port && rows.bridgeOf(port)?.name).toBe('lunabr');
    const iface = rows.named('Interface', 'vnet100');
    expect(iface && rows.portOf(iface)).toBe(port);
    expect(rows.mark('Port', 'Port-vnet100')).toBe('VlanPort/vnet100');
    expect(rows.attachedTo('52:54:00:00:00:01')).toEqual([]);
  });

  it('takes differences as ovsdb-server sends them', () => {
    const replica = lunaReplica();
    replica.update({ Port: { 'Port-eth0': { modify: { trunks: ['set', [3, 2]], tag: 7, external_ids: ['map', [['a', '1']]] } } } });
    expect(rowsOf(replica).named('Port', 'eth0')).toMatchObject({ trunks: [2, 3], tag: 7 });
    replica.update({ Port: { 'Port-eth0': { modify: { trunks: ['set', [3, 9]], tag: ['set', []], external_ids: ['map', [['a', '1'], ['b', '2']]] } } } });
    const port = rowsOf(replica).named('Port', 'eth0');
    expect(port).toMatchObject({ trunks: [2, 9], tag: undefined });
    expect(port?.external_ids).toEqual(new Map([['bridgekeeper', 'Bridge/lunabr'], ['b', '2']]));
  });

  it('keeps what was observed as it was', () => {
    const replica = lunaReplica();
    const before = rowsOf(replica);
    replica.update({ Port: { 'Port-vnet100': { modify: { tag: 200 } } } });
    expect(before.named('Port', 'vnet100')?.tag).toBe(100);
    expect(rowsOf(replica).named('Port', 'vnet100')?.tag).toBe(200);
    expect(rowsOf(replica).named('Port', 'eth0')).toBe(before.named('Port', 'eth0'));
  });

  it.each<[string, unknown, boolean]>([
    ['the counters alone', { Open_vSwitch: { root: { modify: { next_cfg: 6, cur_cfg: 6 } } } }, false],
    ['a tag', { Port: { 'Port-vnet100': { modify: { tag: 200 } } } }, true],
    ['a tag and the counters', { Open_vSwitch: { root: { modify: { next_cfg: 6 } } }, Port: { 'Port-vnet100': { modify: { tag: 200 } } } }, true],
    ['another column beside the counters', { Open_vSwitch: { root: { modify: { next_cfg: 6, other_config: ['map', [['vlan-limit', '2']]] } } } }, true],
  ])('says whether %s matters', (_name, update, matters) => {
    expect(lunaReplica().update(update)).toBe(matters);
  });

  it('after a complete read has the same rows where nothing changed, and says whether anything did', () => {
    const replica = lunaReplica();
    const before = rowsOf(replica);
    expect(replica.load(switchReply([lunaFixture()]))).toBe(false);
    expect(rowsOf(replica).named('Port', 'vnet100')).toBe(before.named('Port', 'vnet100'));
    expect(replica.load(switchReply([lunaFixture({ vnet100: { tag: 200 } })]))).toBe(true);
    expect(rowsOf(replica).named('Port', 'vnet100')?.tag).toBe(200);
    expect(rowsOf(replica).named('Port', 'eth0')).toBe(before.named('Port', 'eth0'));
    expect(replica.load(switchReply([]))).toBe(true);
    expect([...rowsOf(replica).bridges]).toEqual([]);
    expect(rowsOf(replica).named('Port', 'vnet100')).toBeUndefined();
  });

  it('refuses a difference to a row that it does not know', () => {
    expect(() => lunaReplica().update({ Port: { stranger: { modify: { tag: 1 } } } })).toThrow(MalformedDatum);
  });

  it('refuses a value that is not of the column’s type', () => {
    expect(() => lunaReplica().update({ Port: { 'Port-eth0': { modify: { tag: 'seven' } } } })).toThrow(MalformedDatum);
  });

  it('has no rows of a database that was never initialized', () => {
    const replica = new Replica();
    replica.load({});
    expect(replica.freeze()).toBeUndefined();
  });
});

describe('what was ours', () => {
  const gone = { Port: { 'Port-vnet100': { delete: null } }, Bridge: { 'Bridge-lunabr': { modify: { ports: ['uuid', 'Port-vnet100'] } } } };

  it('is remembered when others take it away, until we have it again', () => {
    const replica = lunaReplica();
    replica.update(gone);
    expect(rowsOf(replica).lost('Port', 'vnet100')).toEqual({ uuid: 'Port-vnet100', owner: 'VlanPort/vnet100' });
    replica.update({ Port: { again: { insert: { name: 'vnet100', external_ids: ['map', [['bridgekeeper', 'VlanPort/vnet100']]] } } } });
    expect(rowsOf(replica).lost('Port', 'vnet100')).toBeUndefined();
  });

  it('is remembered when others put theirs in its place, in either order of one update', () => {
    for (const order of [['Port-vnet100', 'theirs'], ['theirs', 'Port-vnet100']]) {
      const replica = lunaReplica();
      const rows = { 'Port-vnet100': { delete: null }, theirs: { insert: { name: 'vnet100', tag: 9 } } };
      replica.update({ Port: Object.fromEntries(order.map((uuid) => [uuid, uuid === 'theirs' ? rows.theirs : rows['Port-vnet100']])) });
      expect(rowsOf(replica).lost('Port', 'vnet100')?.owner).toBe('VlanPort/vnet100');
      expect(rowsOf(replica).named('Port', 'vnet100')?.uuid).toBe('theirs');
    }
  });

  it('is remembered when others take the mark away', () => {
    const replica = lunaReplica();
    replica.update({ Port: { 'Port-vnet100': { modify: { external_ids: ['map', [['bridgekeeper', 'VlanPort/vnet100']]] } } } });
    expect(rowsOf(replica).mark('Port', 'Port-vnet100')).toBeUndefined();
    expect(rowsOf(replica).lost('Port', 'vnet100')?.owner).toBe('VlanPort/vnet100');
  });

  it('is forgotten when we give it up ourselves', () => {
    const replica = lunaReplica();
    replica.expectLossOf(new Set(['Port-vnet100']));
    replica.update(gone);
    expect(rowsOf(replica).lost('Port', 'vnet100')).toBeUndefined();
  });
});
