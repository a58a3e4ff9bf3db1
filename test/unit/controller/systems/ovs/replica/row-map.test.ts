import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { RowMap } from '../../../../../../controller/systems/ovs/replica/row-map.ts';
import type { FrozenMap } from '../../../../../../controller/systems/ovs/replica/row-map.ts';

const change = fc.oneof(
  fc.record({ do: fc.constant('set' as const), key: fc.string({ maxLength: 3 }), value: fc.nat() }),
  fc.record({ do: fc.constant('delete' as const), key: fc.string({ maxLength: 3 }) }),
  fc.record({ do: fc.constant('freeze' as const) }),
);

function contents(map: FrozenMap<number>): [string, number][] {
  return [...map.entries()].map(([key, value]): [string, number] => [key, value]).sort(([a], [b]) => (a < b ? -1 : 1));
}

describe('RowMap', () => {
  it('gives views that stay as they were taken', () => {
    fc.assert(
      fc.property(fc.array(change, { maxLength: 200 }), (changes) => {
        const map = new RowMap<number>();
        const model = new Map<string, number>();
        const views: [FrozenMap<number>, Map<string, number>][] = [];
        for (const step of changes) {
          if (step.do === 'set') {
            map.set(step.key, step.value);
            model.set(step.key, step.value);
          } else if (step.do === 'delete') {
            map.delete(step.key);
            model.delete(step.key);
          } else views.push([map.freeze(), new Map(model)]);
        }
        views.push([map.freeze(), model]);
        for (const [view, expected] of views) {
          expect(contents(view)).toEqual([...expected].sort(([a], [b]) => (a < b ? -1 : 1)));
          expect(view.size).toBe(expected.size);
          for (const [key, value] of expected) expect(view.get(key)).toBe(value);
        }
      }),
    );
  });

  it('gives the same view again while nothing changes', () => {
    const map = new RowMap<number>();
    map.set('a', 1);
    const view = map.freeze();
    map.delete('b');
    expect(map.freeze()).toBe(view);
    map.set('a', 1);
    expect(map.freeze()).not.toBe(view);
  });
});
