import { describe, expect, it } from 'vitest';
import { Outbox } from '../../../../controller/alerts/outbox.ts';
import { VolatileMap } from '../../../../controller/journal/durable-map.ts';
import { alert } from './alert-fixture.ts';

function idsOf(outbox: Outbox, uid = 'r1'): string[] {
  return outbox.first(uid)?.alerts.map(({ id }) => id) ?? [];
}

describe('the outbox', () => {
  it('gathers alerts of one event into one message until that is attempted', () => {
    const outbox = new Outbox(new VolatileMap());
    outbox.append('r1', alert({ id: '1' }), 0);
    outbox.append('r1', alert({ id: '2' }), 0);
    const first = outbox.first('r1');
    if (!first) throw new Error('nothing to send');
    outbox.attempted(first);
    outbox.append('r1', alert({ id: '3' }), 0);
    expect(idsOf(outbox)).toEqual(['1', '2']);
    outbox.acknowledged(first);
    expect(idsOf(outbox)).toEqual(['3']);
    expect(outbox.pending('r1')).toBe(1);
  });

  it('keeps the order of events', () => {
    const outbox = new Outbox(new VolatileMap());
    for (const event of ['Stalled', 'Recovered', 'Stalled'] as const) outbox.append('r1', alert({ id: event, event }), 0);
    const sent: string[] = [];
    for (let next = outbox.first('r1'); next; next = outbox.first('r1')) {
      sent.push(next.event);
      outbox.acknowledged(next);
    }
    expect(sent).toEqual(['Stalled', 'Recovered', 'Stalled']);
  });

  it('keeps what is for one receiver apart from what is for another', () => {
    const outbox = new Outbox(new VolatileMap());
    outbox.append('r1', alert({ id: '1' }), 0);
    outbox.append('r2', alert({ id: '2' }), 0);
    expect([idsOf(outbox, 'r1'), idsOf(outbox, 'r2')]).toEqual([['1'], ['2']]);
  });

  it('has after a restart what it had before, as the same messages in the same order, and lets no attempted one grow', () => {
    const memory = new VolatileMap();
    const before = new Outbox(memory);
    for (let each = 0; each < 12; each += 1) before.append('r1', alert({ id: String(each), event: each % 2 === 0 ? 'Stalled' : 'Recovered' }), each);
    const first = before.first('r1');
    if (!first) throw new Error('nothing to send');
    before.attempted(first);
    const after = new Outbox(memory);
    expect(after.first('r1')).toEqual({ ...first, attempts: 1 });
    after.acknowledged(first);
    expect(idsOf(after)).toEqual(['1']);
    after.append('r1', alert({ id: 'new', event: 'Recovered' }), 20);
    const ids: string[] = [];
    for (let next = after.first('r1'); next; next = after.first('r1')) {
      ids.push(...next.alerts.map(({ id }) => id));
      after.acknowledged(next);
    }
    expect(ids).toEqual(['1', '2', '3', '4', '5', '6', '7', '8', '9', '10', '11', 'new']);
    expect([...memory.entries()]).toEqual([]);
  });

  it('puts no more than a hundred alerts into one message', () => {
    const outbox = new Outbox(new VolatileMap());
    for (let each = 0; each < 101; each += 1) outbox.append('r1', alert({ id: String(each) }), 0);
    expect(outbox.first('r1')?.alerts).toHaveLength(100);
    expect(outbox.pending('r1')).toBe(101);
  });

  it('drops the oldest that is not on its way when a receiver is away for very long', () => {
    const outbox = new Outbox(new VolatileMap());
    let dropped = 0;
    for (let each = 0; each < 1_001; each += 1) dropped += outbox.append('r1', alert({ id: String(each), event: each % 2 === 0 ? 'Stalled' : 'Recovered' }), 0);
    expect(dropped).toBe(1);
    expect(idsOf(outbox)).toEqual(['0']);
    expect(outbox.pending('r1')).toBe(1_000);
  });

  it('forgets what was for receivers that are gone', () => {
    const memory = new VolatileMap();
    const outbox = new Outbox(memory);
    outbox.append('r1', alert(), 0);
    outbox.append('r2', alert(), 0);
    outbox.keepOnly(new Set(['r2']));
    expect(outbox.first('r1')).toBeUndefined();
    expect([...memory.entries()]).toHaveLength(1);
  });
});
