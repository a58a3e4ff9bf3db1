import { describe, expect, it } from 'vitest';

import { ChangeHistory } from '../../../../../../controller/systems/ovs/log/history.ts';
import type { Locator } from '../../../../../../controller/systems/ovs/plan/step.ts';

function vsctl(command: string, tables: object) {
  return { ...tables, _comment: `ovs-vsctl (invoked by sh): ovs-vsctl ${command}`, _date: 1, _is_diff: true };
}

function commands(history: ChangeHistory, ...locators: Locator[]): string[] {
  return history.lastChanges(locators, () => true).map(({ signature }) => (signature.by === 'others' ? signature.command : signature.by));
}

const port = (...columns: string[]): Locator => ({ table: 'Port', uuid: 'p', columns });

describe('the history of changes', () => {
  it('knows the last change of each column', () => {
    const history = new ChangeHistory();
    history.add(vsctl('add-port br p', { Port: { p: { name: 'p', tag: 1 } } }));
    history.add(vsctl('set port p tag=2', { Port: { p: { tag: 2 } } }));
    history.add(vsctl('set port p trunks=7', { Port: { p: { trunks: 7 } } }));
    expect(commands(history, port('tag'))).toEqual(['ovs-vsctl set port p tag=2']);
    expect(commands(history, port('trunks'))).toEqual(['ovs-vsctl set port p trunks=7']);
    expect(commands(history, port('trunks', 'tag'))).toEqual(['ovs-vsctl set port p tag=2', 'ovs-vsctl set port p trunks=7']);
    expect(commands(history, port('lacp'))).toEqual(['ovs-vsctl add-port br p']);
  });

  it('knows who made and who deleted a row', () => {
    const history = new ChangeHistory();
    history.add(vsctl('add-port br p', { Port: { p: { name: 'p' } } }));
    history.add(vsctl('set port p tag=2', { Port: { p: { tag: 2 } } }));
    expect(commands(history, port())).toEqual(['ovs-vsctl add-port br p']);
    history.add(vsctl('del-port p', { Port: { p: null } }));
    expect(commands(history, port())).toEqual(['ovs-vsctl del-port p']);
    expect(commands(history, port('tag'))).toEqual(['ovs-vsctl del-port p']);
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
    for (let round = 0; round < 10_000; round += 1) history.add(vsctl('again', { Port: { q: { tag: round } } }));
    expect(commands(history, port('tag'))).toEqual([]);
    expect(commands(history, { table: 'Port', uuid: 'q', columns: ['tag'] })).toEqual(['ovs-vsctl again']);
  });
});
