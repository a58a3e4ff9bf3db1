import { describe, expect, it } from 'vitest';

import { ChangeHistory } from '../../../../../../controller/systems/ovs/log/history.ts';
import type { Locator } from '../../../../../../controller/systems/ovs/plan/step.ts';

function vsctl(command: string, tables: object) {
  return { ...tables, _comment: `ovs-vsctl (invoked by sh): ovs-vsctl ${command}`, _date: 1, _is_diff: true };
}

function ours(tables: object) {
  return { ...tables, _comment: 'bridgekeeper: update Port p for VlanPort/p', _date: 1, _is_diff: true };
}

function commands(history: ChangeHistory, ...locators: Locator[]): string[] {
  return history.tell(locators).map(({ signature }) => (signature.by === 'others' ? signature.command : signature.by));
}

const port = (...columns: string[]): Locator => ({ table: 'Port', uuid: 'p', columns });

describe('the history of changes', () => {
  it('tells all that others did to a thing since our own last change of it, in order', () => {
    const history = new ChangeHistory();
    history.add(vsctl('set port p tag=9', { Port: { p: { tag: 9 } } }));
    history.add(ours({ Port: { p: { tag: 1 } } }));
    history.add(vsctl('set port p tag=2', { Port: { p: { tag: 2 } } }));
    history.add(vsctl('set port p trunks=7', { Port: { p: { trunks: 7 } } }));
    history.add(vsctl('set port p tag=1', { Port: { p: { tag: 1 } } }));
    history.add(vsctl('set port p tag=3', { Port: { p: { tag: 3 } } }));
    expect(commands(history, port('tag'))).toEqual(['ovs-vsctl set port p tag=2', 'ovs-vsctl set port p tag=1', 'ovs-vsctl set port p tag=3']);
    expect(commands(history, port('trunks'))).toEqual(['ovs-vsctl set port p trunks=7']);
    expect(commands(history, port('lacp'))).toEqual([]);
  });

  it('tells each change once, and where asked again for the same, the last', () => {
    const history = new ChangeHistory();
    history.add(vsctl('one', { Port: { p: { tag: 2 } } }));
    history.add(vsctl('two', { Port: { p: { tag: 3 } } }));
    expect(commands(history, port('tag'))).toEqual(['ovs-vsctl one', 'ovs-vsctl two']);
    expect(commands(history, port('tag'))).toEqual(['ovs-vsctl two']);
    history.add(vsctl('three', { Port: { p: { tag: 4 } } }));
    expect(commands(history, port('tag'))).toEqual(['ovs-vsctl three']);
  });

  it('finds a change of others between two of ours', () => {
    const history = new ChangeHistory();
    history.add(ours({ Port: { p: { tag: 1 } }, Bridge: { b: { ports: ['uuid', 'p'] } } }));
    history.add(vsctl('move', { Bridge: { b: { ports: ['uuid', 'p'] } } }));
    history.add(ours({ Bridge: { b: { ports: ['uuid', 'q'] } } }));
    expect(commands(history, { table: 'Bridge', uuid: 'b', columns: ['ports:p'] })).toEqual(['ovs-vsctl move']);
    expect(commands(history, { table: 'Bridge', uuid: 'b', columns: ['ports:q'] })).toEqual([]);
  });

  it('knows what was done to a row before it was deleted', () => {
    const history = new ChangeHistory();
    history.add(ours({ Port: { p: { name: 'p' } } }));
    history.add(vsctl('set port p tag=2', { Port: { p: { tag: 2 } } }));
    history.add(vsctl('del-port p', { Port: { p: null } }));
    expect(commands(history, port())).toEqual(['ovs-vsctl set port p tag=2', 'ovs-vsctl del-port p']);
    expect(commands(history, port('lacp'))).toEqual(['ovs-vsctl del-port p']);
  });

  it('tells a transaction that touches two things for each of them', () => {
    const history = new ChangeHistory();
    history.add(vsctl('both', { Port: { p: { tag: 2 }, q: { tag: 2 } } }));
    expect(commands(history, port('tag'))).toEqual(['ovs-vsctl both']);
    expect(commands(history, { table: 'Port', uuid: 'q', columns: ['tag'] })).toEqual(['ovs-vsctl both']);
    expect(history.untold()).toEqual([]);
  });

  it('tells the keys of a map apart', () => {
    const history = new ChangeHistory();
    history.add(vsctl('set port p other_config:a=1', { Port: { p: { other_config: ['map', [['a', '1']]] } } }));
    history.add(vsctl('set port p other_config:b=1', { Port: { p: { other_config: ['map', [['b', '1']]] } } }));
    expect(commands(history, port('other_config:a'))).toEqual(['ovs-vsctl set port p other_config:a=1']);
    expect(commands(history, port('other_config'))).toEqual(['ovs-vsctl set port p other_config:b=1']);
  });

  it('names a transaction once, and knows nothing of what it did not see', () => {
    const history = new ChangeHistory();
    history.add(vsctl('set port p tag=2 trunks=7', { Port: { p: { tag: 2, trunks: 7 } } }));
    expect(commands(history, port('tag', 'trunks'))).toHaveLength(1);
    expect(commands(history, { table: 'Port', uuid: 'q', columns: ['tag'] })).toEqual([]);
  });

  it('keeps what nobody was told of, but not what ovs-vswitchd writes', () => {
    const history = new ChangeHistory();
    history.add({ Interface: { i: { ofport: 5 } }, Open_vSwitch: { o: { cur_cfg: 7 } }, _date: 1 });
    history.add(vsctl('set port p tag=2', { Port: { p: { tag: 2 } }, Open_vSwitch: { o: { next_cfg: 8 } } }));
    expect(history.untold().map(({ table, values }) => [table, values])).toEqual([['Port', { tag: 2 }]]);
    history.markTold(history.untold());
    expect(history.untold()).toEqual([]);
  });

  it('does not take the schema or a compaction for a change', () => {
    const history = new ChangeHistory();
    history.add({ cksum: '1 2', name: 'Open_vSwitch', tables: {} });
    history.add({ _comment: 'compacting database online', Port: { p: { name: 'p', tag: 2 } } });
    expect(commands(history, port('tag'), port())).toEqual([]);
    expect(history.lastSequence).toBe(0);
  });

  it('is bounded', () => {
    const history = new ChangeHistory();
    history.add(vsctl('first', { Port: { p: { tag: 1 } } }));
    for (let round = 0; round < 10_000; round += 1) history.add(vsctl(`again ${round}`, { Port: { q: { tag: round } } }));
    expect(commands(history, port('tag'))).toEqual([]);
    expect(commands(history, { table: 'Port', uuid: 'q', columns: ['tag'] })).toHaveLength(256);
    expect(history.untold()).toEqual([]);
  });
});
